"""Sentence vectors of a BERT, straight from its folder: those of sentence-transformers, sooner.

Most sentence-transformers models are a BERT whose tokens' vectors are averaged. Those are run
here as the few products that they are, without the libraries around them: half the time for a
text, and seconds less to start. Other models are left to sentence-transformers.

Texts stand one after another without padding, and attend each within itself, those of one length
together. A vector depends on its text alone, not on what it is encoded with.

    bert = Bert.load(folder, bfloat16=True)
    bert.encode(["front door"])
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

TOGETHER = 1_536
"""Tokens that go through the layers at once: what lies between them stays in the caches."""

_FURTHEST = 80.0
"""Scores of attention are kept within this, so that their powers of e fit a float of 8 bits of
exponent; those of trained models stay within 30."""

_ROWS, _STEP = 64, 16
"""Products have multiples of so many rows, those of few rows and of attention of so many, filled
up with zeros: a kernel is made for each shape and never freed, and even shapes are sooner done."""

_MODULES = ["Transformer", "Pooling", "Normalize"]

Linear = Callable[[Tensor], Tensor]


def fits(folder: Path) -> bool:
    """Whether a model folder holds a BERT with the mean of its tokens as a text's vector."""
    names = [each["type"].rpartition(".")[2] for each in _settings(folder, "modules.json", [])]
    config = _settings(folder, "config.json", {})
    pooling = _settings(folder, "1_Pooling/config.json", {})
    modes = {name for name, on in pooling.items() if name.startswith("pooling_mode_") and on}
    return (
        names in (_MODULES, _MODULES[:2])
        and config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and modes == {"pooling_mode_mean_tokens"}
        and (folder / "tokenizer.json").is_file()
        and (folder / "model.safetensors").is_file()
    )


@dataclass(frozen=True)
class _Layer:
    """One layer: what is said of each token by the others, then by itself."""

    attended: Linear
    joined: Linear
    first: Linear
    widened: Linear
    narrowed: Linear
    second: Linear


class Bert:
    """A loaded model; one thread at a time may encode."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        embed: Linear,
        layers: list[_Layer],
        heads: int,
        width: int,
    ) -> None:
        self._tokenizer, self._embed, self._layers, self._heads = tokenizer, embed, layers, heads
        self.vocabulary = frozenset(tokenizer.get_vocab())
        self.dimension = width

    @classmethod
    def load(cls, folder: Path, *, bfloat16: bool) -> Self:
        """The model of a folder that :func:`fits`; ``bfloat16`` halves the width of products."""
        config = _settings(folder, "config.json", {})
        weights = _Weights(folder, config["layer_norm_eps"], bfloat16=bfloat16)
        layers = [weights.layer(number) for number in range(config["num_hidden_layers"])]
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        own = _settings(folder, "sentence_bert_config.json", {})
        most = own.get("max_seq_length") or config["max_position_embeddings"]
        tokenizer.enable_truncation(most)
        tokenizer.no_padding()
        heads, width = config["num_attention_heads"], config["hidden_size"]
        return cls(tokenizer, weights.embeddings(), layers, heads, width)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The mean vector of each text's tokens, not scaled."""
        tokens = [each.ids for each in self._tokenizer.encode_batch(list(texts))]
        made = torch.zeros(len(texts), self.dimension)
        order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))
        with torch.inference_mode():
            for batch in _batches(order, tokens):
                made[batch] = self._means([tokens[at] for at in batch])
        rows: NDArray[np.float32] = made.numpy()
        return rows

    def _means(self, texts: list[list[int]]) -> Tensor:
        """The vectors of texts, sorted by length."""
        runs = [(length, len(list(same))) for length, same in groupby(map(len, texts))]
        flat = torch.tensor([token for text in texts for token in text])
        places = torch.cat([torch.arange(length).repeat(count) for length, count in runs])
        both = torch.stack((flat, places))
        even = _ROWS if len(flat) > _ROWS else _STEP
        rows = self._embed(functional.pad(both, (0, -len(flat) % even)))
        for layer in self._layers:
            told = self._attention(layer.attended(rows), runs)
            rows = layer.first(layer.joined(told).add_(rows))
            rows = layer.second(layer.narrowed(layer.widened(rows)).add_(rows))
        sizes = [length * count for length, count in runs]
        parts = zip(torch.split(rows[: len(flat)].float(), sizes), runs, strict=True)
        return torch.cat([part.view(n, length, -1).mean(1) for part, (length, n) in parts])

    def _attention(self, asked: Tensor, runs: list[tuple[int, int]]) -> Tensor:
        """What each token takes from those of its text; ``asked`` has queries, keys, values."""
        told = asked.new_zeros(asked.shape[0], asked.shape[1] // 3)
        at = 0
        for length, count in runs:
            here = slice(at, at + length * count)
            each = asked[here].view(count, length, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
            told[here].view(count, length, self._heads, -1).copy_(_attend(each).transpose(1, 2))
            at = here.stop
        return told


def _attend(each: Tensor) -> Tensor:
    """Attention of texts of one length, (3, texts, heads, tokens, width of a head).

    In bfloat16 powers are taken of all scores at once and each token's are divided by their sum
    only afterwards: torch's own kernels take several times as long for odd numbers of tokens.
    """
    if each.dtype == torch.float32:
        return functional.scaled_dot_product_attention(each[0], each[1], each[2])
    _, count, heads, length, width = each.shape
    long = length + -length % _STEP
    padded = each.new_zeros(3, count, heads, long, width)
    padded[:, :, :, :length] = each
    queries, keys, values = padded.view(3, count * heads, long, width).unbind()
    scores = torch.bmm(queries, keys.transpose(1, 2))
    powers = scores.clamp_(-_FURTHEST, _FURTHEST).exp_()
    shares = torch.bmm(powers, values).div_(powers[..., :length].sum(-1, keepdim=True))
    return shares.view(count, heads, long, width)[:, :, :length]


class _Weights:
    """The weights of a folder as the functions that they stand for."""

    def __init__(self, folder: Path, eps: float, *, bfloat16: bool) -> None:
        self._held = load_file(folder / "model.safetensors")
        self._eps = eps
        self._type = torch.bfloat16 if bfloat16 else torch.float32
        self._heads = _settings(folder, "config.json", {})["num_attention_heads"]

    def embeddings(self) -> Linear:
        """From (tokens, places) to what goes into the first layer."""
        words = self._held["embeddings.word_embeddings.weight"]
        places = self._held["embeddings.position_embeddings.weight"]
        places = places + self._held["embeddings.token_type_embeddings.weight"][0]
        norm = self._norm("embeddings.LayerNorm", torch.float32)
        return lambda both: norm(words[both[0]] + places[both[1]]).to(self._type)

    def layer(self, number: int) -> _Layer:
        """One of the layers, from 0."""
        name = f"encoder.layer.{number}"
        return _Layer(
            self._attended(f"{name}.attention.self"),
            self._linear(*self._pair(f"{name}.attention.output.dense")),
            self._norm(f"{name}.attention.output.LayerNorm", self._type),
            self._linear(*self._pair(f"{name}.intermediate.dense"), gelu=True),
            self._linear(*self._pair(f"{name}.output.dense")),
            self._norm(f"{name}.output.LayerNorm", self._type),
        )

    def _attended(self, name: str) -> Linear:
        """Queries, keys and values in one product; in bfloat16 queries are scaled beforehand."""
        pairs = [self._pair(f"{name}.{part}") for part in ("query", "key", "value")]
        if self._type == torch.bfloat16:
            scale = (len(pairs[0][1]) / self._heads) ** -0.5
            pairs[0] = (pairs[0][0] * scale, pairs[0][1] * scale)
        weights, biases = zip(*pairs, strict=True)
        return self._linear(torch.cat(weights), torch.cat(biases))

    def _pair(self, name: str) -> tuple[Tensor, Tensor]:
        return self._held[f"{name}.weight"], self._held[f"{name}.bias"]

    def _linear(self, weight: Tensor, bias: Tensor, *, gelu: bool = False) -> Linear:
        if self._type == torch.bfloat16 and _has_kernels():
            return _packed(weight.to(self._type), bias.to(self._type), gelu=gelu)
        weight, bias = weight.to(self._type), bias.to(self._type)
        if gelu:
            return lambda rows: functional.gelu(functional.linear(rows, weight, bias))
        return lambda rows: functional.linear(rows, weight, bias)

    def _norm(self, name: str, kind: torch.dtype) -> Linear:
        weight, bias = (each.to(kind) for each in self._pair(name))
        shape = (len(weight),)
        return lambda rows: functional.layer_norm(rows, shape, weight, bias, self._eps)


def _has_kernels() -> bool:
    """Whether this build of torch has oneDNN, and its kernels this processor's bfloat16."""
    here = bool(torch.backends.mkldnn.is_available())  # type: ignore[no-untyped-call]
    return here and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def _packed(weight: Tensor, bias: Tensor, *, gelu: bool) -> Linear:
    """A product with weights laid out once as the processor reads them, its activation fused."""
    kernels: Any = torch.ops.mkldnn
    packed = kernels._reorder_linear_weight(weight.contiguous(), TOGETHER)
    name, way = ("gelu", "none") if gelu else ("none", "")

    def product(rows: Tensor) -> Tensor:
        made: Tensor = kernels._linear_pointwise(rows, packed, bias, name, [], way)
        return made

    return product


def _batches(order: Sequence[int], tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Places of texts, in order, together of at most ``TOGETHER`` tokens where one has fewer."""
    batch: list[int] = []
    size = 0
    for at in order:
        if batch and size + len(tokens[at]) > TOGETHER:
            yield batch
            batch, size = [], 0
        batch.append(at)
        size += len(tokens[at])
    if batch:
        yield batch


def _settings(folder: Path, name: str, without: Any) -> Any:
    path = folder / name
    return json.loads(path.read_text("utf-8")) if path.is_file() else without
