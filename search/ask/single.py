"""Which authority a question means that names none: the one that its words single out.

A dated meeting, a direction, a post or a body may be of one authority only, though the
collection has many. Each such sign leaves some authorities; signs are heard from the
surest on, and one that contradicts those before it is not heard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from search.ask.dates import Spotted
from search.ask.records import Link
from search.ask.vocabulary import Vocabulary

DAY = len("2020-01-31")


def singled(
    places: Sequence[Link],
    others: Sequence[Link],
    dates: Sequence[Spotted],
    vocabulary: Vocabulary,
) -> str | None:
    """The one authority that the links of places, the other links and dates leave, if any."""
    left = vocabulary.authorities
    for owners in _signs(places, others, dates, vocabulary):
        left = (left & owners) or left
        if len(left) == 1:
            return next(iter(left))
    return None


def _signs(
    places: Sequence[Link],
    others: Sequence[Link],
    dates: Sequence[Spotted],
    vocabulary: Vocabulary,
) -> Iterator[frozenset[str]]:
    """Authorities that each sign leaves, surest first: an exact day, documents and events of a
    date named, posts and bodies, documents that a word only points to."""
    for date in dates:
        if len(date.value) == DAY:
            yield vocabulary.on(date.value)
    when = [date.value for date in dates]
    dated = [link for link in places if vocabulary.dated(link.value, when)]
    yield from _owners(dated, ("document", "event"), vocabulary)
    yield from _owners(others, ("post", "body"), vocabulary)
    yield from _owners(places, ("document", "loose"), vocabulary)


def _owners(
    links: Sequence[Link], slots: Sequence[str], vocabulary: Vocabulary
) -> Iterator[frozenset[str]]:
    """The authorities of what the same words are linked to, fewest first."""
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for link in links:
        if link.slot in slots:
            found[link.start, link.end] |= vocabulary.owners(link.value)
    yield from sorted(map(frozenset, filter(None, found.values())), key=len)
