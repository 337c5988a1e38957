"""Which words of a passage answer the query, as places to mark."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from search.thesaurus import Wordings
from search.words import words

Span = tuple[int, int]


def highlights(text: str, wanted: AbstractSet[str], wordings: Wordings) -> tuple[Span, ...]:
    """Places in ``text`` of the entries wanted: stems of words, and terms however worded.

    ``wordings`` are those of the terms wanted, and may be more.
    """
    tokens = words(text)
    spans = [(word.start, word.end) for word in tokens if word.stem in wanted and not word.is_stop]
    for mention in wordings.mentions(tokens):
        if mention.exact and mention.term.key in wanted:
            spans.append((tokens[mention.first].start, tokens[mention.last - 1].end))
    return merged(spans)


def merged(spans: list[Span]) -> tuple[Span, ...]:
    """Overlapping spans joined, in order."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)
