"""Files that cannot be read: each gets its own error, and the next file is read all the same."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from kg import errors, readers
from kg.model import Document
from tests.readers.pdf_writer import Page, assemble, write

Read = Callable[..., Document]

GOOD = write(Page().paragraph("The service is well led."))
SMALL = msgspec.structs.replace(readers.DEFAULT_LIMITS, archive_bytes=2 << 20)
TIGHT = msgspec.structs.replace(
    readers.DEFAULT_LIMITS, memory_bytes=600 << 20, cpu_seconds=3, wall_seconds=6.0
)


def archive(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in {"word/document.xml": "<x/>", **parts}.items():
            zipped.writestr(name, text)
    return stream.getvalue()


ENCRYPTED = assemble(
    [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<</Filter/Standard/V 1/R 2/O(" + b"a" * 32 + b")/U(" + b"b" * 32 + b")/P -1>>",
    ],
    "/Encrypt 3 0 R/ID[<00><00>]",
)
ERROR_PAGE = (
    "<!DOCTYPE html><html><head><title>Report not found</title></head><body><main>"
    "<h1>Report not found</h1><p>Sorry, the document no longer exists.</p></main></body></html>"
)
DECLARED = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'

CASES = {
    "empty": (b"", errors.EmptyDocument, "empty"),
    "blank": (b" \n\n ", errors.EmptyDocument, "empty"),
    "binary": (bytes(range(256)) * 40, errors.UnsupportedFormat, "format"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(3000), errors.UnsupportedFormat, "Portable"),
    "zip": (archive().replace(b"word/document", b"else/document"), errors.UnsupportedFormat, "zip"),
    "corrupt pdf": (b"%PDF-1.7\n" + bytes(range(256)), errors.UnreadableDocument, "damaged"),
    "cut pdf": (GOOD[:300], errors.UnreadableDocument, "damaged"),
    "encrypted pdf": (ENCRYPTED, errors.EncryptedDocument, "password"),
    "scan": (write(Page(), Page()), errors.EmptyDocument, "OCR"),
    "error page": (ERROR_PAGE.encode(), errors.EmptyDocument, "Report not found"),
    "cut docx": (archive()[:60], errors.UnreadableDocument, "damaged"),
    "no docx": (archive(), errors.UnreadableDocument, "damaged"),
    "bomb": (archive(bomb=os.urandom(1 << 19).hex() * 3), errors.DocumentTooLarge, "unpacks"),
    "ratio": (archive(bomb="0" * (3 << 19)), errors.DocumentTooLarge, "times its size"),
    "parts": (archive(**{f"p{n}": "" for n in range(2100)}), errors.DocumentTooLarge, "parts"),
    "path": (archive(**{"../../x": "y"}), errors.UnreadableDocument, "outside"),
    "entities": (archive(**{"word/x.xml": DECLARED}), errors.UnreadableDocument, "entities"),
    "deep html": (b"<html>" + b"<div>" * 5000 + b"x" * 99, errors.DocumentTooLarge, "nested"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_bad_file_has_its_error(read: Read, case: str) -> None:
    data, kind, words = CASES[case]
    with pytest.raises(kind, match=words) as caught:
        read(data, "file.pdf", SMALL)
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    assert caught.value.cure
    assert read(GOOD).text == "The service is well led."


def test_large_text_is_refused_without_being_read(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.truncate(200 << 20)
    with pytest.raises(errors.DocumentTooLarge, match="200 MiB"):
        readers.read(path, "large.txt")


def test_deflate_bomb_costs_only_the_child(read: Read) -> None:
    packed = zlib.compress(b"BT /F 1 Tf 1 0 0 1 7 7 Tm (aaaaaaaaaaaaaaaa) Tj ET\n" * 3_000_000, 9)
    bomb = assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<<>>>>",
            b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
        ]
    )
    with pytest.raises(errors.DocumentTooLarge):
        read(bomb, limits=TIGHT)
    assert read(GOOD, limits=TIGHT).text == "The service is well led."


def test_endless_parsing_is_cut_off(read: Read) -> None:
    limits = msgspec.structs.replace(TIGHT, cpu_seconds=1, wall_seconds=2.0)
    with pytest.raises(errors.DocumentTooLarge, match="too long"):
        read("# Title\n\n" + "[" * 300_000, limits=limits)


def test_too_many_pages(read: Read) -> None:
    limits = msgspec.structs.replace(readers.DEFAULT_LIMITS, pages=1)
    with pytest.raises(errors.DocumentTooLarge, match="2 pages"):
        read(write(Page().line("One."), Page().line("Two.")), limits=limits)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(errors.UnreadableDocument, match="cannot be opened"):
        readers.read(path, "secret")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(errors.UnreadableDocument, match="No such file"):
        readers.read(tmp_path / "none", "none")
