"""The reading of a question, shown and set: on the page without scripts, and in the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from server.app import create_app
from server.library import GenerationLibrary
from server.settings import Settings
from tests.search.ask.standin import StandIn, standin

QUESTION = "What was the overall effectiveness judged to be in March 2020?"


def _ask(client: FlaskClient, status: int = 200, **parameters: Any) -> Any:
    named = {name.replace("__", "."): value for name, value in parameters.items()}
    answer = client.get(f"/api/v1/ask?{urlencode({'q': QUESTION, **named}, doseq=True)}")
    assert answer.status_code == status, answer.text
    return json.loads(answer.text)


def _fields(page: HTMLParser) -> list[tuple[str, str]]:
    """What a browser would send of the reading as it stands."""
    form = page.css_first("#reading form")
    assert form is not None
    found = [
        (str(i.attributes["name"]), i.attributes.get("value") or "") for i in form.css("input")
    ]
    for select in form.css("select"):
        chosen = select.css_first("option[selected]") or select.css_first("option")
        assert chosen is not None
        found.append((str(select.attributes["name"]), chosen.attributes.get("value") or ""))
    return found


def test_an_answer_tells_its_reading(client: FlaskClient) -> None:
    answer = _ask(client)
    assert answer["form"] == "grade"
    assert answer["reading"]["dates"] == ["2020-03"]
    assert {"slot": "domain", "value": "overall_effectiveness"}.items() <= answer["reading"][
        "links"
    ][0].items()
    assert answer["reading"]["cues"] == sorted(answer["reading"]["cues"])
    assert answer["sparql"].startswith("PREFIX")
    assert answer["model"] is None


def test_a_form_can_be_set(client: FlaskClient) -> None:
    every = _ask(client, form="grades-of-inspection")
    assert every["form"] == "grades-of-inspection"
    quoted = _ask(client, form="passages")
    assert quoted["form"] is None
    assert quoted["sparql"] is None


def test_a_slot_can_be_set_and_emptied(client: FlaskClient) -> None:
    later = _ask(client, form="grade", slot__date="2024")
    assert later["reading"]["dates"] == ["2024"]
    assert not later["answered"]
    bare = _ask(client, form="grade", slot__date="")
    assert not bare["answered"]
    assert "date" in bare["reason"]
    other = _ask(client, form="grade", slot__domain="help_and_protection")
    assert [k["value"] for k in other["reading"]["links"] if k["slot"] == "domain"] == [
        "help_and_protection"
    ]


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"form": "no-such-form"}, 400),
        ({"slot__colour": "red"}, 400),
        ({"slot__event": "inspection/nowhere/1999"}, 404),
        ({"slot__domain": "> } DROP ALL"}, 404),
        ({"slot__date": "2020-99"}, 400),
        ({"slot__date": "yesterday"}, 400),
        ({"slot__date": "/"}, 400),
    ],
)
def test_what_is_not_there_cannot_be_set(
    client: FlaskClient, parameters: dict[str, str], status: int
) -> None:
    problem = _ask(client, status, **parameters)
    assert problem["title"]
    named = {name.replace("__", "."): value for name, value in parameters.items()}
    page = client.get(f"/search?{urlencode({'q': QUESTION, **named})}")
    assert page.status_code == 400
    assert "There is a problem" in page.text


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "What did the June 2021 letter say about supervision?",
        "Who was Director of Children's Services in June 2021?",
        "By when is the plan due?",
        "How many agency social workers were there in June 2021?",
        "Which weaknesses were found at the inspection of March 2020?",
    ],
)
def test_sending_the_reading_as_it_stands_changes_nothing(
    client: FlaskClient, question: str
) -> None:
    first = HTMLParser(client.get(f"/search?{urlencode({'q': question})}").text)
    sent = _fields(first)
    again = HTMLParser(client.get(f"/search?{urlencode(sent)}").text)
    assert _fields(again) == sent
    heading, same = (p.css_first("section.fg-panel") for p in (first, again))
    assert heading is not None
    assert same is not None
    lines = [[p.text() for p in panel.css("p.govuk-body")[:1]] for panel in (heading, same)]
    assert lines[0] == lines[1]


def test_the_query_is_shown(client: FlaskClient) -> None:
    page = client.get(f"/search?{urlencode({'q': QUESTION})}")
    assert "PREFIX fg:" in page.text


@pytest.fixture
def told() -> Iterator[StandIn]:
    def reply(data: dict[str, Any]) -> str:
        if "forms" in data:
            return json.dumps({"form": data["forms"][0]["name"]})
        first = data["sources"][0]
        return json.dumps({"sentences": [{"text": first["words"], "source": 1}]})

    with standin(reply) as server:
        yield server


@pytest.fixture
def helped(home: Path, told: StandIn) -> FlaskClient:
    settings = Settings(
        data=home, model="hashing", llm_url=told.address, llm_model="tiny", llm_key="hidden-key"
    )
    return create_app(settings, library=GenerationLibrary(home, "hashing")).test_client()


def test_the_page_says_when_a_model_worded_the_answer(helped: FlaskClient) -> None:
    page = helped.get(f"/search?{urlencode({'q': QUESTION})}").text
    assert "A language model (tiny) worded this" in page
    assert "hidden-key" not in page
    answer = _ask(helped)
    assert answer["model"]["worded"]


def test_the_page_says_when_a_model_failed(helped: FlaskClient, told: StandIn) -> None:
    told.status = 500
    page = helped.get(f"/search?{urlencode({'q': QUESTION})}").text
    assert "The language model was not used" in page
    assert "that is the judgement on" in page


def test_a_key_is_not_shown() -> None:
    assert "hidden-key" not in repr(Settings(llm_key="hidden-key"))  # type: ignore[arg-type]
