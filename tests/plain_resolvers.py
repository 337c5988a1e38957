"""Bodies and posts resolved by their names alone; each tenure claim is its own tenure.

What is right without knowing more: equal names mean the same body, and the same post
within one authority. Names of nationwide bodies are known by their type.
"""

from __future__ import annotations

from msgspec.structs import replace

from kg.model import OrganisationClaim, PostClaim, Record, TenureClaim
from kg.quads.ids import claim_id
from kg.resolve import Directory
from kg.resolve.entities import Organisation, Post, Tenure
from kg.resolve.keys import BodyKey, PostKey, authority_of, body_key, post_key
from kg.resolve.references import body_keys, post_keys
from ontology.iris import slugify


def body_id(key: BodyKey, local: bool) -> str:
    """``organisation/{authority}/{name}`` for a local body, else ``organisation/{name}``."""
    place = [key.authority] if local and key.authority else []
    return "/".join(["organisation", *place, slugify(key.name) or "unnamed"])


def authority_id(slug: str) -> str:
    """The id of a local authority as a body."""
    return f"organisation/{slug}"


def _merged(one: tuple[str, ...], other: str) -> tuple[str, ...]:
    return tuple(sorted({*one, other}))


class PlainBodies:
    """Bodies by name: those said to belong to an authority are told apart by it."""

    def __init__(self) -> None:
        self._keys: set[BodyKey] = set()
        self._claims: dict[BodyKey, OrganisationClaim] = {}
        self._aliases: dict[BodyKey, tuple[str, ...]] = {}
        self._authorities: dict[str, str] = {}

    def see(self, record: Record) -> None:
        """Take in the names that a document uses."""
        self._keys.update(body_keys(record))
        identity = record.document.identity
        if identity.authority:
            self._authorities.setdefault(identity.authority.value, identity.authority.value)
        for ref in body_keys(record):
            self._keys.add(ref)
        for claim in record.claims:
            if isinstance(claim, OrganisationClaim):
                key = body_key(claim.name, record.document)
                self._claims.setdefault(key, claim)
                self._aliases[key] = _merged(self._aliases.get(key, ()), claim.printed)

    def settle(self) -> Directory[BodyKey, Organisation]:
        """One body a key, keys of one id together."""
        entities: dict[str, Organisation] = {}
        ids: dict[BodyKey, str] = {}
        for key in sorted(self._keys, key=str):
            body = self._body(key)
            ids[key] = body.id
            old = entities.get(body.id)
            aliases = {*body.aliases, *(old.aliases if old else ())} - {body.label}
            entities[body.id] = replace(old or body, aliases=tuple(sorted(aliases)))
        for slug in self._authorities:
            label = slug.replace("-", " ").title()
            ident = authority_id(slug)
            entities.setdefault(ident, Organisation(ident, label, type="local-authority"))
        return Directory(entities, ids)

    def _body(self, key: BodyKey) -> Organisation:
        claim = self._claims.get(key)
        if claim is None:
            return Organisation(body_id(key, local=False), key.name)
        ident = body_id(key, local=claim.authority is not None)
        part_of = BodyKey(claim.part_of, key.authority) if claim.part_of else None
        return Organisation(
            ident,
            claim.name,
            self._aliases[key],
            claim.type,
            part_of=self._body(part_of).id if part_of and part_of != key else None,
            authority=claim.authority,
        )


class PlainPosts:
    """Posts by canonical label within one authority."""

    def __init__(self) -> None:
        self._keys: set[PostKey] = set()
        self._aliases: dict[PostKey, tuple[str, ...]] = {}

    def see(self, record: Record) -> None:
        """Take in the posts that a document names."""
        self._keys.update(post_keys(record))
        for claim in record.claims:
            if isinstance(claim, PostClaim):
                key = post_key(claim.post, claim.organisation, record.document)
                self._aliases[key] = _merged(self._aliases.get(key, ()), claim.printed)

    def settle(self) -> Directory[PostKey, Post]:
        """One post for each label and authority."""
        entities: dict[str, Post] = {}
        ids: dict[PostKey, str] = {}
        for key in sorted(self._keys, key=str):
            ident = f"post/{key.authority or 'unplaced'}/{slugify(key.post) or 'unnamed'}"
            old = entities.get(ident, Post(ident, key.post))
            aliases = {*old.aliases, *self._aliases.get(key, ())} - {key.post}
            entities[ident] = replace(old, aliases=tuple(sorted(aliases)))
            ids[key] = ident
        return Directory(entities, ids)


class PlainTenures:
    """Every tenure claim tells of a tenure of its own."""

    def __init__(self) -> None:
        self._tenures: dict[str, Tenure] = {}

    def see(self, record: Record) -> None:
        """Take in the tenures that a document tells of."""
        place = authority_of(record.document) or "unplaced"
        for claim in record.claims:
            if isinstance(claim, TenureClaim):
                said = claim_id(record.document.id, claim)
                post = f"post/{place}/{slugify(claim.post) or 'unnamed'}"
                ident = f"tenure/{place}/{slugify(claim.post)}-{said[-12:]}"
                self._tenures[said] = Tenure(
                    ident, post, claim.holder, claim.since, claim.until, claim.mode
                )

    def settle(self) -> Directory[str, Tenure]:
        """One tenure a claim."""
        entities = {tenure.id: tenure for tenure in self._tenures.values()}
        return Directory(entities, {said: tenure.id for said, tenure in self._tenures.items()})
