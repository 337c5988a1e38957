"""A form run: its SPARQL filled and asked, its rows put into words with what they cite."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import pyoxigraph as ox

from kg.edtf import earliest, latest
from ontology.iris import SCHEMES
from ontology.terms import PREFIXES
from search.ask.cues import cues
from search.ask.evidence import Evidence
from search.ask.forms import Form, filled, topical
from search.ask.nearness import Nearness
from search.ask.records import Answer, Citation, Reading
from search.ask.vocabulary import Vocabulary
from search.ask.words import date_words, number_words
from search.graph import Row
from search.index import Index
from search.opened import Opened
from search.search import DocumentRef
from search.words import plain

CITED = 30
"""Places that an answer from rows cites at most."""

DISAGREE = "The documents disagree."

Cells = dict[str, str]
_FIELD = re.compile(r"\{(\w+)\}")
_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}(?:/\d{4}(?:-\d\d){0,2})?")


class Found(msgspec.Struct, frozen=True):
    """What a form found: rows as text, what they cite, and the query that was run."""

    sparql: str
    rows: tuple[Cells, ...]
    cited: tuple[tuple[Citation, ...], ...]


class Runner:
    """Runs forms over one generation."""

    def __init__(self, opened: Opened, index: Index, vocabulary: Vocabulary) -> None:
        self._opened, self._index, self._vocabulary = opened, index, vocabulary
        self._names: dict[str, str] = {}
        self._documents = {each.id: number for number, each in enumerate(index.rows.documents)}

    def run(
        self,
        form: Form,
        reading: Reading,
        slots: Mapping[str, Sequence[str]],
        near: Sequence[Evidence] = (),
    ) -> Found:
        """Fill, ask, and read the rows; rows that cite nothing are left out, as are, where
        the form says so and there is a topic, those far from it by the evidence ``near`` it."""
        sparql = "\n".join(
            line.replace(f"#{cue} ", "")
            if (cue := _cue(line)) and (reading.has(cue) or reading.asks == cue)
            else line
            for line in filled(form.sparql, slots).splitlines()
        )
        sparql = f"{_prefixes(sparql)}{sparql.strip()}"
        solutions = self._opened.graph.select(sparql)
        if form.near and topical(form, reading):
            nearness = Nearness(near, self._opened.base)
            solutions = nearness.nearest(solutions, form.near, form.least)
        rows: dict[str, tuple[Cells, tuple[Citation, ...]]] = {}
        for solution in solutions:
            cells = {n: self._text(t) for n, t in solution.items() if not n.startswith("span")}
            places = self._places(solution, reading)
            if places:
                rows.setdefault(_key(form, cells), (cells, places))
        kept = _precise(form, _by_document(list(rows.values()), reading))
        return Found(sparql, tuple(cells for cells, _ in kept), tuple(places for _, places in kept))

    def answer(self, name: str, form: Form, reading: Reading, found: Found, score: float) -> Answer:
        """The rows as an answer."""
        values = [c[v] for c in found.rows for v in form.values if c.get(v)]
        cited = tuple(dict.fromkeys(c for places in found.cited for c in places))[:CITED]
        return Answer(
            question=reading.question,
            answered=True,
            answer=said(form, found.rows),
            values=tuple(dict.fromkeys(_bare(value) for value in values)),
            rows=tuple(dict(row) for row in found.rows),
            sparql=found.sparql,
            citations=cited,
            supporting=len(cited),
            reason=None,
            form=name,
            confidence=score,
            reading=reading,
        )

    def _places(self, solution: Row, reading: Reading) -> tuple[Citation, ...]:
        """Where a row stands; nowhere, if that is about another authority than was named."""
        spans = [t for n, t in solution.items() if n.startswith("span") and t is not None]
        found = tuple(c for span in spans if (c := self._citation(span)))
        apart = any(not self._vocabulary.about(c.document.id, reading) for c in found)
        return () if apart else found

    def _citation(self, span: Any) -> Citation | None:
        """A citation from the IRI of a span, which holds document and offsets."""
        head = f"{self._opened.base}id/span/"
        path, _, place = span.value.removeprefix(head).rpartition("/")
        start, _, end = place.partition("-")
        text = self._opened.catalogue.text(path)
        if text is None:
            return None
        one = self._opened.facts.reference(path)
        return Citation(
            DocumentRef(one["id"], one["title"], one["file"]),
            self._passage(path, int(start)),
            plain(text[int(start) : int(end)]),
            int(start),
            int(end),
        )

    def _passage(self, document: str, offset: int) -> str | None:
        number = self._documents.get(document)
        rows = self._index.rows
        numbers = rows.within(() if number is None else (number,))
        at = int(np.searchsorted(rows.starts[numbers], offset, side="right")) - 1
        if at < 0:
            return None
        row = rows.passages[int(numbers[at])]
        return row.id if offset < row.end else None

    def _text(self, term: Any) -> str:
        """A term in words: the label of what an IRI names, a literal's own text."""
        if term is None:
            return ""
        if isinstance(term, ox.NamedNode):
            return self._label(term.value)
        return str(term.value)

    def _label(self, iri: str) -> str:
        if iri.startswith(SCHEMES):
            return self._opened.labels.get(iri.removeprefix(SCHEMES), iri.rpartition("/")[2])
        if iri not in self._names:
            self._names[iri] = self._vocabulary.called(iri) or self._printed(iri)
        return self._names[iri]

    def _printed(self, iri: str) -> str:
        label = f"SELECT ?l WHERE {{ <{iri}> <{PREFIXES['rdfs']}label> ?l }} LIMIT 1"
        rows = self._opened.graph.select(label)
        return self._text(rows[0]["l"]) if rows else iri.rpartition("/")[2]


def _prefixes(sparql: str) -> str:
    """Declarations of the prefixes that a query uses."""
    used = set(re.findall(r"\b([a-z]+):\w", sparql))
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items() if name in used)


def _key(form: Form, cells: Cells) -> str:
    """What makes a row one of its own: where documents may disagree, its value as well."""
    if not form.distinct:
        return str(sorted(cells.items()))
    return f"{cells.get(form.distinct)} {cells.get(form.agree)}"


Read = tuple[Cells, tuple[Citation, ...]]


def _by_document(rows: list[Read], reading: Reading) -> list[Read]:
    """Rows that cite the document by which a question asks ("going by the letter"), where it
    does: what another says is not asked for."""
    cue = cues().named["by-document"].search(reading.mended)
    if cue is None or reading.has("disagree"):
        return rows
    near = range(cue.end(), cue.end() + AFTER)
    named = {k.label for k in reading.links if k.slot == "document" and k.start in near}
    own = [row for row in rows if any(c.document.id in named for c in row[1])]
    return own if named else rows


AFTER = 25
"""Characters after "according to" within which the document stands."""


def _precise(form: Form, rows: list[Read]) -> list[Read]:
    """Rows that are told apart by a date, without those whose date a more precise one has:
    2017 says nothing beside March 2017; what it cites stands with that."""
    if not all(_DATE.fullmatch(cells.get(form.distinct, "")) for cells, _ in rows):
        return rows
    days = [cells[form.distinct] for cells, _ in rows]
    vague = [any(_within(other, day) for other in days) for day in days]
    kept = [row for row, drop in zip(rows, vague, strict=True) if not drop]
    spare = [(day, row[1]) for day, row, drop in zip(days, rows, vague, strict=True) if drop]
    return [
        (
            cells,
            (*places, *(c for day, cs in spare if _within(cells[form.distinct], day) for c in cs)),
        )
        for cells, places in kept
    ]


def _within(one: str, other: str) -> bool:
    """Whether a date lies in a vaguer one."""
    return one != other and earliest(other) <= earliest(one) and latest(one) <= latest(other)


def _disagree(form: Form, rows: Sequence[Cells]) -> bool:
    """Whether rows on one thing give it different values."""
    things = {row.get(form.distinct) for row in rows}
    return bool(form.agree) and len(things) < len(rows)


def _cue(line: str) -> str | None:
    """The cue, or the kind of question, that a line of a query waits for: ``#worse FILTER(…)``."""
    match = re.match(r"\s*#([\w-]+) ", line)
    return match[1] if match else None


def said(form: Form, rows: Sequence[Cells]) -> str:
    """The rows in the form's words."""
    if len(rows) == 1 or not form.each:
        return _worded(form.one, rows[0])
    lead = f"{DISAGREE} " if _disagree(form, rows) else ""
    shown = "; ".join(_worded(form.each, row) for row in rows[: form.shown])
    more = f" (and {len(rows) - form.shown} more)" if len(rows) > form.shown else ""
    return f"{lead}{_worded(form.many, rows[0])} {shown}{more}.".strip()


def row_words(form: Form, row: Mapping[str, str]) -> str:
    """One row in the form's words."""
    return _worded(form.each or form.one, row)


def _worded(template: str, row: Mapping[str, str]) -> str:
    """A template with its fields filled; brackets and links of empty fields are dropped."""
    text = _FIELD.sub(lambda match: _shown(row.get(match[1], "")) or "\0", template)
    text = re.sub(r"(?:,? (?:from|to|as|by|at the|of) |, |: )?\0", "", text)
    return " ".join(re.sub(r"\(\s*,?\s*\)", "", text).replace("( ", "(").split()).replace(" .", ".")


def _shown(value: str) -> str:
    value = plain(value)
    if _DATE.fullmatch(value):
        return date_words(value)
    return re.sub(
        r"\b\d{4}-\d\d(?:-\d\d)?\b", lambda match: date_words(match.group()), number_words(value)
    )


def _bare(value: str) -> str:
    return plain(value) if _DATE.fullmatch(value) else number_words(plain(value))
