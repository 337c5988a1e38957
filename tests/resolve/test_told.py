"""What is kept of each document resolves a collection as the documents themselves do."""

from __future__ import annotations

import shutil
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

import pytest

from kg.cache import PartCache, RecordCache
from kg.collect import Collector, stream
from kg.embed import HashingEmbedder
from kg.files import discover
from kg.model import Record
from kg.progress import Quiet
from kg.resolve import Resolved, Resolvers, resolve
from kg.resolve.issues import Issues
from kg.resolve.memo import Memo
from kg.resolve.told import graph_key, heard, meaning_of, resolve_told, tell, telling
from kg.tools import RESOLVERS
from tests.extract.facts_of import record_of
from tests.kg import toy

CASES = Path(__file__).parents[1] / "cases"
NAMES = ("letter-crossmoor", "letter-haverdale", "direction-ferrowby", "minutes-dunmere")


@pytest.fixture(scope="module")
def records() -> list[Record]:
    found = [record_of(path) for name in NAMES for path in sorted((CASES / name).glob("doc*"))]
    assert len(found) == len(NAMES)
    return sorted(found, key=lambda record: record.document.id)


@pytest.fixture(scope="module")
def resolvers() -> Resolvers:
    return replace(RESOLVERS, issues=partial(Issues, HashingEmbedder()))


def test_what_is_kept_resolves_as_the_documents_do(
    records: list[Record], resolvers: Resolvers
) -> None:
    recall = {record.document.id: record for record in records}.__getitem__
    told = [heard(tell(record, resolvers)) for record in records]
    direct, again = resolve(records, resolvers), resolve_told(told, resolvers, recall)
    assert direct.events.entities
    assert direct.tenures.entities
    for field in fields(Resolved):
        assert getattr(direct, field.name) == getattr(again, field.name), field.name
    assert len({graph_key(each, meaning_of(each, again)) for each in told}) == len(told)


def _letters(folder: Path) -> dict[str, Record]:
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(toy.letter(number))
    cache = RecordCache(folder / ".cache", "1")
    sources = Collector(toy.tools(), cache, Quiet()).collect(discover([folder])).sources
    return {record.document.id: record for record in stream(sources.values(), cache)}


def test_documents_are_looked_into_again_only_where_what_was_kept_is_lost(tmp_path: Path) -> None:
    known = _letters(tmp_path / "letters")

    def run(looked: list[str], *, lost: bool = False) -> Resolved:
        memo = Memo(PartCache(tmp_path / "memo"), "1")
        concluding = replace(RESOLVERS, issues=lambda: Issues(HashingEmbedder(), (), memo))

        def recall(document: str) -> Record:
            looked.append(document)
            return known[document]

        told = [heard(tell(record, concluding)) for record in known.values()]
        if lost:
            shutil.rmtree(tmp_path / "memo")
        return resolve_told(told, concluding, recall)

    first: list[str] = []
    second: list[str] = []
    third: list[str] = []
    assert run(first) == run(second) == run(third, lost=True)
    assert first == second == []
    assert sorted(third) == sorted(known)


def test_what_other_resolvers_kept_has_another_name(resolvers: Resolvers) -> None:
    assert telling("1", resolvers) != telling("1", replace(resolvers, judgements=None))
