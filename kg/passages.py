"""Documents to passages: pieces of readable size that keep to the structure.

A passage is a run of neighbouring blocks under one heading. It starts with the headings
that stand directly above it, so that every block lies in exactly one passage, and never
reaches over the next heading. Long paragraphs are cut between sentences, long tables
between rows; short items of a list stand together with the line that introduces them.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from kg.model import Block, BlockKind, Document, Passage
from kg.sentences import spans

MIN_WORDS = 45
LIST_WORDS = 90
MAX_WORDS = 180
_WORD = re.compile(r"\w+")
_HEADS = frozenset({"title", "heading"})
_LISTED = frozenset({"bullet", "numbered"})


class _Part(msgspec.Struct, frozen=True):
    """A block, or a cut of a long one."""

    start: int
    end: int
    words: int
    block: Block
    introduces: bool


def passages(document: Document) -> tuple[Passage, ...]:
    """The passages of a document in order.

    An id is the document's id, a slash and twelve digits made from the passage's words, so
    it is the same whenever the same words are read again; words that come again in the
    document get ``-2``, ``-3`` and so on.
    """
    seen: Counter[str] = Counter()
    return tuple(_passage(document, group, headings, seen) for headings, group in _groups(document))


def _passage(
    document: Document, group: list[_Part], headings: tuple[str, ...], seen: Counter[str]
) -> Passage:
    start, end = group[0].start, group[-1].end
    digest = words_digest(document.text[start:end])
    seen[digest] += 1
    suffix = f"-{seen[digest]}" if seen[digest] > 1 else ""
    return Passage(
        id=f"{document.id}/{digest}{suffix}",
        document=document.id,
        start=start,
        end=end,
        page=document.page_at(start),
        headings=headings,
        kind=_kind(group),
    )


def words_digest(text: str) -> str:
    """Twelve hexadecimal digits that depend on a text's words, not on blanks or case."""
    words = " ".join(_WORD.findall(text.casefold()))
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _kind(group: list[_Part]) -> BlockKind:
    kinds = [part.block.kind for part in group]
    body = [kind for kind in kinds if kind not in _HEADS]
    return body[0] if body else kinds[0]


def _groups(document: Document) -> Iterator[tuple[tuple[str, ...], list[_Part]]]:
    """Groups of parts that make one passage, with the path of headings above each."""
    path: list[tuple[int, str]] = []
    for heads, body in _sections(document.blocks):
        for block in heads:
            if block.kind == "heading":
                path = [entry for entry in path if entry[0] < block.level]
                path.append((block.level, document.text[block.start : block.end]))
        parts = [_head_part(block) for block in heads]
        parts += [part for block in body for part in _parts(document.text, block)]
        headings = tuple(text for _, text in path)
        for group in _packed(parts):
            yield headings, group


def _sections(blocks: tuple[Block, ...]) -> Iterator[tuple[list[Block], list[Block]]]:
    """Headings that stand together, and the blocks below them."""
    heads: list[Block] = []
    body: list[Block] = []
    for block in blocks:
        if block.kind in _HEADS and body:
            yield heads, body
            heads, body = [], []
        (heads if block.kind in _HEADS else body).append(block)
    if heads or body:
        yield heads, body


def _head_part(block: Block) -> _Part:
    return _Part(_printed_start(block), block.end, 0, block, introduces=True)


def _printed_start(block: Block) -> int:
    """Where a block's printed mark stands, or its text when it has none."""
    return block.start - (len(block.mark) + 1 if block.mark else 0)


def _parts(text: str, block: Block) -> Iterator[_Part]:
    cuts = _rows(text, block) if block.rows else _cuts(text, block)
    for number, (start, end) in enumerate(cuts):
        at = _printed_start(block) if number == 0 else start
        introduces = text[start:end].endswith(":") and not block.rows
        yield _Part(at, end, _count(text[start:end]), block, introduces)


def _count(text: str) -> int:
    return len(text.split())


def _cuts(text: str, block: Block) -> list[tuple[int, int]]:
    """A block's text in stretches of at most about MAX_WORDS, cut between sentences."""
    body = text[block.start : block.end]
    total = _count(body)
    if total <= MAX_WORDS:
        return [(block.start, block.end)]
    share = total / -(-total // MAX_WORDS)
    units = [(block.start + a, block.start + b, _count(body[a:b])) for a, b in spans(body)]
    return _balanced(units, share)


def _rows(text: str, block: Block) -> list[tuple[int, int]]:
    """A table in stretches of rows of at most about MAX_WORDS."""
    units = [
        (row[0].start, row[-1].end, _count(text[row[0].start : row[-1].end]))
        for row in block.rows
        if row
    ]
    total = sum(words for _, _, words in units)
    return _balanced(units, max(1.0, total / -(-max(total, 1) // MAX_WORDS)))


def _balanced(units: list[tuple[int, int, int]], share: float) -> list[tuple[int, int]]:
    """Neighbouring units joined into stretches of about ``share`` words each."""
    stretches: list[tuple[int, int]] = []
    taken = 0.0
    for start, end, words in units:
        if stretches and taken + words / 2 < share * len(stretches):
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
        taken += words
    return stretches


def _packed(parts: list[_Part]) -> Iterator[list[_Part]]:
    """Parts of one section put together to a readable size."""
    groups: list[list[_Part]] = []
    for part in parts:
        if groups and _belongs(groups[-1], part):
            groups[-1].append(part)
        else:
            groups.append([part])
    if len(groups) > 1 and _is_remainder(groups[-2], groups[-1]):
        groups[-2:] = [groups[-2] + groups[-1]]
    yield from groups


def _is_remainder(before: list[_Part], last: list[_Part]) -> bool:
    """Whether what is left over at a section's end is better shown with what precedes it."""
    fits = _words(before) + _words(last) <= MAX_WORDS
    return _words(last) < MIN_WORDS and fits and not last[0].introduces


def _words(group: list[_Part]) -> int:
    return sum(part.words for part in group)


def _belongs(group: list[_Part], part: _Part) -> bool:
    together = _words(group) + part.words
    if group[-1].introduces:
        return together <= MAX_WORDS or all(item.words == 0 for item in group)
    if part.introduces and _words(group) >= MIN_WORDS:
        return False
    listed = part.block.kind in _LISTED and group[-1].block.kind in _LISTED
    if listed:
        return together <= (MAX_WORDS if part.block.level > 1 else LIST_WORDS)
    return together <= MAX_WORDS and (_words(group) < MIN_WORDS or part.words < MIN_WORDS)
