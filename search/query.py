"""How a query is read: typing errors, terms of the domain, weights for the term index.

text ──correct──▶ mended ──terms──▶ worded        both are embedded
                    │                  │
                    └─ stems, terms    └─ terms nearest in meaning
                       (weights)          (hints, where nobody wrote the wording down)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from kg import gazetteer
from search.sparse import Sparse, of_authority, spelt
from search.thesaurus import Mention, Term, Thesaurus
from search.words import STOPWORDS, Word, stem, stems, words

SPELT, NEAR, LINKED = 0.5, 0.4, 0.2
"""Weight, against a word of the query itself, of the words of a term that the query words
otherwise; of a term that it only comes near; and of one that is like it in meaning."""

SHORTEST, LONG = 5, 9
"""Letters from which one slip of typing is forgiven, and from which two are."""


class Query(msgspec.Struct, frozen=True):
    """A query as understood. ``terms`` weighs the entries of the term index."""

    text: str
    mended: str
    worded: str
    terms: Mapping[str, float]
    understood: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()


class Known(msgspec.Struct, frozen=True):
    """What a query is read by: the domain's terms, the index, and common words."""

    thesaurus: Thesaurus
    sparse: Sparse
    common: frozenset[str] = frozenset()


def read(text: str, known: Known) -> Query:
    """Correct, find the domain's terms, and weigh the entries.

    An abbreviation becomes its term with full weight and the words of the term with less,
    since each of them alone says little.
    """
    corrections = misspelt(text, known)
    mended = text
    for wrong, right in corrections:
        mended = mended.replace(wrong, right)
    tokens = words(mended)
    mentions = known.thesaurus.longest(tokens)
    terms = dict.fromkeys(_plain_entries(mended, tokens, mentions, known.sparse), 1.0)
    for mention in mentions:
        weight = 1.0 if mention.exact else NEAR
        _add(terms, _entries(mention.term, weight, known.thesaurus, differs(mention, tokens)))
    return Query(
        text=text,
        mended=mended,
        worded=_worded(mended, tokens, mentions),
        terms=terms,
        understood=tuple(dict.fromkeys(mention.term.label for mention in mentions)),
        corrected=corrections,
    )


def _plain_entries(
    text: str, tokens: Sequence[Word], mentions: Sequence[Mention], sparse: Sparse
) -> Iterator[str]:
    """The words themselves, and the authorities named.

    A word that no passage has is kept, since it is a part of the query left unanswered,
    unless it belongs to the wording of a term.
    """
    worded = {at for mention in mentions for at in range(mention.first, mention.last)}
    for at, word in enumerate(tokens):
        if not word.is_stop and (word.stem in sparse or at not in worded):
            yield word.stem
    yield from _authorities(text, sparse)


def _authorities(text: str, sparse: Sparse) -> Iterator[str]:
    """Entries of the authorities that are named, capitals or not, where documents are theirs."""
    for named in (*gazetteer.find(text), *gazetteer.find(text.title())):
        if of_authority(named.slug) in sparse:
            yield of_authority(named.slug)


def linked(query: Query, near: Iterable[Term], thesaurus: Thesaurus) -> Query:
    """The query with terms that are like it in meaning added as hints."""
    terms = dict(query.terms)
    for term in near:
        _add(terms, _entries(term, LINKED, thesaurus, spell=True))
    return msgspec.structs.replace(query, terms=terms)


def differs(mention: Mention, tokens: Sequence[Word]) -> bool:
    """Whether a text words a term otherwise than its label does."""
    found = tuple(word.stem for word in tokens[mention.first : mention.last])
    return found != stems(mention.term.label)


def _add(terms: dict[str, float], entries: Iterable[tuple[str, float]]) -> None:
    for entry, weight in entries:
        terms[entry] = max(weight, terms.get(entry, 0.0))


def _entries(
    term: Term, weight: float, thesaurus: Thesaurus, spell: bool
) -> Iterable[tuple[str, float]]:
    yield term.key, weight
    if spell:
        for entry in spelt(term.label, thesaurus):
            yield entry, weight * SPELT


def _worded(text: str, tokens: Sequence[Word], mentions: Sequence[Mention]) -> str:
    """The text with terms in full where it means the same, and near ones added behind.

    "late ICPCs" becomes "late initial child protection conference".
    """
    parts, done = [], 0
    for mention in mentions:
        if mention.exact and differs(mention, tokens):
            parts += [text[done : tokens[mention.first].start], mention.term.label]
            done = tokens[mention.last - 1].end
    near = dict.fromkeys(mention.term.label for mention in mentions if not mention.exact)
    return "".join((*parts, text[done:])) + ("; " + ", ".join(near) if near else "")


def misspelt(text: str, known: Known) -> tuple[tuple[str, str], ...]:
    """Words that neither the documents nor the domain nor the language know, with those meant.

    The first letter must be right, and short words are left alone: too many are one slip
    apart.
    """
    found = []
    for word in words(text):
        meant = _meant(word.printed.lower(), known)
        if meant:
            found.append((word.printed, meant))
    return tuple(found)


def _meant(word: str, known: Known) -> str | None:
    if len(word) < SHORTEST or not word.isalpha() or _is_word(word, known):
        return None
    return _closest(word, known.sparse, 1 if len(word) < LONG else 2)


def _is_word(word: str, known: Known) -> bool:
    if word in STOPWORDS or word in known.common:
        return True
    return stem(word) in known.sparse or stem(word) in known.thesaurus.known


def _closest(word: str, sparse: Sparse, slips: int) -> str | None:
    candidates = [other for other in sparse.printed if other[0] == word[0]]
    matches = process.extract(
        word, candidates, scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=5
    )
    if not matches:
        return None
    return str(min(matches, key=lambda match: (match[1], -sparse.printed[match[0]]))[0])
