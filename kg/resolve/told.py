"""What resolvers keep of one document, stored until the document or the code changes.

With it a build resolves thousands of documents of which it reads only the new ones.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

import msgspec

from kg.model import Record
from kg.quads.ids import claim_kind
from kg.resolve import Recall, Resolution, Resolved, Resolvers
from kg.resolve.keys import authority_of
from kg.resolve.meaning import Links, Meaning, links_of
from kg.resolve.states import join
from kg.versions import graph_version


class Told(msgspec.Struct, frozen=True):
    """One document: a digest of its record, its authority, how many of what it holds, what it
    refers to, and the state of each resolver that has seen nothing else."""

    document: str
    stamp: str
    authority: str | None
    counts: dict[str, int]
    links: Links
    states: tuple[msgspec.Raw, ...]


def telling(reading: str, resolvers: Resolvers) -> str:
    """The version of what is told: by which code it was read, by which resolvers kept."""
    kinds = (type(state) for state in Resolution(resolvers).states())
    names = ",".join(f"{kind.__module__}.{kind.__qualname__}" for kind in kinds)
    return f"{reading}:{graph_version()}:{names}"


def told_key(sha256: str, file: str, version: str) -> str:
    """What is told of a file is kept under: its bytes and name, and all that worked on them."""
    return hashlib.sha256("\0".join((sha256, file, version)).encode()).hexdigest()


_decoder = msgspec.msgpack.Decoder(Told)


def tell(record: Record, resolvers: Resolvers) -> bytes:
    """What is kept of a record, encoded; :func:`heard` decodes it."""
    run = Resolution(resolvers)
    run.see(record)
    states = tuple(msgspec.Raw(msgspec.msgpack.encode(state)) for state in run.states())
    stamp = hashlib.sha256(msgspec.msgpack.encode(record)).hexdigest()
    document = record.document
    told = Told(
        document.id, stamp, authority_of(document), _counts(record), links_of(record), states
    )
    return msgspec.msgpack.encode(told)


def heard(told: bytes) -> Told:
    """What :func:`tell` made."""
    return _decoder.decode(told)


def resolve_told(documents: Iterable[Told], resolvers: Resolvers, recall: Recall) -> Resolved:
    """The entities of documents, each of which is told once, in order of id."""
    run = Resolution(resolvers)
    states = run.states()
    decoders = [msgspec.msgpack.Decoder(type(state)) for state in states]
    for told in documents:
        for state, decoder, more in zip(states, decoders, told.states, strict=True):
            join(state, decoder.decode(more))
    return run.settle(recall)


def meaning_of(told: Told, resolved: Resolved) -> Meaning:
    """What the references of a document mean."""
    return Meaning(
        tuple(resolved.events.ids[key] for key in told.links.events),
        tuple(resolved.organisations.ids[key] for key in told.links.bodies),
        tuple(resolved.posts.ids[key] for key in told.links.posts),
        tuple(resolved.tenures.ids[claim] for claim in told.links.tenures),
        tuple(resolved.sides(told.document)),
        f"organisation/{told.authority}" in resolved.organisations.entities,
    )


def graph_key(told: Told, meaning: Meaning) -> str:
    """A digest of all that a document's graph is made from: its record and its entities."""
    links = [*meaning.events, *meaning.bodies, *meaning.posts, *meaning.tenures]
    made = (told.stamp, links, meaning.sides)
    return hashlib.sha256(msgspec.json.encode(made)).hexdigest()[:16]


def _counts(record: Record) -> dict[str, int]:
    claims = Counter(map(claim_kind, record.claims))
    passages = {"passages": len(record.passages)} if record.passages else {}
    return {"documents": 1, **passages, **claims}
