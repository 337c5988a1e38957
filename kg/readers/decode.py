"""Bytes to characters: the encoding found, mojibake mended, control characters gone."""

from __future__ import annotations

import re

import ftfy
from charset_normalizer import from_bytes

from kg.errors import DocumentTooLarge, UnsupportedFormat
from kg.readers.limits import ReaderLimits

_SAMPLE = 200_000
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x9f\ufeff\u200b\u2060\u00ad]")
_BLANKS = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")


def decode(data: bytes, limits: ReaderLimits) -> str:
    """The text of a file in whatever encoding, with line ends as newlines.

    UTF-8 is tried line by line first, so a file that is UTF-8 but for a few pasted lines of
    Windows-1252 keeps both. Raises UnsupportedFormat when the bytes are no text.
    """
    text = _decoded(data)
    if len(text) > limits.characters:
        raise DocumentTooLarge(
            f"The text has {len(text):,} characters.",
            why=f"The limit is {limits.characters:,}.",
            cure="Split it, or raise the limit on characters.",
        )
    if "â€" in text or "Ã" in text or "Â" in text:
        text = ftfy.fix_encoding(text)
    return clean(text.replace("\r\n", "\n").replace("\r", "\n"))


def clean(text: str) -> str:
    """Text without control characters, with every kind of blank a plain one."""
    return _CONTROL.sub("", _BLANKS.sub(" ", text.replace("\ufffe", "-").replace("\u2028", "\n")))


def _decoded(data: bytes) -> str:
    for bom, encoding in _BOMS.items():
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    lines = data.split(b"\n")
    broken = sum(not _is_utf8(line) for line in lines)
    accented = sum(any(byte > 127 for byte in line) for line in lines)
    if broken * 2 <= accented:
        return "\n".join(_line(line) for line in lines)
    return _guessed(data)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line(line: bytes) -> str:
    return line.decode("utf-8") if _is_utf8(line) else line.decode("cp1252", errors="replace")


def _guessed(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        best = from_bytes(data[:_SAMPLE]).best()
    if best is None:
        raise UnsupportedFormat(
            "The file's text cannot be decoded.",
            why="Its bytes fit no known encoding.",
            cure="Save it as UTF-8.",
        )
    return data.decode(best.encoding, errors="replace")
