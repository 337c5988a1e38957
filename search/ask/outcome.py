"""What became of what was recommended or promised: what later documents say on it.

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
from search.ask.records import Answer
from search.ask.vocabulary import Vocabulary
from search.ask.words import date_words

BEARS, MEANT, QUOTED = 0.42, 0.45, 3
"""Score and cosine from which a later sentence bears on a commitment, and how many are quoted."""


def with_outcome(answer: Answer, found: Sequence[Fit], vocabulary: Vocabulary) -> Answer:
    """The commitments of an answer, and after them what later documents say; a refusal where
    none that is loaded says anything."""
    if not answer.citations or answer.reading is None:
        return answer
    made = answer.citations[0].document.id
    since = max(map(latest, vocabulary.dates(made)), default="")
    about = vocabulary.among([made])
    later = chosen([fit for fit in found if _bears(fit, since, about, vocabulary)])[:QUOTED]
    later.sort(key=lambda fit: fit.evidence.date or "")
    if not later:
        ends = date_words(vocabulary.period[1])
        says = (
            f"{answer.answer} No later document that is loaded (they end on {ends}) says what "
            "became of it; that does not mean that it was not done."
        )
        refused = refuse(answer.reading, "not-recorded", says, answer.citations, answer.form)
        return msgspec.structs.replace(refused, sparql=answer.sparql, rows=answer.rows)
    quotes = [
        f"“{fit.evidence.text}” ({vocabulary.name(fit.evidence.document.id)})" for fit in later
    ]
    return msgspec.structs.replace(
        answer,
        answer=f"{answer.answer} Later documents say: {' '.join(quotes)}",
        citations=(*answer.citations, *(citation(fit.evidence) for fit in later)),
    )


def _bears(fit: Fit, since: str, about: frozenset[str], vocabulary: Vocabulary) -> bool:
    """Whether a sentence of a later document about the same authority is near the topic."""
    evidence = fit.evidence
    dates = vocabulary.dates(evidence.document.id)
    after = bool(since) and any(earliest(date) > since for date in dates)
    near = evidence.score >= BEARS and evidence.cosine >= MEANT
    return after and near and vocabulary.among([evidence.document.id]) == about
