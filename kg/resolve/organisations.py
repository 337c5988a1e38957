"""Bodies across documents: one entity whichever name, abbreviation or place stands before it.

A council is the authority of the gazetteer. A body that each authority has one of ("the
Improvement Board") belongs to the authority of the document, or to the one whose name it
carries ("Vale Safeguarding Children Partnership" in another authority's report). All other
names mean the same body everywhere.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec
from msgspec.structs import replace

from kg import gazetteer
from kg.extract.lexicon import bodies, pattern
from kg.model import OrganisationClaim, Record
from kg.resolve import Directory
from kg.resolve.entities import Organisation
from kg.resolve.keys import BodyKey, body_key
from kg.resolve.references import body_keys
from kg.resolve.states import State
from ontology.iris import slugify


class Named(State):
    """The names that are used, what the first claim of each says, and all ways of printing."""

    keys: set[BodyKey] = msgspec.field(default_factory=set)
    claims: dict[BodyKey, OrganisationClaim] = msgspec.field(default_factory=dict)
    printed: dict[BodyKey, set[str]] = msgspec.field(default_factory=dict)
    authorities: set[str] = msgspec.field(default_factory=set)


class Organisations:
    """Resolves the names of bodies; see the module."""

    def __init__(self) -> None:
        self.state = Named()

    def see(self, record: Record) -> None:
        """Take in the names that a document uses."""
        self.state.keys.update(body_keys(record))
        if record.document.identity.authority:
            self.state.authorities.add(record.document.identity.authority.value)
        for claim in record.claims:
            if isinstance(claim, OrganisationClaim):
                key = body_key(claim.name, record.document)
                self.state.keys.add(key)
                self.state.claims.setdefault(key, claim)
                self.state.printed.setdefault(key, set()).add(" ".join(claim.printed.split()))

    def settle(self) -> Directory[BodyKey, Organisation]:
        """The bodies, and the body that each name means."""
        entities: dict[str, Organisation] = {}
        ids: dict[BodyKey, str] = {}
        for slug in sorted(self.state.authorities):
            entities[f"organisation/{slug}"] = _council(slug)
        for key in sorted(self.state.keys, key=str):
            body = self._body(key)
            ids[key] = body.id
            entities[body.id] = _merge(entities.get(body.id), body)
        return Directory(entities, ids)

    def _body(self, key: BodyKey) -> Organisation:
        claim = self.state.claims.get(key)
        ident, authority = identify(key.name, key.authority, local=bool(claim and claim.authority))
        printed = tuple(sorted(self.state.printed.get(key, ())))
        if claim is None:
            return Organisation(ident, key.name, printed, _type_of(key.name), authority=authority)
        above = identify(claim.part_of, key.authority, local=True)[0] if claim.part_of else None
        return Organisation(
            ident, claim.name, printed, claim.type, above if above != ident else None, authority
        )


def identify(name: str, place: str | None, local: bool) -> tuple[str, str | None]:
    """The id of a body and the authority that it belongs to, if it belongs to one."""
    for named in gazetteer.find(name):
        if named.start == 0 and named.end == len(name) and named.formal:
            return f"organisation/{named.slug}", named.slug
    own, bare = _own_name(name)
    place = own or place
    if (local or bare in _local_names()) and bare not in _national_names():
        return "/".join(filter(None, ("organisation", place, slugify(bare)))), place
    return f"organisation/{slugify(bare) or 'unnamed'}", None


def _own_name(name: str) -> tuple[str | None, str]:
    """The authority whose name a local body carries, and the body's usual name."""
    place, bare = None, name
    for named in gazetteer.find(name):
        if named.start == 0:
            place, bare = named.slug, name[named.end :].removeprefix("'s").strip()
    for usual, rule in _local_rules():
        if rule.fullmatch(bare):
            return place, usual
    return None, name


def _council(slug: str) -> Organisation:
    known = gazetteer.authorities().get(slug)
    label = known.council if known else slug.replace("-", " ").title()
    aliases = tuple(sorted({known.name, *known.aliases})) if known else ()
    return Organisation(f"organisation/{slug}", label, aliases, "local-authority", authority=slug)


def _merge(old: Organisation | None, new: Organisation) -> Organisation:
    if old is None:
        return replace(new, aliases=tuple(alias for alias in new.aliases if alias != new.label))
    aliases = {*old.aliases, *new.aliases, new.label} - {old.label}
    return replace(
        old,
        aliases=tuple(sorted(aliases)),
        type=old.type or new.type,
        part_of=old.part_of or new.part_of,
    )


def _type_of(name: str) -> str | None:
    known = {body.name: body.type for body in bodies().national}
    known.update({body.name: body.type for body in bodies().local})
    return known.get(name)


@cache
def _local_rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((body.name, pattern(body.forms, body.exact)) for body in bodies().local)


@cache
def _local_names() -> frozenset[str]:
    return frozenset(body.name for body in bodies().local)


@cache
def _national_names() -> frozenset[str]:
    return frozenset(body.name for body in bodies().national)
