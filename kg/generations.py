"""Generations: directories that are complete, never written again, and switched to at once.

    begin ──▶ generations/<n>.tmp ──seal──▶ manifest.json ──publish──▶ generations/<n>, current

A generation is published by one rename and one exchange of the symbolic link ``current``,
each synced to disk. Killed at any moment, ``current`` names a complete generation; what
lies half written ends in ``.tmp`` and is removed by the next build.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import structlog

from kg.errors import GenerationError

FORMAT = 2
MANIFEST = "manifest.json"
UNLISTED = {MANIFEST, "LOCK"}


class FileEntry(msgspec.Struct, frozen=True):
    """Size in bytes and SHA-256 of one file."""

    size: int
    sha256: str


class Source(msgspec.Struct, frozen=True):
    """A file that was built: by which path users know it, where it lay, what it became.

    ``graph`` is a digest of what its graph was made from, ``record`` of what was read in it,
    ``text`` of its letters, by which a second copy is known; older manifests lack the two.
    """

    file: str
    path: str
    sha256: str
    document: str
    graph: str = ""
    record: str | msgspec.UnsetType = msgspec.UNSET
    text: str | msgspec.UnsetType = msgspec.UNSET


class Manifest(msgspec.Struct, frozen=True):
    """What a generation holds. ``inputs`` is a digest of all that it was made from.

    ``sha256`` is the digest of the rest of it, so that it too shows when it was altered.
    ``base``, ``embedder`` (the model setting) and ``names`` are the settings of the build,
    which adding and removing documents must keep. ``local`` is the version of the operator's
    graphs (:mod:`kg.local`) that it holds. ``seconds`` is how long the build took from its
    beginning until all but the checks was done; older manifests do not say.
    """

    generation: str
    inputs: str
    base: str
    reading: str
    graph: str
    embedder: str
    counts: dict[str, int]
    sources: tuple[Source, ...]
    files: dict[str, FileEntry]
    names: str = "printed"
    local: str = ""
    seconds: float | msgspec.UnsetType = msgspec.UNSET
    format: int = FORMAT
    sha256: str = ""

    def digest(self) -> str:
        """SHA-256 of all that the manifest says but this."""
        said = msgspec.structs.replace(self, sha256="")
        return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


class Generation(msgspec.Struct, frozen=True):
    """A published generation that passed its checks; ``warning`` when it is not the newest."""

    path: Path
    manifest: Manifest
    warning: str = ""

    @property
    def store(self) -> Path:
        """The directory of the graph store."""
        return self.path / "store"

    @property
    def catalogue(self) -> Path:
        """The file of stored documents."""
        return self.path / "documents.sqlite"


def crash_point(step: str) -> None:
    """Die here, as by kill -9, when FINDINGS_CRASH_AT names the step; for tests of recovery."""
    if os.environ.get("FINDINGS_CRASH_AT") == step:
        os.kill(os.getpid(), signal.SIGKILL)


def begin(home: Path) -> Path:
    """An empty directory for the next generation; any that a killed build left is removed."""
    folder = home / "generations"
    folder.mkdir(parents=True, exist_ok=True)
    number = 1 + max((int(path.name) for path in _complete(home)), default=0)
    fresh = folder / f"{number:06d}.tmp"
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir()
    return fresh


def seal(fresh: Path, manifest: Manifest) -> Manifest:
    """Write the manifest with the digest of every file; everything is then on disk."""
    entries = {name: _entry(fresh / name) for name in sorted(_listed(fresh))}
    manifest = msgspec.structs.replace(manifest, files=entries)
    manifest = msgspec.structs.replace(manifest, sha256=manifest.digest())
    data = msgspec.json.format(msgspec.json.encode(manifest))
    (fresh / MANIFEST).write_bytes(data)
    for path in [*fresh.rglob("*"), fresh]:
        _sync(path)
    return manifest


def publish(home: Path, fresh: Path, keep: int = 2) -> Path:
    """Rename the sealed directory into place, point ``current`` at it, prune older ones."""
    final = fresh.with_suffix("")
    crash_point("before-rename")
    fresh.rename(final)
    _sync(final.parent)
    crash_point("after-rename")
    link = home / "current.tmp"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("generations") / final.name)
    crash_point("before-switch")
    link.replace(home / "current")
    _sync(home)
    crash_point("after-switch")
    tidy(home, keep)
    return final


def tidy(home: Path, keep: int) -> None:
    """Remove what killed builds left and all but the last generations, never the served one."""
    folder = home / "generations"
    for leftover in folder.glob("*.tmp"):
        shutil.rmtree(leftover)
    served = (home / "current").resolve()
    for path in _complete(home)[:-keep]:
        if path.resolve() != served:
            doomed = path.with_suffix(".tmp")
            path.rename(doomed)
            crash_point("during-prune")
            shutil.rmtree(doomed)


def open_generation(home: Path, *, full: bool = True) -> Generation:
    """The served generation after checking it against its manifest; else the one before.

    Sizes are always compared, and unless ``full`` is false, for who reads no more than the
    manifest, the SHA-256 of every file: an index that was altered loads without complaint.
    """
    problems: list[str] = []
    for path in _candidates(home):
        try:
            manifest = check(path, full=full)
        except GenerationError as error:
            problems.append(str(error))
            continue
        warning = _warning(path, problems)
        return Generation(path, manifest, warning)
    raise GenerationError(
        f"There is nothing to serve in {home}.",
        why=" ".join(problems),
        cure="Run `findings build PATH` first.",
    )


def _warning(path: Path, problems: list[str]) -> str:
    if not problems:
        return ""
    text = f"Serving the older generation {path.name}. {' '.join(problems)}"
    structlog.get_logger("findings").warning("older generation served", why=text)
    return text


def check(path: Path, *, full: bool = True) -> Manifest:
    """The manifest, when the files are those it lists; a GenerationError names the first other."""
    manifest = _read(path)
    present = set(_listed(path))
    for name in sorted(present ^ set(manifest.files)):
        raise _damaged(path, name, "is missing" if name in manifest.files else "is not listed")
    for name, entry in manifest.files.items():
        if (path / name).stat().st_size != entry.size:
            raise _damaged(path, name, "has another size than its manifest says")
        if full and _entry(path / name) != entry:
            raise _damaged(path, name, "has another SHA-256 than its manifest says")
    return manifest


def _read(path: Path) -> Manifest:
    try:
        manifest = msgspec.json.decode((path / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise _damaged(path, MANIFEST, f"cannot be read ({error})") from error
    if manifest.format != FORMAT:
        raise _damaged(path, MANIFEST, f"is of format {manifest.format}, not {FORMAT}")
    if manifest.sha256 != manifest.digest():
        raise _damaged(path, MANIFEST, "does not say what it was written to say")
    return manifest


def _damaged(path: Path, name: str, why: str) -> GenerationError:
    return GenerationError(
        f"Generation {path.name} is damaged:",
        why=f"{name} {why}.",
        cure="Run `findings build` again.",
    )


def _candidates(home: Path) -> Iterator[Path]:
    """The generation that is current, then the others from the newest on."""
    current = home / "current"
    first = current.resolve() if current.is_symlink() else None
    if first is not None and first.is_dir():
        yield first
    yield from (path for path in reversed(_complete(home)) if path.resolve() != first)


def _complete(home: Path) -> list[Path]:
    folder = home / "generations"
    found = (path for path in folder.glob("*") if path.name.isdigit() and path.is_dir())
    return sorted(found, key=lambda path: int(path.name))


def _listed(path: Path) -> Iterator[str]:
    for item in path.rglob("*"):
        if item.is_file() and item.name not in UNLISTED:
            yield item.relative_to(path).as_posix()


def _entry(path: Path) -> FileEntry:
    with path.open("rb") as stream:
        return FileEntry(path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
