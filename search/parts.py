"""What the index needs of one document: its rows, its terms, its vectors.

A part depends on one document, the model and the thesaurus, so that it is made once and
kept; an index is parts put together.
"""

from __future__ import annotations

from collections import Counter

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.embed import Embedder
from kg.model import Record
from search import rows
from search.rows import DocumentRow, Row
from search.sparse import entries, of_authority
from search.thesaurus import Thesaurus
from search.words import words


class Part(msgspec.Struct, frozen=True):
    """One document's share of an index.

    ``terms`` are the distinct entries, ``said`` the numbers of those that each passage holds;
    vectors are rows of float16, one a passage and one a sentence.
    """

    document: DocumentRow
    rows: tuple[Row, ...]
    terms: tuple[str, ...]
    said: tuple[tuple[int, ...], ...]
    printed: dict[str, int]
    passages: bytes
    sentences: bytes


_decoder = msgspec.msgpack.Decoder(Part)


def prepare(record: Record, thesaurus: Thesaurus, embedder: Embedder) -> bytes:
    """The part of a document, encoded."""
    document, found = rows.of_record(record)
    sentences = [row.sentence(at) for row in found for at in range(len(row.sentences))]
    passages = [row.embedded for row in found]
    vectors = (embedder.encode(passages), embedder.encode(sentences))
    return msgspec.msgpack.encode(part_of_rows(document, found, vectors, thesaurus))


def part_of_rows(
    document: DocumentRow,
    found: tuple[Row, ...],
    vectors: tuple[NDArray[np.floating], NDArray[np.floating]],
    thesaurus: Thesaurus,
) -> Part:
    """The part of a document from its rows and their vectors: of passages, of sentences."""
    texts = [words(row.indexed) for row in found]
    marks = [of_authority(document.authority)] if document.authority else []
    held = [[*entries(text, thesaurus), *marks] for text in texts]
    terms = sorted({term for each in held for term in each})
    number = {term: at for at, term in enumerate(terms)}
    passages, sentences = (each.astype(np.float16).tobytes() for each in vectors)
    return Part(
        document=document,
        rows=found,
        terms=tuple(terms),
        said=tuple(tuple(number[term] for term in each) for each in held),
        printed=Counter(w.printed.lower() for text in texts for w in text if not w.is_stop),
        passages=passages,
        sentences=sentences,
    )


def read(data: bytes) -> Part:
    """A part decoded."""
    return _decoder.decode(data)
