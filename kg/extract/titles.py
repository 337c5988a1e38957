"""Titles of posts that are built from a rank and a portfolio, or end in a telling word.

"Assistant Director, Early Help and Prevention" cannot stand in any list: the rank is known,
the portfolio is read from what follows, capitals or the usual words of portfolios.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg.extract.lexicon import Rank, posts

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc, Token

_JOINS = frozenset({"and", "&", ",", "'s", "'", "-", "/", "of", "for"})
_LINKS = frozenset({",", "-", "(", ":"})


@dataclass(frozen=True)
class Title:
    """A title at ``start:end`` of a line; ``portfolio`` is empty for a bare rank."""

    start: int
    end: int
    rank: str
    portfolio: str

    @property
    def label(self) -> str:
        """The title with the capitals that it has as a name."""
        return f"{self.rank}{self.portfolio}"


@cache
def tokenizer() -> Language:
    """The English tokenizer of spaCy, without a model; loaded by who reads documents."""
    import spacy

    return spacy.blank("en")


@cache
def _ranks() -> tuple[PhraseMatcher, dict[str, Rank]]:
    from spacy.matcher import PhraseMatcher

    ranks = {rank.rank: rank for rank in posts().ranks}
    matcher = PhraseMatcher(tokenizer().vocab, attr="LOWER")
    for name in ranks:
        matcher.add(name, [tokenizer().make_doc(name)])
    return matcher, ranks


def titles(text: str) -> Iterator[Title]:
    """Titles in one line, in order; the longest rank wins where two begin together."""
    if not _may_have(text):
        return
    doc = tokenizer().make_doc(text)
    matcher, ranks = _ranks()
    found = sorted(matcher(doc), key=lambda match: (match[1], -match[2]))
    reached = 0
    for match, start, end in found:
        if start >= reached:
            reached = end
            yield _ranked(doc, start, end, ranks[doc.vocab.strings[match]])
    yield from _headed(doc)


def _may_have(text: str) -> bool:
    """Whether a line has the words of a rank or a telling end: most lines have neither."""
    low = text.lower()
    ranked = any(first in low and last in low for first, last in _outer_words())
    return ranked or any(head.head in text for head in posts().heads)


@cache
def _outer_words() -> frozenset[tuple[str, str]]:
    """The first and the last word of each rank, in lower case."""
    words = (re.findall(r"\w+", rank.rank.lower()) for rank in posts().ranks)
    return frozenset((each[0], each[-1]) for each in words)


def _ranked(doc: Doc, start: int, end: int, rank: Rank) -> Title:
    first = end
    linked = first < len(doc) and (doc[first].text in _LINKS or doc[first].lower_ in rank.links)
    if rank.rank.endswith(" of"):
        linked = True
    elif linked:
        first += 1
        if first < len(doc) and doc[first].lower_ == "the":
            first += 1
    last = _portfolio_end(doc, first, linked)
    named = not linked or doc[end].lower_ in _LINKS
    last = _without_names(doc, first, last, named)
    if last <= first or (not linked and not rank.bare):
        return Title(doc[start].idx, _right(doc[end - 1]), rank.rank, "")
    closing = last < len(doc) and doc[last].text == ")" and "(" in doc.text[doc[end - 1].idx :]
    stop = _right(doc[last]) if closing else _right(doc[last - 1])
    tail = doc.text[_right(doc[end - 1]) : stop]
    return Title(doc[start].idx, stop, rank.rank, _capitals(tail))


def _portfolio_end(doc: Doc, first: int, linked: bool) -> int:
    """The index after the last word of a portfolio that begins at ``first``."""
    last = first
    for i in range(first, len(doc)):
        token = doc[i]
        if token.lower_ in posts().bodies:
            commas = [j for j in range(first, i) if doc[j].text == ","]
            return commas[-1] if commas else last
        if _is_portfolio(token, linked):
            last = i + 1
        elif token.text == "." or token.lower_ not in _JOINS or i - last >= 2 or i == first:
            break
    return last


def _without_names(doc: Doc, first: int, last: int, strict: bool) -> int:
    """``last`` moved before a part after a comma that may be a name: "…, Ada Holm".

    A part of a portfolio has a word that portfolios have; ``strict`` asks that of the first
    part too, which is right where only a comma links it to the rank.
    """
    commas = [i for i in range(first, last) if doc[i].text in (",", "-")]
    for start, end in zip([first, *(i + 1 for i in commas)], [*commas, last], strict=True):
        known = any(token.lower_ in posts().portfolio for token in doc[start:end])
        if not known and (start != first or strict):
            return start - 1 if start != first else first
    return last


def _is_portfolio(token: Token, linked: bool) -> bool:
    if token.lower_ in posts().stops | posts().bodies or not token.text[0].isalpha():
        return False
    known = token.lower_ in posts().portfolio and token.lower_ != "in"
    inner = token.lower_ == "in" and token.i + 1 < len(token.doc)
    if inner:
        return linked and token.nbor(1).lower_ == "care"
    return token.text[0].isupper() or (linked and known)


def _headed(doc: Doc) -> Iterator[Title]:
    """Titles in capitals that end in a telling word: "Strategic Commissioning Manager"."""
    heads = {head.head for head in posts().heads}
    for token in doc:
        if token.text not in heads:
            continue
        start = token.i
        while start and _is_capital(doc[start - 1]):
            start -= 1
        chief = start > 0 and doc[start - 1].lower_ in posts().stops - {"the"}
        if token.i - start >= 1 and not chief:
            printed = doc.text[doc[start].idx : _right(token)]
            yield Title(doc[start].idx, _right(token), printed, "")


def _is_capital(token: Token) -> bool:
    word = token.text
    return word[0].isupper() and word.isalpha() and token.lower_ not in posts().stops


def _right(token: Token) -> int:
    return int(token.idx) + len(token.text)


def _capitals(tail: str) -> str:
    small = _JOINS | {"the", "in"}
    return " ".join(
        word if word.strip(",") in small or not word.islower() else word[0].upper() + word[1:]
        for word in tail.split(" ")
    )
