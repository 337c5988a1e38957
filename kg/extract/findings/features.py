"""What the classifier sees of a sentence: blocks of numbers, each with a name.

Three kinds: the vector of the sentence, counts of the words of the lexicon and of the
themes, and word pairs of the sentence itself. Everything but the vector is the same on
every machine, so a document read without the packaged model is still classified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kg.extract.findings import lexicon
from kg.extract.findings.phrases import words
from kg.extract.findings.places import Place, anaphora, plain
from kg.gazetteer import find

Matrix = NDArray[np.float32]

_ONCE = ("strength", "weakness", "negated-good", "progress")
_CONCESSION = re.compile(
    r"(?:although|while|whilst|despite|notwithstanding|in spite of|though)\b[^,]*,"
)
_TURN = re.compile(r",? (?:but|however|although|though|yet)\b")
_SHAPES = (
    re.compile(r"^however\b"),
    re.compile(r"^(?:i|my)\b| i "),
    re.compile(r"\b(?:19|20)\d\d\b"),
    re.compile(r"\?"),
    re.compile(r"%|\bper cent\b"),
    re.compile(r"[^.?!'\")]$"),
    re.compile(
        r"^(?:to )?(?:ensure|improve|strengthen|develop|review|revise|establish|implement|take|"
        r"increase|reduce|provide|work|make|continue|promote|address)\b"
    ),
    re.compile(r"^(?:the )?(?:quality|timeliness|effectiveness|sufficiency|consistency)\b"),
)
_GRADES = ("outstanding", "good", "requires improvement", "inadequate")
_SECTIONS = (
    "improve", "recommend", "shortfall", "strength", "scope", "children", "none", "minutes",
    "staff", "options",
)  # fmt: skip
_TOPICS = ("leader", "governance", "help and protection", "in care", "looked after", "leavers",
           "adoption", "safeguarding children board", "summary", "overview", "finding")  # fmt: skip


@dataclass(frozen=True)
class Features:
    """Rows in the order of the places they were made of.

    ``labels``, ``cues`` and ``early`` have a column a theme: how often the theme is named,
    hinted at, and how early it is named (1 at the first word). ``before`` and ``hinted`` are
    the same of the sentence before, ``above`` of the headings; ``told`` is ``said`` of the
    sentence before.
    """

    said: Matrix
    told: Matrix
    where: Matrix
    labels: Matrix
    cues: Matrix
    early: Matrix
    before: Matrix
    hinted: Matrix
    above: Matrix
    leaning: Matrix
    grams: list[tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.grams)


def features(places: Sequence[Place]) -> Features:
    """The features of some sentences."""
    own = [_themes(place.text) for place in places]
    before = [_themes(place.previous) for place in places]
    return Features(
        said=_rows(_said(place.text) for place in places),
        told=_rows(_said(place.previous) for place in places),
        where=_rows(_where(place) for place in places),
        labels=_rows(each[0] for each in own),
        cues=_rows(each[1] for each in own),
        early=_rows(each[2] for each in own),
        before=_rows(each[0] for each in before),
        hinted=_rows(each[1] for each in before),
        above=_rows(_themes(" . ".join(place.headings[-2:]))[0] for place in places),
        leaning=_rows(np.array([leans(place.text)], np.float32) for place in places),
        grams=[grams(place.text) for place in places],
    )


def leans(text: str) -> bool:
    """Whether a sentence opens by pointing back ("This means that …")."""
    return anaphora().match(plain(text)) is not None


@lru_cache(maxsize=4096)
def grams(text: str) -> tuple[str, ...]:
    """Words and pairs of neighbouring words, without their commonest endings.

    Names of authorities all count as one word: what is learnt must hold for any of them.
    """
    stems = [_stem(word) for word in words(_unplaced(text)) if not word.isdigit()]
    return (*stems, *(f"{a} {b}" for a, b in pairwise(stems)))


def _unplaced(text: str) -> str:
    for named in reversed(find(text)):
        text = f"{text[: named.start]}somewhere{text[named.end :]}"
    return text


def _stem(word: str) -> str:
    """A word without an ending of inflection; crude, but the same everywhere."""
    for ending in ("ies", "ing", "ed", "es", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _rows(rows: Iterator[Matrix]) -> Matrix:
    return np.array(list(rows), dtype=np.float32)


@lru_cache(maxsize=4096)
def _themes(text: str) -> Matrix:
    """Three rows with a column a theme: named, hinted at, named how early."""
    column = {theme: i for i, theme in enumerate(lexicon.themes())}
    said = words(text)
    rows = np.zeros((3, len(column)), np.float32)
    for hit in lexicon.theme_labels_index().in_words(said):
        i = column[hit.group]
        rows[0, i] += 1
        rows[2, i] = max(rows[2, i], 1 - hit.start / len(said))
    for hit in lexicon.theme_cues_index().in_words(said):
        rows[1, column[hit.group]] += 1
    rows[:2] = np.sqrt(np.minimum(rows[:2], 4))
    return rows


@lru_cache(maxsize=4096)
def _said(text: str) -> Matrix:
    """How evaluative words are spread over a sentence, its main clause and its end."""
    low = plain(text)
    concession = _CONCESSION.match(low)
    main = low[concession.end() :] if concession else low
    turns = _TURN.split(low)
    counted = {part: _counts(part) for part in {low, main, turns[-1]}}
    whole = counted[low]
    parts = [np.array([counted[part][g] for g in _ONCE]) for part in (main, turns[-1])]
    has = {group: float(count > 0) for group, count in whole.items()}
    shape = [float(bool(pattern.search(low))) for pattern in _SHAPES]
    flags = [bool(concession), len(turns) > 1, leans(text), text[:1].islower()]
    sizes = [min(len(text), 300) / 150, min(sum(map(str.isdigit, text)), 8) / 4]
    return np.concatenate(
        [list(whole.values()), *parts, _together(has), shape, flags, sizes]
    ).astype(np.float32)


def _counts(text: str) -> dict[str, float]:
    counts = dict.fromkeys(lexicon.groups(), 0)
    for hit in lexicon.evaluative().find(text):
        counts[hit.group] += 1
    return {group: min(count, 4) ** 0.5 for group, count in counts.items()}


def _together(has: dict[str, float]) -> list[float]:
    """Groups that mean something else in each other's presence or absence."""
    bad = max(has["weakness"], has["negated-good"])
    judged = max(bad, has["strength"], has["mixed"])
    return [
        1 - judged,
        has["event"] * (1 - judged),
        has["event"] * has["strength"] * (1 - bad),
        has["modality"] * (1 - bad),
        has["modality"] * has["strength"] * (1 - bad),
        has["statistic"] * (1 - judged),
        has["consequence"] * bad,
        has["progress"] * has["negated-good"],
        has["progress"] * has["strength"],
        has["progress"] * (1 - bad),
        has["contrast"] * has["strength"] * bad,
    ]


def _where(place: Place) -> Matrix:
    """Section, grade and topic of the headings, and the kind of block."""
    headings = plain(" . ".join(place.headings))
    near = plain(place.heading)
    grades = [grade in near for grade in _GRADES]
    grades[1] = grades[1] and "improvement" not in near
    sections = [place.section == kind for kind in _SECTIONS]
    topics = [topic in headings for topic in _TOPICS]
    blocks = [place.kind == "bullet", place.kind == "numbered", place.kind == "footnote"]
    return np.array([*grades, *sections, *topics, *blocks], dtype=np.float32)
