"""Files that were good once: whatever is changed in them, a document or a refusal comes back."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import docx
import pytest

from kg import errors, readers
from kg.model import Document
from tests.readers.conftest import Read
from tests.readers.pdf_writer import Page, write

ROUNDS = 25
HTML = (
    "<html><head><title>Letter</title></head><body><main><h1>Visit</h1><p>The service is "
    "<b>well</b> led &amp; safe.</p><table><tr><td>1</td></tr></table></main></body></html>"
)


def _docx() -> bytes:
    made = docx.Document()
    made.add_heading("Visit")
    made.add_paragraph("The service is well led.")
    made.add_table(2, 2)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _inside(data: bytes, chance: random.Random) -> bytes:
    """A package of which one part is changed, not its wrapping."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        names = old.namelist()
        worse = chance.choice([*names, *["word/document.xml"] * len(names)])
        for name in names:
            part = old.read(name)
            new.writestr(name, _changed(part, chance) if name == worse else part)
    return stream.getvalue()


def _changed(data: bytes, chance: random.Random) -> bytes:
    """Bytes flipped, cut out, doubled or put in."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) + 1)
        size = chance.choice([1, 1, 2, 8, 64])
        kind = chance.randrange(4)
        if kind == 0:
            changed[at : at + size] = chance.randbytes(size)
        elif kind == 1:
            del changed[at : at + size]
        elif kind == 2:
            changed[at:at] = changed[at : at + size] * chance.choice([2, 50])
        else:
            changed[at:at] = chance.choice(
                [b"\0", b"<" * 40, b"(" * 40, b"99999999999", b"\xff\xfe"]
            )
    return bytes(changed)


GOOD = {
    "pdf": write(Page().paragraph("The service is well led.").line("A line.")),
    "docx": _docx(),
    "html": HTML.encode(),
    "md": b"# Visit\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    "txt": "Dear Director\n\nThe service is \u2018well\u2019 led.\n\n1. One\n2. Two\n".encode(),
}


@pytest.mark.parametrize("kind", GOOD)
def test_changed_files_are_read_or_refused(read: Read, tmp_path: Path, kind: str) -> None:
    chance = random.Random(kind)  # noqa: S311
    refused = 0
    for number in range(ROUNDS):
        inside = kind == "docx" and number % 2
        data = _inside(GOOD[kind], chance) if inside else _changed(GOOD[kind], chance)
        try:
            document = read(data, "file")
        except errors.UnreadableDocument:
            refused += 1
        else:
            _check(document)
    assert refused < ROUNDS
    assert isinstance(readers.read(_good(tmp_path, kind), kind), Document)


def _good(folder: Path, kind: str) -> Path:
    path = folder / kind
    path.write_bytes(GOOD[kind])
    return path


def _check(document: Document) -> None:
    """Blocks bound the words they hold, in order."""
    assert document.text.strip()
    at = 0
    for block in document.blocks:
        assert at <= block.start < block.end <= len(document.text)
        at = block.start
