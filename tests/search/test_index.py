"""The index on disk: complete, the same for the same records, refused when altered."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from kg.embed import HashingEmbedder
from kg.errors import GenerationError
from kg.model import Record
from search.index import Index, Indexer, check
from search.search import Searcher
from tests.search.library import library


def test_settings_tell_what_the_index_holds(generation: Path) -> None:
    settings = check(generation)
    assert (settings.model, settings.dimension) == ("hashing-256", 256)
    assert (settings.documents, settings.passages) == (2, 6)
    assert settings.sentences == 13


def test_the_order_of_records_leaves_no_trace(tmp_path: Path) -> None:
    one = Indexer(HashingEmbedder()).write(tmp_path / "one", library())
    two = Indexer(HashingEmbedder()).write(tmp_path / "two", reversed(library()))
    assert one.files == two.files


@pytest.mark.parametrize("joining", [{"first"}, {"middle"}, {"last"}, {"first", "last"}])
def test_documents_that_join_an_index_make_the_index_of_all(
    tmp_path: Path, joining: set[str]
) -> None:
    """To the byte, while every vector is looked at; whichever place they take among others."""
    indexer = Indexer(HashingEmbedder())
    names = ("first", "middle", "last", "before", "after")
    records = {r.document.id: r for r in _records(names)}
    whole = indexer.write(tmp_path / "whole", records.values())
    indexer.write(tmp_path / "base", [r for name, r in records.items() if name not in joining])
    asked: list[str] = []

    def part(document: str) -> bytes:
        asked.append(document)
        return indexer.prepare(records[document])

    assert indexer.revise(tmp_path / "more", tmp_path / "base", sorted(records), part)
    assert check(tmp_path / "more") == whole
    assert set(asked) == joining


def _records(names: Iterable[str]) -> list[Record]:
    """Documents that share words and bear labels, one of them without a passage."""
    made = []
    for number, name in enumerate(names):
        letter = library()[number % 2]
        passages = tuple(
            replace(each, id=f"{name}/{each.id}", document=name) for each in letter.passages
        )
        document = replace(letter.document, id=name, file=f"{name}.txt")
        made.append(replace(letter, document=document, passages=passages[number // 3 :]))
    return made


def test_an_index_of_another_make_is_not_gone_on_from(tmp_path: Path) -> None:
    first, *rest = library()
    indexer = Indexer(HashingEmbedder())
    documents = sorted(record.document.id for record in library())
    parts = {record.document.id: indexer.prepare(record) for record in library()}
    Indexer(HashingEmbedder(64)).write(tmp_path / "other", [first])
    assert not indexer.revise(tmp_path / "new", tmp_path / "other", documents, parts.__getitem__)
    indexer.write(tmp_path / "base", [first])
    gone = [record.document.id for record in rest]
    assert not indexer.revise(tmp_path / "new", tmp_path / "base", gone, parts.__getitem__)
    indexer.write(tmp_path / "empty", [])
    assert not indexer.revise(tmp_path / "new", tmp_path / "empty", documents, parts.__getitem__)
    assert not indexer.revise(tmp_path / "new", tmp_path / "none", documents, parts.__getitem__)


FILES = [
    "vectors/passages.faiss",
    "vectors/sentences.faiss",
    "vectors/wordings.faiss",
    "vectors/first.npy",
    "vectors/passages.f16",
    "rows/rows.jsonb",
    "terms/words.json",
    "terms/thesaurus.json",
    "terms/data.csc.index.npy",
]


@pytest.mark.parametrize("name", FILES)
def test_one_altered_byte_is_noticed(generation: Path, name: str) -> None:
    path = generation / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(GenerationError, match="altered"):
        Index(generation)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_noticed(generation: Path, name: str) -> None:
    (generation / name).unlink()
    with pytest.raises(GenerationError, match="missing"):
        Index(generation)


def test_no_index_is_an_error_that_names_the_cure(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="Build"):
        Index(tmp_path)


def test_settings_that_are_no_settings_are_refused(generation: Path) -> None:
    (generation / "vectors" / "settings.json").write_text('{"format": "new"}', "utf-8")
    with pytest.raises(GenerationError, match="cannot be read"):
        Index(generation)


def test_vectors_of_another_model_are_refused(generation: Path) -> None:
    with pytest.raises(GenerationError, match="do not compare"):
        Searcher.open(generation, HashingEmbedder(64))


def test_an_empty_collection_can_be_searched(tmp_path: Path) -> None:
    Indexer(HashingEmbedder()).write(tmp_path, [])
    found = Searcher.open(tmp_path, HashingEmbedder()).search("anything")
    assert found.results == ()
    assert found.total == 0


def test_an_index_tells_the_precision_of_its_vectors(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    assert Indexer(embedder).write(tmp_path / "one", library()).precision == "float32"
    narrow = HashingEmbedder()
    narrow.precision = "bfloat16"
    other = Indexer(narrow)
    assert other.write(tmp_path / "two", library()).precision == "bfloat16"
    assert other.version != Indexer(embedder).version
