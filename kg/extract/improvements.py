"""Lists of what should improve, item by item, with the number that is printed.

A list opens at a heading such as "What needs to improve?" or "Recommendations" and ends at
the next heading that is none of its parts. The words are data:
``ontology/improvement_lists.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import msgspec

from kg.extract.context import Context
from kg.kinds import any_of, form, kinds
from kg.model import Block, Claim, CommitmentClaim, Document, EventRef

EXTRACTOR = "improvements@1"

_OWNERS = {"la": "local authority", "lscb": "Local Safeguarding Children Board"}
_TOPIC = 120
_EVENTS = ("inspection", "focused-visit", "monitoring-visit")


class Lists(msgspec.Struct, frozen=True):
    """``ontology/improvement_lists.yaml``."""

    openers: dict[str, tuple[str, ...]]
    parts: tuple[str, ...]
    closers: tuple[str, ...]
    board: tuple[str, ...]
    authority: tuple[str, ...]
    intro: tuple[str, ...]
    none: tuple[str, ...]


@dataclass
class _Open:
    """The list that is being read."""

    kind: str
    scope: str
    level: int
    items: int = 0
    prose: list[Block] = field(default_factory=list)


@cache
def lists() -> Lists:
    """The words by which lists are known."""
    raw = files("ontology").joinpath("improvement_lists.yaml").read_bytes()
    return msgspec.yaml.decode(raw, type=Lists)


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """One commitment for each item that an inspection report or letter lists."""
    record = kinds().of(document.identity.kind)
    if record is None or record.event not in _EVENTS:
        return
    source = context.own.event if context.own else None
    for block, end, kind, scope, sure in _items(document):
        yield CommitmentClaim(
            start=block.start,
            end=end,
            extractor=EXTRACTOR,
            confidence=sure,
            kind=kind,
            of_whom=_OWNERS[scope],
            clause=block.mark.strip(" .()") if block.kind == "numbered" else "",
            source_event=source or EventRef(kind=record.event),
            scope=scope,
        )


_Item = tuple[Block, int, str, str, float]


def _items(document: Document) -> Iterator[_Item]:
    """Items with the end of what is nested in them, the list's kind and scope."""
    blocks = _outline(document)
    current: _Open | None = None
    scope = "la"
    for i, block in enumerate(blocks):
        if _heads(document, block):
            scope = _scope(document, block, scope)
            current, prose = _after_heading(document, blocks, i, current, scope)
            yield from prose
        elif current is not None:
            current, found = _inside(document, blocks, i, current)
            yield from found
    yield from _prose(current)


def _outline(document: Document) -> list[Block]:
    """Blocks without footnotes; a number that only names a topic is a plain line.

    "1. Oversight by leaders", with bullets under it, is no item: its bullets are.
    """
    blocks = [block for block in document.blocks if block.kind != "footnote"]
    out = []
    for i, block in enumerate(blocks):
        bullet = i + 1 < len(blocks) and blocks[i + 1].kind == "bullet"
        words = _words(document, block)
        topic = block.kind == "numbered" and len(words) <= _TOPIC and words[-1:] not in ".:;,"
        out.append(msgspec.structs.replace(block, kind="paragraph") if topic and bullet else block)
    return out


def _after_heading(
    document: Document, blocks: list[Block], i: int, current: _Open | None, scope: str
) -> tuple[_Open | None, list[_Item]]:
    """Whether a heading opens a list, is a part or topic of the open one, or ends it."""
    block, words = blocks[i], _words(document, blocks[i])
    if kind := _opens(words):
        level = min(block.level, current.level) if current else block.level
        return _Open(kind, scope, level), list(_prose(current))
    if current is None:
        return None, []
    if any_of(lists().parts).fullmatch(words):
        return current, []
    topic = block.level > current.level and _is_item(blocks, i + 1)
    if topic and not any_of(lists().closers).fullmatch(words):
        return current, []
    return None, list(_prose(current))


def _inside(
    document: Document, blocks: list[Block], i: int, current: _Open
) -> tuple[_Open | None, list[_Item]]:
    """What a block inside a list is: an item, nested in one, a topic, words around, its end."""
    block, words = blocks[i], _words(document, blocks[i])
    if any_of(lists().none).match(words):
        return current, []
    if block.kind in ("bullet", "numbered"):
        if _nested(blocks, i) or (current.items == 0 and _introduces(words)):
            return current, []
        current.items += 1
        return current, [(block, _end(blocks, i), current.kind, current.scope, 1.0)]
    if block.kind != "paragraph" or _introduces(words):
        return current, []
    if len(words) <= _TOPIC and not words.endswith(".") and _is_item(blocks, i + 1):
        return current, []
    if current.items:
        return None, []
    current.prose.append(block)
    return current, []


def _prose(closed: _Open | None) -> Iterator[_Item]:
    """Paragraphs under the heading of a list that has no marked items."""
    if closed and not closed.items:
        for block in closed.prose:
            yield block, block.end, closed.kind, closed.scope, 0.7


def _heads(document: Document, block: Block) -> bool:
    """A heading, or a line that can only be one although the format did not tell."""
    if block.kind in ("heading", "title"):
        return True
    words = _words(document, block)
    plain = block.kind == "paragraph" and len(words) <= _TOPIC and not words.endswith((".", ","))
    return plain and _opens(words) is not None


def _words(document: Document, block: Block) -> str:
    return " ".join(document.quote(block.start, block.end).split())


def _opens(words: str) -> str | None:
    for kind, forms in lists().openers.items():
        if any_of(forms).fullmatch(words):
            return kind
    return None


def _introduces(words: str) -> bool:
    return any(form(each).match(words) for each in lists().intro)


def _scope(document: Document, block: Block, scope: str) -> str:
    """Whose list comes next: the board's from the heading of its part on."""
    words = _words(document, block)
    if any_of(lists().authority).fullmatch(words):
        return "la"
    board = any_of(lists().board).fullmatch(words)
    return "lscb" if board and (_past_front(document, block) or _only_board(document)) else scope


def _past_front(document: Document, block: Block) -> bool:
    """Whether a heading stands after the title page, where the board is only announced."""
    contents = [b for b in document.blocks if b.kind == "table" and _is_contents(document, b)]
    front = contents[0].end if contents else 3000
    return block.start > front


def _is_contents(document: Document, block: Block) -> bool:
    return bool(re.match(r"contents\b", document.quote(block.start, block.end), re.I))


def _only_board(document: Document) -> bool:
    title = document.identity.title
    return bool(title and re.search(r"\bboard\b", title.value, re.I)) and not re.search(
        r"services", title.value if title else "", re.I
    )


def _is_item(blocks: list[Block], i: int) -> bool:
    return i < len(blocks) and blocks[i].kind in ("bullet", "numbered")


def _nested(blocks: list[Block], i: int) -> bool:
    """A second-level bullet, or a bullet right under a numbered item."""
    block = blocks[i]
    if block.level > 1:
        return True
    return block.kind == "bullet" and _under_number(blocks, i)


def _under_number(blocks: list[Block], i: int) -> bool:
    while i and blocks[i].kind == "bullet":
        i -= 1
    return blocks[i].kind == "numbered"


def _end(blocks: list[Block], i: int) -> int:
    """The end of an item with the bullets that are nested in it."""
    end = blocks[i].end
    for j in range(i + 1, len(blocks)):
        if blocks[j].kind != "bullet" or not _nested(blocks, j):
            break
        end = blocks[j].end
    return end
