"""The meeting pack: what a committee needs before it meets, each line with its place.

    facts ──gather──▶ Material ──brief──▶ Pack(sections, places)

Lines carry numbers of notes; ``Pack.places[number - 1]`` is the quotation in its document.
Nothing here chooses between documents or takes silence for failure.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from textwrap import shorten
from typing import Any

from kg.dates import earliest, latest
from kg.extract.findings.lexicon import theme_labels_index
from search.facts import Fact
from search.fold import groups
from search.pack_parts import (
    Item,
    Line,
    Material,
    Pack,
    Place,
    Quote,
    Section,
    Speech,
    Wanted,
    gather,
    wording,
)

__all__ = ["Material", "Pack", "Section", "Speech", "Wanted", "brief", "gather"]

MOST = 20
"""Lines of one section; how many more there are is told."""

ASKED = 4
"""Questions of one section."""

QUOTED = 120
"""Characters of a quotation in a question."""

PER_EVENT = 6
"""Findings shown of one event."""


def brief(found: Material, wanted: Wanted, speech: Speech) -> Pack:
    """The pack that was asked for."""
    writer = _Writer(found, wanted, speech)
    made = (
        writer.repeated(),
        writer.changes(),
        writer.commitments(),
        writer.figures(),
        writer.disagreements(),
    )
    return Pack(wanted, (*made, writer.asked()), tuple(writer.places))


class _Writer:
    """Writes section after section, numbering places and collecting questions."""

    def __init__(self, found: Material, wanted: Wanted, speech: Speech) -> None:
        self._found, self._wanted, self._speech = found, wanted, speech
        self.places: dict[Place, int] = {}
        self._questions: dict[str, list[Item]] = {}

    def _note(self, row: Fact) -> int:
        place = Place(row["document"]["id"], row["start"], row["end"])
        return self.places.setdefault(place, len(self.places) + 1)

    def _quote(self, row: Fact, said: str = "") -> Quote:
        return Quote(row["quote"], said, self._note(row))

    def _ask(self, section: str, template: str, notes: Iterable[int], **values: object) -> None:
        """Make a question of a line, where the line fills all that the wording names."""
        asked = self._questions.setdefault(section, [])
        if template in wording().questions and len(asked) < ASKED and all(values.values()):
            asked.append(Item(wording().questions[template].format(**values), notes=tuple(notes)))

    def _section(self, key: str, **parts: Any) -> Section:
        words = wording().sections[key]
        return Section(key, words.title, words.lead, words.empty, **parts)

    def repeated(self) -> Section:
        """Issues as they were known at the end of the period."""
        known = [(issue, self._raised(issue)) for issue in self._found.issues]
        fit = [
            (issue, raised)
            for issue, raised in known
            if self._wanted.fits(issue["themes"]) and len({one["event"] for one in raised}) > 1
        ]
        items = tuple(self._issue(issue, raised) for issue, raised in fit[:MOST])
        return self._section("repeated", items=items, more=max(0, len(fit) - MOST))

    def _raised(self, issue: Fact) -> list[Fact]:
        return [one for one in issue["occurrences"] if self._wanted.before_end(one["date"])]

    def _issue(self, issue: Fact, raised: list[Fact]) -> Item:
        dates = self._speech.dates
        first, last = dates(raised[0]["date"]), dates(raised[-1]["date"])
        events = f"{len({one['event'] for one in raised})} events"
        quotes = tuple(self._quote(one, dates(one["date"])) for one in (raised[0], raised[-1]))
        status = issue["status"]
        notes = (quote.note for quote in quotes)
        values = {"label": issue["label"], "raised": events, "first": first, "last": last}
        self._ask("repeated", status, notes, **values)
        again = any(self._wanted.within(one["date"]) for one in raised)
        detail = [f"Raised at {events} (first: {first}; latest: {last})"]
        detail.append("raised again in this period" if again else "not raised in this period")
        detail.append(f"as all documents tell it: {self._speech.label('status', status).lower()}")
        return Item(
            _capital(issue["label"]), "; ".join(detail), f"issue/{issue['id']}", quotes=quotes
        )

    def changes(self) -> Section:
        """Events of the period, each with what was found at it."""
        fit = [
            (event, said)
            for event in self._found.events
            if self._wanted.within(event["date"]) and event["document"]
            if (said := self._said_at(event["iri"])) or not self._wanted.themes
        ]
        items = tuple(self._event(event, said) for event, said in fit[:MOST])
        return self._section("changes", items=items, more=max(0, len(fit) - MOST))

    def _said_at(self, event: str) -> list[Fact]:
        """The findings of an event on the themes: weaknesses first, listed ones before others."""
        order = ("weakness", "mixed", "progress", "strength")
        fit = [
            row
            for row in self._found.findings
            if row["event"] == event and self._wanted.fits(row["themes"])
        ]
        return sorted(fit, key=lambda row: (order.index(row["polarity"]), not row["listed"]))

    def _event(self, event: Fact, said: list[Fact]) -> Item:
        note, date = self._note(event), self._speech.dates(event["date"])
        quotes = tuple(self._quote(row, self._judged(row)) for row in said[:PER_EVENT])
        if quotes and said[0]["polarity"] == "weakness":
            theme = self._theme(said[0]).lower()
            values = {"words": _short(said[0]["quote"]), "theme": theme, "date": date}
            self._ask("changes", "weakness", (quotes[0].note,), **values)
        name = self._speech.name(event["label"]).strip()
        detail = ("" if date in name else date, self._count(said))
        return Item(name, "; ".join(filter(None, detail)), event["iri"], (note,), quotes)

    def _count(self, said: list[Fact]) -> str:
        """How many findings an event made on the themes, and how many of them are shown."""
        if not said:
            return ""
        told = "1 finding" if len(said) == 1 else f"{len(said)} findings"
        told += " on these themes" if self._wanted.themes else ""
        return f"{told}, {PER_EVENT} shown" if len(said) > PER_EVENT else told

    def _theme(self, row: Fact) -> str:
        """The label of a finding's main theme, or of the one for which it was chosen."""
        told = [row["main_theme"], *row["themes"]]
        fit = [theme for theme in told if theme and self._wanted.fits([theme])]
        return self._speech.label("theme", fit[0]) if fit else ""

    def _judged(self, row: Fact) -> str:
        told = (self._speech.label("polarity", row["polarity"]), self._theme(row))
        return ": ".join(filter(None, told))

    def commitments(self) -> Section:
        """Commitments with a date up to the end of the period, latest date first."""
        fit = [
            row
            for row in self._found.commitments
            if self._wanted.before_end(row["due"])
            and (not (themes := _themes(row["quote"])) or self._wanted.fits(themes))
        ]
        fit.sort(key=lambda row: (earliest(row["due"]), row["due"]), reverse=True)
        told = [same for _, due in groupby(fit, lambda row: row["due"]) for same in _folded([*due])]
        columns = ("Due", "Of whom", "In the document’s words", "How it stands")
        rows = tuple(self._due(same) for same in told[:MOST])
        more = max(0, len(told) - MOST)
        return self._section("commitments", columns=columns, rows=rows, more=more)

    def _due(self, same: list[Fact]) -> Line:
        """One commitment, at all places that word it alike."""
        row, themes = same[0], _themes(same[0]["quote"])
        later = self._later(row["due"], themes)
        state = self._state(row["due"], themes, later)
        notes = tuple(self._note(one) for one in (*same, *later))
        due, whom = self._speech.dates(row["due"]), row["of_whom"] or "nobody named"
        values = {"words": _short(row["quote"]), "due": due, "of_whom": whom}
        self._ask("commitments", f"commitment_{state}", notes, **values)
        return Line((due, whom, row["quote"], wording().due[state]), notes)

    def _state(self, due: str, themes: frozenset[str], later: list[Fact]) -> str:
        if latest(due) >= self._wanted.today:
            return "due"
        if not themes:
            return "unknown"
        return "later" if later else "none"

    def _later(self, due: str, themes: frozenset[str]) -> list[Fact]:
        """The latest findings on the themes at events after a date, two at most."""
        end = latest(due)
        return [
            row
            for row in self._found.findings
            if self._wanted.before_end(row["date"])
            and earliest(row["date"]) > end
            and row["main_theme"] in themes
        ][:2]

    def figures(self) -> Section:
        """Figures of the period that bear on the themes."""
        fit = [
            row
            for row in self._found.figures
            if (self._wanted.within(row["date"]) or self._wanted.within(self._dated(row)))
            and self._bears(row)
        ]
        fit.sort(key=self._weight, reverse=True)
        columns = ("What", "Of whom", "Value", "Date", "In the document’s words")
        rows = tuple(self._figure(row) for row in fit[:MOST])
        return self._section("figures", columns=columns, rows=rows, more=max(0, len(fit) - MOST))

    def _dated(self, row: Fact) -> str | None:
        return self._found.dates.get(row["document"]["id"])

    def _weight(self, row: Fact) -> tuple[bool, str]:
        """Figures of tables and of somebody in particular before others; then the latest."""
        return bool(row["table"] or row["about"]), earliest(row["date"] or self._dated(row) or "")

    def _bears(self, row: Fact) -> bool:
        """Whether what a figure measures, or the words around it, name a theme of the pack."""
        if row["measure"].lower() in wording().no_measures:
            return False
        told = " ".join(filter(None, (row["measure"], row["table"], row["quote"])))
        themes = _themes(told)
        return bool(themes) and self._wanted.fits(themes)

    def _figure(self, row: Fact) -> Line:
        notes, date = (self._note(row),), self._speech.dates(row["date"])
        about, value = row["about"] or "", self._value(row)
        if row["table"] or about:
            measure = f"{row['measure']} ({about})" if about else row["measure"]
            self._ask("figures", "figure", notes, measure=measure, value=value, date=date)
        when = date or f"not stated; document of {self._speech.dates(self._dated(row))}"
        return Line((row["measure"], about, value, when, row["quote"]), notes)

    def _value(self, row: Fact) -> str:
        """The number as documents print it, with its unit."""
        number, unit = row["value"], row["unit"] or ""
        printed = f"{number:,}" if isinstance(number, int | float) else str(number)
        return f"{printed}{unit}" if unit == "%" else f"{printed} {unit}".strip()

    def disagreements(self) -> Section:
        """Questions with two answers, as documents up to the end of the period give them."""
        fit = [row for row in self._found.disagreements if self._disputed(row)]
        items = tuple(self._sides(row) for row in fit[:MOST])
        return self._section("disagreements", items=items, more=max(0, len(fit) - MOST))

    def _disputed(self, row: Fact) -> bool:
        told = " ".join((row["question"], *(side["quote"] for side in row["sides"])))
        known = all(self._wanted.before_end(self._dated(side)) for side in row["sides"])
        return known and self._wanted.fits(_themes(told))

    def _sides(self, row: Fact) -> Item:
        name = self._speech.name
        quotes = tuple(self._quote(side, name(str(side["value"]))) for side in row["sides"])
        notes, question = tuple(quote.note for quote in quotes), name(row["question"])
        values = {"question": question, "value": quotes[0].said, "other": quotes[1].said}
        self._ask("disagreements", "disagreement", notes, **values)
        return Item(question, name(row["explanation"]), quotes=quotes)

    def asked(self) -> Section:
        """The questions that the sections before gave."""
        items = tuple(item for made in self._questions.values() for item in made)
        return self._section("questions", items=items)


def _folded(rows: list[Fact]) -> list[list[Fact]]:
    """Rows whose words repeat one another, together."""
    found = groups([row["quote"] for row in rows], len(rows))
    return [[rows[number] for number in same] for same in found]


def _short(quote: str) -> str:
    """The beginning of a quotation, enough to know it by."""
    return shorten(quote, QUOTED, placeholder="…")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _themes(text: str) -> frozenset[str]:
    """Themes that a text names by what they are called."""
    return frozenset(hit.group for hit in theme_labels_index().find(text))
