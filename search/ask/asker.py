"""From a question to an answer.

question ─read─▶ Reading ─┬─ gates: what the collection cannot answer ──▶ refusal
                          ├─ forms that fit, best first ─ SPARQL ─ rows ─▶ sentence
                          └─ passages, quoted ─ weak? ──▶ refusal
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from search import query
from search.ask import gates, link, passages
from search.ask.cues import cues
from search.ask.evidence import Finder, Wanted
from search.ask.fit import Fit, fitted
from search.ask.forms import Chooser, forms
from search.ask.measures import Measures
from search.ask.records import Answer, Reading
from search.ask.run import Runner
from search.ask.slots import Slots, slots_of
from search.ask.vocabulary import Vocabulary
from search.opened import Opened

FRAGMENT = 7
"""Words up to which a measure and a date alone ask for the figure: "caseloads june 2020"."""

TRIED = 4
"""Forms that are run at most for one question."""


class Asker:
    """Answers questions about one generation; threads may share it."""

    def __init__(self, opened: Opened) -> None:
        self.vocabulary = Vocabulary(opened)
        self.finder = Finder(opened.searcher)
        self.chooser = Chooser(opened.searcher.embedder)
        self.runner = Runner(opened, self.finder.index, self.vocabulary)
        self.measures = Measures(self.vocabulary.measures)

    def read(self, question: str) -> Reading:
        """How a question is understood."""
        known = link.respelt(question, cues())
        corrected = query.misspelt(known, self.finder.known)
        reading = link.read(question, self.vocabulary, corrected)
        bare = reading.asks == "passage" and reading.dates and len(question.split()) <= FRAGMENT
        if bare and self.measures.named(reading):
            return msgspec.structs.replace(reading, asks="number")
        return reading

    def ask(self, question: str) -> Answer:
        """The answer to a question, or why there is none."""
        reading = self.read(question)
        refused = gates.before(reading, self.vocabulary)
        if refused:
            return refused
        wanted = self.finder.wanted(reading.topic, reading.mended)
        fits = fitted(
            self.finder.find(wanted, self.vocabulary.of(reading)), reading, self.vocabulary
        )
        answer = self._by_form(reading, wanted, fits) or passages.answer(
            fits, reading, self.vocabulary
        )
        return gates.which(answer, self.vocabulary) or answer

    def choose(self, reading: Reading, wanted: Wanted) -> tuple[list[tuple[float, str]], Slots]:
        """The forms that may answer, best first, and the slots that they are filled with."""
        slots = slots_of(reading, self.vocabulary, self.measures)
        return self.chooser.choose(reading, slots, wanted.whole)[:TRIED], slots

    def _by_form(self, reading: Reading, wanted: Wanted, fits: Sequence[Fit]) -> Answer | None:
        chosen, slots = self.choose(reading, wanted)
        for score, name in chosen:
            form = forms()[name]
            found = self.runner.run(form, reading, slots, [fit.evidence for fit in fits])
            if 0 < len(found.rows) <= form.most:
                answer = self.runner.answer(name, form, reading, found, score)
                return passages.supported(answer, fits, form.quotes)
            if not found.rows and form.empty == "refuse":
                return gates.refuse(reading, "not-recorded", form.says, form=name)
        return None
