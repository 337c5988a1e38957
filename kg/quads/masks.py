"""Printed names of officials out of quotations, for graphs that are to hold no names.

Only names that the document is known to print are found, with or without a title; what
stands in their place is ``[name]``, which a check of quotations knows how to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

MASK = "[name]"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Councillor|Cllr)\.?\s+"


def masker(names: Iterable[str]) -> Callable[[str], str]:
    """A function that puts the mask in place of every one of the names."""
    forms = [form for name in sorted(set(names), key=len, reverse=True) for form in _forms(name)]
    if not forms:
        return lambda text: text
    pattern = re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)
    return lambda text: pattern.sub(MASK, text)


def _forms(name: str) -> list[str]:
    """The name over any blanks, and its last word after a title."""
    words = [re.escape(word) for word in name.split()]
    return [r"\s+".join(words), _TITLE + words[-1]] if words else []


def matches(quotation: str, text: str) -> bool:
    """Whether a quotation is the text, its masks standing for some words each."""
    if MASK not in quotation:
        return quotation == text
    parts = (re.escape(part) for part in quotation.split(MASK))
    return re.fullmatch(".+?".join(parts), text, re.DOTALL) is not None
