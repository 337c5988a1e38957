"""Statements of change and the commitments that they mean, across documents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kg.model import ChangeClaim, CommitmentClaim, Record
from kg.quads.ids import claim_id
from kg.resolve import resolve
from kg.resolve.changes import Changes
from tests.extract.facts_of import RESOLVERS, record_of

FIRST = """DIRECTION UNDER SECTION 497A(4B) OF THE EDUCATION ACT 1996 TO KELD BOROUGH COUNCIL

1. The Secretary of State directs Keld Borough Council as follows:

a. to publish a workforce strategy;
b. to fund an Improvement Board.

Dated: 4 March 2019
"""
SECOND = """DIRECTION UNDER SECTION 497A(4B) OF THE EDUCATION ACT 1996 TO KELD BOROUGH COUNCIL

1. The Secretary of State issued a direction on 4 March 2019 ("the first direction").

2. The first direction is revoked.

3. The Secretary of State directs Keld Borough Council as follows:

a. to appoint an adviser.

Dated: 6 June 2020
"""
MINUTES = """Minutes of the Children's Scrutiny Committee of Keld Borough Council held on 8 May 2019

Resolved that the Head of Fostering provide a briefing on recruitment of foster carers.

The meeting closed at noon.
"""
LATER = """Minutes of the Children's Scrutiny Committee of Keld Borough Council held on 3 July 2019

Matters arising: the briefing on recruitment of foster carers had been circulated in June 2019.

The meeting closed at noon.
"""


def _changed(folder: Path, *texts: str) -> set[tuple[str, str]]:
    """Each statement's change with the words of a commitment that it means."""
    records: list[Record] = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
        records.append(record_of(path))
    records.sort(key=lambda record: record.document.id)
    said: dict[str, str] = {}
    held: dict[str, str] = {}
    for record in records:
        for claim in record.claims:
            ident = claim_id(record.document.id, claim)
            if isinstance(claim, ChangeClaim):
                said[ident] = claim.change
            elif isinstance(claim, CommitmentClaim):
                held[ident] = record.document.quote(claim.start, claim.end).rstrip(".;")
    resolved = resolve(records, replace(RESOLVERS, changes=Changes))
    return {(said[one], held[other]) for one, other in resolved.changed}


def test_a_revoked_direction_takes_its_requirements_along(tmp_path: Path) -> None:
    assert _changed(tmp_path, FIRST, SECOND) == {
        ("revoked", "to publish a workforce strategy"),
        ("revoked", "to fund an Improvement Board"),
    }


def test_what_is_reported_done_means_the_earlier_resolution(tmp_path: Path) -> None:
    (change, words), *others = _changed(tmp_path, MINUTES, LATER)
    assert change == "fulfilled"
    assert "briefing on recruitment of foster carers" in words
    assert others == []


def test_a_revocation_of_what_is_not_loaded_means_nothing(tmp_path: Path) -> None:
    assert _changed(tmp_path, SECOND) == set()
