"""What one generation can be asked about: its documents, events, posts and measures.

Read from the graph once a generation; questions are linked against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import msgspec

from kg.edtf import compatible, earliest, latest
from ontology.iris import ONTOLOGY
from search.ask.records import Reading
from search.ask.words import date_words
from search.opened import Opened

OPENING = 4_000
"""Characters at the head of a document in which it says which visit it reports."""

_STATED = re.compile(
    r"\b(?:was|is) the (\w+) (?:ofsted )?(?:monitoring |focused )?visit (?:since|to|after|of)\b",
    re.I,
)


class Entry(msgspec.Struct, frozen=True):
    """A document or event: what it is and when."""

    id: str
    iri: str
    label: str
    kind: str
    dates: tuple[str, ...]
    authority: str | None
    documents: tuple[str, ...] = ()
    reported: bool = True


class Named(msgspec.Struct, frozen=True):
    """A post or body by its names; ``owners`` are the authorities whose documents have it."""

    iri: str
    label: str
    names: re.Pattern[str]
    owners: frozenset[str] = frozenset()

    def of(self, authorities: frozenset[str]) -> bool:
        """Whether it is one of some authorities; where none are named, of any."""
        return not authorities or not self.owners or bool(self.owners & authorities)


class Vocabulary:
    """The things of a generation, loaded when first asked for."""

    def __init__(self, opened: Opened) -> None:
        self.facts, self.base, self._labels = opened.facts, opened.base, opened.labels
        self._graph, self._catalogue = opened.graph, opened.catalogue

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """The measures of tables."""
        rows = self._graph.select(
            f"SELECT DISTINCT ?m WHERE {{ ?f <{ONTOLOGY}measure> ?m ; <{ONTOLOGY}table> ?t }}"
        )
        return tuple(sorted(str(row["m"].value) for row in rows))  # type: ignore[union-attr]

    @cached_property
    def documents(self) -> tuple[Entry, ...]:
        """Loaded documents; their dates are their own and those of the event they report."""
        own: dict[str, list[str]] = {}
        for event in self.events:
            for document in event.documents if event.reported else ():
                own.setdefault(document, []).extend(event.dates)
        return tuple(
            Entry(
                row["id"],
                f"{self.base}id/document/{row['id']}",
                row["label"],
                row["kind"],
                tuple(filter(None, (row["date"], *own.get(row["id"], ())))),
                row["authority"],
            )
            for row in self.facts.list("documents")
        )

    @cached_property
    def people(self) -> frozenset[str]:
        """Printed names of officials; empty where a build leaves names out."""
        rows = self._graph.select(f"SELECT DISTINCT ?n WHERE {{ ?p <{ONTOLOGY}name> ?n }}")
        return frozenset(str(row["n"].value) for row in rows)  # type: ignore[union-attr]

    @cached_property
    def names(self) -> re.Pattern[str]:
        """The printed names, in any case."""
        parts = sorted(map(re.escape, self.people), key=len, reverse=True)
        return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.I)

    def printed(self, name: str) -> str:
        """A name as it is printed, however it was typed."""
        return self._printed[name.lower()]

    @cached_property
    def _printed(self) -> dict[str, str]:
        return {name.lower(): name for name in sorted(self.people)}

    @cached_property
    def events(self) -> tuple[Entry, ...]:
        """Events, also those that are only mentioned."""
        return tuple(self._event(row) for row in self.facts.list("events"))

    def _event(self, row: dict[str, Any]) -> Entry:
        reported = not row["only_mentioned"]
        document = row.get("document")
        return Entry(
            row["id"],
            f"{self.base}id/{row['id']}",
            row["label"],
            row["kind"],
            tuple(filter(None, (row["date"], row["published"]))),
            row["authority"],
            (document["id"],) if document and reported else (),
            reported,
        )

    def ordinal(self, event: Entry) -> str:
        """Which of its kind an event is, as its document states it: "the second monitoring
        visit since …"; empty where it does not."""
        return self._ordinals.get(event.iri, "")

    @cached_property
    def _ordinals(self) -> dict[str, str]:
        found = {}
        for event in self.events:
            for document in event.documents if event.reported else ():
                text = self._catalogue.text(document, 0, OPENING) or ""
                if match := _STATED.search(text):
                    found[event.iri] = match[1].lower()
        return found

    @cached_property
    def posts(self) -> tuple[Named, ...]:
        """Posts by label and alias, longest names first."""
        return tuple(self._named("post", row) for row in self.facts.list("posts"))

    @cached_property
    def bodies(self) -> tuple[Named, ...]:
        """Organisations by label and alias."""
        return tuple(self._named("organisation", row) for row in self.facts.list("organisations"))

    def _named(self, type_: str, row: dict[str, Any]) -> Named:
        """A post or body; one that an authority's own path names is of that authority."""
        held, _, rest = row["id"].partition("/")
        own = rest and held in self.authorities
        owners = {held} if own else self.among(d["id"] for d in row["mentioned_in"])
        iri = f"{self.base}id/{type_}/{row['id']}"
        return Named(iri, row["label"], _names(row), frozenset(owners))

    @cached_property
    def authorities(self) -> frozenset[str]:
        """Slugs of the authorities that documents are about."""
        return frozenset(d.authority for d in self.documents if d.authority)

    @cached_property
    def themes(self) -> dict[str, str]:
        """Labels of themes by code."""
        return self._scheme("theme")

    @cached_property
    def period(self) -> tuple[str, str]:
        """First and last day that any loaded document or its event is dated."""
        dates = [date for document in self.documents for date in document.dates]
        firsts, lasts = [earliest(d) for d in dates], [latest(d) for d in dates]
        return min(filter(None, firsts), default=""), max(filter(None, lasts), default="")

    def name(self, document: str) -> str:
        """A document as sentences call it: its kind and date."""
        return self._document_names.get(document, document)

    @cached_property
    def _general(self) -> frozenset[str]:
        """Documents of a known kind that are about no authority in particular."""
        return frozenset(d.id for d in self.documents if d.authority is None and d.kind != "other")

    @cached_property
    def _authority(self) -> dict[str, str | None]:
        return {d.id: d.authority for d in self.documents}

    def about(self, document: str, reading: Reading) -> bool:
        """Whether a document is about an authority that the question names, if it names any."""
        named = {link.label for link in reading.links if link.slot == "authority"}
        return not named or self._authority.get(document) in named or document in self._general

    def owners(self, iri: str) -> frozenset[str]:
        """The authorities whose a document, event, post or body is."""
        return self._owners.get(iri, frozenset())

    @cached_property
    def _owners(self) -> dict[str, frozenset[str]]:
        entries = (*self.documents, *self.events)
        held = {e.iri: frozenset((e.authority,)) for e in entries if e.authority}
        return {**held, **{n.iri: n.owners for n in (*self.posts, *self.bodies)}}

    def dated(self, iri: str, dates: Iterable[str]) -> bool:
        """Whether a document or event is of one of some dates."""
        held = self._dates.get(iri, ())
        return any(compatible(date, own) for date in dates for own in held)

    @cached_property
    def _dates(self) -> dict[str, tuple[str, ...]]:
        return {e.iri: e.dates for e in (*self.documents, *self.events)}

    def on(self, day: str) -> frozenset[str]:
        """The authorities of documents and reported events of a day."""
        return frozenset(
            e.authority
            for e in (*self.documents, *self.events)
            if e.authority and e.reported and any(_holds(date, day) for date in e.dates)
        )

    def of(self, reading: Reading) -> tuple[str, ...]:
        """The documents about the authorities named; none where that leaves nothing out."""
        held = [d.id for d in self.documents if self.about(d.id, reading)]
        return () if len(held) == len(self.documents) else tuple(held)

    def among(self, documents: Iterable[str]) -> frozenset[str]:
        """The authorities that some documents are about."""
        return frozenset(a for d in documents if (a := self._authority.get(d)))

    def dates(self, document: str) -> tuple[str, ...]:
        """The date of the event that a document reports, then its own."""
        entry = next((d for d in self.documents if d.id == document), None)
        return tuple(reversed(entry.dates)) if entry else ()

    def reported(self, document: str) -> str:
        """The event that a document reports, in words; the document itself without one."""
        events = [e for e in self.events if e.reported and document in e.documents]
        return (self.called(events[0].iri) if events else None) or self.name(document)

    def called(self, iri: str) -> str | None:
        """An event or document as sentences call it: "inspection of 17 to 28 September 2018"."""
        return self._called.get(iri)

    @cached_property
    def _called(self) -> dict[str, str]:
        names = {d.iri: self.name(d.id) for d in self.documents}
        for row in self.facts.list("events"):
            if row["date"] and row["kind"] != "meeting":
                iri = f"{self.base}id/{row['id']}"
                names[iri] = f"{row['kind_label'] or row['kind']} of {date_words(row['date'])}"
        return names

    @cached_property
    def _document_names(self) -> dict[str, str]:
        return {
            row["id"]: ", ".join(
                filter(None, (row["kind_label"] or row["label"], date_words(row["date"] or "")))
            )
            for row in self.facts.list("documents")
        }

    def _scheme(self, name: str) -> dict[str, str]:
        head = f"{name}/"
        return {
            key.removeprefix(head): label
            for key, label in self._labels.items()
            if key.startswith(head)
        }

    def label(self, scheme: str, code: str) -> str:
        """The label of a concept, or its code."""
        return self._labels.get(f"{scheme}/{code}", code)


def _holds(date: str, day: str) -> bool:
    """Whether a date, no vaguer than a period of days, has a day."""
    return len(date) >= len(day) and earliest(date) <= day <= latest(date)


def _names(row: dict[str, Any]) -> re.Pattern[str]:
    """Label and aliases, longest first, however they are spaced and whatever their apostrophes."""
    names = sorted({row["label"], *row["aliases"]}, key=len, reverse=True)
    parts = [r"[\s,&-]+".join(map(re.escape, re.findall(r"[\w'’]+", name))) for name in names]
    joined = "|".join(part.replace("’", "'").replace("'", "['’]?") for part in parts if part)
    return re.compile(rf"\b(?:{joined})\b", re.I)
