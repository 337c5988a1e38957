"""Changes in the words of a page: what is told of each line of the log, newest first.

A new document brings its findings and commitments with it; they are told in its entry. What
became due is told on the day after, without a build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import takewhile
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from flask import render_template

from kg.changes import Change, Revision, one_issue
from kg.dates import latest
from kg.edtf import exists
from search.facts import Fact, Filters, every
from search.opened import Opened
from search.repeated import repeated
from server import searching, words
from server.addresses import reader_address, thing_address
from server.feeds.atom import Entry
from server.library import opened
from server.sources import source_name

MOST = 100
"""Entries of a feed."""

SHOWN = 12
"""Findings that an entry quotes."""

PASSED = "The date that the document set has passed. That does not show that it was not done."
REREAD = "The documents did not change. A new version of this service reads them."
TAKEN_OUT = "Nothing of it is held any more."

ORDER = ("weakness", "mixed", "progress", "strength")


class Told(msgspec.Struct, frozen=True):
    """A change as a page and a feed tell it. ``path`` is the page of the thing, '' for none."""

    id: str
    title: str
    path: str
    updated: str
    kind: str
    authority: str = ""
    lines: tuple[str, ...] = ()
    quotes: tuple[tuple[str, str, str], ...] = ()
    """Each with the words before it, itself, and the page on which it stands."""


_told: WeakKeyDictionary[Opened, dict[tuple[str, ...], Told]] = WeakKeyDictionary()
"""What was told of a generation's changes already; it goes when the generation does."""


class Teller:
    """Tells changes of one generation."""

    def __init__(self, generation: Opened) -> None:
        self._generation = generation
        self._documents = {s.id: s for s in generation.catalogue.documents()}
        self._issues = {issue["id"]: issue for issue in repeated(generation.facts)}
        self._kept = _told.setdefault(generation, {})

    def lines(self, authority: str = "", issue: str = "") -> list[tuple[Revision, Change]]:
        """The lines of the log, newest first; of one council or one issue where it is named."""
        log = self._generation.changes
        issues = one_issue(log, issue) if issue else frozenset()
        return [
            (revision, change)
            for revision in reversed(log)
            for change in revision.changes
            if authority in ("", change.authority)
            and (not issue or (change.kind == "issue" and change.thing in issues))
        ]

    def told(self, lines: Iterable[tuple[Revision, Change]]) -> list[Told]:
        """The lines in the words of a page."""
        return [self.once(*line) for line in lines]

    def once(self, revision: Revision, change: Change) -> Told:
        """One line in the words of a page; kept, since a generation does not change."""
        key = revision.when, change.kind, change.what, change.thing
        if key not in self._kept:
            self._kept[key] = self._told(revision, change)
        return self._kept[key]

    def due(self, today: date, authority: str = "") -> Iterator[Told]:
        """Commitments whose date has passed, latest date first."""
        facts = self._generation.facts
        for row in facts.remembered(f"dated {authority}", lambda: self._dated(authority)):
            end = latest(row["due"])
            if end < today.isoformat():
                yield self._passed(row, date.fromisoformat(end))

    def _dated(self, authority: str) -> list[Fact]:
        """Commitments with a date, latest first."""
        only = Filters(authority=(authority,)) if authority else Filters()
        dated = [
            row
            for row in every(self._generation.facts, "commitments", only)
            if row["due"] and exists(row["due"]) and latest(row["due"])
        ]
        return sorted(dated, key=lambda row: (latest(row["due"]), row["id"]), reverse=True)

    def passed_since_the_first(self, today: date, authority: str = "") -> list[Told]:
        """Commitments whose date passed after the log began, latest date first.

        What had passed before is no news to anybody who follows this collection.
        """
        log = self._generation.changes
        if not log:
            return []
        first = log[0].when[:10]
        return list(takewhile(lambda one: one.updated[:10] > first, self.due(today, authority)))

    def _passed(self, row: Fact, end: date) -> Told:
        whom = f" ({row['of_whom']})" if row["of_whom"] else ""
        after = end + timedelta(days=1)
        return Told(
            f"{self._generation.base}change/due/{row['id']}/{row['due']}",
            f"Date passed: {words.date_words(row['due'])}{whom}",
            reader_address(row["document"]["id"], row["start"], row["end"]),
            f"{after.isoformat()}T00:00:00+00:00",
            "commitment",
            row["authority"] or "",
            (PASSED,),
            (self._quote("", row),),
        )

    def _told(self, revision: Revision, change: Change) -> Told:
        title, path, lines, quotes = _KINDS[change.kind](self, change)
        if revision.because == "software" and change.kind != "document":
            lines = (
                *lines,
                "The documents did not change. A new version of this service reads them.",
            )
        place = f"{revision.when}/{change.kind}/{change.what}/{change.thing}"
        return Told(
            f"{self._generation.base}change/{place}",
            title,
            path,
            revision.when,
            change.kind,
            change.authority,
            tuple(filter(None, lines)),
            tuple(quotes),
        )

    def _quote(self, said: str, row: Fact) -> tuple[str, str, str]:
        return said, row["quote"], reader_address(row["document"]["id"], row["start"], row["end"])

    def _document(self, change: Change) -> tuple[str, str, Iterable[str], Iterable[Any]]:
        known = self._documents.get(change.thing)
        if change.what == "removed" or known is None:
            return (
                f"Document taken out: {change.thing}",
                "",
                ("Nothing of it is held any more.",),
                (),
            )
        only = Filters(document=(change.thing,))
        told = [
            words.count_words(self._generation.facts.count(kind, only), kind.removesuffix("s"))
            for kind in ("findings", "commitments", "figures")
        ]
        quotes = [
            self._quote(f"{words.POLARITY[row['polarity']]}: {row['main_theme_label'] or ''}", row)
            for row in self._worst(only)
        ]
        lines = (known.title, ", ".join(told))
        return f"New document: {source_name(known.id)}", self._page(known.id), lines, quotes

    def _worst(self, only: Filters) -> list[Fact]:
        """The findings of a document that its entry quotes: weaknesses before others, those
        in a list of the document first."""
        facts = self._generation.facts
        worst = sorted(
            facts.ordered("findings").entries(only),
            key=lambda entry: (ORDER.index(entry.polarity), not entry.listed, entry.start),
        )
        return sorted(
            facts.of("findings", [entry.iri for entry in worst[:SHOWN]]),
            key=lambda row: (ORDER.index(row["polarity"]), not row["listed"], row["start"]),
        )

    def _page(self, document: str) -> str:
        return thing_address(f"document/{document}")

    def _findings(self, change: Change) -> tuple[str, str, Iterable[str], Iterable[Any]]:
        told = f"{words.count_words(change.gained, 'finding')} more, {change.lost:,} no longer read"
        title = f"Findings read otherwise: {source_name(change.thing)}"
        return title, self._page(change.thing), (told,), ()

    def _issue(self, change: Change) -> tuple[str, str, Iterable[str], Iterable[Any]]:
        label = words.capital(change.label)
        if change.what == "removed":
            return f"No longer a repeated finding: {label}", "", (), ()
        lines = [f"How it stands: {self._status(change.status)}"]
        if change.status_before:
            lines[0] += f" (before: {self._status(change.status_before)})"
        if change.label_before:
            lines.append(f"It was called “{change.label_before}” before.")
        if change.lost:
            lines.append(f"{words.count_words(change.lost, 'event')} no longer counted.")
        now = self._issues.get(change.thing)
        occurrences = now["occurrences"] if now else ()
        quotes = [
            self._quote(words.readable(one["event_label"]) or words.date_words(one["date"]), one)
            for one in occurrences
            if one["event"] in change.events
        ][:SHOWN]
        if change.what == "added":
            title = f"New repeated finding: {label}"
        elif change.events:
            title = f"Raised again: {label}"
        else:
            title = f"Repeated finding changed: {label}"
        return title, thing_address(f"issue/{change.thing}") if now else "", lines, quotes

    def _status(self, status: str) -> str:
        return searching.label(self._generation, "status", status).lower()

    def _disagreement(self, change: Change) -> tuple[str, str, Iterable[str], Iterable[Any]]:
        if change.what == "removed":
            return "A disagreement is no longer found", "", (), ()
        rows = self._generation.facts.remembered(
            "disagreements", lambda: list(every(self._generation.facts, "disagreements"))
        )
        known: Mapping[str, Fact] = {row["id"]: row for row in rows}
        if change.thing not in known:
            return "A disagreement was found", "", ("It is no longer found.",), ()
        row = known[change.thing]
        quotes = [self._quote(str(side["value"]), side) for side in row["sides"]]
        path = thing_address(f"disagreement/{change.thing}")
        return f"Disagreement: {words.readable(row['question'])}", path, (), quotes


_KINDS = {
    "document": Teller._document,
    "findings": Teller._findings,
    "issue": Teller._issue,
    "disagreement": Teller._disagreement,
}


def teller() -> Teller:
    """The teller of the generation that is served."""
    return Teller(opened())


def newest(told: Iterable[Told], most: int = MOST) -> list[Told]:
    """The newest of several, in the order in which they came where the times are one."""
    return sorted(told, key=lambda one: one.updated, reverse=True)[:most]


def entry(one: Told, root: str, page: str) -> Entry:
    """A change as an entry; ``root`` begins addresses, ``page`` is for what has no page."""
    html = render_template("parts/change.html", one=one, root=root)
    return Entry(one.id, one.title, f"{root}{one.path or page}", one.updated, html)
