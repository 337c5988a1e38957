"""Imports point one way: server → search → kg → ontology; the middle of kg touches no disk."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("ontology", "kg", "search", "server")
PURE = ("kg/extract", "kg/quads", "kg/resolve")
IO = {"os", "shutil", "socket", "sqlite3", "subprocess", "tempfile", "pathlib", "requests"}
IO |= {"urllib", "http", "kg.store", "kg.readers", "kg.cache", "kg.catalogue", "kg.generations"}


def imports(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_point_down(layer: str) -> None:
    above = LAYERS[LAYERS.index(layer) + 1 :]
    for path in (ROOT / layer).rglob("*.py"):
        wrong = {name for name in imports(path) if name.partition(".")[0] in above}
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


@pytest.mark.parametrize("folder", PURE)
def test_the_middle_imports_no_io(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        wrong = {n for n in imports(path) for io in IO if n == io or n.startswith(f"{io}.")}
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"
