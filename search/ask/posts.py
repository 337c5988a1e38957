"""Posts that a question or sentence names, by the domain's titles."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from kg.extract.lexicon import pattern, posts

_UNDER = re.compile(r"(?:deputy|assistant|vice|former deputy)\s+(?:strategic |corporate )?$", re.I)


@cache
def titles() -> dict[str, re.Pattern[str]]:
    """Every post with one title, by label; any case, since questions are typed."""
    return {
        post.label: re.compile(pattern((*post.forms, *post.exact)).pattern)
        for post in posts().posts
    }


@lru_cache(maxsize=5_000)
def places(text: str) -> dict[str, tuple[int, int]]:
    """The posts named in a text and where; the deputy of a post is another post."""
    found: dict[str, tuple[int, int]] = {}
    for label, title in titles().items():
        for match in title.finditer(text):
            if not _UNDER.search(text[: match.start()]):
                found.setdefault(label, match.span())
    return found


def named(text: str) -> frozenset[str]:
    """The labels of the posts named in a text."""
    return frozenset(places(text.replace("’", "'")))
