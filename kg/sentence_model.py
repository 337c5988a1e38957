"""Sentence vectors of any sentence-transformers model, by that library; see :mod:`kg.bert`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

BATCH_LETTERS = 5_000
"""Letters that go through a model at once. Batches of many long texts are slower and keep more
memory: what lies between the layers no longer fits the processor's caches."""


class SentenceModel:
    """A loaded model; one thread at a time may encode."""

    def __init__(self, folder: Path, *, bfloat16: bool) -> None:
        os.environ["HF_HUB_OFFLINE"] = "1"
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"use_safetensors": True}
        ).eval()
        self._bfloat16 = bfloat16
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.vocabulary = frozenset(self._model.tokenizer.get_vocab())

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each text, encoded in batches of similar length."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        with self._autocast():
            for batch in _of_letters(texts):
                rows[batch] = self._model.encode(
                    [texts[at] for at in batch], batch_size=len(batch), show_progress_bar=False
                )
        return rows

    def _autocast(self) -> AbstractContextManager[object]:
        if not self._bfloat16:
            return nullcontext()
        return torch.autocast("cpu", dtype=torch.bfloat16)


def _of_letters(texts: Sequence[str]) -> Iterator[list[int]]:
    """Places of texts of similar length, together padded to at most ``BATCH_LETTERS``."""
    batch: list[int] = []
    for at in sorted(range(len(texts)), key=lambda at: len(texts[at])):
        if batch and (len(batch) + 1) * len(texts[at]) > BATCH_LETTERS:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch
