"""Which format a file is of, by its content."""

from __future__ import annotations

import re
from typing import Literal

from kg.errors import UnsupportedFormat

Format = Literal["pdf", "docx", "html", "markdown", "text"]

HEAD = 4096
_HTML = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HTML_PARTS = re.compile(rb"<(p|div|h[1-6]|ul|ol|table|main|article|section)\b[^>]*>", re.I)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MARKDOWN = (
    re.compile(r"^#{1,6} \S", re.M),
    re.compile(r"^\|.+\|\s*\n\|[ :|-]+\|\s*$", re.M),
    re.compile(r"^(=|-){3,}\s*$", re.M),
    re.compile(r"^```", re.M),
    re.compile(r"\[[^\]\n]+\]\([^)\s]+\)"),
    re.compile(r"^---\n(\w+:.*\n)+---\n"),
)
_STRONG_MARKDOWN = 2
_CONTROL = frozenset(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27}


def detect(data: bytes) -> Format:
    """The format of a file's bytes. Raises UnsupportedFormat when it is none that is read."""
    head = data[:HEAD]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _archive(data)
    body = _without_bom(head)
    if _HTML.match(body) or len(_HTML_PARTS.findall(body)) >= 5:
        return "html"
    if _is_binary(head):
        raise _unsupported(data)
    return "text"


def _archive(data: bytes) -> Format:
    if b"word/document" in data or b"wordprocessingml" in data:
        return "docx"
    raise _not_read("a zip archive")


def _without_bom(head: bytes) -> bytes:
    for bom in _BOMS:
        if head.startswith(bom):
            return head[len(bom) :]
    return head


def _is_binary(head: bytes) -> bool:
    if head.startswith(_BOMS[1:]):
        return False
    control = sum(byte in _CONTROL for byte in head)
    return control > len(head) // 50


def is_markdown(text: str) -> bool:
    """Whether plain text is written in Markdown: ATX headings, pipe tables, links.

    >>> is_markdown("# Minutes\\n\\nSee [the report](report.html).")
    True
    """
    found = sum(bool(pattern.search(text)) for pattern in _MARKDOWN)
    return bool(_MARKDOWN[0].search(text)) or found >= _STRONG_MARKDOWN


def _unsupported(data: bytes) -> UnsupportedFormat:
    import puremagic

    try:
        kind = puremagic.magic_string(data[:HEAD])[0].name or "binary data"
    except (puremagic.PureError, ValueError, IndexError):
        kind = "binary data"
    return _not_read(kind)


def _not_read(kind: str) -> UnsupportedFormat:
    return UnsupportedFormat(
        "The file's format is not read.",
        why=f"Its content is {kind}.",
        cure="Save it as PDF, DOCX, HTML, Markdown or plain text.",
    )
