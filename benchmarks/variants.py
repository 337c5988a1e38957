"""Many more passages than there are documents for: variants of real ones.

Each is of another authority and has another id. A seventh of its words are exchanged for others
of the same document and length, and a seventh of its entries in the term index for others of the
same document. Its vectors are moved along the difference of two real vectors, so that they
spread as real ones do, to a cosine of about 0.86 with the one that they come from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from kg.embed import Vectors, normalised
from search.index import Index
from search.parts import Part, part_of_rows
from search.rows import DocumentRow, Row

MOVED = 0.59
"""Length of what is added to a vector of length 1."""

EXCHANGED = 1 / 7
"""Share of the words, and of the entries, that are others in a variant."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Real:
    """The parts of real documents, the words of each by length, and all of their vectors."""

    parts: tuple[Part, ...]
    words: tuple[dict[int, list[str]], ...]
    passages: Vectors
    sentences: Vectors


def real(index: Index) -> Real:
    """What an index holds, document by document."""
    parts = tuple(_parts(index))
    words = tuple(_by_length(part) for part in parts)
    passages, sentences = (
        np.concatenate(
            [_vectors(getattr(part, kind), len(index.local.vector(0))) for part in parts]
        )
        for kind in ("passages", "sentences")
    )
    return Real(parts, words, passages, sentences)


def variants(made: Real, size: int) -> Iterator[bytes]:
    """Encoded parts until there are ``size`` passages; the first of each document is real."""
    random = np.random.default_rng(11)
    given, copy = 0, 0
    while given < size:
        for part, words in zip(made.parts, made.words, strict=True):
            if given >= size:
                return
            given += len(part.rows)
            other = _variant(part, words, made, copy, random) if copy else part
            yield msgspec.msgpack.encode(other)
        copy += 1


def _parts(index: Index) -> Iterator[Part]:
    rows = index.rows
    for number, document in enumerate(rows.documents):
        held = rows.within([number])
        found = tuple(replace(rows.passages[int(n)], document=0) for n in held)
        if found:
            passages = np.array([index.local.vector(int(n)) for n in held], dtype=np.float16)
            sentences = [index.local.sentence_vectors(int(n)) for n in held]
            vectors = (passages, np.concatenate(sentences).astype(np.float16))
            yield part_of_rows(document, found, vectors, index.thesaurus)


def _by_length(part: Part) -> dict[int, list[str]]:
    words: dict[int, list[str]] = defaultdict(list)
    for row in part.rows:
        for match in _WORD.finditer(row.text):
            words[len(match.group())].append(match.group())
    return words


def _variant(
    part: Part,
    words: dict[int, list[str]],
    made: Real,
    copy: int,
    random: np.random.Generator,
) -> Part:
    entries = tuple(f"{term}-{copy}" if term.startswith("@") else term for term in part.terms)
    return replace(
        part,
        document=_renamed(part.document, copy),
        rows=tuple(_reworded(row, words, copy, random) for row in part.rows),
        terms=entries,
        said=_said_otherwise(part, random),
        passages=_moved(part.passages, made.passages, random),
        sentences=_moved(part.sentences, made.sentences, random),
    )


def _renamed(document: DocumentRow, copy: int) -> DocumentRow:
    authority = document.authority and f"{document.authority}-{copy}"
    return replace(document, id=f"{document.id}-{copy}", authority=authority)


def _reworded(row: Row, words: dict[int, list[str]], copy: int, random: np.random.Generator) -> Row:
    found = list(_WORD.finditer(row.text))
    chances = random.random((2, len(found)))
    pieces, done = [], 0
    for at in np.flatnonzero(chances[0] < EXCHANGED).tolist():
        match = found[at]
        others = words[len(match.group())]
        pieces += [row.text[done : match.start()], others[int(chances[1, at] * len(others))]]
        done = match.end()
    text = "".join((*pieces, row.text[done:]))
    return replace(row, id=f"{row.id}-{copy}", text=text)


def _said_otherwise(part: Part, random: np.random.Generator) -> tuple[tuple[int, ...], ...]:
    marked = {number for number, term in enumerate(part.terms) if term.startswith("@")}
    flat = np.array([number for each in part.said for number in each], dtype=np.int64)
    fixed = np.isin(flat, list(marked))
    others = flat[~fixed]
    chosen = (random.random(len(flat)) < EXCHANGED) & ~fixed
    flat[chosen] = random.choice(others, int(chosen.sum())) if len(others) else flat[chosen]
    ends = np.cumsum([len(each) for each in part.said])[:-1]
    return tuple(tuple(each.tolist()) for each in np.split(flat, ends))


def _moved(rows: bytes, pool: Vectors, random: np.random.Generator) -> bytes:
    vectors = _vectors(rows, pool.shape[1])
    one, other = random.integers(0, len(pool), (2, len(vectors)))
    moves = normalised(pool[one] - pool[other])
    return normalised(vectors + MOVED * moves).astype(np.float16).tobytes()


def _vectors(rows: bytes, dimension: int) -> Vectors:
    halves: NDArray[np.float16] = np.frombuffer(rows, dtype=np.float16)
    return halves.astype(np.float32).reshape(-1, dimension)
