"""What a stored result depends on besides its input: the code and data that made it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

# Modules that come after the records; a change in them makes no record stale.
_AFTER = ("resolve", "quads", "store.py", "validate.py", "verify.py", "generations.py",
          "cache.py", "catalogue.py", "collect.py", "crew", "parts.py", "assemble.py",
          "pipeline.py", "progress.py", "tools.py", "corrections.py", "shapes.py", "files.py",
          "embed.py", "versions.py", "partitions.py", "examples", "examples.py",
          "changes", "written.py", "document_graph.py", "processor.py",
          "kept.py", "reports.py")  # fmt: skip


@cache
def reading_version() -> str:
    """Digest of everything that turns a file into a record."""
    items = (*files("kg").iterdir(), *files("ontology").iterdir())
    return digest_of([item for item in items if item.name not in _AFTER])


@cache
def graph_version() -> str:
    """Digest of everything that turns records into a generation."""
    return digest_of([files("kg"), files("ontology")])


def package_digest(thing: object) -> str:
    """Digest of the package in which a thing's class stands: new code, new index."""
    return _of_package(type(thing).__module__.partition(".")[0])


@cache
def _of_package(name: str) -> str:
    return digest_of([files(name)])


def digest_of(roots: list[Traversable]) -> str:
    """Sixteen digits of the names and bytes of all files below the roots."""
    total = hashlib.sha256()
    for root in sorted(roots, key=lambda item: item.name):
        for name, data in sorted(_sources(root, root.name)):
            total.update(f"{len(name)}:{name}{len(data)}:".encode() + data)
    return total.hexdigest()[:16]


def _sources(item: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    if item.is_dir():
        if item.name != "__pycache__":
            for child in item.iterdir():
                yield from _sources(child, f"{name}/{child.name}")
    elif not item.name.endswith(".pyc"):
        yield name, item.read_bytes()
