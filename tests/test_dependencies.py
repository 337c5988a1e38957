"""What the project is built from is pinned, whole and unaltered, and free to use."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
FREE = re.compile(
    r"MIT|BSD|Apache|ISC|MPL|Mozilla|PSF|Python Software|Unlicense|zlib|HPND|LGPL|CC0|Public|W3C",
    re.IGNORECASE,
)


def _constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().split("\n")
    pairs = (line.partition(" ")[0].split("==") for line in lines if line and line[0] != "#")
    return {canonicalize_name(name): version for name, version in pairs}


def _needed() -> set[str]:
    """Every distribution that the project, its tests and its checks install, but pip itself."""
    named = [*PROJECT["dependencies"], *EXTRAS["test"], *EXTRAS["check"]]
    todo = [Requirement(each) for each in named]
    found: set[str] = set()
    while todo:
        wanted = todo.pop()
        extras = {"", *wanted.extras}
        if wanted.marker and not any(wanted.marker.evaluate({"extra": each}) for each in extras):
            continue
        name = canonicalize_name(wanted.name)
        if name not in found:
            found.add(name)
            todo += _requires(name, wanted.extras)
    return found - {"pip"}


def _requires(name: str, extras: set[str]) -> list[Requirement]:
    wanted = [Requirement(each) for each in metadata.requires(name) or ()]
    return [
        each
        for each in wanted
        if not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in {"", *extras})
    ]


def test_every_distribution_is_pinned_and_is_the_one_installed() -> None:
    pinned = _constraints()
    wrong = {
        name: (pinned.get(name), metadata.version(name))
        for name in _needed()
        if pinned.get(name) != metadata.version(name).partition("+")[0]
    }
    assert not wrong


def test_every_distribution_is_free_to_use() -> None:
    unclear = {name: _licence(name) for name in _needed() if not FREE.search(_licence(name))}
    assert not unclear


def _licence(name: str) -> str:
    told = metadata.metadata(name)
    classes = [each for each in told.get_all("Classifier") or () if each.startswith("License")]
    return " ".join([told.get("License-Expression") or "", told.get("License") or "", *classes])


@pytest.mark.parametrize("lock", ["package-lock.json", "tests/clients/package-lock.json"])
def test_every_package_of_npm_has_its_digest(lock: str) -> None:
    packages = json.loads((ROOT / lock).read_text())["packages"]
    packages.pop("")
    assert packages
    assert not [name for name, told in packages.items() if "integrity" not in told]


def test_no_file_names_a_registry() -> None:
    for lock in ("constraints.txt", "package-lock.json", "tests/clients/package-lock.json"):
        text = (ROOT / lock).read_text()
        assert not re.search(r'"resolved"|index-url|registry\.|pypi\.', text)


def test_nothing_is_unpickled() -> None:
    """Neither our code nor a file we ship can run code by being loaded."""
    banned = re.compile(
        r"\b(pickle|marshal|shelve|joblib|dill)\b|torch\.load\(|allow_pickle=True|yaml\.load\("
    )
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("kg", "ontology", "search", "server", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        for line in path.read_text().split("\n")
        if banned.search(line)
    ]
    assert not found
    shipped = {".pkl", ".pickle", ".pt", ".pth", ".bin", ".joblib", ".npy"}
    files = [p for f in ("kg", "ontology", "search", "server") for p in (ROOT / f).rglob("*")]
    assert not [path for path in files if path.suffix in shipped]
