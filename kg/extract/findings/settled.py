"""What the layout settles about a sentence, whatever its words."""

from __future__ import annotations

import re
from functools import cache

from kg.extract.findings.places import Place, layout, plain
from kg.model import Document

_NONE = ("scope", "none", "children", "minutes", "options")
_LISTED = ("improve",)
_FEWEST_WORDS = 3
_NO_ITEM = re.compile(r"^(?:there (?:are|is) no|none\b|no (?:areas|priority|recommendations))")


def settled(document: Document, place: Place) -> bool | None:
    """Whether a sentence is a finding, where that needs no judging; None where it does.

    Items of an improvement list are findings, each once: a second sentence of an item that
    only adds detail is judged like any other.
    """
    if place.section in _NONE or place.kind in ("title", "table", "footnote"):
        return False
    if len(place.text.split()) < _FEWEST_WORDS or _boilerplate().search(plain(place.text)):
        return False
    if place.section in _LISTED and place.kind in ("bullet", "numbered"):
        return not _NO_ITEM.match(plain(place.text))
    if place.section == "recommend" and document.identity.kind in ("inspection", "re-inspection"):
        return place.kind in ("bullet", "numbered")
    return None


@cache
def _boilerplate() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in layout().boilerplate))
