"""What is said of an issue: its label, themes, strength, and why it is one.

The label is that of a known problem, or made of the issue's own words: the thing is the
phrase of two words or more that most of its quotations share, or its theme when they share
none; what fails in it is the aspect that most of them have: "Supervision: not regular".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from kg.resolve.issues.aspects import aspects
from kg.resolve.issues.problems import main_problem
from kg.resolve.issues.similarity import Matrix
from kg.resolve.issues.weakness import Mention, Repeat, stopwords
from ontology.themes import theme_label

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+|[^\w\s]")
_LONGEST = 4
_THIN_WORDS = (
    "also need needs still most some many all every good poor weak effective better new own "
    "sufficiently consistently always number small large significant too result impact lack "
    "timely quality quickly regularly well enough able including within across whose quick not "
    "improve improved improvement ensure leads lead leading means mean given make made taken"
)
_THIN = frozenset(_THIN_WORDS.split())
MOST = 90
"""Characters of a label, at most."""


def label(cluster: Sequence[Mention]) -> str:
    """The label of a cluster of weaknesses."""
    if known := main_problem(cluster):
        return known.label
    thing = _shared_phrase([mention.quote for mention in cluster])
    thing = thing or theme_label(main_themes(cluster)[0])
    fails = _main_aspect(cluster)
    text = f"{thing}: {fails.lower()}" if fails else thing
    return (text[0].upper() + text[1:])[:MOST]


def _main_aspect(cluster: Sequence[Mention]) -> str:
    """The aspect of most events; among equals the one that the file names first."""
    events = Counter(aspect for m in cluster for aspect in m.aspects)
    order = list(aspects())
    if not events:
        return ""
    best = min(events, key=lambda name: (-events[name], order.index(name)))
    return aspects()[best].label if events[best] > 1 or len(cluster) < 2 else ""


def _shared_phrase(quotes: Sequence[str]) -> str:
    """The phrase of several words in most quotations, and in half of them; then the longest."""
    counts: Counter[str] = Counter()
    printed: dict[str, str] = {}
    for quote in quotes:
        for phrase in set(_phrases(quote)):
            key = _key(phrase)
            counts[key] += 1
            printed.setdefault(key, phrase)
    half = len(quotes) / 2
    shared = [key for key, count in counts.items() if " " in key and count >= max(2, half)]
    if not shared:
        return ""
    best = max(shared, key=lambda key: (counts[key] * (1 + 0.6 * key.count(" ")), len(key), key))
    return printed[best]


def _phrases(text: str) -> Iterator[str]:
    """Runs of one to four words that begin and end with a word of meaning."""
    words = [token.lower() for token in _WORD.findall(text)]
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            run = words[start:end]
            if _meaning(run[0]) and _meaning(run[-1]) and all(map(_inside, run)):
                yield " ".join(run)


def _meaning(word: str) -> bool:
    return (
        word.isascii() and word[0].isalpha() and len(word) > 3 and word not in _THIN | stopwords()
    )


def _inside(word: str) -> bool:
    return word[0].isalpha() and (word not in stopwords() | _THIN or word in ("of", "and", "for"))


def _key(phrase: str) -> str:
    return " ".join(word.rstrip("s") for word in phrase.replace("’", "'").split())


def main_themes(cluster: Sequence[Mention]) -> tuple[str, ...]:
    """Up to three themes, by how many of the findings have them, main ones counting double."""
    counts: Counter[str] = Counter()
    for mention in cluster:
        counts.update(mention.themes)
        counts.update(mention.themes[:1])
    return tuple(sorted(counts, key=lambda theme: (-counts[theme], theme))[:3])


def strength(cluster: Sequence[Mention], alike: Matrix, said: Sequence[Repeat]) -> float:
    """Events that raised it, or to which a document points, times how alike its findings are."""
    events = {mention.event for mention in cluster} | {repeat.event for repeat in said}
    return round(len(events) * _likeness(alike), 3)


def explanation(cluster: Sequence[Mention], alike: Matrix, said: Sequence[Repeat]) -> str:
    """Why these findings were joined, in one sentence."""
    reasons = [f"a mean likeness of {_likeness(alike):.2f}"] if len(cluster) > 1 else []
    theme = main_themes(cluster)[0]
    shared = sum(theme in mention.themes for mention in cluster)
    reasons.append(f"the theme “{theme_label(theme)}” in {shared} of {len(cluster)} findings")
    if known := main_problem(cluster):
        reasons.append(f"a problem that reports often name, “{known.label}”")
    elif fails := _main_aspect(cluster):
        reasons.append(f"the aspect “{fails.lower()}”")
    if said:
        reasons.append("the documents' own words that it was raised before")
    return "Joined by " + ", ".join(reasons) + "."


def _likeness(alike: Matrix) -> float:
    """The mean probability over pairs of different findings; 1 for a single finding."""
    count = len(alike)
    return float((alike.sum() - np.trace(alike)) / (count * (count - 1))) if count > 1 else 1.0
