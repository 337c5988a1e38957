"""Which of our spans a labelled quotation falls on."""

from __future__ import annotations

import re

SHARE = 0.5


def covers(quote: str, label: str) -> bool:
    """Whether the two share a run of words at least half as long as the shorter one."""
    ours, theirs = _words(quote), _words(label)
    need = max(1, round(SHARE * min(len(ours), len(theirs))))
    runs = {tuple(ours[i : i + need]) for i in range(len(ours) - need + 1)}
    return any(tuple(theirs[i : i + need]) in runs for i in range(len(theirs) - need + 1))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub(r"[\u00ad\ufffe\u2010\u2011’'-]", "", text.lower()))
