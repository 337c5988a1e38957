"""What counts as the same: names, quotations and dates of gold and system, normalised alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from kg.edtf import compatible

Row = Mapping[str, Any]

_ARTICLE = re.compile(r"^(?:the|an?|this|that|its|their|his|her) ")
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "&": " and "})


def name(text: str) -> str:
    """A name for comparing: lower case, no article, no punctuation, simple blanks."""
    text = unicodedata.normalize("NFKC", text).translate(_PLAIN).lower().replace("'", "")
    return _ARTICLE.sub("", " ".join(re.sub(r"[^a-z0-9]+", " ", text).split()))


def names(row: Row) -> frozenset[str]:
    """All names of a row: its label and its aliases, a gold row's by document."""
    aliases = row.get("aliases") or ()
    if isinstance(aliases, Mapping):
        aliases = [alias for each in aliases.values() for alias in each]
    return frozenset(filter(None, map(name, [row.get("label") or "", *aliases])))


def words(quote: str) -> list[str]:
    """The words of a quotation, free of typography and of breaks inside words."""
    text = re.sub(r"<[^>]+>|[\u00ad\ufffe-]", "", quote).translate(_PLAIN).lower()
    return re.findall(r"[a-z0-9]+", text)


def overlap(one: str, other: str) -> float:
    """The longest common run of words as a share of the shorter quotation."""
    a, b = words(one), words(other)
    if not a or not b:
        return 0.0
    best, previous = 0, [0] * (len(b) + 1)
    for word in a:
        row = [0]
        for i, candidate in enumerate(b):
            row.append(previous[i] + 1 if word == candidate else 0)
        best, previous = max(best, *row), row
    return best / min(len(a), len(b))


def same_date(gold: str | None, given: str | None) -> bool:
    """Equal, or the one contains the other; two absent dates are the same."""
    if not gold or not given:
        return not gold and not given
    return compatible(gold.replace("..", ""), given.replace("..", ""))


def files_of(row: Row) -> frozenset[str]:
    """The files in which a row's thing stands."""
    places = [row.get("document"), *(row.get("mentioned_in") or ())]
    found = (each.get("file") if isinstance(each, Mapping) else each for each in places)
    return frozenset(filter(None, found))


def quotes(row: Row) -> list[str]:
    """All quotations of a gold or system row."""
    more = row.get("also") or row.get("quotes") or row.get("sources") or ()
    texts = [each.get("quote", "") if isinstance(each, Mapping) else each for each in more]
    return [text for text in [row.get("quote") or "", *texts] if text]


def best_overlap(gold: Row, given: Row) -> float:
    """The best overlap of any of their quotations."""
    pairs = ((a, b) for a in quotes(gold) for b in quotes(given))
    return max((overlap(a, b) for a, b in pairs), default=0.0)


def within(rows: Iterable[Row], files: frozenset[str]) -> list[Row]:
    """The rows that stand in the documents that the gold covers."""
    return [row for row in rows if files_of(row) & files]
