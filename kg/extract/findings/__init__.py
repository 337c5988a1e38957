"""Findings: every evaluative statement of a document, what it says, who says it, of when.

    assess(document, context)  -> one Assessment a sentence, finding or not
    extract(document, context) -> a FindingClaim for each sentence that is a finding

A sentence is judged by small trained models (see :mod:`kg.extract.findings.heads`) and by
what the document's layout settles: items of an improvement list are weaknesses, sections
that state scope, method or legal terms hold no findings, and a summary retold for children
or a statement that repeats an earlier one counts once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kg.extract.context import Context
from kg.extract.findings.assertors import asserted
from kg.extract.findings.direction import travelled
from kg.extract.findings.earlier import Earlier, earlier_events
from kg.extract.findings.features import Matrix, features
from kg.extract.findings.heads import Model, suited
from kg.extract.findings.places import Place, places
from kg.extract.findings.restated import restatements
from kg.extract.findings.settled import settled
from kg.model import Claim, Document, FindingClaim, Polarity

__all__ = ["ENOUGH", "Assessment", "assess", "extract"]

EXTRACTOR = "findings@1"

_POLARITIES: tuple[Polarity, ...] = ("strength", "weakness", "mixed", "progress")
ENOUGH = 0.4
"""A sentence is a finding when its probability is above this: missing one costs more."""

_MOST_THEMES = 3
_NEXT_THEME = 0.01
"""A further theme is given when its probability is at least this."""

_SHARE_OF_FIRST = 0.01
"""… and at least this share of the first theme's."""


@dataclass(frozen=True)
class Assessment:
    """What is thought of one sentence.

    ``polarity`` and ``themes`` are what it would say if it were a finding, so that every
    sentence can be compared with a reader's label; ``confidence`` is the probability of
    ``is_finding`` as given.
    """

    place: Place
    is_finding: bool
    confidence: float
    polarity: Polarity
    themes: tuple[str, ...]
    listed: bool


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """A claim for each finding, in order."""
    judged, vectors = _judge(document, context)
    found = [i for i, each in enumerate(judged) if each.is_finding]
    told = earlier_events(document, context)
    repeats = restatements([judged[i].place for i in found], vectors[found])
    for finding in (judged[i] for i in found):
        start = finding.place.sentence.start
        yield _claim(document, context, finding, told.get(start, ()), repeats.get(start))


def assess(document: Document, context: Context) -> tuple[Assessment, ...]:
    """Every sentence of a document, judged."""
    return _judge(document, context)[0]


def _judge(document: Document, context: Context) -> tuple[tuple[Assessment, ...], Matrix]:
    """Every sentence judged, and their vectors (without columns when none are needed)."""
    stands = places(document, context)
    if not stands:
        return (), np.zeros((0, 0), np.float32)
    model = suited(context.embedder.name)
    seen = features(stands)
    vectors = _vectors(model, stands, context)
    finding = model.scores("finding", seen, vectors)[:, 1]
    polarity = model.scores("polarity", seen, vectors)
    themes = model.scores("themes", seen, vectors)
    names = model.card.heads["themes"].classes
    judged = tuple(
        _assessment(document, place, float(f), p, _listed_themes(t, names))
        for place, f, p, t in zip(stands, finding, polarity, themes, strict=True)
    )
    return judged, vectors


def _vectors(model: Model, stands: tuple[Place, ...], context: Context) -> Matrix:
    if not model.card.embedder:
        return np.zeros((len(stands), 0), np.float32)
    return context.embedder.encode([place.text for place in stands])


def _assessment(
    document: Document, place: Place, finding: float, polarity: Matrix, themes: tuple[str, ...]
) -> Assessment:
    told = settled(document, place)
    if told is None:
        is_finding = finding > ENOUGH
        sure = finding if is_finding else 1 - finding
    else:
        is_finding, sure = told, 1.0
    listed = bool(told)
    best = "weakness" if listed else _POLARITIES[int(polarity.argmax())]
    return Assessment(place, is_finding, round(sure, 4), best, themes, listed)


def _listed_themes(scores: Matrix, names: tuple[str, ...]) -> tuple[str, ...]:
    order = np.argsort(-scores, kind="stable")[:_MOST_THEMES]
    least = max(_NEXT_THEME, _SHARE_OF_FIRST * float(scores[order[0]]))
    return tuple(names[i] for n, i in enumerate(order) if n == 0 or scores[i] >= least)


def _claim(
    document: Document,
    context: Context,
    finding: Assessment,
    told: tuple[Earlier, ...],
    restates: int | None,
) -> FindingClaim:
    sentence = finding.place.sentence
    says = asserted(document, context, finding.place, told)
    direction, since = travelled(finding.place.text, finding.polarity, told)
    return FindingClaim(
        start=sentence.start,
        end=sentence.end,
        extractor=EXTRACTOR,
        confidence=finding.confidence,
        event=says.event,
        polarity=finding.polarity,
        themes=finding.themes,
        assertor=says.assertor,
        retells=says.retells,
        about=says.about,
        direction=direction,
        direction_since=since,
        listed=finding.listed,
        restates=restates,
    )
