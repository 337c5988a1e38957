"""IRIs: made from what a thing is, never from counters or run order.

>>> Minter("https://example.org/").thing("inspection", "bradford/2019-06-11-visit")
<NamedNode value=https://example.org/id/inspection/bradford/2019-06-11-visit>
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from pyoxigraph import NamedNode

DEFAULT_BASE = "https://w3id.org/findings-graph/"
ONTOLOGY = "https://w3id.org/findings-graph/ontology#"
SCHEMES = "https://w3id.org/findings-graph/scheme/"


def slugify(text: str) -> str:
    """Lower-case ASCII words joined by hyphens: ``Children’s Trust`` is ``childrens-trust``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


def digest(*parts: str) -> str:
    """Twelve hexadecimal digits that depend on the parts and on where each ends."""
    framed = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(framed.encode()).hexdigest()[:12]


def concept(scheme: str, identifier: str) -> NamedNode:
    """A concept of a scheme; it belongs to the vocabulary, so the base does not matter."""
    return NamedNode(f"{SCHEMES}{scheme}/{identifier}")


def scheme(name: str) -> NamedNode:
    """A concept scheme."""
    return NamedNode(f"{SCHEMES}{name}")


@dataclass(frozen=True)
class Minter:
    """Mints instance and graph IRIs under one base, which ends in a slash."""

    base: str = DEFAULT_BASE

    def thing(self, kind: str, slug: str) -> NamedNode:
        """``{base}id/{kind}/{slug}``."""
        return NamedNode(f"{self.base}id/{kind}/{slug}")

    def document_graph(self, document: str) -> NamedNode:
        """The graph of what one document says."""
        return NamedNode(f"{self.base}graph/document/{document}")

    def graph(self, name: str) -> NamedNode:
        """The graph ``derived``, ``names`` or ``ontology``."""
        return NamedNode(f"{self.base}graph/{name}")

    def shorten(self, iri: str) -> str:
        """The part after ``{base}id/``: ``document/bradford/…``; other IRIs unchanged."""
        return iri.removeprefix(f"{self.base}id/")
