"""Question forms: files that say which questions they answer, by which SPARQL, in which words.

``search/questions/*.yaml`` hold one form each; their README explains the fields. A form is
tried when all that it needs is linked; where several are, the one whose sample wordings
and cues come nearest goes first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from kg.embed import Embedder, Vectors
from kg.errors import FindingsError
from search.ask.cues import cues
from search.ask.nearness import LEAST
from search.ask.records import Asks, Reading
from search.ask.words import date_words
from search.words import words

NEAREST = 0.30
"""Similarity to a sample from which a form may be tried at all."""

PER_NEED, PER_CUE = 0.07, 0.08
"""What each linked need and each cue found counts beside the similarity, from 0 to 1."""

UNREAD, UNREAD_WORDS = 0.3, 1
"""Share of a question's words that a form may leave unread, and how many in any case."""

TOPICS = frozenset({"option", "partner"})
"""Cues whose words may be the topic as well: "the benefits of a trust"."""

_SLOT = re.compile(r"\$(\w+)")


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question form; ``search/questions/README.md`` says what each field means."""

    about: str
    samples: tuple[str, ...]
    asks: tuple[Asks, ...]
    sparql: str
    one: str
    tests: tuple[str, ...]
    needs: tuple[str, ...] = ()
    cues: tuple[tuple[str, ...], ...] = ()
    unless: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    many: str = ""
    each: str = ""
    values: tuple[str, ...] = ()
    most: int = 12
    distinct: str = ""
    agree: str = ""
    near: str = ""
    least: float = LEAST
    alike: float = NEAREST
    shown: int = 6
    quotes: int = 0
    later: bool = False
    empty: Literal["passages", "refuse"] = "passages"
    says: str = ""


@cache
def forms() -> dict[str, Form]:
    """All forms by the name of their file."""
    found = {}
    for path in sorted(files("search.questions").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".yaml"):
            try:
                found[path.name.removesuffix(".yaml")] = msgspec.yaml.decode(
                    path.read_bytes(), type=Form
                )
            except msgspec.DecodeError as error:
                raise FindingsError(
                    f"The question form {path.name} cannot be read.", why=str(error)
                ) from error
    return found


class Chooser:
    """Chooses forms for readings; holds the vectors of all samples."""

    def __init__(self, embedder: Embedder) -> None:
        samples = [(name, text) for name, form in forms().items() for text in form.samples]
        self._owners = [name for name, _ in samples]
        self._vectors = embedder.encode([text for _, text in samples])

    def choose(
        self, reading: Reading, slots: Mapping[str, Sequence[str]], vector: Vectors
    ) -> list[tuple[float, str]]:
        """Forms that may answer, best first, with their scores."""
        near: dict[str, float] = dict.fromkeys(self._owners, 0.0)
        for name, cosine in zip(self._owners, self._vectors @ vector, strict=True):
            near[name] = max(near[name], float(cosine))
        scored = [
            (_score(form, reading, near[name]), name)
            for name, form in forms().items()
            if fits(form, reading, slots, near[name], slots.get("measure", ()))
        ]
        return sorted(scored, key=lambda s: (-s[0], s[1]))


def fits(
    form: Form,
    reading: Reading,
    slots: Mapping[str, Sequence[str]],
    near: float,
    labels: Sequence[str] = (),
) -> bool:
    """Whether a form may be tried: asked for its kind of thing, needs linked, cues there."""
    return (
        reading.asks in form.asks
        and (bool(form.near) or unread(form, reading, labels) <= UNREAD)
        and near >= form.alike
        and all(linked(need, slots) for need in form.needs)
        and all(any(map(reading.has, group)) for group in form.cues)
        and not any(map(reading.has, form.unless))
        and not any(slots.get(slot) for slot in form.without)
    )


def unread(form: Form, reading: Reading, labels: Sequence[str]) -> float:
    """The share of the question's words that neither links, cues, dates nor samples explain.

    A query that ignores half of a question answers another one.
    """
    spans = [(link.start, link.end) for link in reading.links if link.slot != "loose"]
    signs = [cues().named[name] for group in form.cues for name in group]
    spans += [match.span() for sign in signs for match in sign.finditer(reading.mended)]
    known = {word.stem for text in (*form.samples, *labels) for word in words(text)}
    topical = [w for w in words(reading.mended) if not w.is_stop]
    left = [
        w
        for w in topical
        if w.stem not in known
        and not any(a <= w.start < b for a, b in spans)
        and not any(w.printed.lower() in date_words(d).lower() for d in reading.dates)
        and not w.printed[:1].isdigit()
    ]
    return 0.0 if len(left) <= UNREAD_WORDS else len(left) / len(topical)


def topical(form: Form, reading: Reading) -> bool:
    """Whether a question names a topic beside what the form asks for anyway: "What was
    recommended?" does not, and means all recommendations."""
    names = {name for group in form.cues for name in group} - TOPICS | {"general"}
    signs = [cues().named[name] for name in names]
    spans = [m.span() for sign in signs for m in sign.finditer(reading.topic)]
    asked = [m.group() for sign in signs for m in sign.finditer(reading.mended)]
    asking = {word.stem for each in asked for word in words(each)}
    return any(
        not word.is_stop
        and word.stem not in asking
        and not any(a <= word.start < b for a, b in spans)
        for word in words(reading.topic)
    )


def linked(need: str, slots: Mapping[str, Sequence[str]]) -> bool:
    """A need is a slot, or several with ``|`` between, or ``dates=2`` for so many."""
    name, _, count = need.partition("=")
    return any(len(slots.get(one, ())) >= int(count or 1) for one in name.split("|"))


def needed(need: str) -> str:
    """A need in words: ``post|body`` is "a post or body", ``date=2`` "2 dates"."""
    name, _, count = need.partition("=")
    plain = name.replace("|", " or ").replace("own", "document")
    return f"{count} {plain}s" if count else f"a {plain}"


def _score(form: Form, reading: Reading, near: float) -> float:
    first = PER_CUE / (1 + form.asks.index(reading.asks))
    return near + PER_NEED * len(form.needs) + PER_CUE * len(form.cues) + first


def filled(sparql: str, slots: Mapping[str, Sequence[str]]) -> str:
    """The query with its slots filled; a line that has an unlinked slot is left out.

    ``$event`` becomes all values with blanks between, for ``VALUES``; ``$date_1`` the first
    of ``date``, ``$date_last`` the last.
    """
    lines = []
    for line in sparql.splitlines():
        names = _SLOT.findall(line)
        values = {name: _value(name, slots) for name in names}
        if all(values.values()):
            lines.append(_SLOT.sub(lambda m: values[m[1]] or "", line))  # noqa: B023
    return "\n".join(lines)


def _value(name: str, slots: Mapping[str, Sequence[str]]) -> str | None:
    base, _, place = name.rpartition("_")
    if base in slots and (place.isdigit() or place == "last"):
        values = slots[base]
        at = len(values) if place == "last" else int(place)
        return values[at - 1] if 0 < at <= len(values) else None
    return " ".join(slots.get(name, ())) or None
