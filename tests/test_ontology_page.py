"""The page of the ontology is what the ontology makes it, and tells of every term."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.ontology_page import page
from ontology.terms import Term

PAGE = (Path(__file__).parent.parent / "docs/ontology.md").read_text(encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    assert page() == PAGE, "run `make docs`"


@pytest.mark.parametrize("name", sorted(set(Term.__args__) - {"figures"}))  # type: ignore[attr-defined]
def test_each_term_has_a_section(name: str) -> None:
    assert f"\n### fg:{name}\n" in PAGE


def test_every_link_of_the_page_leads_to_a_section() -> None:
    sections = {
        line[4:].replace(":", "").lower() for line in PAGE.splitlines() if line[:4] == "### "
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) - sections == set()
