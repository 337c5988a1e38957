"""Private people never become entities, names or labels, whoever names them and however.

Documents are made by machine that try to smuggle them in: beside titles, in signature
blocks, in lists of those present, with honorifics, with ages. Nothing that the extraction
takes as a name, label or value may hold them; quotations are the document's own words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kg import privacy
from kg.extract.named import named_of
from kg.model import Record, TenureClaim
from tests.extract.facts_of import record_of, rows_of

PRIVATE = ("Jane Doe", "Kofi Marsh", "Ellie-Mae Stone", "Tomasz Wren")
SMUGGLED = (
    "The social worker told the mother, {name}, that the plan had changed.",
    "{name}, aged 15, said that the Director of Children's Services had written to her.",
    "The child's father, {name}, met the Chief Executive.",
    "Child A ({name}) had six changes of social worker.",
    "{name} (mother) complained to the Lead Member for Children's Services.",
    "The Director of Children's Services apologised to {name}, a foster carer.",
    "{name}, who was 16 months old, died in May 2020 and the Commissioner asked for a review.",
    "{name}'s mother was sentenced; the trial ended in June 2021.",
    "A review into the death of {name} was commissioned by the Board in June 2021.",
    "Ms {name} is a care leaver and spoke to Her Majesty's Inspectors.",
    "Inspectors met, beside the Director of Children's Services, {name}, aged 15, and her carer.",
    "The plan was signed by the Chief Executive, {name}, a care leaver, and two carers.",
    "The Chair of the Panel, {name} (the boy's sister), and others were heard.",
    "The serious case review of {name} was published in June 2021.",
    "The review of the care of {name} has been completed.",
    "The recommendations about {name} remain outstanding.",
    "The council works closely with the police on {name} and her brother.",
    "The children's home where {name} lived was judged to be inadequate in May 2018.",
    "The council's audit judged most of the work with {name} to be inadequate.",
    "Fostering by {name} was rated good in March 2018.",
    "The Safeguarding Board consists of the police and {name}, a parent.",
    "The trial of {name} followed the review of services for {name}.",
)
FRAME = """Ofsted

4 July 2019

Ada Holm
Director of Children's Services
Bramwick Council

Dear Ada

Monitoring visit to Bramwick children's services

This letter summarises the findings of the monitoring visit to Bramwick on 11 June 2019.

{smuggled}

Yours sincerely

Ivo Lund
Her Majesty's Inspector
"""


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)


def _said(record: Record) -> list[str]:
    """Every value of every claim: names, labels, holders, bodies."""
    return [text for claim in record.claims for text in _strings(msgspec.to_builtins(claim))]


def _record(smuggled: str, tmp_path: Path) -> Record:
    path = tmp_path / "letter.txt"
    path.write_text(FRAME.format(smuggled=smuggled), encoding="utf-8")
    return record_of(path)


@pytest.mark.parametrize("name", PRIVATE)
def test_a_private_person_is_not_taken(name: str, tmp_path: Path) -> None:
    record = _record("\n\n".join(SMUGGLED).format(name=name), tmp_path)
    values = _said(record)
    assert not [value for value in values if name in value or name.split()[-1] in value.split()]
    facts = json.dumps(
        {
            kind: [{k: v for k, v in row.items() if k not in ("quote", "quotes")} for row in rows]
            for kind, rows in rows_of([record]).items()
        }
    )
    assert name not in facts


def test_role_holders_keep_their_names(tmp_path: Path) -> None:
    record = _record("The service is improving.", tmp_path)
    names = {c.name.value for c in record.claims if isinstance(c, TenureClaim) and c.name}
    assert names == {"Ada Holm", "Ivo Lund"}


@pytest.mark.parametrize(
    ("post", "public"),
    [
        ("Director of Children's Services", True),
        ("His Majesty's Inspector", True),
        ("Social worker", False),
        ("Foster carer", False),
        ("Team manager", False),
    ],
)
def test_only_public_roles_keep_names(post: str, public: bool) -> None:
    assert privacy.may_name(post) is public


@pytest.mark.parametrize(
    "label", ["Child B", "Mrs Tandy", "the mother, Jane", "Baby P", "Miss Finch"]
)
def test_a_leak_is_reported(label: str) -> None:
    assert [leak.text for leak in privacy.leaks([("organisation/x", label)])] == [label]


@pytest.mark.parametrize(
    "label",
    ["Children's services", "Child and family service", "Family Court", "Young People's Panel",
     "Child Protection Conference Chair", "Children in care council", "Parent Partnership"],
)  # fmt: skip
def test_bodies_and_posts_are_no_leaks(label: str) -> None:
    assert list(privacy.leaks([("organisation/x", label)])) == []


@pytest.mark.corpus
def test_no_label_of_the_real_documents_leaks() -> None:
    root = Path(__file__).parents[2].parent / "shared" / "corpus" / "bradford"
    if not root.is_dir():
        pytest.skip("the real documents are not here")
    records = [record_of(path, path.name) for path in sorted(root.glob("*.txt"))]
    rows = rows_of(records)
    labels = [
        (row["id"], text)
        for kind in ("organisations", "posts", "tenures")
        for row in rows[kind]
        for text in (row.get("label"), row.get("holder"), *(row.get("aliases") or ()))
        if text
    ]
    labels += [(claim, name) for record in records for claim, name in named_of(record)]
    assert list(privacy.leaks(labels)) == []


@pytest.mark.parametrize(
    ("phrase", "kept"),
    [
        ("two of the four children's homes", True),
        ("Vale Moor NHS Trust", True),
        ("the care of Ava Noone", False),
        ("Ms Noone's plan", False),
        ("work with Child A", False),
    ],
)
def test_a_printed_phrase_becomes_a_value_only_without_names(phrase: str, kept: bool) -> None:
    assert bool(privacy.without_names(phrase, ["Vale Moor NHS Trust"])) is kept
