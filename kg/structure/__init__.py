"""Structure: from lines and pieces of any format to the blocks of a document.

Readers turn their format into :class:`Piece` records; :func:`assemble` lays these out as
the stored text and its blocks. PDF pages go through lines first (:mod:`kg.structure.flow`).
"""

from __future__ import annotations

from kg.structure.pieces import Piece, assemble

__all__ = ["Piece", "assemble"]
