"""HTML, by selectolax: headings, paragraphs, lists and tables of the main part of a page."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kg.errors import DocumentTooLarge, EmptyDocument
from kg.readers.decode import clean, decode
from kg.readers.limits import ReaderLimits
from kg.structure.marks import FIRST_MARK, SECOND_MARK, clause
from kg.structure.pieces import Piece
from kg.structure.plain import marked

_FURNITURE = (
    "script, style, noscript, template, svg, iframe, object, button, select, input, textarea, nav, "
    "aside, [role=navigation], [role=banner], [role=contentinfo], [role=search], [hidden], "
    "[aria-hidden=true], .breadcrumbs, .cookie-banner, .skip-link, sup.footnote-ref"
)
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SPACES = re.compile(r"\s+")
MAX_DEPTH = 400
BOLD_LEVEL = 5
BOLD_WORDS = 30
MIN_WORDS = 60
_NOT_FOUND = re.compile(
    r"\b(not found|no longer (exists|available)|404|access denied|forbidden|service unavailable|"
    r"page (does not|doesn.t) exist|error)\b",
    re.I,
)


def pieces(data: bytes, limits: ReaderLimits) -> list[Piece]:
    """The structure of a page without its navigation. Raises EmptyDocument for an error page."""
    tree = LexborHTMLParser(decode(data, limits))
    title = tree.css_first("title")
    heading = "" if title is None else title.text()
    _strip(tree)
    root = tree.css_first("main, [role=main]") or tree.css_first("article") or tree.body
    found = _Reader().read(root) if root is not None else []
    if _is_error_page(found, heading):
        raise EmptyDocument(
            "The file is an error page of a web site.",
            why=f"It says “{' '.join(heading.split())}” where the document should be.",
            cure="Download the document again from its source.",
        )
    return found


def _strip(tree: LexborHTMLParser) -> None:
    """Takes out scripts, navigation, and the site's (not the article's) head and foot."""
    for node in tree.css(_FURNITURE):
        if node.tag not in ("body", "html", "main"):
            node.decompose()
    for node in tree.css("header, footer"):
        if not _is_inside(node, ("main", "article")):
            node.decompose()


def _is_inside(node: LexborNode, tags: tuple[str, ...]) -> bool:
    parent = node.parent
    while parent is not None and parent.tag not in tags:
        parent = parent.parent
    return parent is not None


def _is_error_page(found: list[Piece], title: str) -> bool:
    """Whether a page says, in its title or first lines and in few words, that it has nothing."""
    words = sum(piece.words() for piece in found)
    if words > 2 * MIN_WORDS:
        return False
    opening = " ".join([title, *(piece.text for piece in found[:2])])
    return bool(_NOT_FOUND.search(opening))


class _Reader:
    """Walks the elements in order and grows pieces."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.inline: list[str] = []
        self.lists: list[tuple[str, int]] = []
        self.pending = ""

    def read(self, root: LexborNode) -> list[Piece]:
        """The pieces under an element; a first heading that tops all others is the title."""
        self._children(root, 0)
        self._flush()
        headings = [p for p in self.pieces if p.kind == "heading" and p.level < BOLD_LEVEL]
        top = min((piece.level for piece in headings), default=0)
        if headings and [piece.level for piece in headings].count(top) == 1:
            first = headings[0]
            first.kind = "title" if first.level == top else "heading"
        return self.pieces

    def _children(self, node: LexborNode, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise DocumentTooLarge(
                "The page is nested too deeply.",
                why=f"Its elements stand inside one another beyond {MAX_DEPTH} levels.",
                cure="Save the page again from its source.",
            )
        child = node.first_child
        while child is not None:
            self._node(child, depth + 1)
            child = child.next

    def _node(self, node: LexborNode, depth: int) -> None:
        tag = node.tag
        if tag == "-text":
            self.inline.append(node.text_content or "")
        elif tag == "br":
            self._flush()
        elif tag == "table":
            self._flush()
            self._table(node, depth)
        elif tag in _HEADINGS:
            self._flush()
            self._add(Piece("heading", _text(node), _HEADINGS[tag]))
        elif tag == "p" and _heads(node):
            self._flush()
            read = marked(f"{self.pending}{_text(node)}")
            self.pending = ""
            self._add(Piece("heading", read.text, BOLD_LEVEL, read.mark))
        elif tag in ("ul", "ol"):
            self._list(node, depth)
        elif tag == "li":
            self._item(node, depth)
        elif tag in _BLOCKS:
            self._flush()
            self._children(node, depth)
            self._flush()
        else:
            self._children(node, depth)

    def _list(self, node: LexborNode, depth: int) -> None:
        self._flush()
        start = node.attributes.get("start") or "1"
        self.lists.append((node.tag or "ul", int(start) - 1 if start.isdigit() else 0))
        self._children(node, depth)
        self._flush()
        self.lists.pop()

    def _item(self, node: LexborNode, depth: int) -> None:
        self._flush()
        kind, count = self.lists.pop() if self.lists else ("ul", 0)
        self.lists.append((kind, count + 1))
        level = len(self.lists)
        if kind == "ol":
            self.pieces.append(Piece("numbered", "", level, f"{count + 1}."))
        else:
            mark = FIRST_MARK if level == 1 else SECOND_MARK
            self.pieces.append(Piece("bullet", "", level, mark))
        self._children(node, depth)
        self._flush()

    def _table(self, node: LexborNode, depth: int) -> None:
        if _is_layout(node):
            self._layout(node, depth)
            return
        rows = tuple(tuple(_text(cell) for cell in row.css("td, th")) for row in node.css("tr"))
        rows = tuple(row for row in rows if any(row))
        caption = node.css_first("caption")
        if caption is not None:
            self._add(Piece("paragraph", _text(caption)))
        if rows and max(map(len, rows)) > 1:
            self.pieces.append(Piece("table", rows=rows))
        else:
            for row in rows:
                self._add(Piece("paragraph", row[0]))

    def _layout(self, node: LexborNode, depth: int) -> None:
        """A table that only places text: its cells in order, a lone number before its text."""
        for cell in node.css("td, th"):
            if cell.css_first("td, th") is not None and _is_inside(cell, ("td", "th")):
                continue
            text = _text(cell)
            if clause(text) is not None:
                self.pending = f"{text} "
            elif not _is_inside(cell, ("td", "th")):
                self._children(cell, depth)
                self._flush()

    def _flush(self) -> None:
        text = _squeezed("".join(self.inline))
        self.inline = []
        if not text:
            return
        numbered, self.pending = f"{self.pending}{text}", ""
        if numbered != text and _could_head(text):
            read = marked(numbered)
            self._add(Piece("heading", read.text, BOLD_LEVEL, read.mark))
            return
        text = numbered
        last = self.pieces[-1] if self.pieces else None
        if last is not None and last.kind in ("bullet", "numbered") and not last.text:
            last.text = text
        else:
            self._add(marked(text))

    def _add(self, piece: Piece) -> None:
        if piece.text:
            self.pieces.append(piece)


def _is_layout(table: LexborNode) -> bool:
    """Whether a table holds blocks of text and not data."""
    if not table.css("td, th") or table.css_first("table table, td ul, td ol") is not None:
        return True
    return any(len(cell.css("p")) > 2 for cell in table.css("td"))


def _heads(paragraph: LexborNode) -> bool:
    """Whether a paragraph is one short bold line, as headings of exported pages are."""
    text = _text(paragraph)
    bold = paragraph.css_first("b, strong")
    return _could_head(text) and bold is not None and _text(bold) == text


def _could_head(text: str) -> bool:
    return bool(text) and len(text.split()) <= BOLD_WORDS and text[-1] not in ".;,:"


def _text(node: LexborNode) -> str:
    return _squeezed(node.text(separator=" "))


def _squeezed(text: str) -> str:
    return _SPACES.sub(" ", clean(text)).strip().replace(" ,", ",").replace(" .", ".")
