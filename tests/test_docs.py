"""README and reference say what the code does: commands, settings, targets, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from server.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_names_every_command_and_no_other() -> None:
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"^findings (\w+)", README, re.MULTILINE))
    named |= set(re.findall(r", findings (\w+)", README))
    assert named == commands


@pytest.mark.parametrize("target", re.findall(r"make (\w+)", README))
def test_readme_names_targets_that_exist(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_links_between_documents_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_no_host_of_a_registry_and_no_path_of_a_machine_is_in_a_lock_file() -> None:
    for name in ("constraints.txt", "package-lock.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in re.sub(r'"(?:url|funding)": "[^"]*"', "", text)
