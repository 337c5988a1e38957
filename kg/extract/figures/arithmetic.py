"""Stated changes, computed again: 'from X to Y, a rise of N per cent'.

The percentage may stand in the same sentence or open the next one ('This is …'). Where it
differs from the computed one by more than the tolerance, the document disagrees with
itself, and the explanation shows the sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from kg.extract.context import Context
from kg.extract.figures.numbers import Number, find
from kg.extract.figures.words import any_of, words
from kg.model import DisagreementClaim, Document, Sentence

EXTRACTOR = "figures.arithmetic@1"
_GO_ON = re.compile(r"^(?:this|that|it|an?|which)\b", re.IGNORECASE)


def extract(document: Document, context: Context) -> Iterator[DisagreementClaim]:
    """A disagreement for every stated percentage that its own numbers contradict."""
    for first, second in zip(context.sentences, (*context.sentences[1:], None), strict=True):
        change = _change(document.text[first.start : first.end])
        if change is None:
            continue
        for sentence in _holders(document, first, second):
            claim = _checked(document, first, sentence, *change)
            if claim is not None:
                yield claim


def _holders(document: Document, first: Sentence, second: Sentence | None) -> Iterator[Sentence]:
    yield first
    if second is None or second.block != first.block:
        return
    if _GO_ON.match(document.text[second.start : second.end]):
        yield second


def _change(text: str) -> tuple[Number, Number] | None:
    """The two ends of a change: 'from 3,870 to 6,150'."""
    numbers = [number for number in find(text) if number.unit in ("", "GBP")]
    for low, high in pairwise(numbers):
        head, middle = text[: low.start], text[low.end : high.start]
        if re.search(r"\bfrom\s+(?:£\s?)?$", head) and re.fullmatch(
            r"\s+(?:[\w’'-]+\s+){0,4}?to\s+(?:[\w’'-]+\s+){0,2}?", middle
        ):
            return low, high
    return None


def _checked(
    document: Document, first: Sentence, holder: Sentence, low: Number, high: Number
) -> DisagreementClaim | None:
    text = document.text[holder.start : holder.end]
    moves = rf"\b(?:{any_of((*words().change['rise'], *words().change['fall']))})\b"
    start, end = Decimal(low.value), Decimal(high.value)
    shares = [number for number in find(text) if number.unit == "per cent"]
    if not start or not shares or not re.search(moves, text, re.IGNORECASE):
        return None
    computed = abs(end - start) / start * 100
    near = min(shares, key=lambda number: abs(Decimal(number.value) - computed))
    if abs(Decimal(near.value) - computed) <= Decimal(str(words().tolerance)):
        return None
    return DisagreementClaim(
        start=first.start,
        end=first.end,
        extractor=EXTRACTOR,
        question=f"By how many per cent is the change from {start:,} to {end:,}?",
        kind="computed",
        value=f"{computed:.1f}",
        other_start=holder.start,
        other_end=holder.end,
        other_value=near.value,
        explanation=(
            f"({end:,} − {start:,}) ÷ {start:,} = {computed:.1f} per cent; "
            f"the document states {near.value} per cent."
        ),
    )
