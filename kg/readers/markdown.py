"""Markdown, by markdown-it: headings, lists, tables."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from kg.structure.marks import FIRST_MARK, SECOND_MARK
from kg.structure.pieces import Piece
from kg.structure.plain import marked

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)
_TAGS = re.compile(r"</?[A-Za-z][^>\n]*>")
_SPACES = re.compile(r"\s+")


def pieces(text: str) -> list[Piece]:
    """The structure of a Markdown text; its first heading of the top level is the title."""
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 200}).enable("table")
    tree = SyntaxTreeNode(parser.parse(_FRONT_MATTER.sub("", text)))
    found: list[Piece] = []
    for node in tree.children:
        found += _block(node, 0)
    found = [piece for piece in found if piece.text or piece.rows]
    heading = next((piece for piece in found if piece.kind == "heading"), None)
    if heading is not None and heading.level == 1:
        heading.kind = "title"
    return found


def _block(node: SyntaxTreeNode, depth: int) -> list[Piece]:
    if node.type == "heading":
        return [Piece("heading", _inline(node), int(node.tag[1]))]
    if node.type in ("bullet_list", "ordered_list"):
        return _list(node, depth + 1)
    if node.type == "table":
        return [Piece("table", rows=_rows(node))]
    if node.type in ("blockquote", "list_item"):
        return [piece for child in node.children for piece in _block(child, depth)]
    if node.type in ("html_block", "fence", "code_block"):
        return [Piece("paragraph", _squeezed(_TAGS.sub(" ", node.content)))]
    text = _inline(node)
    return [marked(line) for line in _lines(text)]


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def _list(node: SyntaxTreeNode, depth: int) -> list[Piece]:
    ordered = node.type == "ordered_list"
    start = int(node.attrs.get("start", 1)) if ordered else 1
    found: list[Piece] = []
    for number, item in enumerate(node.children, start):
        bullet = FIRST_MARK if depth == 1 else SECOND_MARK
        mark = f"{number}{item.markup or '.'}" if ordered else bullet
        first, *rest = [piece for child in item.children for piece in _block(child, depth)] or [
            Piece("paragraph")
        ]
        if first.kind == "paragraph":
            first = Piece("numbered" if ordered else "bullet", first.text, depth, mark)
        found += [first, *rest]
    return found


def _rows(node: SyntaxTreeNode) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(_squeezed(_inline(cell)) for cell in row.children)
        for part in node.children
        for row in part.children
    )


def _inline(node: SyntaxTreeNode) -> str:
    """The printed text of inline content; a hard break is a newline, a soft one a blank."""
    parts: list[str] = []
    for child in node.walk():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
    return "\n".join(_squeezed(line) for line in "".join(parts).split("\n"))


def _squeezed(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
