"""Stretches of text that a faulty conversion printed again."""

from __future__ import annotations

from msgspec.structs import replace

from kg.structure.phrases import collapse
from kg.structure.pieces import Piece

MIN_BLOCKS = 3
MIN_WORDS = 120

Key = tuple[str, tuple[tuple[str, ...], ...]]


def once(pieces: list[Piece]) -> list[Piece]:
    """The pieces without stretches that follow directly on themselves.

    A loop is three or more blocks, or at least 120 words, printed again word for word right
    after they stood. Shorter repeats stay: minutes do print one resolution twice, and the
    record must show it. Inside a piece a phrase that loops is kept once as well.
    """
    pieces = [_unlooped(piece) for piece in pieces]
    keys = [_key(piece) for piece in pieces]
    kept: list[int] = []
    places: dict[Key, list[int]] = {}
    place = 0
    while place < len(pieces):
        length = _repeated(kept, places.get(keys[place], []), keys, place)
        length = length if _long(pieces[place : place + length]) else 0
        if not length:
            places.setdefault(keys[place], []).append(len(kept))
            kept.append(place)
        place += length or 1
    return [pieces[number] for number in kept]


def _unlooped(piece: Piece) -> Piece:
    """The piece without looping phrases; one that a page break cuts stays as it is."""
    return piece if piece.page_breaks else replace(piece, text=collapse(piece.text))


def _repeated(kept: list[int], starts: list[int], keys: list[Key], place: int) -> int:
    """How many pieces from ``place`` on say again what was kept last, 0 when none do."""
    for start in reversed(starts):
        stretch = kept[start:]
        if [keys[number] for number in stretch] == keys[place : place + len(stretch)]:
            return len(stretch)
    return 0


def _long(stretch: list[Piece]) -> bool:
    words = sum(piece.words() for piece in stretch)
    return words >= MIN_WORDS or (len(stretch) >= MIN_BLOCKS and words >= MIN_WORDS // 3)


def _key(piece: Piece) -> Key:
    return " ".join(piece.text.split()).casefold(), piece.rows
