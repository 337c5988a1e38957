"""From a question to an answer.

question ─read─▶ Reading ─┬─ gates: what the collection cannot answer ──▶ refusal
                          ├─ forms that fit, best first ─ SPARQL ─ rows ─▶ sentence
                          └─ passages, quoted ─ weak? ──▶ refusal
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec

from search import query
from search.ask import choices, gates, link, passages, premise
from search.ask.cues import cues
from search.ask.evidence import Finder, Wanted
from search.ask.fit import Fit, fitted
from search.ask.forms import Chooser, Form, forms, linked, needed
from search.ask.measures import Measures
from search.ask.model.assist import Assistant
from search.ask.outcome import standings, with_outcome
from search.ask.records import Answer, Choice, ModelUse, Reading
from search.ask.run import Runner
from search.ask.slots import Slots, slots_of
from search.ask.vocabulary import Vocabulary
from search.opened import Opened

FRAGMENT = 7
"""Words up to which a measure and a date alone ask for the figure: "caseloads june 2020"."""

TRIED = 4
"""Forms that are run at most for one question."""

POINTED = 4
"""Documents up to which a word such as "councillors" points to these and no others."""

ASREAD = Choice()
"""Nothing changed: the question as it is read."""


class Asker:
    """Answers questions about one generation; threads may share it."""

    def __init__(self, opened: Opened, assistant: Assistant | None = None) -> None:
        self.assistant = assistant
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

    def ask(self, question: str, choice: Choice = ASREAD) -> Answer:
        """The answer to a question, or why there is none.

        ``choice`` changes how it is read; QueryError where it names what is not there.
        """
        reading = choices.revised(self.read(question), choice, self.vocabulary)
        answer = self._answered(reading, choice.form)
        if self.assistant is None:
            return answer
        called = {c.document.id: self.vocabulary.name(c.document.id) for c in answer.citations}
        return self.assistant.worded(answer, called, self.finder.embedder)

    def _answered(self, reading: Reading, form: str | None) -> Answer:
        refused = gates.before(reading, self.vocabulary)
        if refused:
            return refused
        wanted = self.finder.wanted(reading.topic, _of_a_council(reading))
        found = self.finder.find(wanted, self.vocabulary.of(reading), _meant(reading))
        if reading.has("change"):
            found = [self.finder.continued(each) for each in found]
        fits = fitted(found, reading, self.vocabulary)
        if refused := premise.denied(reading, self.slots(reading), self.runner):
            return refused
        if form not in (None, choices.PASSAGES):
            return self._by_chosen(str(form), reading, fits)
        scored, used = ([], None) if form else self._scored(reading, wanted)
        answer = self._by_form(scored, reading, fits) or passages.answer(
            fits, reading, self.vocabulary, partial(self.finder.missing, wanted)
        )
        answer = gates.which(answer, self.vocabulary) or answer
        return msgspec.structs.replace(answer, model=used)

    def choose(self, reading: Reading, wanted: Wanted) -> list[tuple[float, str]]:
        """The forms that may answer, best first."""
        return self.chooser.choose(reading, self.slots(reading), wanted.whole)

    def offered(self, reading: Reading) -> list[str]:
        """The forms that may answer, best first, for whoever asks to choose another."""
        wanted = self.finder.wanted(reading.topic, _of_a_council(reading))
        return [name for _, name in self.choose(reading, wanted)]

    def slots(self, reading: Reading) -> Slots:
        """What a reading fills forms with."""
        return slots_of(reading, self.vocabulary, self.measures)

    def _scored(
        self, reading: Reading, wanted: Wanted
    ) -> tuple[list[tuple[float, str]], ModelUse | None]:
        scored = self.choose(reading, wanted)[:TRIED]
        if self.assistant is None or not scored:
            return scored, None
        return self.assistant.chosen(reading.question, scored)

    def _by_form(
        self, scored: Sequence[tuple[float, str]], reading: Reading, fits: Sequence[Fit]
    ) -> Answer | None:
        slots = self.slots(reading)
        for score, name in scored:
            form = forms()[name]
            found = self.runner.run(form, reading, slots, [fit.evidence for fit in fits])
            if 0 < len(found.rows) <= form.most:
                answer = self.runner.answer(name, form, reading, found, score)
                if reading.asks == "body" and not _names_one(answer, reading):
                    continue
                if reading.asks == "date" and reading.has("takes-up") and not reading.dates:
                    answer = passages.otherwise(answer, fits, self.vocabulary)
                return self._beside(form, answer, fits)
            if not found.rows and form.empty == "refuse":
                return gates.refuse(reading, "not-recorded", form.says, form=name)
        return None

    def _by_chosen(self, name: str, reading: Reading, fits: Sequence[Fit]) -> Answer:
        """The form that was set, whether or not it would have been chosen."""
        form, slots = forms()[name], self.slots(reading)
        lacking = [need for need in form.needs if not linked(need, slots)]
        if lacking:
            says = f"This form of question needs {', '.join(map(needed, lacking))}: choose one."
            return gates.refuse(reading, "not-recorded", says, form=name)
        found = self.runner.run(form, reading, slots, [fit.evidence for fit in fits])
        if not found.rows:
            says = form.says or "Read in this way, the question finds nothing in the documents."
            refused = gates.refuse(reading, "not-recorded", says, form=name)
            return msgspec.structs.replace(refused, sparql=found.sparql)
        answer = self.runner.answer(name, form, reading, found, 1.0)
        return self._beside(form, answer, fits)

    def _beside(self, form: Form, answer: Answer, fits: Sequence[Fit]) -> Answer:
        """An answer from rows with what the text says on the same."""
        if form.later:
            facts, day = self.vocabulary.facts, self.vocabulary.period[1]
            stand = standings(answer.citations, facts, day)
            return with_outcome(answer, fits, self.vocabulary, stand)
        return passages.supported(answer, fits, form.quotes)


def _names_one(answer: Answer, reading: Reading) -> bool:
    """Whether a value names a body that the question does not, and not only a kind of body:
    "Regional adoption agency"."""
    asked = {link.label for link in reading.links}
    new = (value.split() for value in answer.values if value not in asked)
    return any(not rest or any(word[:1].isupper() for word in rest) for _, *rest in new)


def _of_a_council(reading: Reading) -> str:
    """The question with "the council" for the authorities that it names: a long name makes it
    unlike the wordings of every form."""
    text = reading.mended
    spans = {(k.start, k.end) for k in reading.links if k.slot == "authority" and k.end}
    until = len(text)
    for start, end in sorted(spans, reverse=True):
        if end <= until:
            text, until = f"{text[:start]}the council{text[end:]}", start
    return text


def _meant(reading: Reading) -> tuple[str, ...]:
    """The documents that a question names, and those that it points to where they are few."""
    loose = {link.label for link in reading.links if link.slot == "loose"}
    return (*reading.documents, *(sorted(loose) if len(loose) <= POINTED else ()))
