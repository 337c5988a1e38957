"""Answers and refusals over the documents of the invented council."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import msgspec
import pytest

from search.ask import gates
from search.ask.asker import Asker
from search.ask.records import Answer, Citation, Reading
from search.ask.vocabulary import Vocabulary
from search.opened import Opened
from search.search import DocumentRef


def _exact(opened: Opened, answer: Answer) -> bool:
    """Whether each citation's words stand where it says."""
    for cited in answer.citations:
        text = opened.catalogue.text(cited.document.id) or ""
        if " ".join(text[cited.start : cited.end].split()) != " ".join(cited.quote.split()):
            return False
    return bool(answer.citations)


def test_a_grade_is_stated_with_the_words_that_say_it(asker: Asker, opened: Opened) -> None:
    answer = asker.ask("What was the overall effectiveness judged to be in March 2020?")
    assert answer.form == "grade"
    assert answer.values[0].startswith("requires")
    assert "2 March 2020 to 13 March 2020" in answer.answer
    assert answer.sparql is not None
    assert "fg:Judgement" in answer.sparql
    assert _exact(opened, answer)


def test_whether_a_domain_had_a_grade(asker: Asker) -> None:
    answer = asker.ask("Was the overall effectiveness good in 2020?")
    assert answer.values[0] == "No"


def test_a_finding_is_quoted_from_the_document_that_was_named(asker: Asker, opened: Opened) -> None:
    answer = asker.ask("What did the June 2021 letter say about how supervision is recorded?")
    assert answer.answered
    assert "too rare" in answer.answer
    assert answer.citations[0].document.id.startswith("kelland/2021")
    assert _exact(opened, answer)


def test_an_answer_has_the_fields_of_the_contract(asker: Asker) -> None:
    built = msgspec.to_builtins(asker.ask("What was said about supervision in 2021?"))
    assert set(built) >= {
        "question", "answered", "answer", "values", "rows", "sparql", "citations", "reason",
    }  # fmt: skip
    assert set(built["citations"][0]) == {"document", "passage", "quote", "start", "end"}
    assert msgspec.json.encode(built)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("What is the name of the child in the case?", "private"),
        ("What illness did the director have?", "private"),
        ("What was the director's home address in 2020?", "private"),
        ("Which hospital was the child taken to?", "private"),
        ("How was Birmingham rated in 2020?", "outside-places"),
        ("How many vacancies were there in 2035?", "outside-period"),
        ("What did the monitoring visit of May 2019 find about fostering?", "not-loaded"),
        ("What grade did the monitoring visit of June 2021 give?", None),
        ("Which football club won the cup final?", None),
        ("When was the moon landing?", None),
        ("What did inspectors find about beekeeping?", "weak"),
        ("What was found last year?", "ambiguous"),
        ("How much was the director paid?", "private"),
        ("Who became chief executive of the trust?", None),
        ("Did managers order new bicycles for plans?", None),
    ],
)
def test_what_the_documents_do_not_say_is_refused(
    asker: Asker, question: str, why: str | None
) -> None:
    answer = asker.ask(question)
    assert not answer.answered
    assert answer.reason
    assert not answer.values
    assert why is None or answer.refusal == why


def test_a_month_in_figures_needs_no_question_words(asker: Asker) -> None:
    assert asker.read("wot was said abt supervison in june 21").dates == ("2021-06",)


class _TwoCouncils:
    """Documents of two councils, as the gate asks for them."""

    def among(self, documents: Iterable[str]) -> frozenset[str]:
        return frozenset(document.partition("/")[0] for document in documents)


def test_which_council_is_asked_where_one_value_could_be_of_several() -> None:
    cited = tuple(
        Citation(DocumentRef(f"{council}/a", "A", "a.txt"), None, "words", 0, 5)
        for council in ("kelland", "saltby")
    )
    reading = Reading("How many?", "How many?", "number", "many")
    given = Answer("How many?", True, "12", (), (), None, cited, None, reading=reading)
    vocabulary = cast("Vocabulary", _TwoCouncils())
    refused = gates.which(given, vocabulary)
    assert refused is not None
    assert refused.refusal == "ambiguous"
    assert "Kelland, Saltby" in str(refused.reason)
    one = msgspec.structs.replace(given, citations=cited[:1])
    assert gates.which(one, vocabulary) is None
