"""Officers' decisions: recorded with the operator's token, shown at once, in effect when built."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from kg import corrections
from kg.corrections import Correction, Place
from kg.errors import FindingsError
from server.app import create_app
from server.library import GenerationLibrary
from server.rebuilding import Rebuilder
from server.settings import Settings
from tests.server.sample import publish, records

TOKEN = "a-token-of-the-tests"  # noqa: S105 - opens nothing
ISSUE = "kelland/supervision-12345678"
ADDRESS, PAGE = f"/decisions/{ISSUE}", f"/doc/issue/{ISSUE}"
SENT = {"action": "confirm", "by": "scrutiny officer", "why": "Agreed.", "operator_token": TOKEN}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    publish(tmp_path, records())
    return tmp_path


def service(data: Path, token: str | None = TOKEN, says: str = "pass") -> FlaskClient:
    """A service whose rebuilds run a line of Python."""
    app = create_app(
        Settings(data=data, model="hashing", operator_token=token),
        library=GenerationLibrary(data, "hashing"),
        rebuilder=Rebuilder([sys.executable, "-c", says]),
    )
    return app.test_client()


def findings(client: FlaskClient) -> list[str]:
    page = HTMLParser(client.get(PAGE).text)
    return [str(box.attributes["value"]) for box in page.css("input[name=finding]")]


def text(client: FlaskClient) -> str:
    return " ".join(HTMLParser(client.get(PAGE).text).css("main")[0].text().split())


def test_without_a_token_there_is_no_way_to_change_anything(data: Path) -> None:
    client = service(data, token=None)
    assert client.post(ADDRESS, data=SENT).status_code == 404
    assert HTMLParser(client.get(PAGE).text).css("form[method=post]") == []
    assert not (data / corrections.FILE).exists()


@pytest.mark.parametrize(
    ("change", "headers", "status"),
    [
        ({"operator_token": ""}, {}, 401),
        ({"operator_token": "another-token-than-it"}, {}, 401),
        ({}, {"Origin": "https://elsewhere.example"}, 403),
        ({}, {"Origin": "null"}, 403),
        ({"action": "delete"}, {}, 400),
        ({"by": " "}, {}, 400),
        ({"by": "x" * 81}, {}, 400),
        ({"action": "reject"}, {}, 400),
        ({"action": "relabel", "label": " "}, {}, 400),
        ({"action": "undo"}, {}, 400),
        ({"action": "merge", "other": ISSUE}, {}, 400),
        ({"action": "merge", "other": "kelland/none"}, {}, 400),
    ],
)
def test_what_cannot_be_recorded_changes_nothing(
    data: Path, change: dict[str, str], headers: dict[str, str], status: int
) -> None:
    answer = service(data).post(ADDRESS, data={**SENT, **change}, headers=headers)
    assert answer.status_code == status
    assert not (data / corrections.FILE).exists()
    assert TOKEN not in answer.text
    if status != 403:
        page = HTMLParser(answer.text)
        (link,) = page.css(".govuk-error-summary a")
        assert page.css(str(link.attributes["href"])), "the summary leads to the field"
        assert "Error" in page.css("title")[0].text()


def test_splitting_leaves_something(data: Path) -> None:
    client = service(data)
    every = findings(client)
    assert (
        client.post(ADDRESS, data={**SENT, "action": "split", "finding": every}).status_code == 400
    )


def test_an_unknown_issue_cannot_be_decided(data: Path) -> None:
    assert service(data).post("/decisions/kelland/none", data=SENT).status_code == 404


def test_a_decision_is_kept_and_shown_at_once(data: Path) -> None:
    client = service(data)
    chosen = findings(client)[0]
    answer = client.post(
        ADDRESS,
        data={**SENT, "action": "reject", "finding": [chosen]},
        headers={"Origin": "http://localhost"},
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}#decided")
    (kept,) = corrections.load(data)
    assert (kept.action, kept.by, kept.why, kept.issue) == (
        "reject", "scrutiny officer", "Agreed.", ISSUE,
    )  # fmt: skip
    (place,) = kept.findings
    assert place.quote in records()[0].document.text
    shown = text(client)
    assert "Recorded by the scrutiny officer on" in shown
    assert "takes effect" in shown
    assert f"Rejected by an officer, so not counted here: {place.quote}" in shown


def test_decisions_stand_in_order_and_what_was_written_by_hand_stays(data: Path) -> None:
    by_hand = (
        "# kept by hand\n- action: confirm\n  findings:\n    - document: kelland/x\n"
        "      quote: y\n  by: chair\n  when: 2024-01-02\n"
    )
    (data / corrections.FILE).write_text(by_hand)
    client = service(data)
    assert client.post(ADDRESS, data=SENT).status_code == 303
    again = {**SENT, "action": "relabel", "label": "Rare supervision"}
    assert client.post(ADDRESS, data=again).status_code == 303
    assert [one.action for one in corrections.load(data)] == ["confirm", "confirm", "relabel"]
    assert (data / corrections.FILE).read_text().startswith(by_hand)


def choices(client: FlaskClient) -> list[str]:
    """What the page offers to undo."""
    options = HTMLParser(client.get(PAGE).text).css("select[name=decision] option[value]")
    return [value for one in options if (value := one.attributes["value"])]


def test_a_decision_is_undone_and_stays_in_the_list(data: Path) -> None:
    client = service(data)
    renamed = {**SENT, "action": "relabel", "label": "Rare supervision"}
    for sent in (SENT, renamed):
        assert client.post(ADDRESS, data=sent).status_code == 303
    before = (data / corrections.FILE).read_text()
    undo = {**SENT, "action": "undo", "by": "chair", "why": "Too narrow."}
    assert client.post(ADDRESS, data={**undo, "decision": "none"}).status_code == 400
    _, latest = choices(client)
    assert client.post(ADDRESS, data={**undo, "decision": latest}).status_code == 303
    assert (data / corrections.FILE).read_text().startswith(before)
    assert [one.action for one in corrections.in_effect(data)] == ["confirm"]
    shown = text(client)
    assert "Renamed: Rare supervision (undone)" in shown
    assert "Undone by the chair on" in shown
    assert "Too narrow." in shown
    assert len(choices(client)) == 1
    again = client.post(ADDRESS, data={**undo, "decision": latest})
    assert again.status_code == 400


def test_an_undo_takes_back_the_latest_decision_of_its_kind_on_the_same_findings() -> None:
    here, there = (Place(f"kelland/{n}", "supervision is rare") for n in "xy")
    day = date(2024, 5, 3)
    first, second, other = (
        Correction("relabel", (place,), "chair", day, label)
        for place, label in ((here, "First"), (here, "Second"), (there, "Other"))
    )
    undo = Correction("undo", (here,), "chair", day, undoes="relabel")
    nothing = Correction("undo", (there,), "chair", day, undoes="confirm")
    taken = corrections.history((first, second, other, nothing, undo))
    assert [(one.decision.label, one.undone) for one in taken] == [
        ("First", None), ("Second", undo), ("Other", None),
    ]  # fmt: skip
    assert corrections.history((first, undo, undo))[0].undone == undo


def test_a_file_that_cannot_be_read_is_left_as_it_is(data: Path) -> None:
    (data / corrections.FILE).write_text("- action: erase\n")
    client = service(data)
    with pytest.raises(FindingsError, match="cannot be read"):
        corrections.load(data)
    assert client.post(ADDRESS, data=SENT).status_code == 422
    assert (data / corrections.FILE).read_text() == "- action: erase\n"


def test_a_rebuild_that_fails_says_why() -> None:
    rebuilder = Rebuilder([sys.executable, "-c", "raise SystemExit('no room')"])
    rebuilder.ask()
    assert rebuilder.wait(60).why == "no room"
    assert rebuilder.now().state == "failed"


def test_asked_while_it_builds_it_builds_once_more(tmp_path: Path) -> None:
    mark, gate = tmp_path / "mark", tmp_path / "gate"
    lines = (
        "import pathlib, time",
        f"with open({str(mark)!r}, 'a') as f: f.write('x')",
        f"while not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.01)",
    )
    rebuilder = Rebuilder([sys.executable, "-c", "\n".join(lines)])
    rebuilder.ask()
    while not mark.exists():
        assert rebuilder.now().state == "building"
    rebuilder.ask()
    gate.touch()
    assert rebuilder.wait(60).state == "idle"
    assert mark.read_text() == "xx"


def test_a_service_that_may_not_build_says_so(data: Path) -> None:
    app = create_app(
        Settings(data=data, model="hashing", operator_token=TOKEN, rebuild=False),
        library=GenerationLibrary(data, "hashing"),
    )
    client = app.test_client()
    assert client.post(ADDRESS, data=SENT).status_code == 303
    assert "which this service does not start itself" in text(client)
