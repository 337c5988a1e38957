"""How a query is read: typing errors, terms of the domain, weights for the term index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from search.sparse import Sparse, spelt
from search.thesaurus import Mention, Thesaurus
from search.words import STOPWORDS, content_stems, stem, stems, words

SPELT, NEAR = 0.6, 0.4
"""Weight of the words of a term that the query words otherwise, and of a near wording."""


class Query(msgspec.Struct, frozen=True):
    """A query as understood. ``dense`` is what is embedded, ``terms`` what is counted."""

    text: str
    dense: str
    terms: Mapping[str, float]
    understood: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()


def read(text: str, thesaurus: Thesaurus, sparse: Sparse) -> Query:
    """Correct, find the domain's terms, and weigh the entries.

    ``ICPC`` becomes its term with full weight and the words of the term with less, since
    each of them alone says little; a wording that is only near a term is a hint.
    """
    corrections = misspelt(text, thesaurus, sparse)
    mended = text
    for wrong, right in corrections:
        mended = mended.replace(wrong, right)
    tokens = words(mended)
    mentions = thesaurus.mentions(tokens)
    terms: dict[str, float] = dict.fromkeys(content_stems(tokens), 1.0)
    for mention in mentions:
        for entry, weight in _expansion(mention, tokens_differ(mention, mended), thesaurus):
            terms[entry] = max(weight, terms.get(entry, 0.0))
    longest = thesaurus.longest(tokens)
    return Query(
        text=text,
        dense=worded(mended, longest),
        terms=terms,
        understood=tuple(dict.fromkeys(mention.term.label for mention in longest)),
        corrected=corrections,
    )


def worded(text: str, mentions: Sequence[Mention]) -> str:
    """The text to embed: terms in full for what means the same, near ones added behind.

    "late ICPCs" becomes "late initial child protection conference".
    """
    tokens = words(text)
    parts, done = [], 0
    for mention in mentions:
        start, end = tokens[mention.first].start, tokens[mention.last - 1].end
        if mention.exact and stems(text[start:end]) != stems(mention.term.label):
            parts += [text[done:start], mention.term.label]
            done = end
    near = dict.fromkeys(mention.term.label for mention in mentions if not mention.exact)
    return "".join((*parts, text[done:])) + ("; " + ", ".join(near) if near else "")


def tokens_differ(mention: Mention, text: str) -> bool:
    """Whether the query words a term otherwise than its label does."""
    tokens = words(text)[mention.first : mention.last]
    return tuple(word.stem for word in tokens) != stems(mention.term.label)


def _expansion(mention: Mention, differs: bool, thesaurus: Thesaurus) -> list[tuple[str, float]]:
    weight = 1.0 if mention.exact else NEAR
    entries = [(mention.term.key, weight)]
    if differs:
        entries += [(entry, weight * SPELT) for entry in spelt(mention.term.label, thesaurus)]
    return entries


def misspelt(text: str, thesaurus: Thesaurus, sparse: Sparse) -> tuple[tuple[str, str], ...]:
    """Words that neither the documents nor the domain know, with the word meant.

    One slip is forgiven in a word of five letters or more, two from nine on; the first
    letter must be right. Shorter words are left alone: too many are one slip apart.
    """
    found = []
    for word in words(text):
        printed = word.printed.lower()
        if len(printed) >= 5 and printed.isalpha() and not _known(printed, thesaurus, sparse):
            slips = 1 if len(printed) < 9 else 2
            meant = _closest(printed, sparse, slips)
            if meant:
                found.append((word.printed, meant))
    return tuple(found)


def _known(word: str, thesaurus: Thesaurus, sparse: Sparse) -> bool:
    return word in STOPWORDS or stem(word) in sparse or stem(word) in thesaurus.known


def _closest(word: str, sparse: Sparse, slips: int) -> str | None:
    candidates = [other for other in sparse.printed if other[0] == word[0]]
    matches = process.extract(
        word, candidates, scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=5
    )
    if not matches:
        return None
    return str(min(matches, key=lambda match: (match[1], -sparse.printed[match[0]]))[0])
