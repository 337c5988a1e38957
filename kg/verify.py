"""Does a generation hold what it says: checksums, counts, and every quotation.

The last gate before a generation is published, and what ``findings verify`` runs later.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec
from pyoxigraph import Literal, NamedNode

from kg import generations
from kg.catalogue import Catalogue
from kg.errors import GenerationError
from kg.generations import Manifest
from kg.quads.masks import matches
from kg.store import GraphStore
from ontology.iris import Minter
from ontology.terms import fg, term

_SPANS = f"""SELECT DISTINCT ?span ?start ?end ?exact WHERE {{{{
    ?claim {fg("inDocument")} {{}} ; ?role ?span .
    ?span {term("oa", "start")} ?start ; {term("oa", "end")} ?end ; {term("oa", "exact")} ?exact .
}}}}"""
_COUNT = "SELECT (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ ?thing a {} }}"


class Verified(msgspec.Struct, frozen=True):
    """What was checked."""

    files: int
    quads: int
    documents: int
    passages: int
    spans: int


class _IndexCounts(msgspec.Struct, frozen=True):
    documents: int
    passages: int


def verify(path: Path) -> Verified:
    """Check a sealed generation through and through; a GenerationError says what is wrong."""
    manifest = generations.check(path, full=True)
    return contents(path, manifest)


def contents(path: Path, manifest: Manifest, documents: Collection[str] | None = None) -> Verified:
    """Check that graph, catalogue and index agree with the manifest and each other.

    ``documents`` are those whose quotations are looked up, when not all.
    """
    store = GraphStore(path / "store")
    with Catalogue(path / "documents.sqlite") as catalogue:
        summaries = catalogue.documents()
        found = {
            "quads": len(store),
            "documents": len(summaries),
            "passages": sum(summary.passages for summary in summaries),
            "graph documents": _count(store, fg("Document")),
            "graph passages": _count(store, fg("Passage")),
        }
        _agree(found, manifest, _index_counts(path))
        named = {summary.id for summary in summaries} if documents is None else documents
        minter = Minter(manifest.base)
        spans = sum(_spans(store, catalogue, minter, document) for document in sorted(named))
    return Verified(
        len(manifest.files), found["quads"], found["documents"], found["passages"], spans
    )


def _agree(found: dict[str, int], manifest: Manifest, index: dict[str, int]) -> None:
    for name, count in {**found, **index}.items():
        expected = manifest.counts.get(name.rsplit(" ", 1)[-1], 0)
        if count != expected:
            raise GenerationError(
                "The parts of the generation do not agree:",
                why=f"{count} {name}, but the manifest counts {expected}.",
                cure="Run `findings build` again.",
            )


def _index_counts(path: Path) -> dict[str, int]:
    """What the search index says that it holds; nothing when there is none."""
    settings = path / "vectors" / "settings.json"
    if not settings.exists():
        return {}
    counts = msgspec.json.decode(settings.read_bytes(), type=_IndexCounts)
    return {"index documents": counts.documents, "index passages": counts.passages}


def _count(store: GraphStore, kind: NamedNode) -> int:
    value = next(iter(store.select(_COUNT.format(kind))))["count"]
    return int(value.value) if isinstance(value, Literal) else 0


def _spans(store: GraphStore, catalogue: Catalogue, minter: Minter, document: str) -> int:
    """How many spans of a document the graph has; each has the words of the stored text."""
    count, text = 0, catalogue.text(document) or ""
    for row in store.select(_SPANS.format(minter.thing("document", document))):
        count += 1
        start, end = int(row["start"].value), int(row["end"].value)
        if not matches(row["exact"].value, text[start:end]):
            raise GenerationError(
                f"A quotation of {document} is not in its text:",
                why=f"{row['span'].value} does not hold the words between {start} and {end}.",
                cure="Run `findings build` again.",
            )
    return count
