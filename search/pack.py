"""The meeting pack: what a committee needs before it meets, each line with its place.

    facts ──gather──▶ Material ──brief──▶ Pack(sections, places)

Lines carry numbers of notes; ``Pack.places[number - 1]`` is the quotation in its document.
Nothing here chooses between documents or takes silence for failure.
"""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import shorten
from typing import Any

from kg.dates import earliest
from search.commitments import themes_of
from search.facts import Fact
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
from search.pack_promises import Promises

__all__ = ["Material", "Pack", "Place", "Section", "Speech", "Wanted", "brief", "gather"]

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
        writer.made(),
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
        self._promises = Promises(found, wanted, speech, self._note)

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
        """Issues as they were known at the end of the period, those raised in it first."""
        known = [(issue, self._raised(issue)) for issue in self._found.issues]
        fit = [
            (issue, raised)
            for issue, raised in known
            if self._wanted.fits(issue["themes"]) and len({one["event"] for one in raised}) > 1
        ]
        fit.sort(key=lambda pair: not self._again(pair[1]))
        items = tuple(self._issue(issue, raised) for issue, raised in fit[:MOST])
        return self._section("repeated", items=items, more=max(0, len(fit) - MOST))

    def _raised(self, issue: Fact) -> list[Fact]:
        return [one for one in issue["occurrences"] if self._wanted.before_end(one["date"])]

    def _again(self, raised: list[Fact]) -> bool:
        """Whether an issue was raised in the period."""
        return any(self._wanted.within(one["date"]) for one in raised)

    def _issue(self, issue: Fact, raised: list[Fact]) -> Item:
        dates = self._speech.dates
        first, last = dates(raised[0]["date"]), dates(raised[-1]["date"])
        events = f"{len({one['event'] for one in raised})} events"
        quotes = tuple(self._quote(one, dates(one["date"])) for one in (raised[0], raised[-1]))
        status = issue["status"]
        notes = (quote.note for quote in quotes)
        values = {"label": issue["label"], "raised": events, "first": first, "last": last}
        self._ask("repeated", status, notes, **values)
        again = self._again(raised)
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
        grades, places = self._grades(event["iri"])
        detail = ("" if date in name else date, grades, self._count(said))
        told = "; ".join(filter(None, detail))
        return Item(name, told, event["iri"], (note, *places), quotes)

    def _grades(self, event: str) -> tuple[str, tuple[int, ...]]:
        """The grades that an inspection gave, each once, and where they stand."""
        rows = {row["label"]: row for row in self._found.judgements if row["event"] == event}
        notes = dict.fromkeys(self._note(row) for row in rows.values())
        return (f"graded {', '.join(rows)}" if rows else ""), tuple(notes)

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
        told, more = self._promises.due()
        for one in told:
            words, due = _short(one.row["quote"]), self._speech.dates(one.row["due"])
            values = {"words": words, "due": due, "of_whom": one.line.cells[1]}
            self._ask("commitments", f"commitment_{one.state}", one.line.notes, **values)
        columns = ("Due", "Of whom", "In the document’s words", "How it stands")
        rows = tuple(one.line for one in told)
        return self._section("commitments", columns=columns, rows=rows, more=more)

    def made(self) -> Section:
        """What was asked for or promised in the period without a date."""
        rows, more = self._promises.made()
        for row in rows:
            when, _, whom, quote = row.cells
            self._ask("made", "made", row.notes, words=_short(quote), date=when, of_whom=whom)
        columns = ("Document of", "Kind", "Of whom", "In the document’s words")
        return self._section("made", columns=columns, rows=tuple(rows), more=more)

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
        themes = themes_of(told)
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
        return known and self._wanted.fits(themes_of(told))

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


def _short(quote: str) -> str:
    """The beginning of a quotation, enough to know it by."""
    return shorten(quote, QUOTED, placeholder="…")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
