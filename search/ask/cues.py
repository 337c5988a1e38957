"""The words by which questions are read: ``cues.yaml``, compiled once."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from search.ask.records import Asks


class Place(msgspec.Struct, frozen=True):
    """Words for documents and events; ``loose`` ones point without naming."""

    words: re.Pattern[str]
    documents: tuple[str, ...]
    events: tuple[str, ...]
    loose: bool


class Cues(msgspec.Struct, frozen=True):
    """All patterns by which a question is read; see ``cues.yaml`` for what each is for."""

    respell: tuple[tuple[re.Pattern[str], str], ...]
    asks: tuple[tuple[Asks, tuple[re.Pattern[str], ...]], ...]
    frame: tuple[re.Pattern[str], ...]
    named: dict[str, re.Pattern[str]]
    joins: re.Pattern[str]
    places: tuple[Place, ...]
    parts: dict[str, tuple[int, int]]
    domains: dict[str, re.Pattern[str]]
    modes: dict[str, re.Pattern[str]]
    assertors: dict[str, re.Pattern[str]]
    grades: dict[str, re.Pattern[str]]
    sorts: tuple[str, ...]
    bare: dict[str, re.Pattern[str]]


@cache
def cues() -> Cues:
    """The cues, read and compiled at the first question."""
    raw: dict[str, Any] = msgspec.yaml.decode(
        files("search.ask").joinpath("cues.yaml").read_text(encoding="utf-8")
    )
    return Cues(
        respell=tuple((pattern(words), right) for words, right in raw["respell"]),
        asks=tuple(
            (kind, tuple(pattern(words.replace("<thing>", raw["thing"])) for words in each))
            for kind, each in raw["asks"].items()
        ),
        frame=tuple(map(pattern, raw["frame"])),
        named={name: pattern(words) for name, words in raw["cues"].items()},
        joins=pattern(raw["joins"]),
        places=tuple(_place(entry) for entry in raw["places"]),
        parts={words: (first, last) for words, (first, last) in raw["parts"].items()},
        domains={name: _any(each) for name, each in raw["domains"].items()},
        modes={name: _any(each) for name, each in raw["modes"].items()},
        assertors={name: _any(each) for name, each in raw["assertors"].items()},
        sorts=tuple(raw["sorts"]),
        bare={name: _any(each) for name, each in raw["bare"].items()},
        grades={name: _any(each) for name, each in raw["grades"].items()},
    )


def pattern(words: str) -> re.Pattern[str]:
    """A pattern of a data file: any case; questions come with straight apostrophes."""
    return re.compile(words, re.IGNORECASE)


def _any(each: list[str]) -> re.Pattern[str]:
    return pattern(rf"\b(?:{'|'.join(each)})\b")


def _place(entry: dict[str, Any]) -> Place:
    return Place(
        words=pattern(rf"\b(?:{entry['words']})\b"),
        documents=tuple(entry["documents"]),
        events=tuple(entry["events"]),
        loose=bool(entry.get("loose")),
    )
