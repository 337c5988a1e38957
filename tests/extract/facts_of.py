"""Facts of documents as rows, read the way that the pipeline reads them, without a graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from kg.extract import EXTRACTORS, Context, extract, findings, repeats, scope
from kg.identify import identify
from kg.model import (
    ChangeClaim,
    Claim,
    CommitmentClaim,
    EventClaim,
    FigureClaim,
    JudgementClaim,
    OrganisationClaim,
    PostClaim,
    Record,
    TenureClaim,
)
from kg.quads.ids import claim_id
from kg.readers import read
from kg.resolve import Resolved, Resolvers, resolve
from kg.resolve.events import Events
from kg.resolve.keys import body_key, judged_key, mention_key, post_key
from kg.resolve.organisations import Organisations
from kg.resolve.posts import Posts
from kg.resolve.tenures import Tenures
from kg.sentences import sentences

RESOLVERS = Resolvers(Events, Organisations, Posts, Tenures)

NEED_A_MODEL = (findings.extract, scope.extract, repeats.extract)

FACTS = tuple(each for each in EXTRACTORS if each not in NEED_A_MODEL)
"""The extractors of facts, in the order of the pipeline; findings need a model."""

Rows = dict[str, list[dict[str, Any]]]


class NoModel:
    """Stands where a model would; no extractor of facts asks it anything."""

    name = "none"

    def encode(self, texts: Any) -> Any:
        raise AssertionError("extraction of facts needs no vectors")


def record_of(path: Path, file: str | None = None) -> Record:
    """A document read, identified and extracted."""
    document = read(path, file or path.name)
    document = replace(document, id=f"test/{document.sha256[:8]}", identity=identify(document))
    context = Context(sentences=sentences(document), embedder=NoModel())
    return Record(document, (), extract(document, context, FACTS))


def rows_of(records: Iterable[Record]) -> Rows:
    """Facts by kind, as ``findings facts KIND --json`` words them."""
    records = sorted(records, key=lambda record: record.document.id)
    resolved = resolve(records, RESOLVERS)
    said: dict[str, list[tuple[str, str]]] = defaultdict(list)
    out: Rows = defaultdict(list)
    for record in records:
        for claim in record.claims:
            quote = record.document.quote(claim.start, claim.end)
            if isinstance(claim, CommitmentClaim):
                out["commitments"].append(_commitment(claim, quote, record, resolved))
            elif isinstance(claim, ChangeClaim):
                out["changes"].append({"quote": quote, "change": claim.change})
            elif isinstance(claim, FigureClaim):
                out["figures"].append(_figure(claim, quote, record))
            elif isinstance(claim, JudgementClaim):
                out["judgements"].append(_judgement(claim, quote, record, resolved))
            elif key := _entity(claim, record, resolved):
                said[key].append((record.document.file, quote))
    _entities(out, resolved, said)
    return out


def _entity(claim: Claim, record: Record, resolved: Resolved) -> str | None:
    document = record.document
    match claim:
        case OrganisationClaim():
            return resolved.organisations.ids[body_key(claim.name, document)]
        case PostClaim():
            return resolved.posts.ids[post_key(claim.post, claim.organisation, document)]
        case TenureClaim():
            return resolved.tenures.ids[claim_id(document.id, claim)]
        case EventClaim():
            return resolved.events.ids[mention_key(claim, document)]
    return None


def _figure(claim: FigureClaim, quote: str, record: Record) -> dict[str, Any]:
    return {
        "document": {"file": record.document.file},
        "quote": quote,
        "measure": claim.measure,
        "value": claim.value,
        "date": claim.date,
    }


def _judgement(
    claim: JudgementClaim, quote: str, record: Record, resolved: Resolved
) -> dict[str, Any]:
    event = resolved.events.find(judged_key(claim, record.document))
    return {
        "document": {"file": record.document.file},
        "quote": quote,
        "domain": claim.domain,
        "grade": claim.grade,
        "inspection_start": event.date,
        "subject": claim.subject,
        "authority": event.authority,
    }


def _commitment(
    claim: CommitmentClaim, quote: str, record: Record, resolved: Resolved
) -> dict[str, Any]:
    everybody = [*resolved.posts.entities.values(), *resolved.organisations.entities.values()]
    aliases = [
        alias
        for each in everybody
        if claim.of_whom in (each.label, *each.aliases)
        for alias in (each.label, *each.aliases)
    ]
    return {
        "document": {"file": record.document.file},
        "quote": quote,
        "kind": claim.kind,
        "of_whom": claim.of_whom,
        "of_whom_aliases": aliases,
        "due": claim.due,
        "clause": claim.clause,
        "part_of": claim.part_of,
    }


def _entities(out: Rows, resolved: Resolved, said: dict[str, list[tuple[str, str]]]) -> None:
    def places(ident: str) -> dict[str, Any]:
        found = said[ident]
        return {
            "id": ident,
            "mentioned_in": sorted({file for file, _ in found}),
            "quotes": [quote for _, quote in found],
        }

    for ident, body in resolved.organisations.entities.items():
        if ident in said:
            names = {"label": body.label, "aliases": body.aliases, "type": body.type}
            out["organisations"].append({**places(ident), **names})
    for ident, post in resolved.posts.entities.items():
        if ident in said:
            out["posts"].append({**places(ident), "label": post.label, "aliases": post.aliases})
    for ident, tenure in resolved.tenures.entities.items():
        post = resolved.posts.entities[tenure.post]
        out["tenures"].append(
            {
                **places(ident),
                "post_label": post.label,
                "post_aliases": post.aliases,
                "start": tenure.since,
                "end": tenure.until,
                "mode": tenure.mode,
                "holder": tenure.holder,
            }
        )
    for ident, event in resolved.events.entities.items():
        if ident in said:
            out["events"].append(
                {**places(ident), "kind": event.kind, "date": event.date, "label": event.label}
            )
