"""A list held in memory gives what the store gives: the same rows, order and number."""

from __future__ import annotations

import pytest

from ontology.terms import PREFIXES
from search.facts import Facts
from search.lists import Filters, ListQuery
from search.opened import Opened, open_data
from search.ordered import CLASSES
from tests.server.sample import LETTER, REPORT, publish, records


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    home = tmp_path_factory.mktemp("data")
    publish(home, records())
    return open_data(home, "hashing")


PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())

CASES = [
    Filters(),
    Filters(authority=("kelland",)),
    Filters(authority=("elsewhere",)),
    Filters(document=(LETTER,)),
    Filters(document=(LETTER, REPORT), authority=("kelland", "elsewhere")),
    Filters(theme=("supervision",)),
    Filters(theme=("supervision", "plans"), polarity=("weakness",)),
    Filters(polarity=("strength",)),
    Filters(event=("inspection/kelland/2020-03-02-inspection",)),
    Filters(about=("Kelland children’s services",)),
    Filters(about=("Kelland children’s services",), polarity=("strength",)),
]


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("filters", CASES)
def test_the_same_as_the_store_gives(opened: Opened, kind: str, filters: Filters) -> None:
    query = ListQuery(kind, opened.base, filters)
    for limit, offset in ((100, 0), (2, 1)):
        rows = opened.graph.select(PREFIX + query.page(limit, offset))
        found = opened.facts.list(kind, limit, offset, filters)
        assert [fact["id"] for fact in found] == [_id(row["iri"]) for row in rows]
    (counted,) = opened.graph.select(PREFIX + query.count())
    assert str(opened.facts.count(kind, filters)) == getattr(counted["n"], "value", None)


def _id(term: object) -> str:
    """A claim's id: the last three parts of its IRI."""
    return "/".join(str(term).strip("<>").split("/")[-3:])


def test_more_rows_than_one_query_fills(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    small = {kind: type(long)(long.of, 1) for kind, long in CLASSES.items()}
    monkeypatch.setattr("search.facts.CLASSES", small)
    for kind in CLASSES:
        assert Facts(opened.graph, opened.base).list(kind) == opened.facts.list(kind)
