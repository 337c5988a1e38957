// Compiles styles/ and scripts/ into server/static/dist under names that carry a hash of
// their content, and writes assets.json, by which templates find them.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const dist = resolve(here, "../static/dist");
const names = {};

async function emit(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const hashed = name.replace(/(\.[^.]+)$/, `-${hash}$1`);
  await writeFile(join(dist, hashed), bytes);
  names[name] = hashed;
}

async function script(name, format) {
  const result = await build({
    entryPoints: [join(here, "scripts", name)],
    bundle: true,
    format,
    minify: true,
    target: "es2020",
    write: false,
  });
  await emit(name, result.outputFiles[0].contents);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
for (const name of ["main", "editor"]) {
  const styles = compile(join(here, `styles/${name}.scss`), {
    loadPaths: [join(root, "node_modules")],
    quietDeps: true,
    style: "compressed",
  });
  await emit(`${name}.css`, styles.css);
}
await script("start.js", "iife");
await script("main.js", "esm");
await script("editor.js", "esm");
await emit("icon.svg", await readFile(join(here, "icon.svg")));
await writeFile(join(dist, "assets.json"), JSON.stringify(names, null, 2) + "\n");
