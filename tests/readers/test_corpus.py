"""The real documents beside the checkout: nothing lost but furniture, nothing split wrongly."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from kg import readers
from kg.errors import EmptyDocument
from kg.files import discover
from kg.model import Document
from kg.passages import passages
from kg.sentences import sentences

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the checkout"),
]
_TOKEN = re.compile(r"[A-Za-z]+")


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    """Every third document: enough of each kind and year, in a third of the time."""
    files = [found for found in discover([CORPUS]) if found.path.suffix == ".pdf"]
    read = {}
    for found in files[::3]:
        with suppress(EmptyDocument):
            read[found.file] = readers.read(found.path, found.file)
    return read


def test_only_furniture_is_lost(documents: dict[str, Document]) -> None:
    kept, printed = Counter[str](), Counter[str]()
    for file, document in documents.items():
        kept.update(_TOKEN.findall(document.text))
        pdf = pdfium.PdfDocument(CORPUS / file)
        for page in pdf:
            printed.update(_TOKEN.findall(page.get_textpage().get_text_range()))
        pdf.close()
    assert not kept - printed
    assert (printed - kept).total() < 0.01 * printed.total()


def test_paragraph_numbers_rise_by_one(documents: dict[str, Document]) -> None:
    jumps = 0
    for document in documents.values():
        marks = [block.mark for block in document.blocks if block.kind == "numbered"]
        numbers = [int(mark[:-1]) for mark in marks if mark[:-1].isdigit()]
        pairs = pairwise(numbers)
        jumps += sum(after not in (before + 1, 1) for before, after in pairs)
    assert jumps == 0


def test_no_symbols_of_private_fonts_remain(documents: dict[str, Document]) -> None:
    strange = re.compile("[\ue000-\uf8ff\ufffd-\uffff\u0000-\u0008]")
    assert not [file for file, document in documents.items() if strange.search(document.text)]


def test_text_is_what_blocks_say(documents: dict[str, Document]) -> None:
    for document in documents.values():
        ends = [0, *(block.end for block in document.blocks)]
        for before, block in zip(ends, document.blocks, strict=False):
            gap = document.text[before : block.start].strip()
            assert gap == block.mark


def test_sentences_and_passages_are_of_readable_size(documents: dict[str, Document]) -> None:
    for document in documents.values():
        words = [len(document.quote(s.start, s.end).split()) for s in sentences(document)]
        assert max(words) < 160
        sizes = [len(document.quote(p.start, p.end).split()) for p in passages(document)]
        assert max(sizes) <= 260
