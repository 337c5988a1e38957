"""The graph of one document, ready to be loaded: its quads as lines, checked and counted.

It is made from the document's record and from what its references mean, and from nothing else,
so that any process can make it.

    graphs = DocumentGraphs(Minter(), names=True)
    graphs.of(record, meaning).data
"""

from __future__ import annotations

from functools import cached_property

import msgspec
from pyoxigraph import RdfFormat, serialize

from kg.model import Record
from kg.partitions import Tally
from kg.quads import document_quads, name_quads
from kg.resolve.keys import authority_of
from kg.resolve.meaning import Meaning, meant
from kg.validate import Kinds, Validator, Violation
from ontology.iris import Minter
from ontology.schemes import ontology_quads
from ontology.terms import fg


class Graphed(msgspec.Struct, frozen=True, tag="graph"):
    """A document's graph and its names in N-Quads, what they hold, and which rules they break.

    ``memory`` is what the process that made it holds, in MiB.
    """

    data: bytes
    tally: Tally
    violations: tuple[Violation, ...]
    memory: int = 0


class DocumentGraphs:
    """Makes the graphs of documents; ``names`` is whether names are written as printed."""

    def __init__(self, minter: Minter, *, names: bool) -> None:
        self._minter, self._names = minter, names

    @cached_property
    def validator(self) -> Validator:
        """The rules, and the vocabulary in which they speak."""
        return Validator(ontology_quads(self._minter.graph("ontology")))

    def of(self, record: Record, meaning: Meaning) -> Graphed:
        """The graph of a record."""
        known = meant(record, meaning)
        said = list(document_quads(record, known, self._minter, masked=not self._names))
        names = list(name_quads(record, known, self._minter)) if self._names else []
        violations = self.validator.check([*said, *names], self._kinds(record, meaning))
        tally = Tally()
        tally.count(said)
        tally.count(names)
        data = serialize([*said, *names], format=RdfFormat.N_QUADS) or b""
        return Graphed(data, tally, tuple(violations))

    def _kinds(self, record: Record, meaning: Meaning) -> Kinds:
        """The classes of the shared things of which a document speaks."""
        bodies = list(meaning.bodies)
        if meaning.authority:
            bodies.append(f"organisation/{authority_of(record.document)}")
        kinds: Kinds = {}
        for ids, kind in (
            (meaning.events, fg("Event")),
            (bodies, fg("Organisation")),
            (meaning.posts, fg("Post")),
            (meaning.tenures, fg("Tenure")),
        ):
            kinds.update({self._minter.thing(*ident.split("/", 1)): {kind} for ident in ids})
        return kinds
