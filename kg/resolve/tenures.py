"""One tenure for all that documents say of one holder of one post.

Statements of one post are taken in the order of their dates. Two tell of one tenure when
their starts agree, or lie within two months in one mode (documents differ by a month where
one counts the decision and the other the first day); a leaving ends the tenure that was
open then; a holding without dates joins the tenure that covers its day. An inspector's or
other office's holders are told apart by their names.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import msgspec
from msgspec.structs import replace

from kg.edtf import compatible, days, earliest, latest
from kg.model import Mode, Record, TenureClaim
from kg.quads.ids import claim_id
from kg.resolve import Directory
from kg.resolve.entities import Tenure
from kg.resolve.keys import PostKey, post_key
from kg.resolve.posts import Posts, Titles
from kg.resolve.states import State
from ontology.iris import digest

_NEAR = 62
_LONG = 5 * 366
"""Days after which an ending is no longer taken to be of the holder known last."""

_ALIKE: tuple[frozenset[Mode], ...] = (
    frozenset({"interim", "acting", "covering"}),
    frozenset({"interim", "seconded"}),
)


@dataclass
class _Held:
    """A tenure while its statements are brought together."""

    post: str
    since: str | None = None
    until: str | None = None
    mode: Mode = "unknown"
    holder: str = ""
    name: str = ""
    days: list[str] = field(default_factory=list)
    starts: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def take(self, ident: str, claim: TenureClaim) -> None:
        """Add what one statement says; what is known and as precise stays."""
        self.said.append(ident)
        self.starts += [claim.since] if claim.since else []
        self.ends += [claim.until] if claim.until else []
        self.since, self.until = _agreed(self.starts), _agreed(self.ends)
        self.mode = self.mode if self.mode != "unknown" else claim.mode
        self.holder = self.holder or claim.holder
        self.name = self.name or (claim.name.value if claim.name else "")
        if claim.on:
            self.days.append(claim.on)


class Stated(State):
    """The titles of posts, and every statement of a tenure with its id."""

    posts: Titles
    claims: list[tuple[str, PostKey, TenureClaim]] = msgspec.field(default_factory=list)


class Tenures:
    """Resolves statements of tenures; see the module."""

    def __init__(self) -> None:
        self._posts = Posts()
        self.state = Stated(self._posts.state)

    def see(self, record: Record) -> None:
        """Take in the tenures that a document tells of."""
        self._posts.see(record)
        for claim in record.claims:
            if isinstance(claim, TenureClaim):
                key = post_key(claim.post, claim.organisation, record.document)
                self.state.claims.append((claim_id(record.document.id, claim), key, claim))

    def settle(self) -> Directory[str, Tenure]:
        """The tenures, and the tenure of which each claim tells."""
        posts = self._posts.settle()
        groups: dict[str, list[tuple[str, TenureClaim]]] = defaultdict(list)
        for ident, key, claim in self.state.claims:
            groups[posts.ids[key]].append((ident, claim))
        entities: dict[str, Tenure] = {}
        ids: dict[str, str] = {}
        for post in sorted(groups):
            for tenure, said in _linked(post, _gather(post, groups[post])):
                entities[tenure.id] = tenure
                ids.update((ident, tenure.id) for ident in said)
        return Directory(entities, ids)


def _gather(post: str, claims: list[tuple[str, TenureClaim]]) -> list[_Held]:
    """Starts first, then endings, then what is only held."""
    held: list[_Held] = []
    for ident, claim in sorted(claims, key=_order):
        found = _of_start(held, claim) if claim.since else None
        if not claim.since and claim.until:
            found = _of_end(held, claim)
        elif not claim.since:
            found = _of_day(held, claim, shared=post.startswith("post/england/"))
        if found is None:
            found = _Held(post)
            held.append(found)
        found.take(ident, claim)
    return held


def _order(said: tuple[str, TenureClaim]) -> tuple[int, str, int, str]:
    ident, claim = said
    step = 0 if claim.since else 1 if claim.until else 2
    day = claim.since or claim.until or claim.on or ""
    return step, earliest(day) if day else "", -len(day), ident


def _of_start(held: list[_Held], claim: TenureClaim) -> _Held | None:
    for each in reversed(held):
        if each.since and claim.since and _alike(each.mode, claim.mode):
            same = compatible(each.since, claim.since)
            if same or (abs(_days(each.since, claim.since)) <= _NEAR and _may_join(each, claim)):
                return each
    return None


def _may_join(each: _Held, claim: TenureClaim) -> bool:
    """Whether starts some weeks apart can be one: not when an ending lies between them."""
    return not (each.until and claim.since and earliest(claim.since) >= earliest(each.until))


def _of_end(held: list[_Held], claim: TenureClaim) -> _Held | None:
    """The tenure with that end, or the last one begun before it whose end is not known."""
    until = claim.until or ""
    for each in held:
        if each.until and compatible(each.until, until) and _alike(each.mode, claim.mode):
            return each
    begun = [e for e in held if e.since and 0 < _days(until, e.since) <= _LONG]
    for each in sorted(begun, key=lambda e: earliest(e.since or ""), reverse=True):
        if each.until is None and _alike(each.mode, claim.mode):
            return each
        break
    return None


def _of_day(held: list[_Held], claim: TenureClaim, shared: bool) -> _Held | None:
    """The tenure that covers the day on which a post is said to be held."""
    name = claim.name.value if claim.name else ""
    if shared:
        return next((each for each in held if name and each.name == name), None)
    fitting = [each for each in held if _alike(each.mode, claim.mode) and _fits(each, claim, name)]
    return fitting[-1] if fitting else None


def _fits(each: _Held, claim: TenureClaim, name: str) -> bool:
    if name and each.name and name != each.name:
        return False
    if not claim.on:
        return True
    started = not each.since or earliest(each.since) <= latest(claim.on)
    ended = each.until and latest(each.until) < earliest(claim.on)
    return bool(started and not ended)


def _alike(one: Mode, other: Mode) -> bool:
    return "unknown" in (one, other) or one == other or any({one, other} <= a for a in _ALIKE)


def _days(one: str, other: str) -> int:
    return (date.fromisoformat(earliest(one)) - date.fromisoformat(earliest(other))).days


def _agreed(said: list[str]) -> str | None:
    """The date that most statements agree with, as precisely as one of them puts it."""
    if not said:
        return None
    most = max(said, key=lambda one: (sum(compatible(one, other) for other in said), len(one)))
    return min((one for one in said if compatible(one, most)), key=lambda one: (days(one), one))


def _linked(post: str, held: list[_Held]) -> list[tuple[Tenure, list[str]]]:
    """The tenures of a post in order, each with its neighbours where the order is known."""
    held = sorted(held, key=lambda each: (_begin(each), each.since is not None, each.said[0]))
    tenures = [_tenure(post, each) for each in held]
    for i in range(len(tenures) - 1):
        before, after = tenures[i], tenures[i + 1]
        if _begin(held[i]) and held[i + 1].since and (before.until or before.since):
            tenures[i] = replace(before, successor=after.id)
            tenures[i + 1] = replace(after, predecessor=before.id)
    return [(tenure, each.said) for tenure, each in zip(tenures, held, strict=True)]


def _begin(each: _Held) -> str:
    return earliest(each.since or each.until or "") if each.since or each.until else ""


def _tenure(post: str, each: _Held) -> Tenure:
    when = each.since or (f"until-{each.until}" if each.until else "undated")
    who = f"-{digest(each.name)[:6]}" if post.startswith("post/england/") and each.name else ""
    mode = f"-{each.mode}" if each.mode != "unknown" else ""
    ident = f"tenure/{post.removeprefix('post/')}/{when}{mode}{who}"
    return Tenure(ident, post, each.holder, each.since, each.until, each.mode)
