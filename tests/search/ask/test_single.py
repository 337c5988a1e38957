"""Which authority a question's words single out, and when they do not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import pytest

from search.ask.dates import Spotted
from search.ask.records import Link
from search.ask.single import singled
from search.ask.vocabulary import Vocabulary

OWNERS = {
    "minutes": {"saltby"},
    "report": {"penholt"},
    "reports": {"saltby", "penholt", "kelland"},
    "post": {"saltby", "penholt"},
    "board": {"kelland"},
    "ofsted": set(),
}
DAYS = {"2020-03-04": {"kelland"}}
DATED = {"minutes": "2020-03", "reports": "2020-03"}


class _Held:
    """Three councils, as the choice between them asks for them."""

    authorities = frozenset({"saltby", "penholt", "kelland"})

    def owners(self, iri: str) -> frozenset[str]:
        return frozenset(OWNERS[iri])

    def dated(self, iri: str, dates: Iterable[str]) -> bool:
        return DATED.get(iri) in set(dates)

    def on(self, day: str) -> frozenset[str]:
        return frozenset(DAYS.get(day, ()))


def _links(*signs: tuple[str, str]) -> list[Link]:
    return [Link(slot, iri, iri, at, at + 1) for at, (slot, iri) in enumerate(signs)]


@pytest.mark.parametrize(
    ("places", "others", "dates", "one"),
    [
        ([("document", "minutes")], [], [], "saltby"),
        ([("document", "reports")], [], [], None),
        ([("document", "reports")], [("post", "post")], [], None),
        ([("document", "reports")], [("body", "board")], [], "kelland"),
        ([("document", "report"), ("document", "minutes")], [], ["2020-03"], "saltby"),
        ([("document", "minutes")], [], ["2020-03-04"], "kelland"),
        ([("loose", "report")], [("post", "post")], [], "penholt"),
        ([], [("body", "ofsted")], [], None),
    ],
)
def test_what_is_of_one_authority_singles_it_out(
    places: list[tuple[str, str]], others: list[tuple[str, str]], dates: list[str], one: str | None
) -> None:
    spotted = [Spotted(value, 0, 1) for value in dates]
    held = cast("Vocabulary", _Held())
    assert singled(_links(*places), _links(*others), spotted, held) == one
