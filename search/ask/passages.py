"""Answers in the documents' own words: the best supported sentences, quoted.

Where the question asks for a date, a number, a name or a yes, a sentence that has one
comes first.
"""

from __future__ import annotations

import re

from kg.dates import compatible, find
from search.ask.evidence import Evidence, Finder
from search.ask.records import Answer, Citation, Reading

CITED = 8
QUOTED = 3

BOOSTS = {"document": 0.10, "loose": 0.03, "date": 0.05, "kind": 0.06}
"""What a sentence gains for standing in a document that the question names or points to,
for naming its date, and for holding the kind of thing that is asked for."""

_NUMBER = re.compile(r"(?<![\w.-])(?:£|over )?\d[\d,.]*(?: ?%| per cent| million)?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred)\b", re.I)


def answer(finder: Finder, reading: Reading) -> Answer:
    """The best sentences quoted."""
    found = ranked(finder, reading)
    cited = chosen(found)
    quotes = [f"“{e.text}” ({e.document.title}, {e.date})" for e in cited[:QUOTED]]
    return Answer(
        question=reading.question,
        answered=bool(cited),
        answer=" ".join(quotes),
        values=(),
        rows=(),
        sparql=None,
        citations=tuple(citation(e) for e in cited),
        reason=None if cited else "Nothing in the documents comes near to this.",
        confidence=cited[0].score if cited else 0.0,
        reading=reading,
    )


def ranked(finder: Finder, reading: Reading) -> list[Evidence]:
    """Sentences by their own score and by how they fit what the question names."""
    found = finder.find(finder.wanted(reading.topic, reading.mended))
    return sorted(found, key=lambda e: -(e.score + fit(e, reading)))


def fit(evidence: Evidence, reading: Reading) -> float:
    """What place, date and kind of content add to a sentence."""
    gain = 0.0
    if evidence.document.id in reading.documents:
        gain += BOOSTS["document"]
    elif any(l.slot == "loose" and l.label == evidence.document.id for l in reading.links):
        gain += BOOSTS["loose"]
    if reading.dates and _dated(evidence, reading):
        gain += BOOSTS["date"]
    if holds(evidence.text, reading.asks):
        gain += BOOSTS["kind"]
    return gain


def _dated(evidence: Evidence, reading: Reading) -> bool:
    return any(
        compatible(date, span.edtf) for span in find(evidence.text) for date in reading.dates
    )


def holds(text: str, asks: str) -> bool:
    """Whether a sentence has the kind of thing that is asked for."""
    if asks == "date":
        return bool(find(text))
    if asks == "number":
        return bool(_NUMBER.search(text))
    return False


def chosen(found: list[Evidence]) -> list[Evidence]:
    """The best sentences without repeats, at most two of a passage."""
    picked: list[Evidence] = []
    for each in found:
        same = [p for p in picked if p.row == each.row]
        if len(same) < 2 and all(p.text != each.text for p in picked) and len(each.text) > 25:
            picked.append(each)
        if len(picked) == CITED:
            break
    return picked


def citation(evidence: Evidence) -> Citation:
    """The sentence as a citation."""
    return Citation(
        evidence.document, evidence.passage, evidence.text, evidence.start, evidence.end
    )
