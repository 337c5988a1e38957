"""The domain's terms and the other ways of writing them.

A term stands in ``ontology/abbreviations.yaml`` with what means the ``same`` (its
abbreviations, older and everyday names) and what is ``near`` it. Texts and queries are
read alike: wherever a wording of a term occurs, the term itself is put beside the
words, so that ``ICPC``, ``initial conference`` and ``initial child protection
conference`` meet in one entry of the index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec
from rapidfuzz.distance import Prefix

import ontology
from ontology.themes import theme_labels
from search.words import STOPWORDS, Word, stems

DEFAULT = Path(ontology.__file__).parent / "abbreviations.yaml"


ENDING = 3
"""Letters at the end of a word in which its forms may differ."""


class Term(msgspec.Struct, frozen=True):
    """A term of the domain by its full label."""

    label: str
    same: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The entry in the term index; no word of a text can equal it."""
        return "=" + self.label


class Mention(msgspec.Struct, frozen=True):
    """A term found in a sequence of words: ``words[first:last]`` is a wording of it."""

    term: Term
    first: int
    last: int
    exact: bool = True


class _Wording(NamedTuple):
    """One wording of a term: its stems, and as written."""

    stems: tuple[str, ...]
    written: str
    term: Term
    exact: bool


def _read(term: Term) -> Iterator[_Wording]:
    """The wordings of a term that have words."""
    for wordings, exact in (((term.label, *term.same), True), (term.near, False)):
        for wording in wordings:
            if found := stems(wording):
                yield _Wording(found, wording, term, exact)


class Wordings:
    """Wordings of terms, found in a text by their first word."""

    def __init__(self, wordings: Iterable[_Wording]) -> None:
        self._by_first: dict[str, list[_Wording]] = defaultdict(list)
        for each in wordings:
            self._by_first[each.stems[0]].append(each)

    def mentions(self, text: Sequence[Word]) -> list[Mention]:
        """Every one of them in the text, nested ones too."""
        found = tuple([word.stem for word in text])
        begin = [at for at, first in enumerate(found) if first in self._by_first]
        return [mention for at in begin for mention in self._starting(text, found, at)]

    def _starting(self, text: Sequence[Word], found: tuple[str, ...], at: int) -> Iterator[Mention]:
        for wanted, written, term, exact in self._by_first[found[at]]:
            last = at + len(wanted)
            if found[at:last] == wanted and _may_mean(written, text[at:last]):
                yield Mention(term, at, last, exact)


class Thesaurus:
    """Terms, findable by any of their wordings."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        self._read: dict[str, list[_Wording]] = defaultdict(list)
        for term in self.terms:
            self._read[term.key] += _read(term)
        self._all = Wordings(chain.from_iterable(self._read.values()))

    @classmethod
    def load(cls, path: Path = DEFAULT) -> Thesaurus:
        """Read the terms from YAML, and add the themes that are no terms already."""
        entries = msgspec.yaml.decode(path.read_text(encoding="utf-8")) or {}
        terms = [
            Term(label, _strings(entry, "same"), _strings(entry, "near"))
            for label, entry in entries.items()
        ]
        known = {term.label.lower() for term in terms}
        return cls([*terms, *(term for term in theme_terms() if term.label.lower() not in known)])

    def save(self, path: Path) -> None:
        """Write the terms as JSON: an index keeps the list that it was made with."""
        path.write_bytes(msgspec.json.encode(self.terms))

    @classmethod
    def saved(cls, path: Path) -> Thesaurus:
        """Read what :meth:`save` wrote."""
        return cls(msgspec.json.decode(path.read_bytes(), type=tuple[Term, ...]))

    def only(self, keys: AbstractSet[str]) -> Wordings:
        """The wordings of the terms that have these entries."""
        return Wordings(chain.from_iterable(self._read[key] for key in keys if key in self._read))

    def mentions(self, text: Sequence[Word]) -> list[Mention]:
        """Every wording of every term in the text, nested ones too."""
        return self._all.mentions(text)

    def longest(self, text: Sequence[Word]) -> list[Mention]:
        """Mentions that no other overlaps, the longest taken first."""
        chosen: list[Mention] = []
        for mention in sorted(self.mentions(text), key=lambda m: (m.first - m.last, not m.exact)):
            if all(mention.last <= other.first or mention.first >= other.last for other in chosen):
                chosen.append(mention)
        return sorted(chosen, key=lambda m: m.first)

    @cached_property
    def wordings(self) -> tuple[tuple[str, Term], ...]:
        """Every wording as it is embedded, with its term; an abbreviation by its term's label."""
        return tuple(
            (term.label if wording.isupper() else wording, term)
            for term in self.terms
            for wording in (term.label, *term.same, *term.near)
        )

    @cached_property
    def known(self) -> frozenset[str]:
        """The stems of all wordings: words that are no typing errors."""
        return frozenset(
            stem for t in self.terms for w in (t.label, *t.same, *t.near) for stem in stems(w)
        )


def theme_terms() -> list[Term]:
    """The themes with what reports call them; patterns (``caseload*``) are left out."""
    path = Path(ontology.__file__).parent / "themes_words.yaml"
    entries = msgspec.yaml.decode(path.read_text(encoding="utf-8"))
    labels = theme_labels()
    return [_theme_term(labels[theme], entries[theme]) for theme in labels if theme in entries]


def _theme_term(label: str, entry: dict[str, list[str]]) -> Term:
    wordings = {w.lower(): w for w in _strings(entry, "labels") if not w.endswith("*")}
    wordings.pop(label.lower(), None)
    return Term(label, tuple(wordings.values()))


def _may_mean(wording: str, found: Sequence[Word]) -> bool:
    """Whether one word with the stem of a wording is that word.

    IT is not "it", and "informally" is no form of "info", though their stems are alike.
    """
    if len(found) > 1:
        return True
    printed = found[0].printed
    if wording.isupper() and wording.lower() in STOPWORDS and not printed.isupper():
        return False
    shared = Prefix.similarity(wording.lower(), printed.lower())
    return max(len(wording), len(printed)) - shared <= ENDING


def _strings(entry: dict[str, list[str]] | None, field: str) -> tuple[str, ...]:
    return tuple(str(item) for item in (entry or {}).get(field) or ())
