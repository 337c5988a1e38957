"""What became of what was recommended or promised: what later documents say on it.

A document that reports it done, revoked or replaced settles it; else sentences of later
documents that bear on it are quoted, and where there are none, later findings on its theme.
Where nothing is said later, the documents do not answer, and what was asked for is cited;
silence never means that a thing was not done.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kg.edtf import earliest, latest
from search.ask.fit import Fit
from search.ask.gates import refuse
from search.ask.passages import chosen, citation
from search.ask.records import Answer, Citation, Reading
from search.ask.vocabulary import Vocabulary
from search.ask.words import date_words
from search.commitments import Standing, evidence, later_findings
from search.facts import Fact, Facts, Filters, every
from search.search import DocumentRef

BEARS, MEANT, QUOTED = 0.42, 0.45, 3
"""Score and cosine from which a later sentence bears on a commitment, and how many are quoted."""

SETTLED = {"done": "was done", "superseded": "no longer stands"}
"""How it is said that a statement settles a commitment, by the state that it leaves."""


class Told(msgspec.Struct, frozen=True):
    """What later documents tell: words of how it stands, and what is quoted for it."""

    lead: str
    quotes: tuple[Citation, ...]


def standings(cited: Sequence[Citation], facts: Facts, day: str) -> list[Standing]:
    """How the commitments that an answer cites stand on a day."""
    found: dict[str, Standing] = {}
    for document in dict.fromkeys(c.document.id for c in cited):
        places = [(c.start, c.end) for c in cited if c.document.id == document]
        for row in every(facts, "commitments", Filters(document=(document,))):
            if any(row["start"] < end and start < row["end"] for start, end in places):
                found[row["id"]] = evidence(facts).standing(row, day)
    return list(found.values())


def with_outcome(
    answer: Answer,
    found: Sequence[Fit],
    vocabulary: Vocabulary,
    stand: Sequence[Standing] = (),
) -> Answer:
    """The commitments of an answer, and after them what later documents say; a refusal where
    none that is loaded says anything. ``stand`` is how its commitments stand."""
    if not answer.citations or answer.reading is None:
        return answer
    told = _settled(stand) or _later(answer, found, vocabulary) or _findings(stand, vocabulary)
    if told is None:
        return _silent(answer, answer.reading, vocabulary, stand)
    quotes = " ".join(f"“{c.quote}” ({vocabulary.name(c.document.id)})" for c in told.quotes)
    cited = (*answer.citations, *told.quotes)
    return msgspec.structs.replace(
        answer,
        answer=f"{answer.answer} {told.lead} {quotes}",
        citations=cited,
        supporting=len(cited),
    )


def _settled(stand: Sequence[Standing]) -> Told | None:
    """Statements that it was done, revoked or replaced."""
    said = [(s.state, s.said) for s in stand if s.said is not None and s.state in SETTLED]
    if not said:
        return None
    lead = f"A later document says that it {SETTLED[said[0][0]]}:"
    return Told(lead, tuple(_cited(row) for _, row in said[:QUOTED]))


def _later(answer: Answer, found: Sequence[Fit], vocabulary: Vocabulary) -> Told | None:
    """Sentences of later documents about the same authority that are near the topic."""
    made = answer.citations[0].document.id
    since = max(map(latest, vocabulary.dates(made)), default="")
    about = vocabulary.among([made])
    later = chosen([fit for fit in found if _bears(fit, since, about, vocabulary)])[:QUOTED]
    later.sort(key=lambda fit: fit.evidence.date or "")
    if not later:
        return None
    return Told("Later documents say:", tuple(citation(fit.evidence) for fit in later))


def _findings(stand: Sequence[Standing], vocabulary: Vocabulary) -> Told | None:
    """Findings on its theme after its date has passed."""
    named = [iri for each in stand for iri in each.later][:QUOTED]
    if not named:
        return None
    rows = later_findings(vocabulary.facts, stand)
    quotes = tuple(_cited(rows[iri]) for iri in named)
    return Told("Later findings on the same theme, not on it by name:", quotes)


def _silent(
    answer: Answer, reading: Reading, vocabulary: Vocabulary, stand: Sequence[Standing]
) -> Answer:
    ends = date_words(vocabulary.period[1])
    ahead = " Its date had not come by then." if any(s.state == "due" for s in stand) else ""
    says = (
        f"{answer.answer} No later document that is loaded (they end on {ends}) says what "
        f"became of it; that does not mean that it was not done.{ahead}"
    )
    refused = refuse(reading, "not-recorded", says, answer.citations, answer.form)
    return msgspec.structs.replace(refused, sparql=answer.sparql, rows=answer.rows)


def _cited(row: Fact) -> Citation:
    held = row["document"]
    document = DocumentRef(held["id"], held["title"], held["file"])
    return Citation(document, None, row["quote"], row["start"], row["end"])


def _bears(fit: Fit, since: str, about: frozenset[str], vocabulary: Vocabulary) -> bool:
    """Whether a sentence of a later document about the same authority is near the topic."""
    said = fit.evidence
    dates = vocabulary.dates(said.document.id)
    after = bool(since) and any(earliest(date) > since for date in dates)
    near = said.score >= BEARS and said.cosine >= MEANT
    return after and near and vocabulary.among([said.document.id]) == about
