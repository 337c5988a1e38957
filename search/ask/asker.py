"""From a question to an answer.

question ─read─▶ Reading ─┬─ gates: what the collection cannot answer ──▶ refusal
                          ├─ forms that fit, best first ─ SPARQL ─ rows ─▶ sentence
                          └─ passages, quoted ─ weak? ──▶ refusal
"""

from __future__ import annotations

from search import query
from search.ask import link, passages
from search.ask.evidence import Finder
from search.ask.records import Answer, Reading
from search.ask.vocabulary import Vocabulary
from search.opened import Opened


class Asker:
    """Answers questions about one generation; threads may share it."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.vocabulary = Vocabulary(opened)
        self.finder = Finder(opened.searcher)

    def read(self, question: str) -> Reading:
        """How a question is understood."""
        known = link.respelt(question, link.cues())
        corrected = query.misspelt(known, self.finder.known)
        return link.read(known if corrected else question, self.vocabulary, corrected)

    def ask(self, question: str) -> Answer:
        """The answer to a question, or why there is none."""
        reading = self.read(question)
        return passages.answer(self.finder, reading)
