"""Invented documents in odd layouts, with all that a careful reader would take from them.

Each folder of ``tests/cases`` that has an ``expected.json`` is a case: ``posts`` and
``organisations`` list the accepted names of each entity, joined by ``|``; ``figures`` are
asked for where a case lists them. Every case must reach a floor of its own, so that no layout
is read badly while the others make up for it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from search.evaluate.facts import KindScore, score
from tests.extract.facts_of import record_of, rows_of

CASES = Path(__file__).parent.parent / "cases"
NAMES = sorted(path.parent.name for path in CASES.glob("*/expected.json"))
GOALS = {
    "events": (0.88, 0.85),
    "posts": (0.88, 0.85),
    "organisations": (0.85, 0.85),
    "tenures": (0.75, 0.80),
    "commitments": (0.85, 0.80),
    "judgements": (0.90, 0.90),
    "figures": (0.80, 0.80),
}
FLOOR = 0.6
FEW = 4
"""Where a case has fewer facts of a kind than this, its own floor says nothing."""


def _gold(name: str, expected: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    doc = f"{name}.txt"

    def named(kind: str) -> list[dict[str, Any]]:
        return [
            {"id": f"{kind}:{names.split('|')[0]}", "doc": doc, "aliases": names.split("|")}
            for names in expected[kind]
        ]

    posts, judged = named("posts"), expected.get("judgements", ())
    known = {alias: row["id"] for row in posts for alias in row["aliases"]}
    return {
        "posts": posts,
        "organisations": named("organisations"),
        "events": [{"doc": doc, **event} for event in expected["events"]],
        "days": [{"id": each["date"], "doc": doc, **each} for each in judged],
        "judgements": [{"doc": doc, **each, "event": each["date"]} for each in judged],
        "recommendations": [{"doc": doc, **each} for each in expected["commitments"]],
        "statistics": [{"doc": doc, **each} for each in expected.get("figures", ())],
        "tenures": [
            {"doc": doc, **each, "post": known.get(each["post"], each["post"])}
            for each in expected["tenures"]
        ],
    }


@pytest.fixture(scope="module")
def scores() -> dict[str, dict[str, KindScore]]:
    out: dict[str, dict[str, KindScore]] = {}
    for name in NAMES:
        expected = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))
        facts = rows_of([record_of(CASES / name / "document.txt", f"{name}.txt")])
        kinds = GOALS if "figures" in expected else GOALS.keys() - {"figures"}
        gold = _gold(name, expected)
        out[name] = score(gold, {kind: facts.get(kind, []) for kind in kinds})
    return out


def test_there_are_ten_cases_at_least() -> None:
    assert len(NAMES) >= 10


@pytest.mark.parametrize("kind", GOALS)
def test_all_cases_together_reach_the_goal(
    kind: str, scores: dict[str, dict[str, KindScore]]
) -> None:
    mine = [each[kind] for each in scores.values() if kind in each]
    marks = sum(score.marks for score in mine)
    recall = marks / sum(score.gold for score in mine)
    precision = marks / sum(score.given for score in mine)
    assert (round(recall, 2), round(precision, 2)) >= GOALS[kind], _misses(mine)
    assert recall >= GOALS[kind][0], _misses(mine)
    assert precision >= GOALS[kind][1], _misses(mine)


@pytest.mark.parametrize("name", NAMES)
def test_no_case_is_read_badly(name: str, scores: dict[str, dict[str, KindScore]]) -> None:
    poor = {
        kind: (round(each.recall, 2), each.missed)
        for kind, each in scores[name].items()
        if each.gold >= FEW and each.recall < FLOOR
    }
    assert poor == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_span_quotes_the_document(name: str) -> None:
    record = record_of(CASES / name / "document.txt")
    for claim in record.claims:
        quote = record.document.quote(claim.start, claim.end)
        assert quote == quote.strip() != ""


@pytest.mark.parametrize("name", NAMES)
def test_no_body_post_or_event_is_called_by_a_name_of_a_person(name: str) -> None:
    expected = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))
    facts = rows_of([record_of(CASES / name / "document.txt")])
    people = {row.get("holder") for row in expected["tenures"]} | set(expected.get("never", ()))
    labels = " | ".join(
        label
        for kind in ("organisations", "posts", "events")
        for row in facts.get(kind, ())
        for label in (row["label"], *row.get("aliases", ()))
    )
    assert [person for person in people - {None, ""} if person.lower() in labels.lower()] == []
    kept = {row["holder"] for row in facts.get("tenures", ())}
    assert kept.isdisjoint(expected.get("never", ()))


def _misses(scores: list[KindScore]) -> str:
    lines = [f"MISSED {row}" for each in scores for row in each.missed]
    lines += [f"EXTRA {row}" for each in scores for row in each.extra]
    return "\n".join(lines)


@pytest.mark.parametrize("name", NAMES)
def test_what_became_of_commitments_is_told(name: str) -> None:
    expected = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))
    facts = rows_of([record_of(CASES / name / "document.txt")])
    given = [(row["change"], row["quote"].rstrip(".;")) for row in facts.get("changes", ())]
    wanted = [(row["change"], row["quote"].rstrip(".;")) for row in expected.get("changes", ())]
    assert sorted(set(given)) == sorted(wanted)
