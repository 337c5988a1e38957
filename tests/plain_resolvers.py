"""Bodies and posts resolved by their names alone; each tenure claim is its own tenure.

What is right without knowing more: equal names mean the same body, and the same post
within one authority. Names of nationwide bodies are known by their type.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from kg.model import OrganisationClaim, PostClaim, Record, TenureClaim
from kg.quads.ids import claim_id
from kg.resolve import Directory
from kg.resolve.entities import Organisation, Post, Tenure
from kg.resolve.keys import BodyKey, PostKey, authority_of, body_key, post_key
from kg.resolve.references import body_keys, post_keys
from kg.resolve.states import State
from ontology.iris import slugify


def body_id(key: BodyKey, local: bool) -> str:
    """``organisation/{authority}/{name}`` for a local body, else ``organisation/{name}``."""
    place = [key.authority] if local and key.authority else []
    return "/".join(["organisation", *place, slugify(key.name) or "unnamed"])


def authority_id(slug: str) -> str:
    """The id of a local authority as a body."""
    return f"organisation/{slug}"


class Bodies(State):
    """Names that are used, the first claim of each, and all ways of printing it."""

    keys: set[BodyKey] = msgspec.field(default_factory=set)
    claims: dict[BodyKey, OrganisationClaim] = msgspec.field(default_factory=dict)
    aliases: dict[BodyKey, set[str]] = msgspec.field(default_factory=dict)
    authorities: set[str] = msgspec.field(default_factory=set)


class PlainBodies:
    """Bodies by name: those said to belong to an authority are told apart by it."""

    def __init__(self) -> None:
        self.state = Bodies()

    def see(self, record: Record) -> None:
        """Take in the names that a document uses."""
        self.state.keys.update(body_keys(record))
        identity = record.document.identity
        if identity.authority:
            self.state.authorities.add(identity.authority.value)
        for claim in record.claims:
            if isinstance(claim, OrganisationClaim):
                key = body_key(claim.name, record.document)
                self.state.claims.setdefault(key, claim)
                self.state.aliases.setdefault(key, set()).add(claim.printed)

    def settle(self) -> Directory[BodyKey, Organisation]:
        """One body a key, keys of one id together."""
        entities: dict[str, Organisation] = {}
        ids: dict[BodyKey, str] = {}
        for key in sorted(self.state.keys, key=str):
            body = self._body(key)
            ids[key] = body.id
            old = entities.get(body.id)
            aliases = {*body.aliases, *(old.aliases if old else ())} - {body.label}
            entities[body.id] = replace(old or body, aliases=tuple(sorted(aliases)))
        for slug in sorted(self.state.authorities):
            label = slug.replace("-", " ").title()
            ident = authority_id(slug)
            entities.setdefault(ident, Organisation(ident, label, type="local-authority"))
        return Directory(entities, ids)

    def _body(self, key: BodyKey) -> Organisation:
        claim = self.state.claims.get(key)
        if claim is None:
            return Organisation(body_id(key, local=False), key.name)
        ident = body_id(key, local=claim.authority is not None)
        part_of = BodyKey(claim.part_of, key.authority) if claim.part_of else None
        return Organisation(
            ident,
            claim.name,
            tuple(sorted(self.state.aliases[key])),
            claim.type,
            part_of=self._body(part_of).id if part_of and part_of != key else None,
            authority=claim.authority,
        )


class Titles(State):
    """Titles that are used, and all ways of printing each."""

    printed: dict[PostKey, set[str]] = msgspec.field(default_factory=dict)


class PlainPosts:
    """Posts by canonical label within one authority."""

    def __init__(self) -> None:
        self.state = Titles()

    def see(self, record: Record) -> None:
        """Take in the posts that a document names."""
        for key in post_keys(record):
            self.state.printed.setdefault(key, set())
        for claim in record.claims:
            if isinstance(claim, PostClaim):
                key = post_key(claim.post, claim.organisation, record.document)
                self.state.printed[key].add(claim.printed)

    def settle(self) -> Directory[PostKey, Post]:
        """One post for each label and authority."""
        entities: dict[str, Post] = {}
        ids: dict[PostKey, str] = {}
        for key in sorted(self.state.printed, key=str):
            ident = f"post/{key.authority or 'unplaced'}/{slugify(key.post) or 'unnamed'}"
            old = entities.get(ident, Post(ident, key.post))
            aliases = {*old.aliases, *self.state.printed[key]} - {key.post}
            entities[ident] = replace(old, aliases=tuple(sorted(aliases)))
            ids[key] = ident
        return Directory(entities, ids)


class Held(State):
    """A tenure for each claim."""

    tenures: dict[str, Tenure] = msgspec.field(default_factory=dict)


class PlainTenures:
    """Every tenure claim tells of a tenure of its own."""

    def __init__(self) -> None:
        self.state = Held()

    def see(self, record: Record) -> None:
        """Take in the tenures that a document tells of."""
        place = authority_of(record.document) or "unplaced"
        for claim in record.claims:
            if isinstance(claim, TenureClaim):
                said = claim_id(record.document.id, claim)
                post = f"post/{place}/{slugify(claim.post) or 'unnamed'}"
                ident = f"tenure/{place}/{slugify(claim.post)}-{said[-12:]}"
                self.state.tenures[said] = Tenure(
                    ident, post, claim.holder, claim.since, claim.until, claim.mode
                )

    def settle(self) -> Directory[str, Tenure]:
        """One tenure a claim."""
        entities = {tenure.id: tenure for tenure in self.state.tenures.values()}
        return Directory(entities, {said: tenure.id for said, tenure in self.state.tenures.items()})
