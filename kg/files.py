"""Files and folders that a user names, to the files to read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from kg.errors import UnreadableDocument


class SourceFile(msgspec.Struct, frozen=True):
    """A file to read, or why it cannot be.

    ``file`` is the path below the folder that was named, with forward slashes: the name by
    which users know the document.
    """

    path: Path
    file: str
    problem: UnreadableDocument | None = None


def discover(paths: Iterable[Path]) -> Iterator[SourceFile]:
    """The files under paths, each once, in an order that depends on names alone.

    Folders are walked with their symbolic links, but a folder is entered once, so loops end.
    Names that start with a dot are left out. A path that does not exist, and a file or
    folder that may not be read, come with their problem.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if not path.exists():
            yield SourceFile(path, path.name, _missing(path))
        elif path.is_dir():
            yield from _walk(path, path, seen)
        else:
            yield from _file(path, path.name, seen)


def _walk(folder: Path, root: Path, seen: set[tuple[int, int]]) -> Iterator[SourceFile]:
    if _known(folder, seen):
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except PermissionError:
        yield SourceFile(folder, _name(folder, root), _forbidden("folder"))
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        if path.is_dir():
            yield from _walk(path, root, seen)
        else:
            yield from _file(path, _name(path, root), seen)


def _file(path: Path, name: str, seen: set[tuple[int, int]]) -> Iterator[SourceFile]:
    if not path.exists():
        yield SourceFile(path, name, _dangling())
    elif not path.is_file():
        yield SourceFile(path, name, _special())
    elif not os.access(path, os.R_OK):
        yield SourceFile(path, name, _forbidden("file"))
    elif not _known(path, seen):
        yield SourceFile(path, name)


def _known(path: Path, seen: set[tuple[int, int]]) -> bool:
    """Whether the same file or folder was met before, under whatever name."""
    status = path.stat()
    key = status.st_dev, status.st_ino
    if key in seen:
        return True
    seen.add(key)
    return False


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path != root else root.name


def _missing(path: Path) -> UnreadableDocument:
    return UnreadableDocument(
        "The path does not exist.",
        why=f"There is nothing at {path}.",
        cure="Check its spelling and the folder you are in.",
    )


def _dangling() -> UnreadableDocument:
    return UnreadableDocument(
        "The link leads nowhere.",
        why="It is a symbolic link whose target is gone or leads back to itself.",
        cure="Remove the link or restore its target.",
    )


def _special() -> UnreadableDocument:
    return UnreadableDocument(
        "It is no ordinary file.",
        why="It is a device, pipe or socket.",
        cure="Name files and folders only.",
    )


def _forbidden(what: str) -> UnreadableDocument:
    return UnreadableDocument(
        f"The {what} may not be read.",
        why="Its permissions forbid it.",
        cure=f"Give yourself permission to read the {what}.",
    )
