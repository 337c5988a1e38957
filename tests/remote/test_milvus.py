"""Vectors in Milvus (here Milvus Lite, the same client): exact, exchanged document by document."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from kg.embed import HashingEmbedder
from kg.errors import FindingsError, GenerationError, StoreUnavailable
from kg.model import Record
from kg.remote.push import Stamp
from kg.remote.settings import StoreSettings
from search.filters import Filters
from search.index import Index, Indexer
from search.milvus import MilvusStore
from search.remote import RemoteDense, push
from search.search import Searcher
from search.stores import Stores
from search.vectors import Entry, Made
from tests.search.library import record
from tests.server.sample import publish, records

WORDS = (
    "social workers visit children late plans drift managers check audits carers schools",
    "health police board members report weak strong progress permanence thresholds referrals",
)
VOCABULARY = " ".join(WORDS).split()


def _documents(count: int, seed: int = 3) -> list[Record]:
    chosen = random.Random(seed)  # noqa: S311 - the same documents each time

    def paragraph() -> str:
        sentences = (" ".join(chosen.choices(VOCABULARY, k=9)).capitalize() + "." for _ in range(3))
        return " ".join(sentences)

    return [
        record(f"letter-{n}", tuple(dict.fromkeys(paragraph() for _ in range(6))))
        for n in range(count)
    ]


def _index(folder: Path, found: Sequence[Record]) -> Index:
    Indexer(HashingEmbedder()).write(folder, found)
    return Index(folder)


def _pushed(index: Index, store: MilvusStore, name: str = "1") -> tuple[int, int, int]:
    done, finish = push(index, store, Stamp(name, name))
    finish()
    return done.written, done.dropped, done.unchanged


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MilvusStore]:
    opened = MilvusStore(StoreSettings(milvus_uri=str(tmp_path / "vectors.db")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Thirty invented letters."""
    return _index(tmp_path_factory.mktemp("index"), _documents(30))


@pytest.fixture(scope="module")
def remote(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteDense]:
    place = tmp_path_factory.mktemp("milvus") / "vectors.db"
    opened = MilvusStore(StoreSettings(milvus_uri=str(place)))
    _pushed(index, opened)
    yield RemoteDense(opened, index)
    opened.close()


def _best(index: Index, vector: object, rows: object) -> list[float]:
    """The cosines of what was found, best first: among equals any may be found."""
    passages, sentences, _ = index.local.scores(vector, rows)  # type: ignore[arg-type]
    return sorted(np.maximum(passages, sentences).tolist(), reverse=True)[:20]


QUERIES = [" ".join(random.Random(seed).choices(VOCABULARY, k=5)) for seed in range(8)]  # noqa: S311


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("share", [None, 0.5, 1.0])
def test_it_finds_what_faiss_finds(
    index: Index, remote: RemoteDense, query: str, share: float | None
) -> None:
    vector = HashingEmbedder().encode([query])[0]
    allowed = None
    if share is not None:
        allowed = np.random.default_rng(1).random(index.local.passages) < share
    one, two = (dense.nearest(vector, 20, allowed) for dense in (index.local, remote))
    assert len(two) >= 20 or allowed is not None
    np.testing.assert_allclose(_best(index, vector, one), _best(index, vector, two), atol=1e-5)
    here, there = index.local.scores(vector, one), remote.scores(vector, one)
    np.testing.assert_allclose(here[:2], there[:2], atol=1e-5)
    said = dict(zip(*index.local.of_sentences(vector, one), strict=True))
    chosen = [said[int(row), int(at)] for row, at in zip(one, there[2], strict=True)]
    np.testing.assert_allclose(chosen, here[1], atol=1e-5)  # of equal sentences either is best
    places, cosines = remote.of_sentences(vector, one[:5])
    assert places == index.local.of_sentences(vector, one[:5])[0]
    np.testing.assert_allclose(cosines, index.local.of_sentences(vector, one[:5])[1], atol=1e-5)


def test_results_of_a_search_are_the_same(index: Index, remote: RemoteDense) -> None:
    here = Searcher(index, HashingEmbedder())
    elsewhere = Index.__new__(Index)
    elsewhere.__dict__ |= {**index.__dict__, "dense": remote}
    there = Searcher(elsewhere, HashingEmbedder())
    for filters in (Filters(), Filters(document=("kestrelby/letter-4", "kestrelby/letter-9"))):
        one, two = (s.search("weak plans drift", filters) for s in (here, there))
        assert [r.passage for r in one.results] == [r.passage for r in two.results] != []
        assert one.facets == two.facets
    assert [r.passage for r in here.more_like(one.results[0].passage).results] == [
        r.passage for r in there.more_like(one.results[0].passage).results
    ]


def test_documents_are_exchanged_one_by_one(tmp_path: Path, store: MilvusStore) -> None:
    five = _documents(5)
    assert _pushed(_index(tmp_path / "a", five), store) == (5, 0, 0)
    changed = [*five[:3], _documents(5, seed=9)[3]]
    index = _index(tmp_path / "b", changed)
    assert _pushed(index, store, "2") == (1, 1, 3)
    assert _pushed(index, store, "2") == (0, 0, 4)
    assert store.stamp() == Stamp("2", "2")
    vector = HashingEmbedder().encode(["weak plans"])[0]
    hits = [name for name, _ in store.search("passages", vector, 1000)]
    assert sorted(hits) == sorted(row.id for row in index.rows.passages)
    sentences = [name for name, _ in store.search("sentences", vector, 1000)]
    assert len(sentences) == index.local.sentences


def test_readers_keep_their_vectors_until_they_know_of_the_next(
    tmp_path: Path, store: MilvusStore
) -> None:
    before = _index(tmp_path / "a", _documents(4))
    _pushed(before, store)
    reading = RemoteDense(store, before)
    after = _index(tmp_path / "b", _documents(2))
    _, finish = push(after, store, Stamp("2", "2"))
    assert store.stamp() == Stamp("1", "1")
    vector = HashingEmbedder().encode(["weak plans drift"])[0]
    rows = np.arange(12, before.local.passages, dtype=np.int64)  # of the last two documents
    passages, _, _ = reading.scores(vector, rows)
    np.testing.assert_allclose(passages, before.local.scores(vector, rows)[0], atol=1e-5)
    finish()
    gone, _, _ = reading.scores(vector, rows)  # taken away: no cosine, but no failure
    assert not gone.any()


def test_a_push_cut_off_goes_on(
    tmp_path: Path, store: MilvusStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = _index(tmp_path / "a", _documents(5))
    left, real = iter(range(4)), MilvusStore.upsert

    def lost(self: MilvusStore, kind: object, document: str, entries: Sequence[Entry]) -> None:
        if next(left, None) is None:
            raise StoreUnavailable("The store is lost.")
        real(self, kind, document, entries)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(MilvusStore, "upsert", lost)
        with pytest.raises(StoreUnavailable):
            _pushed(index, store)
    assert store.stamp() is None
    assert _pushed(index, store)[1] == 0
    vector = HashingEmbedder().encode(["weak plans drift"])[0]
    one, two = (d.nearest(vector, 20) for d in (RemoteDense(store, index), index.local))
    np.testing.assert_allclose(_best(index, vector, one), _best(index, vector, two), atol=1e-5)


@pytest.mark.parametrize(
    "made", [Made("other", 256), Made("hashing-256", 64), Made("hashing-256", 256, "float16")]
)
def test_vectors_that_do_not_compare_are_refused(
    tmp_path: Path, store: MilvusStore, made: Made
) -> None:
    _pushed(_index(tmp_path / "a", _documents(1)), store)
    with pytest.raises(GenerationError, match="FINDINGS_MILVUS_COLLECTION"):
        store.require(made)
    with pytest.raises(GenerationError, match="do not compare"):
        store.create(made)


def test_nothing_published_is_told(tmp_path: Path, store: MilvusStore) -> None:
    with pytest.raises(GenerationError, match="findings push"):
        RemoteDense(store, _index(tmp_path / "a", _documents(1)))


def test_a_store_that_is_not_there_is_told() -> None:
    settings = StoreSettings(milvus_uri="http://127.0.0.1:1", milvus_token="me:word")  # type: ignore[arg-type]  # noqa: S106
    with pytest.raises(StoreUnavailable) as lost:
        MilvusStore(settings)
    assert "word" not in str(lost.value)


def test_a_generation_is_served_from_its_vectors_there(tmp_path: Path) -> None:
    home = tmp_path / "data"
    publish(home, records()[:1])
    stores = Stores(home, StoreSettings(milvus_uri=str(tmp_path / "vectors.db")))
    with pytest.raises(FindingsError, match="findings push"):
        stores.generation()
    (done,) = stores.push()
    assert (done.store, done.written) == ("vectors", 1)
    publish(home, records())
    assert stores.generation().path.name == "000001"
    stores.push()
    assert stores.generation().path.name == "000002"
    assert stores.published() is not None
    stores.close()
