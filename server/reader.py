"""A stored document laid out for reading: structure kept, cited and found words marked.

Pure: a :class:`~kg.model.Document`, its passages and spans go in, pieces for the template
come out. A document's headings are set below the page's own, and never skip a level.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, groupby, pairwise

import msgspec

from kg.model import Block, Document, Passage

DEEPEST = 6


class Mark(msgspec.Struct, frozen=True):
    """Words to mark: a quotation that was cited, or a finding with its polarity and themes."""

    start: int
    end: int
    kind: str
    anchor: str
    polarity: str = ""
    label: str = ""
    href: str = ""


class Segment(msgspec.Struct, frozen=True):
    """A run of text under the same marks. ``opens`` are marks that begin here, ``closes``
    those that end."""

    text: str
    quotation: Mark | None = None
    finding: Mark | None = None
    opens: tuple[Mark, ...] = ()
    closes: tuple[Mark, ...] = ()


class Piece(msgspec.Struct, frozen=True):
    """One block for the template. ``heading`` is the level of its HTML heading, 0 for none;
    ``page`` is given where a new page of the source begins; ``number`` counts tables."""

    kind: str
    level: int
    mark: str
    heading: int = 0
    page: int | None = None
    number: int = 0
    segments: tuple[Segment, ...] = ()
    rows: tuple[tuple[tuple[Segment, ...], ...], ...] = ()

    @property
    def plain(self) -> str | None:
        """The words where nothing is marked in them, which is most often so."""
        first = self.segments[0] if len(self.segments) == 1 else None
        if first is None or first.quotation or first.finding or first.opens or first.closes:
            return None
        return first.text


class Run(msgspec.Struct, frozen=True):
    """Neighbouring pieces of one kind: bullets that make one list, otherwise one piece each."""

    kind: str
    pieces: tuple[Piece, ...]


class Group(msgspec.Struct, frozen=True):
    """What stands in one passage, which has an address, or between passages."""

    anchor: str
    runs: tuple[Run, ...]


def passage_anchor(passage_id: str) -> str:
    """The fragment by which a page addresses a passage: ``p-0123456789ab``."""
    return "p-" + passage_id.rsplit("/", 1)[-1]


def _covering(marks: Iterable[Mark], kind: str, start: int, end: int) -> Mark | None:
    return next((m for m in marks if m.kind == kind and m.start <= start and end <= m.end), None)


def segments(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[Segment, ...]:
    """``text[start:end]`` cut wherever a mark begins or ends."""
    inside = [m for m in marks if m.start < end and start < m.end]
    edges = {start, end}
    for mark in inside:
        edges |= {max(mark.start, start), min(mark.end, end)}
    return tuple(_segment(text, a, b, inside) for a, b in pairwise(sorted(edges)))


def _segment(text: str, start: int, end: int, marks: Sequence[Mark]) -> Segment:
    return Segment(
        text[start:end],
        quotation=_covering(marks, "quotation", start, end),
        finding=_covering(marks, "finding", start, end),
        opens=tuple(m for m in marks if m.start == start),
        closes=tuple(m for m in marks if m.end == end),
    )


def _page_starts(document: Document) -> Iterator[int | None]:
    """For each block, the page that begins with it, or None."""
    last: int | None = None
    for block in document.blocks:
        page = block.page
        yield page if page is not None and page != last else None
        last = page if page is not None else last


def _headings(blocks: Iterable[Block]) -> Iterator[int]:
    """For each block, the level of its heading in the page (2 at the top), 0 for no heading."""
    last = 1
    for block in blocks:
        if block.kind != "heading":
            yield 0
            continue
        last = min(block.level + 1, last + 1, DEEPEST)
        yield last


def _piece(
    document: Document, block: Block, heading: int, page: int | None, marks: Sequence[Mark]
) -> Piece:
    text = document.text
    return Piece(
        kind=block.kind,
        level=block.level,
        mark=block.mark,
        heading=heading,
        page=page,
        segments=() if block.rows else segments(text, block.start, block.end, marks),
        rows=tuple(
            tuple(segments(text, c.start, c.end, marks) if c.end > c.start else () for c in row)
            for row in block.rows
        ),
    )


def _owner(block: Block, passages: Sequence[Passage]) -> str:
    """Anchor of the passage that holds a block; '' for a heading or title outside all."""
    return next(
        (passage_anchor(p.id) for p in passages if p.start <= block.start and block.end <= p.end),
        "",
    )


def _owners(document: Document, passages: Sequence[Passage]) -> Iterator[str]:
    ordered = sorted(passages, key=lambda p: p.start)
    first = 0
    for block in document.blocks:
        while first < len(ordered) and ordered[first].end <= block.start:
            first += 1
        yield _owner(block, ordered[first : first + 3])


def _runs(pieces: Iterable[Piece]) -> Iterator[Run]:
    """Bullets joined to lists; a new page ends a list, so that its number can stand between."""
    run: list[Piece] = []
    for piece in pieces:
        joins = run and piece.kind == run[-1].kind == "bullet" and piece.page is None
        if run and not joins:
            yield Run(run[0].kind, tuple(run))
            run = []
        run.append(piece)
    if run:
        yield Run(run[0].kind, tuple(run))


def layout(
    document: Document, passages: Sequence[Passage], marks: Sequence[Mark]
) -> tuple[Group, ...]:
    """The whole document as groups of pieces, in reading order."""
    rows = zip(
        _owners(document, passages),
        document.blocks,
        _headings(document.blocks),
        _page_starts(document),
        strict=True,
    )
    ordered = sorted(marks, key=lambda m: (m.start, -m.end))
    groups, tables = [], count(1)
    for anchor, members in groupby(rows, key=lambda row: row[0]):
        pieces = [
            msgspec.structs.replace(
                _piece(document, b, h, p, ordered), number=next(tables) if b.rows else 0
            )
            for _, b, h, p in members
        ]
        groups.append(Group(anchor, tuple(_runs(pieces))))
    return tuple(groups)
