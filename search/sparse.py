"""BM25 over the stems and the domain's terms of each passage.

A query is a weight for each entry. Scores are shares of the best score that the query
could reach in this index, so they lie between 0 and 1 and compare across queries.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import bm25s
import numpy as np

from kg.embed import Vectors
from search.thesaurus import Thesaurus
from search.words import Word, content_stems, stems, words

K1, B = 1.2, 0.75
"""The usual saturation and length normalisation."""

VOCABULARY = "words.json"

NOTHING = "="
"""The one entry of an index without passages, which BM25 cannot write; no query has it."""

MARKS = "=@"
"""What begins an entry that is no word: a term, or an authority."""

Weights = Mapping[str, float]


def entries(text: Sequence[Word], thesaurus: Thesaurus) -> list[str]:
    """What the index holds of a text: its stems, its terms, and their words spelt out."""
    found = content_stems(text)
    for mention in thesaurus.mentions(text):
        if mention.exact:
            found.append(mention.term.key)
            if _differs(text, mention.first, mention.last, mention.term.label):
                found += spelt(mention.term.label, thesaurus)
    return found


def spelt(label: str, thesaurus: Thesaurus) -> list[str]:
    """The entries of a term's own label: its stems and the terms inside it."""
    tokens = words(label)
    return content_stems(tokens) + [m.term.key for m in thesaurus.mentions(tokens) if m.exact]


def _differs(text: Sequence[Word], first: int, last: int, label: str) -> bool:
    return tuple(word.stem for word in text[first:last]) != stems(label)


def of_authority(slug: str) -> str:
    """The entry of all passages in documents about one authority, named there or not."""
    return f"@{slug}"


class Writer:
    """Takes in the terms of one document after another, then indexes them."""

    def __init__(self) -> None:
        self._vocabulary: dict[str, int] = {}
        self._said: list[list[int]] = []
        self._printed: Counter[str] = Counter()

    def add(
        self, terms: Sequence[str], said: Sequence[Sequence[int]], printed: Mapping[str, int]
    ) -> None:
        """One document's entries, the numbers of those that each passage holds, and its words."""
        known = self._vocabulary
        here = [known.setdefault(term, len(known)) for term in terms]
        self._said.extend([here[number] for number in each] for each in said)
        self._printed.update(printed)

    def close(self, folder: Path) -> None:
        """Write the index, with the words as printed (for typing errors)."""
        model = bm25s.BM25(k1=K1, b=B)
        vocabulary = self._vocabulary or {NOTHING: 0}
        held = bm25s.tokenization.Tokenized(ids=self._said or [[0]], vocab=vocabulary)
        model.index(held, show_progress=False)
        model.save(folder, show_progress=False)
        words_file = folder / VOCABULARY
        words_file.write_text(json.dumps(self._printed, sort_keys=True), encoding="utf-8")


class Sparse:
    """The term index of one generation, opened for reading."""

    def __init__(self, folder: Path) -> None:
        model = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        self._columns: dict[str, int] = model.vocab_dict
        self._data = model.scores["data"]
        self._rows = model.scores["indices"]
        self._bounds = model.scores["indptr"]
        self.count = int(model.scores["num_docs"])
        self._rarest = float(self._data.max()) if len(self._data) else 0.0
        self.printed: dict[str, int] = json.loads((folder / VOCABULARY).read_text("utf-8"))

    def __contains__(self, entry: str) -> bool:
        return entry in self._columns

    def scores(self, weights: Weights) -> Vectors:
        """The share of the query that each passage answers, by weight and rarity.

        Words that no passage has lower every share: they are asked for and not answered.
        """
        scores = np.zeros(self.count, dtype=np.float32)
        best = 0.0
        for entry, weight in weights.items():
            column = self._columns.get(entry)
            if column is None:
                best += weight * self._rarest if entry[0] not in MARKS else 0.0
            else:
                part = slice(self._bounds[column], self._bounds[column + 1])
                if part.start < part.stop:
                    scores[self._rows[part]] += weight * self._data[part]
                    best += weight * float(self._data[part].max())
        return scores / best if best else scores
