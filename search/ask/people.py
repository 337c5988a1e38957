"""Whether a sentence can tell who: it names somebody, or a post, that the question does not.

``roles`` of ``content.yaml`` are the nouns by which holders of posts are called; a name is
two or three capitalised words that are no title, body or month.
"""

from __future__ import annotations

import re

from search.ask.content import signs

_NAME = re.compile(r"(?<![\w-] )\b[A-Z][a-zà-ÿ]+(?:[ -][A-Z][\w'’-]+){1,2}\b")


def answers(text: str, question: str) -> bool:
    """Whether a text has a name or a role that the question has not."""
    asked = question.lower()
    return bool(names(text, asked)) or any(role not in asked for role in roles(text))


def names(text: str, asked: str = "") -> tuple[str, ...]:
    """What looks like somebody's name in a text, and is not in what was asked."""
    found = (match.group() for match in _NAME.finditer(text))
    return tuple(
        name for name in found if not signs()["titles"].search(name) and name.lower() not in asked
    )


def roles(text: str) -> frozenset[str]:
    """The nouns for holders of posts in a text, in small letters and one only."""
    return frozenset(match.group().lower() for match in signs()["roles"].finditer(text))
