"""English authorities responsible for children's services: who they are, where named.

The facts stand in ``ontology/authorities.csv``, one authority a line. A name is found in
any of the forms that documents print ("Bradford", "City of Bradford Metropolitan District
Council", "CITY OF BRADFORD …", "Bradford local authority"): the place name or an alias,
with the titles and body words that a council puts around it.

    >>> [m.slug for m in find("Inspection of Kingston upon Hull local authority")]
    ['kingston-upon-hull']
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_BEFORE = (
    r"(?:(?:the\s+)?(?:(?:London|Royal|Metropolitan)\s+Borough|Metropolitan\s+District|City|"
    r"Borough|County|Council|District)\s+(?:Council\s+)?(?:of|for)\s+(?:the\s+)?){0,2}"
)
_AFTER = (
    r"(?:\s+(?:London|Royal|City|County|Metropolitan|District|Borough|Unitary|and|MBC|&))*?"
    r"\s+(?:Council\b|Corporation\b|MBC\b|CC\b|(?:local\s+)?authority\b)|\s+City\b"
)


@dataclass(frozen=True)
class Authority:
    """One authority. ``neighbours`` are its statistical neighbours, nearest first.

    ``valid_from``/``valid_until`` are set for authorities made or ended by reorganisation,
    ``successors`` for the ended ones; all refer to other slugs.
    """

    slug: str
    la_code: str
    gss: str
    name: str
    council: str
    aliases: tuple[str, ...]
    type: str
    region: str
    neighbours: tuple[str, ...]
    valid_from: str
    valid_until: str
    successors: tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """An authority named in a text; ``formal`` when named as a council or authority."""

    start: int
    end: int
    slug: str
    formal: bool


@cache
def authorities() -> dict[str, Authority]:
    """All authorities by slug."""
    table = files("ontology").joinpath("authorities.csv").read_text(encoding="utf-8")
    return {row["slug"]: _authority(row) for row in csv.DictReader(table.splitlines())}


def find(text: str) -> list[Named]:
    """Every authority named in a text, in order; the longest name wins where two overlap."""
    return list(_found(text))


@lru_cache(maxsize=2048)
def _found(text: str) -> tuple[Named, ...]:
    """Kept for the extractors that read the same lines one after another."""
    matches = _pattern().finditer(text)
    return tuple(_named(match) for match in matches if _proper(match["core"]))


def _authority(row: dict[str, str]) -> Authority:
    several = {key: tuple(filter(None, row[key].split("|"))) for key in _SEVERAL}
    single = {key: value for key, value in row.items() if key not in _SEVERAL}
    return Authority(**single, **several)  # type: ignore[arg-type]


_SEVERAL = ("aliases", "neighbours", "successors")


def _named(match: re.Match[str]) -> Named:
    core = _key(match["core"])
    formal = match["before"] != "" or match["after"] is not None or core in _councils()
    return Named(match.start(), match.end(), _names()[core], formal)


def _proper(core: str) -> bool:
    """Reading, Bury and Sutton are places only with a capital."""
    return core[0].isupper()


@cache
def _councils() -> frozenset[str]:
    return frozenset(_key(authority.council) for authority in authorities().values())


@cache
def _names() -> dict[str, str]:
    out: dict[str, str] = {}
    for slug, authority in authorities().items():
        for name in (authority.name, authority.council, *authority.aliases):
            out.setdefault(_key(name), slug)
    return out


def _key(name: str) -> str:
    words = re.sub(r"[^\w&]+", " ", name.lower().replace("&", " and "))
    return " ".join(words.split())


@cache
def _pattern() -> re.Pattern[str]:
    cores = _alternatives(sorted(_names(), key=len, reverse=True))
    return re.compile(
        rf"(?<![\w-])(?P<before>{_BEFORE})(?P<core>{cores})(?![\w-])(?P<after>{_AFTER})?", re.I
    )


def _alternatives(names: Sequence[str]) -> str:
    """Names in order of preference, by their first letter: few are tried at each place."""
    by_first: dict[str, list[str]] = {}
    for name in names:
        by_first.setdefault(name[0], []).append(_flexible(name)[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in by_first.items())


def _flexible(key: str) -> str:
    """A key's words with any of the signs that print between them (Stoke on Trent, B&NES)."""
    words = ["(?:and|&)" if word == "and" else re.escape(word) for word in key.split()]
    return r"(?:[\s,.\-‑–’'/]+|\s*(?=&)|(?<=&)\s*)".join(words)
