"""The numbers and bullets that Word prints before a paragraph, which its text lacks."""

from __future__ import annotations

import re
from collections import defaultdict

import msgspec
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

_SLOT = re.compile(r"%(\d)")


class ListMark(msgspec.Struct, frozen=True):
    """What is printed before a list item, and how deep it stands (from 1)."""

    printed: str
    level: int
    bullet: bool


class _Level(msgspec.Struct, frozen=True):
    format: str
    text: str
    start: int


class Numbering:
    """Counts list items as Word does, list by list and level by level."""

    def __init__(self, word: Word) -> None:
        self.lists: dict[str, dict[int, _Level]] = {}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        for relation in word.part.rels.values():
            if relation.reltype.endswith("/numbering"):
                self._load(relation.target_part.element)

    def _load(self, root: etree._Element) -> None:
        abstract = {
            item.get(qn("w:abstractNumId")): _levels(item)
            for item in root.findall(qn("w:abstractNum"))
        }
        for item in root.findall(qn("w:num")):
            reference = item.find(qn("w:abstractNumId"))
            if reference is not None:
                self.lists[item.get(qn("w:numId"))] = abstract.get(reference.get(qn("w:val")), {})

    def mark(self, paragraph: Paragraph) -> ListMark | None:
        """The mark of a paragraph, counting it; None when it is no list item."""
        place = _place(paragraph)
        if place is None:
            return None
        number, depth = place
        level = self.lists.get(number, {}).get(depth)
        if level is None or level.format == "none":
            return None
        if level.format == "bullet":
            return ListMark("•", depth + 1, bullet=True)
        return ListMark(self._count(number, depth), depth + 1, bullet=False)

    def _count(self, number: str, depth: int) -> str:
        levels, counts = self.lists[number], self.counts[number]
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]

        def value(match: re.Match[str]) -> str:
            slot = int(match[1]) - 1
            shown = levels.get(slot, levels[depth])
            return _formatted(counts.get(slot, shown.start), shown.format)

        return _SLOT.sub(value, levels[depth].text).strip() or f"{counts[depth]}."


def _levels(item: etree._Element) -> dict[int, _Level]:
    return {
        int(level.get(qn("w:ilvl"))): _Level(
            _value(level, "w:numFmt", "decimal"),
            _value(level, "w:lvlText", ""),
            int(_value(level, "w:start", "1")),
        )
        for level in item.findall(qn("w:lvl"))
    }


def _value(level: etree._Element, name: str, default: str) -> str:
    element = level.find(qn(name))
    return default if element is None else str(element.get(qn("w:val")) or default)


def _place(paragraph: Paragraph) -> tuple[str, int] | None:
    """The list and level of a paragraph, from itself or from its style and what that builds on."""
    found = _numbered(paragraph._p.pPr)
    style = paragraph.style
    while found is None and style is not None:
        found = _numbered(style.element.find(qn("w:pPr")))
        style = getattr(style, "base_style", None)
    return None if found is None or found[0] == "0" else found


def _numbered(properties: etree._Element | None) -> tuple[str, int] | None:
    numbering = None if properties is None else properties.find(qn("w:numPr"))
    if numbering is None:
        return None
    number, level = numbering.find(qn("w:numId")), numbering.find(qn("w:ilvl"))
    if number is None:
        return None
    return number.get(qn("w:val")), 0 if level is None else int(level.get(qn("w:val")))


def _formatted(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    return str(number)


_ROMANS = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMANS:
        count, number = divmod(number, value)
        written += letters * count
    return written
