"""Answers in the documents' own words: the best supported sentences, quoted.

sentences ──fit (place, date, kind of content)──▶ ranked ──gates──▶ quoted, or refused

A sentence that can answer comes first: one with a date where a date is asked, with a
number where a number is, with a cause where a cause is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice, zip_longest

import msgspec

from kg.dates import compatible
from kg.edtf import earliest, latest
from search.ask import absence, gates, people
from search.ask.amounts import amounts, wanted
from search.ask.content import content
from search.ask.evidence import Evidence
from search.ask.fit import Fit
from search.ask.records import Answer, Citation, Reading
from search.ask.verdict import verdict
from search.ask.vocabulary import Vocabulary
from search.words import words

CITED, QUOTED, LISTED = 8, 2, 4
"""Sentences cited, quoted in an answer, and quoted where several things are asked for."""

STRONG, SUPPORT, ALIKE = 0.5, 4, 0.5
"""Score from which a sentence supports whatever a form says, how many are added, and the
cosine from which one says the same in words."""

SHORTEST = 15
"""Characters below which a sentence says too little to be quoted."""


def answer(
    found: Sequence[Fit],
    reading: Reading,
    vocabulary: Vocabulary,
    missing: Callable[[Sequence[Evidence]], float],
) -> Answer:
    """The best sentences quoted, or why they do not answer. ``missing`` tells the share of the
    topic's words that the passages of some sentences do not have."""
    if reading.asks == "yes-no" and not reading.has("disagree"):
        found = sorted(found, key=lambda fit: -_decides(fit, reading))
    cited = chosen(found, () if reading.asks == "yes-no" else reading.documents)
    lacks = missing([fit.evidence for fit in cited[:LISTED]])
    refused = gates.after(reading, cited, vocabulary, lacks)
    if refused:
        return refused
    able = [fit for fit in cited if fit.able] or cited
    if reading.has("in-which"):
        return _grouped(found, reading, vocabulary)
    lead, values = _lead(reading, able)
    several = reading.asks in ("list", "body", "passage", "cause") or reading.has("disagree")
    count = LISTED if several else QUOTED
    ordered = (*able, *(fit for fit in cited if fit not in able))
    quotes = [_quoted(fit.evidence, vocabulary) for fit in ordered[:count]]
    return Answer(
        question=reading.question,
        answered=True,
        answer=" ".join(filter(None, (lead, *quotes))),
        values=values,
        rows=(),
        sparql=None,
        citations=tuple(citation(fit.evidence) for fit in ordered),
        supporting=len(quotes),
        reason=None,
        confidence=round(able[0].evidence.score, 3),
        reading=reading,
    )


TIMELY, DENIES = 0.1, 0.2
"""What a sentence gains, where yes or no is asked, for being of the time asked about, and for
saying that there is none of what may be there."""


def _decides(fit: Fit, reading: Reading) -> float:
    """How well a sentence says yes or no, by its words and its time, not by where it stands."""
    score = fit.evidence.score + TIMELY * bool(reading.dates and (fit.dated or fit.soon))
    none = reading.has("exists") and absence.denies(fit.evidence.text, reading.topic)
    return score + DENIES * none


def _grouped(found: Sequence[Fit], reading: Reading, vocabulary: Vocabulary) -> Answer:
    """The inspections, visits or documents in which something is said, in order of date."""
    kinds = {link.label for link in reading.links if link.slot in ("document", "loose")}
    best = found[0].evidence.score
    near = [f for f in found if f.evidence.score >= max(0.4, best - 0.15)]
    firsts: dict[str, Fit] = {}
    for fit in near:
        if not kinds or fit.evidence.document.id in kinds:
            firsts.setdefault(fit.evidence.document.id, fit)
    seconds = [f for f in near if f.evidence.document.id in firsts and f not in firsts.values()]
    picked = sorted(firsts.values() or near[:1], key=lambda f: f.evidence.date or "")
    said = [f"{vocabulary.reported(f.evidence.document.id)}: “{f.evidence.text}”" for f in picked]
    dates = [d for f in picked for d in vocabulary.dates(f.evidence.document.id)]
    return Answer(
        question=reading.question,
        answered=True,
        answer="; ".join(said),
        values=tuple(dict.fromkeys(dates)),
        rows=(),
        sparql=None,
        citations=tuple(citation(fit.evidence) for fit in (*picked, *seconds[:CITED])),
        supporting=len(picked),
        reason=None,
        confidence=round(best, 3),
        reading=reading,
    )


def _lead(reading: Reading, able: Sequence[Fit]) -> tuple[str, tuple[str, ...]]:
    """The words before the quotations, and the bare values."""
    best = able[0].evidence
    if reading.has("disagree"):
        return "", ()
    if reading.asks == "yes-no" and (
        reading.has("choice") or reading.has("either-way")
    ):  # neither yes nor no says which
        return "", ()
    if reading.asks == "yes-no":
        said = verdict(reading.mended, best.text)
        return f"{said}:" if said else "", (said,) if said else ()
    if reading.asks == "number":
        first = (each.value for each in amounts(best.text, wanted(reading)))
        every = (*first, *content(best.text).numbers)
        return "", tuple(dict.fromkeys(every))[:3]
    if reading.asks == "person":
        told = (people.names(f.evidence.text, reading.mended.lower()) for f in able[:QUOTED])
        return "", tuple(dict.fromkeys(name for names in told for name in names))
    if reading.asks == "date":
        return "", tuple(content(best.text, best.date or "").dates)[:3]
    return "", ()


def supported(answer: Answer, found: Sequence[Fit], quotes: int = 0) -> Answer:
    """An answer of a form with sentences that say the same beside what its rows cite; the
    first ``quotes`` that hold a number stand in its words, since they may say otherwise."""
    said = {value.lower() for value in answer.values}
    more = [
        citation(fit.evidence)
        for fit in chosen(found)
        if fit.evidence.score >= STRONG or any(v in fit.evidence.text.lower() for v in said)
    ]
    told = (f.evidence for f in found if f.evidence.cosine >= ALIKE and f.content.numbers)
    beside = [citation(evidence) for evidence in islice(told, quotes)]
    text = " ".join((answer.answer, *(f"In words: “{c.quote}”" for c in beside)))
    more = [*beside, *more]
    places = {(c.document.id, c.start) for c in answer.citations}
    new = [c for c in more if (c.document.id, c.start) not in places][: SUPPORT + quotes]
    return msgspec.structs.replace(
        answer,
        answer=text,
        citations=(*answer.citations, *new),
        supporting=answer.supporting + sum(c in beside for c in new),
    )


def otherwise(answer: Answer, found: Sequence[Fit], vocabulary: Vocabulary) -> Answer:
    """An answer with a date from rows, and beside it what a later document tells: a post is
    taken up again and again, and rows need not have every time."""
    held = [c.document.id for c in answer.citations]
    last = max((latest(d) for one in held for d in vocabulary.dates(one)), default="")
    later = [
        fit
        for fit in found
        if fit.able
        and not any(compatible(a, b) for a in fit.content.dates for b in answer.values)
        and any(earliest(d) > last for d in vocabulary.dates(fit.evidence.document.id))
    ]
    if not later:
        return answer
    best = later[0].evidence
    return msgspec.structs.replace(
        answer,
        answer=f"{answer.answer} A later document says: {_quoted(best, vocabulary)}",
        values=(*answer.values, *later[0].content.dates),
        citations=(*answer.citations, citation(best)),
        supporting=len(answer.citations) + 1,
    )


def _quoted(evidence: Evidence, vocabulary: Vocabulary) -> str:
    return f"“{evidence.text}” ({vocabulary.name(evidence.document.id)})"


def balanced(found: Sequence[Fit], documents: Sequence[str]) -> list[Fit]:
    """Where a question sets a few documents beside each other, their sentences in turn."""
    if not 1 < len(documents) <= 4:
        return list(found)
    turns = [[fit for fit in found if fit.evidence.document.id == d] for d in documents]
    mixed = [fit for turn in zip_longest(*turns) for fit in turn if fit is not None]
    return [*mixed, *(fit for fit in found if fit.evidence.document.id not in documents)]


def chosen(found: Sequence[Fit], documents: Sequence[str] = ()) -> list[Fit]:
    """The best sentences without repeats, at most two of a passage."""
    picked: list[Fit] = []
    for fit in balanced(found, documents):
        same = [p for p in picked if p.evidence.row == fit.evidence.row]
        again = any(p.evidence.text == fit.evidence.text for p in picked)
        if len(same) < 2 and not again and _says(fit):
            picked.append(fit)
        if len(picked) == CITED:
            break
    return picked


def _says(fit: Fit) -> bool:
    """Whether a sentence says enough to be quoted: an item of a list may be a bare count."""
    return len(fit.evidence.text) >= SHORTEST or bool(
        fit.content.numbers and words(fit.evidence.text)[1:]
    )


def citation(evidence: Evidence) -> Citation:
    """The sentence as a citation."""
    return Citation(
        evidence.document, evidence.passage, evidence.text, evidence.start, evidence.end
    )
