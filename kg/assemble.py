"""Records to a generation: entities, quads, catalogue and index, checked and sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from pyoxigraph import NamedNode, Quad, Store

from kg import catalogue, generations, local, store, verify
from kg.generations import Generation, Manifest, Source, crash_point
from kg.model import Record
from kg.partitions import measure
from kg.parts import Indexer
from kg.progress import Reporter
from kg.quads import claim_id, derived_quads, document_quads, name_quads
from kg.quads.dataset import GRAPH, dataset_quads
from kg.quads.ids import claim_kind
from kg.resolve import Resolved, Resolvers, resolve
from kg.resolve.references import body_keys, event_keys, post_keys
from kg.validate import Validator, refuse
from ontology.iris import Minter
from ontology.schemes import ontology_quads

Records = Callable[[], Iterator[Record]]


@dataclass
class Assembly:
    """A generation in the making; ``local`` are the quads of the operator's own graphs."""

    fresh: Path
    minter: Minter
    records: Records
    names: bool
    reporter: Reporter
    base: Generation | None = None
    local: Sequence[Quad] = ()

    def resolve(self, resolvers: Resolvers, total: int) -> Resolved:
        """The entities of all documents."""
        self.reporter.stage("resolve", total)
        return resolve(self._counted(), resolvers)

    def _counted(self) -> Iterator[Record]:
        for record in self.records():
            yield record
            self.reporter.step()

    def graph(self, resolved: Resolved, sources: Mapping[str, Source]) -> _Written:
        """Write the store: whole, or as a revision of the last generation's."""
        written = _Written(dict(sources), {})
        validator = self._validator(resolved)
        self.reporter.stage("graph", len(sources))
        old = _graph_keys(self.base)
        quads = self._quads(resolved, written, validator, old)
        directory = self.fresh / "store"
        if self.base is None:
            written.counts["quads"] = store.write(directory, quads, self._about)
        else:
            changed = [*self._changed(resolved, sources, old), *self._local_graphs(self.base)]
            written.counts["quads"] = store.revise(
                self.base.store, directory, changed, quads, self._about
            )
        return written

    def _about(self, complete: Store) -> Iterator[Quad]:
        """What the graph says of itself; it comes last, when all can be counted."""
        return dataset_quads(measure(complete), self.minter)

    def _validator(self, resolved: Resolved) -> Validator:
        vocabulary = list(ontology_quads(self.minter.graph("ontology")))
        derived = list(derived_quads(resolved, self.minter))
        validator = Validator(vocabulary, derived)
        refuse(validator.check(derived))
        return validator

    def _changed(
        self, resolved: Resolved, sources: Mapping[str, Source], old: Mapping[str, str]
    ) -> list[NamedNode]:
        """The graphs of the last generation that are written anew or dropped."""
        keys = {r.document.id: graph_key(r, resolved) for r in self.records()}
        stale = [doc for doc, key in old.items() if keys.get(doc) != key]
        shared = [self.minter.graph(name) for name in ("derived", "names", GRAPH)]
        return [*shared, *(self.minter.document_graph(document) for document in stale)]

    def _local_graphs(self, base: Generation) -> list[NamedNode]:
        return local.names(Store.read_only(str(base.store)), self.minter.base)

    def _quads(
        self,
        resolved: Resolved,
        written: _Written,
        validator: Validator,
        old: Mapping[str, str],
    ) -> Iterator[Quad]:
        if self.base is None:
            yield from ontology_quads(self.minter.graph("ontology"))
        yield from derived_quads(resolved, self.minter)
        for record in self.records():
            document = record.document.id
            key = graph_key(record, resolved)
            written.note(record, key)
            names = list(name_quads(record, resolved, self.minter)) if self.names else []
            if old.get(document) != key:
                said = list(document_quads(record, resolved, self.minter, masked=not self.names))
                refuse(validator.check([*said, *names]))
                yield from said
            yield from names
            crash_point("during-graph")
            self.reporter.step()
        yield from self.local

    def index(
        self,
        indexers: Sequence[Indexer],
        parts: Callable[[Indexer], Iterator[bytes]],
        total: int,
    ) -> None:
        """The catalogue of documents, and every index."""
        self.reporter.stage("index", total)
        catalogue.write(self.fresh / "documents.sqlite", self._counted())
        crash_point("after-catalogue")
        for indexer in indexers:
            indexer.assemble(self.fresh, parts(indexer))
            crash_point("after-index")

    def seal(self, manifest: Manifest) -> Manifest:
        """Write the manifest, then check the generation's contents against it."""
        self.reporter.stage("verify", 1)
        sealed = generations.seal(self.fresh, manifest)
        crash_point("after-seal")
        verify.contents(self.fresh, sealed)
        self.reporter.step()
        return sealed


@dataclass
class _Written:
    """What went into the graph: the sources with their graph keys, and counts."""

    sources: dict[str, Source]
    counts: dict[str, int]

    def note(self, record: Record, key: str) -> None:
        """Count one document."""
        ident = record.document.id
        self.sources[ident] = msgspec.structs.replace(self.sources[ident], graph=key)
        claims = (claim_kind(claim) for claim in record.claims)
        for name in ("documents", *("passages" for _ in record.passages), *claims):
            self.counts[name] = self.counts.get(name, 0) + 1


def graph_key(record: Record, resolved: Resolved) -> str:
    """A digest of all that a document's graph is made from: its record and its entities."""
    tenures = (claim_id(record.document.id, c) for c in record.claims if claim_kind(c) == "tenure")
    links = [
        *(resolved.events.ids[key] for key in event_keys(record)),
        *(resolved.organisations.ids[key] for key in body_keys(record)),
        *(resolved.posts.ids[key] for key in post_keys(record)),
        *(resolved.tenures.ids[claim] for claim in tenures),
    ]
    made = (record, links, resolved.sides(record.document.id))
    return hashlib.sha256(msgspec.json.encode(made)).hexdigest()[:16]


def _graph_keys(base: Generation | None) -> dict[str, str]:
    sources = base.manifest.sources if base else ()
    return {source.document: source.graph for source in sources}
