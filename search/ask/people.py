"""Whether a sentence can tell who: it names somebody, or a post, that the question does not.

``roles`` of ``content.yaml`` are the nouns by which holders of posts are called; a name is
two or three capitalised words that are no title, body or month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from kg import gazetteer
from search.ask.content import signs
from search.words import STOPWORDS

_RUN = re.compile(r"\b[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)+")
_BEFORE = re.compile(r"(?:(?:[A-Z][\w'’-]+ )+|\b[a-z]+ )$")
QUOTES = tuple("‘“\"'")
"""Marks before a title of something, which is nobody's name."""

_WORDS = range(2, 4)
"""Words of a name."""


def answers(text: str, question: str) -> bool:
    """Whether a text has a name or a role that the question has not."""
    if names(text, question.lower()):
        return True
    asked = set(_words(question))
    return any(not asked.issuperset(_words(role)) for role in roles(text))


def names(text: str, asked: str = "") -> tuple[str, ...]:
    """What looks like somebody's name in a text, and is not in the words of what was asked."""
    runs = (m.group() for m in _RUN.finditer(text) if text[: m.start()][-1:] not in QUOTES)
    found = [name for run in runs for name in _apart(run.split())]
    found += [name for name in _addressed(text) if not any(name in other for other in found)]
    known = set(re.findall(r"[\w'’-]+", asked))
    return tuple(name for name in found if not known.issuperset(name.lower().split()))


def _addressed(text: str) -> Iterator[str]:
    """Names after a title of address, which may be one word, and in capitals: "Cllr FINCH"."""
    for match in signs()["courtesy"].finditer(text):
        name: list[str] = []
        for word in re.findall(r"[\w'’-]+", text[match.end() :])[: max(_WORDS)]:
            if not word[0].isupper() or word.lower() in STOPWORDS or signs()["titles"].match(word):
                break
            name.append(word.title() if word.isupper() else word)
        if name:
            yield " ".join(name)


def _apart(run: Sequence[str]) -> Iterator[str]:
    """The names in a run of capitalised words, once titles and abbreviations part them; what
    stands before a word for a body is that body's name."""
    parts = [(title, list(part)) for title, part in groupby(run, _no_name)]
    for at, (title, words) in enumerate(parts):
        name = " ".join(words)
        body = at + 1 < len(parts) and signs()["bodily"].match(parts[at + 1][1][0])
        if not title and not body and len(words) in _WORDS and not gazetteer.find(name):
            yield name


def _no_name(word: str) -> bool:
    signed = signs()["titles"].match(word) or signs()["bodily"].match(word)
    return word.isupper() or word.lower() in STOPWORDS or bool(signed)


def roles(text: str) -> frozenset[str]:
    """The holders of posts in a text, by the nouns for them and what stands before those:
    "Assistant Director", "experienced director"."""
    found = set()
    for match in signs()["roles"].finditer(text):
        before = _BEFORE.search(text[: match.start()])
        found.add(f"{before.group() if before else ''}{match.group()}".lower())
    return frozenset(found)


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[\w'’]+", text.lower()) if word not in STOPWORDS]
