"""Who works with whom in what, and who is a member, read through the extractors."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.model import RelationClaim
from tests.extract.facts_of import record_of

TITLE = "# Report of the Children's Services Commissioner\n\nKestrelby Council\n\nMarch 2022\n\n"


def _relations(body: str, folder: Path) -> set[tuple[str, str, str]]:
    path = folder / "report.md"
    path.write_text(TITLE + body, encoding="utf-8")
    claims = record_of(path).claims
    found = (claim for claim in claims if isinstance(claim, RelationClaim))
    return {(claim.subject, claim.relation, claim.object) for claim in found}


def test_a_list_of_members_is_one_relation_each(tmp_path: Path) -> None:
    body = (
        "The Improvement Board consists of the Chief Executive, the Lead Member for Children "
        "and Ofsted.\n"
    )
    members = {one for one, relation, _ in _relations(body, tmp_path) if relation == "member-of"}
    assert {"Chief Executive", "Ofsted"} <= members
    assert len(members) == 3


def test_the_council_goes_without_saying(tmp_path: Path) -> None:
    found = _relations("There are strong links with Vale Moor NHS Trust.\n", tmp_path)
    assert ("Kestrelby Council", "works-with", "Vale Moor NHS Trust") in found


@pytest.mark.parametrize(
    "body",
    [
        "Vale Moor NHS Trust is inspected by the Care Quality Commission.\n",
        "Relationships between foster carers and schools are good.\n",
    ],
)
def test_what_is_no_working_together(body: str, tmp_path: Path) -> None:
    assert not {each for each in _relations(body, tmp_path) if each[1] == "works-with"}
