"""What became of a promise: later documents are quoted, and silence is told as silence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import pytest

from search.ask.content import content
from search.ask.evidence import Evidence
from search.ask.fit import Fit
from search.ask.outcome import with_outcome
from search.ask.records import Answer, Citation, Reading
from search.ask.vocabulary import Vocabulary
from search.commitments import Standing
from search.search import DocumentRef

QUESTION = "What became of the promise to hold supervision monthly?"
DATES = {"saltby/early": "2019-05-01", "saltby/late": "2020-05-01", "penholt/late": "2020-06-01"}


class _Facts:
    """Findings by their IRIs."""

    base = "https://example.org/"

    def of(self, kind: str, iris: Iterable[str]) -> list[dict[str, object]]:
        paths = [iri.removeprefix(f"{self.base}id/") for iri in iris]
        return [{"iri": path, **_row("Supervision is too infrequent.")} for path in paths]


class _Held:
    """Documents of two councils, as an outcome asks for them."""

    period = ("2019-05-01", "2020-06-01")
    facts = _Facts()

    def dates(self, document: str) -> tuple[str, ...]:
        return (DATES[document],)

    def name(self, document: str) -> str:
        return f"letter of {DATES[document]}"

    def among(self, documents: Iterable[str]) -> frozenset[str]:
        return frozenset(document.partition("/")[0] for document in documents)


def _fit(document: str, score: float = 0.7) -> Fit:
    text = "Supervision is now held every month in most of the teams."
    evidence = Evidence(
        row=0, at=0, passage="p", document=DocumentRef(document, "A letter", "a.txt"),
        date=DATES[document], kind="other", heading="", text=text, start=0, end=len(text),
        cosine=score, terms=score, around=score, own=score, finding=True, key=True, score=score,
    )  # fmt: skip
    return Fit(evidence, content(text), score, dated=True, able=True)


def _promised() -> Answer:
    quote = Citation(DocumentRef("saltby/early", "A letter", "a.txt"), "p", "We will.", 0, 8)
    reading = Reading(QUESTION, QUESTION, "passage", "hold supervision monthly")
    return Answer(
        QUESTION, True, "“We will.”", (), (), "SELECT", (quote,), None, "became-of", reading=reading
    )


def test_a_later_document_of_the_same_council_tells() -> None:
    found = [_fit("saltby/late"), _fit("saltby/early"), _fit("penholt/late")]
    answer = with_outcome(_promised(), found, cast("Vocabulary", _Held()))
    assert answer.answered
    assert answer.answer.count("Supervision is now held") == 1
    assert [c.document.id for c in answer.citations] == ["saltby/early", "saltby/late"]


@pytest.mark.parametrize(
    "found", [[], [_fit("saltby/early")], [_fit("penholt/late")], [_fit("saltby/late", 0.2)]]
)
def test_silence_is_never_told_as_not_done(found: list[Fit]) -> None:
    answer = with_outcome(_promised(), found, cast("Vocabulary", _Held()))
    assert not answer.answered
    assert answer.refusal == "not-recorded"
    assert "does not mean that it was not done" in str(answer.reason)
    assert answer.citations[0].document.id == "saltby/early"
    assert answer.sparql


def _row(quote: str) -> dict[str, object]:
    document = {"id": "saltby/late", "title": "A letter", "file": "b.txt"}
    return {"document": document, "quote": quote, "start": 5, "end": 5 + len(quote)}


def test_a_document_that_says_it_was_done_settles_it() -> None:
    stand = [Standing("done", said=_row("The requirement has been met."))]
    held = cast("Vocabulary", _Held())
    answer = with_outcome(_promised(), [_fit("saltby/late")], held, stand)
    assert answer.answered
    assert "was done: “The requirement has been met.”" in answer.answer
    assert "Supervision is now held" not in answer.answer
    assert answer.supporting == len(answer.citations) == 2


def test_findings_on_its_theme_are_told_as_no_more_than_that() -> None:
    stand = [Standing("later", later=("https://example.org/id/finding/saltby/1",))]
    answer = with_outcome(_promised(), [], cast("Vocabulary", _Held()), stand)
    assert answer.answered
    assert "not on it by name: “Supervision is too infrequent.”" in answer.answer


def test_a_date_that_lies_ahead_is_told() -> None:
    answer = with_outcome(_promised(), [], cast("Vocabulary", _Held()), [Standing("due")])
    assert not answer.answered
    assert "had not come" in str(answer.reason)
