"""Who held a post when: taking up, leaving, covering, and holding on the day of a document.

What a sentence states is read by the wordings of ``ontology/tenures.yaml``. What only
follows, an addressee or signatory holding the post on the day of the letter, is marked
inferred and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, cast

import msgspec

from kg.extract.context import Context
from kg.extract.lexicon import load, posts
from kg.extract.masked import Entity, Masked, Template, masked
from kg.extract.named import named_holders
from kg.model import Claim, Document, Mode, TenureClaim

EXTRACTOR = "tenures@1"
_SLOTS = ("since", "until", "period")
_PREVIOUS = re.compile(
    r"\b(?:previous|former|outgoing|predecessor|(?:his|her) predecessor)\W*$", re.I
)
_SEASON = re.compile(r"\b(?:spring|summer|autumn|winter)\b", re.I)
_FORMER = re.compile(r"^ predecessor\b")


class Statement(msgspec.Struct, frozen=True):
    """Wordings that tell of one kind of change; see ``ontology/tenures.yaml``."""

    tells: Literal["start", "end", "span", "hold", "now"]
    wordings: tuple[str, ...]
    mode: Mode = "unknown"


class Statements(msgspec.Struct, frozen=True):
    """``ontology/tenures.yaml``."""

    statements: tuple[Statement, ...]


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """Stated tenures sentence by sentence, then the named and the inferred ones."""
    told: list[TenureClaim] = []
    for sentence in masked(document, context):
        told += _once(list(_stated(sentence)))
    yield from told
    yield from named_holders(document, context, told)


def _stated(sentence: Masked) -> Iterator[TenureClaim]:
    if "<P" not in sentence.text:
        return
    for statement, template in _templates():
        for match in template.find(sentence.text):
            claim = _claim(sentence, statement, match)
            if claim:
                yield claim


def _claim(
    sentence: Masked, statement: Statement, match: dict[str, tuple[int, int]]
) -> TenureClaim | None:
    post = sentence.at(*match["post"])
    if post is None or post.kind != "P" or _is_class(post.name):
        return None
    dates = {slot: sentence.at(*match[slot]) for slot in _SLOTS if slot in match}
    since, until = _interval(dates)
    day = _day(sentence.document)
    since = day if statement.tells == "now" else since
    holder = sentence.at(*match["holder"]) if "holder" in match else None
    start, end = sentence.span(*match[""])
    inferred = any(date and date.basis == "inferred" for date in dates.values()) or post.meant
    return TenureClaim(
        start=start,
        end=end,
        extractor=EXTRACTOR,
        confidence=0.7 if inferred else 0.85,
        post=post.name,
        organisation=post.organisation,
        holder=f"the {holder.name}" if holder and not holder.meant else "",
        since=since,
        until=until,
        on=day if statement.tells == "hold" else None,
        mode=_mode(statement, post, sentence, match),
        basis="inferred" if inferred else "stated",
        explanation="The date or the post leans on words before it." if inferred else "",
    )


def _interval(dates: dict[str, Entity | None]) -> tuple[str | None, str | None]:
    period = dates.get("period")
    if period:
        first, _, last = period.name.partition("/")
        return first or None, last or None
    since, until = dates.get("since"), dates.get("until")
    return _start(since), _end(until)


def _day(document: Document) -> str | None:
    return document.identity.date.value if document.identity.date else None


def _start(date: Entity | None) -> str | None:
    """A date, a season as the months that it may mean; of a longer period its end."""
    if date is None:
        return None
    season = _SEASON.search(date.printed) and "/" in date.name
    return date.name if season else _end(date)


def _end(date: Entity | None) -> str | None:
    """A date, of a period its end: "from May until July, when she left"."""
    return date.name.rpartition("/")[2] or None if date else None


def _mode(
    statement: Statement, post: Entity, sentence: Masked, match: dict[str, tuple[int, int]]
) -> Mode:
    if statement.mode != "unknown":
        return statement.mode
    words = f"{post.printed} {sentence.text[slice(*match[''])]}".lower()
    if post.printed:
        first = post.printed.lower().split()[0]
        for mode, forms in posts().modes.items():
            if first in forms:
                return cast(Mode, mode)
    if re.search(r"\binterim basis\b|\b(?:an|two|three) interims?\b", words):
        return "interim"
    if re.search(
        r"\bconfirmed as the permanent\b|\bpermanent basis\b|\bmade permanent\b|\bpermanently\b",
        words,
    ):
        return "permanent"
    return "unknown"


def _once(claims: list[TenureClaim]) -> list[TenureClaim]:
    """One claim for a post and a date in a sentence: the one that says most."""
    best: dict[tuple[str, str | None, str | None], TenureClaim] = {}
    for claim in claims:
        key = (claim.post, claim.since, claim.until)
        if key not in best or _says(claim) > _says(best[key]):
            best[key] = claim
    dated = {claim.post for claim in best.values() if claim.since or claim.until}
    return [c for c in best.values() if c.since or c.until or c.post not in dated]


def _says(claim: TenureClaim) -> tuple[bool, bool, int]:
    return claim.mode != "unknown", bool(claim.holder), claim.end - claim.start


@cache
def _classes() -> frozenset[str]:
    return frozenset(form.label for form in posts().posts if form.class_)


def _is_class(label: str) -> bool:
    return label in _classes()


@cache
def _templates() -> tuple[tuple[Statement, Template], ...]:
    statements = load("tenures", Statements).statements
    return tuple((s, Template(wording)) for s in statements for wording in s.wordings)
