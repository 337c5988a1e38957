"""Question forms: each file is complete, its query runs, its own questions choose it."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from ontology.terms import PREFIXES
from search.ask.asker import Asker
from search.ask.forms import Form, filled, fits, forms
from search.ask.records import Reading

FORMS = forms()
IRI, DAY, TEXT = (
    "<http://a.example/x>",
    '"2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>',
    '"a"',
)
SLOTS = {
    **{key: [IRI] for key in ("event", "own", "document", "post", "body")},
    "authority": [IRI, "<http://a.example/y>"],
    **{key: [IRI] for key in ("theme", "domain", "mode", "kind", "assertor")},
    **{key: [TEXT] for key in ("measure", "grade", "person")},
    "date": [TEXT, TEXT],
    "from": [DAY, DAY],
    "to": [DAY, DAY],
    "start": [DAY],
    "end": [DAY],
}
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
TESTS = [(name, question) for name, form in FORMS.items() for question in form.tests]


def test_there_are_forms_for_every_kind_of_question() -> None:
    assert len(FORMS) >= 40
    asked = {asks for form in FORMS.values() for asks in form.asks}
    assert asked >= {"person", "date", "grade", "number", "body", "yes-no", "list", "passage"}


@pytest.mark.parametrize("name", FORMS)
def test_the_query_of_a_form_runs_with_all_slots_and_with_only_those_needed(name: str) -> None:
    form = FORMS[name]
    needed = {slot: SLOTS[slot] for slot in _needed(form)}
    for slots in (SLOTS, needed):
        answer = ox.Store().query(PROLOGUE + filled(form.sparql, slots))
        assert isinstance(answer, ox.QuerySolutions)
        names = {variable.value for variable in answer.variables}
        assert any(each.startswith("span") for each in names)
        used = set(re.findall(r"\{(\w+)\}", form.one + form.many + form.each))
        assert {*used, *form.values, *filter(None, (form.distinct, form.near))} <= names


def _needed(form: Form) -> set[str]:
    names = {need.partition("=")[0].partition("|")[0] for need in form.needs}
    return names | ({"from", "to", "start", "end"} if "date" in names else set())


@pytest.mark.parametrize(("name", "question"), TESTS)
def test_a_form_fits_its_own_questions(asker: Asker, name: str, question: str) -> None:
    reading = asker.read(question)
    slots = {slot: SLOTS[slot] for slot in SLOTS if slot not in FORMS[name].without}
    assert fits(FORMS[name], reading, slots, 1.0, [*reading.all("post"), question])


def test_a_form_does_not_fit_what_it_would_leave_half_unread() -> None:
    form = FORMS["documents-held"]
    question = "Which documents are loaded that describe swimming lessons for foster dogs?"
    reading = Reading(question, question, "list", question, cues=frozenset({"holdings"}))
    assert not fits(form, reading, SLOTS, 1.0)


def test_a_line_with_an_unlinked_slot_is_left_out() -> None:
    sparql = "A $event\nB $from_1 $to_2\nC"
    assert filled(sparql, {"event": ["<x>", "<y>"], "from": ["1"], "to": ["2"]}) == "A <x> <y>\nC"
    assert filled("E $to_last", {"to": ["1", "2"]}) == "E 2"
