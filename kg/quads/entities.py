"""The derived graph: events, bodies, posts, tenures, issues and disagreements."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec
from pyoxigraph import Literal, NamedNode, Quad

from kg.corrections import Correction
from kg.edtf import literal
from kg.quads.scope import Pair, dated, quads, text
from kg.resolve import Resolved
from kg.resolve.entities import (
    Decision,
    Disagreement,
    Event,
    Issue,
    Organisation,
    Post,
    Side,
    Tenure,
)
from ontology.families import is_inspection
from ontology.iris import Minter, concept, digest
from ontology.terms import LABEL, TYPE, fg, term


class Derived:
    """Writes entities into the derived graph."""

    def __init__(self, resolved: Resolved, minter: Minter) -> None:
        self.resolved, self.minter = resolved, minter
        self.graph = minter.graph("derived")

    def quads(self) -> Iterator[Quad]:
        """All entities."""
        resolved = self.resolved
        for event in resolved.events.entities.values():
            yield from self._write(event.id, self._event(event))
        for body in resolved.organisations.entities.values():
            yield from self._write(body.id, self._organisation(body))
        for post in resolved.posts.entities.values():
            yield from self._write(post.id, self._post(post))
        for tenure in resolved.tenures.entities.values():
            yield from self._write(tenure.id, self._tenure(tenure))
        for issue in resolved.issues:
            yield from self._write(issue.id, self._issue(issue))
            for decision in issue.corrections:
                yield from self._write(_decision(issue, decision), self._decided(decision))
        for disagreement in resolved.disagreements:
            yield from self._disagreement(disagreement)
        for again, first in resolved.same_judgements.items():
            pair = (fg("sameJudgement"), self._thing(first))
            yield from self._write(again, iter([pair]))
        for said, commitment in resolved.changed:
            yield from self._write(said, iter([(fg("changes"), self._thing(commitment))]))

    def _write(self, ident: str, pairs: Iterator[Pair]) -> Iterator[Quad]:
        return quads(self._thing(ident), pairs, self.graph)

    def _thing(self, ident: str) -> NamedNode:
        return self.minter.thing(*ident.split("/", 1))

    def _maybe(self, ident: str | None) -> NamedNode | None:
        return self._thing(ident) if ident else None

    def _authority(self, slug: str | None) -> Pair:
        known = slug and f"organisation/{slug}" in self.resolved.organisations.entities
        return fg("authority"), self.minter.thing("organisation", slug) if known and slug else None

    def _event(self, event: Event) -> Iterator[Pair]:
        yield TYPE, fg("Event")
        yield TYPE, fg("Inspection") if is_inspection(event.kind) else None
        yield LABEL, Literal(event.label)
        yield fg("eventKind"), concept("event-kind", event.kind)
        yield self._authority(event.authority)
        yield from dated(term("dcterms", "date"), event.date)
        yield fg("body"), self._body_of(event)
        yield fg("framework"), concept("framework", event.framework) if event.framework else None
        yield fg("published"), literal(event.published) if event.published else None
        yield fg("onlyMentioned"), Literal(not event.reported_in)

    def _body_of(self, event: Event) -> NamedNode | None:
        """The body that carried it out, by the name that any document gives it."""
        return self._maybe(self._bodies.get(event.body)) if event.body else None

    @cached_property
    def _bodies(self) -> dict[str, str]:
        """The first id of those that each name has."""
        first: dict[str, str] = {}
        for key, ident in self.resolved.organisations.ids.items():
            first[key.name] = min(ident, first.get(key.name, ident))
        return first

    def _organisation(self, body: Organisation) -> Iterator[Pair]:
        yield TYPE, fg("Organisation")
        yield LABEL, Literal(body.label)
        for alias in body.aliases:
            yield term("skos", "altLabel"), Literal(alias)
        yield fg("bodyType"), concept("body-type", body.type) if body.type else None
        yield term("org", "subOrganizationOf"), self._maybe(body.part_of)
        yield self._authority(body.authority)

    def _post(self, post: Post) -> Iterator[Pair]:
        yield TYPE, fg("Post")
        yield LABEL, Literal(post.label)
        for alias in post.aliases:
            yield term("skos", "altLabel"), Literal(alias)
        yield term("org", "postIn"), self._maybe(post.organisation)

    def _tenure(self, tenure: Tenure) -> Iterator[Pair]:
        yield TYPE, fg("Tenure")
        yield fg("post"), self._thing(tenure.post)
        yield fg("holder"), text(tenure.holder)
        yield fg("mode"), concept("mode", tenure.mode)
        yield fg("since"), literal(tenure.since) if tenure.since else None
        yield fg("until"), literal(tenure.until) if tenure.until else None
        yield fg("precededBy"), self._maybe(tenure.predecessor)
        yield fg("succeededBy"), self._maybe(tenure.successor)
        yield LABEL, Literal(tenure.holder or tenure.id.rsplit("/", 1)[1])

    def _issue(self, issue: Issue) -> Iterator[Pair]:
        yield TYPE, fg("RecurringIssue")
        yield LABEL, Literal(issue.label)
        yield self._authority(issue.authority)
        yield fg("mainTheme"), concept("theme", issue.themes[0])
        for theme in issue.themes:
            yield fg("theme"), concept("theme", theme)
        yield fg("strength"), Literal(f"{issue.strength}", datatype=term("xsd", "decimal"))
        yield fg("explanation"), text(issue.explanation)
        yield fg("status"), concept("status", issue.status)
        yield fg("problem"), concept("problem", issue.problem) if issue.problem else None
        yield fg("firstRaised"), literal(issue.first) if issue.first else None
        yield fg("lastRaised"), literal(issue.last) if issue.last else None
        for found in issue.occurrences:
            yield fg("occurrence"), self._thing(found)
        for said in issue.explicit:
            yield fg("explicitRepeat"), self._thing(said)
        for decision in issue.corrections:
            yield fg("correctedBy"), self._thing(_decision(issue, decision))

    def _decided(self, decision: Decision) -> Iterator[Pair]:
        yield from _correction(decision.correction)
        for found in decision.findings:
            yield fg("correctedFinding"), self._thing(found)

    def _disagreement(self, found: Disagreement) -> Iterator[Quad]:
        """The question and its two sides, each a thing of its own."""
        places = [f"side/{found.id.partition('/')[2]}/{i}" for i in (1, 2)]
        pairs: list[Pair] = [
            (TYPE, fg("Disagreement")),
            (LABEL, Literal(found.question)),
            (fg("question"), Literal(found.question)),
            (fg("disagreementKind"), Literal(found.kind)),
            (fg("explanation"), text(found.explanation)),
            self._authority(found.authority),
            (fg("firstSide"), self._thing(places[0])),
            (fg("secondSide"), self._thing(places[1])),
        ]
        yield from self._write(found.id, iter(pairs))
        for place, side in zip(places, found.sides, strict=True):
            yield from self._write(place, self._side(side))

    def _side(self, side: Side) -> Iterator[Pair]:
        span = f"{side.document}/{side.start}-{side.end}"
        yield TYPE, fg("Side")
        yield LABEL, Literal(side.value)
        yield fg("inDocument"), self.minter.thing("document", side.document)
        yield term("oa", "hasSelector"), self.minter.thing("span", span)
        yield fg("value"), Literal(side.value)


def _decision(issue: Issue, decision: Decision) -> str:
    """The id of what a person decided, the same from build to build."""
    said = msgspec.json.encode(decision.correction).decode()
    return f"correction/{issue.authority or 'other'}/{digest('correction', said)}"


def _correction(correction: Correction) -> Iterator[Pair]:
    yield TYPE, fg("Correction")
    yield LABEL, Literal(f"{correction.action}, {correction.when.isoformat()}")
    yield fg("correctionKind"), Literal(correction.action)
    yield fg("byRole"), Literal(correction.by)
    yield from dated(term("dcterms", "date"), correction.when.isoformat())
    yield fg("explanation"), text(correction.why)
