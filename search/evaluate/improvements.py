"""Score predicted improvement lists against the gold's, item by item.

Gold lists of one document and scope (local authority or safeguarding board) are taken
together. An item is right when its words are the same after dropping case, white space,
punctuation and hyphens; each gold item is found once.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Item:
    """One predicted item: its words and whether it is of the authority or the board."""

    file: str
    scope: str
    text: str
    number: str = ""


@dataclass
class Result:
    """Counts of items, with those not found and those that no gold list has."""

    right: int = 0
    missing: list[Item] = field(default_factory=list)
    extra: list[Item] = field(default_factory=list)
    wrong_numbers: list[tuple[Item, str]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of gold items found."""
        return self.right / ((self.right + len(self.missing)) or 1)

    @property
    def precision(self) -> float:
        """Share of predicted items that a gold list has."""
        return self.right / ((self.right + len(self.extra)) or 1)


def score(gold_rows: Sequence[Mapping[str, Any]], predicted: Iterable[Item]) -> Result:
    """Compare items of the documents that the gold covers; others are left out."""
    result = Result()
    wanted = _gold(gold_rows)
    files = {row["file"] for row in gold_rows}
    given: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in predicted:
        if item.file in files:
            given[item.file, item.scope].append(item)
    for key in sorted(wanted.keys() | given.keys()):
        _compare(result, wanted.get(key, []), given.get(key, []))
    return result


def normal(text: str) -> str:
    """Words alone: no case, white space, punctuation, hyphens or tags."""
    return re.sub(r"<[^>]+>|[\W_]", "", text.casefold())


def _gold(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[Item]]:
    out: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for row in rows:
        numbers = row.get("numbers") or [""] * len(row["items"])
        for text, number in zip(row["items"], numbers, strict=True):
            out[row["file"], row["scope"]].append(Item(row["file"], row["scope"], text, number))
    return out


def _compare(result: Result, wanted: list[Item], given: list[Item]) -> None:
    left = Counter(normal(item.text) for item in given)
    numbers = {normal(item.text): item.number for item in given}
    for item in wanted:
        key = normal(item.text)
        if not left[key]:
            result.missing.append(item)
            continue
        left[key] -= 1
        result.right += 1
        if item.number and numbers[key] != item.number:
            result.wrong_numbers.append((item, numbers[key]))
    for item in given:
        key = normal(item.text)
        if left[key]:
            left[key] -= 1
            result.extra.append(item)
