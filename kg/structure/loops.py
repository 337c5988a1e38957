"""Stretches of text that a faulty conversion printed again."""

from __future__ import annotations

from kg.structure.pieces import Piece

MIN_BLOCKS = 3
MIN_WORDS = 120


def once(pieces: list[Piece]) -> list[Piece]:
    """The pieces without stretches that follow directly on themselves.

    A loop is three or more blocks, or at least 120 words, printed again word for word right
    after they stood. Shorter repeats stay: minutes do print one resolution twice, and the
    record must show it.
    """
    kept: list[Piece] = []
    place = 0
    while place < len(pieces):
        length = _repeated(kept, pieces, place)
        if length:
            place += length
        else:
            kept.append(pieces[place])
            place += 1
    return kept


def _repeated(kept: list[Piece], pieces: list[Piece], place: int) -> int:
    """How many pieces from ``place`` on say again what was kept last."""
    key = _key(pieces[place])
    for back in range(1, min(len(kept), len(pieces) - place) + 1):
        if _key(kept[-back]) != key:
            continue
        before, after = kept[-back:], pieces[place : place + back]
        if all(_key(a) == _key(b) for a, b in zip(before, after, strict=True)) and _long(before):
            return back
    return 0


def _long(stretch: list[Piece]) -> bool:
    words = sum(piece.words() for piece in stretch)
    return words >= MIN_WORDS or (len(stretch) >= MIN_BLOCKS and words >= MIN_WORDS // 3)


def _key(piece: Piece) -> tuple[str, object]:
    return " ".join(piece.text.split()).casefold(), piece.rows
