"""Real documents, where they stand beside the checkout: identity, grades and lists."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

import pytest

from kg.extract.context import Context
from kg.extract.inspections import report_name
from kg.model import CommitmentClaim, Document, JudgementClaim
from kg.readers import read
from search.evaluate import improvements, judgements
from tests.identity_cases import extracted, identified

SHARED = Path(__file__).parents[2] / "shared"
GOLD = SHARED / "gold" / "dev"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not GOLD.is_dir(), reason="the corpus is not beside the checkout"),
]


@cache
def found(file: str) -> tuple[Document, Context]:
    document = identified(read(SHARED / "corpus" / file, file))
    return document, extracted(document)


def row(file: str) -> dict[str, str]:
    """A document's results as a row of the table of judgements."""
    document, claims = found(file)
    own = claims.own
    if own is None:
        return {}
    start, _, end = (own.event.date or "").partition("/")
    quote = document.quote(own.start, own.end)
    return {
        "framework": report_name(own.framework or "", quote)[0],
        "inspection_start_date": start,
        "inspection_end_date": end or start,
        "publication_date": own.published.value if own.published else "",
        "lead_inspector": own.lead.value if own.lead else "",
    } | {claim.domain: claim.grade for claim in claims.of(JudgementClaim)}


def gold_judgements() -> list[dict[str, str]]:
    with (GOLD / "judgements.csv").open(encoding="utf-8-sig", newline="") as table:
        return list(csv.DictReader(table))


def test_cells_of_the_judgement_table() -> None:
    rows = gold_judgements()
    result = judgements.score(rows, {each["file"]: row(each["file"]) for each in rows})
    assert result.share >= 0.99, result.misses
    assert result.wrong == 0, result.misses


def test_items_of_improvement_lists() -> None:
    lines = (GOLD / "needs_to_improve.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    given = [
        improvements.Item(file, c.scope, document.quote(c.start, c.end), c.clause)
        for file in {each["file"] for each in rows}
        for document, claims in [found(file)]
        for c in claims.of(CommitmentClaim)
    ]
    result = improvements.score(rows, given)
    assert result.recall >= 0.97, result.missing
    assert result.precision >= 0.97, result.extra


def test_authority_and_kind_of_reports() -> None:
    known = {"london-corporation": "city-of-london"}
    for each in gold_judgements():
        identity = found(each["file"])[0].identity
        folder = Path(each["file"]).parent.name
        assert identity.authority, each["file"]
        slug = identity.authority.value.replace("-and-", "-")
        assert slug == known.get(folder, folder).replace("-and-", "-"), each["file"]
        assert identity.kind in ("inspection", "re-inspection"), each["file"]
