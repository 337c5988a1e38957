"""The command line: answers on standard output alone, and exit statuses that mean something."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.cli import app
from tests.server.sample import publish, records

LETTER = """Ofsted
Piccadilly Gate

4 May 2031

Dear Director

Monitoring visit of Kent children's services

This letter summarises the findings of the monitoring visit to Kent children's services on
8 April 2031. Supervision is not regular and does not help social workers to improve.

Yours sincerely

Her Majesty's Inspector
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory built by the command from one letter, without a model."""
    folder = tmp_path_factory.mktemp("letters")
    (folder / "letter.txt").write_text(LETTER, encoding="utf-8")
    data = folder / "data"
    made = run("build", str(folder / "letter.txt"), "--data", str(data))
    assert made[0] == 0
    return data


def run(*arguments: str) -> tuple[int, str]:
    """Exit status and standard output of ``findings`` with these arguments."""
    result = CliRunner().invoke(app, [*arguments, *_model(arguments[0])])
    return result.exit_code, result.stdout


def _model(command: str) -> tuple[str, ...]:
    taking = ("build", "search", "ask", "add", "remove")
    return ("--model", "hashing") if command in taking else ()


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (("search", "supervision"), "results"),
        (("ask", "When was the monitoring visit?"), "answered"),
        (("list",), "findings"),
        (("repeated",), "issues"),
        (("facts", "documents"), "facts"),
        (("status",), "generation"),
    ],
)
def test_json_alone_goes_to_standard_output(
    home: Path, arguments: tuple[str, ...], key: str
) -> None:
    status, output = run(*arguments, "--data", str(home), "--json")
    assert status == 0
    assert key in json.loads(output)


def test_what_bears_an_answer_is_apart_from_what_is_near(tmp_path: Path) -> None:
    publish(tmp_path, records())
    asked = (
        "ask",
        "What is said of plans for children that are clear and reviewed on time?",
        "--data",
        str(tmp_path),
    )
    answer = json.loads(run(*asked, "--json")[1])
    assert 0 < answer["supporting"] < len(answer["citations"])
    above, _, below = run(*asked)[1].partition("Also near:")
    assert all(c["quote"] in above for c in answer["citations"][: answer["supporting"]])
    assert all(c["quote"] in below for c in answer["citations"][answer["supporting"] :])


def test_text_is_printed_exactly(home: Path) -> None:
    _, output = run("facts", "events", "--data", str(home), "--json")
    fact = json.loads(output)["facts"][0]
    _, text = run("text", fact["document"]["id"], "--data", str(home))
    assert text[fact["quote_start"] : fact["quote_end"]] == fact["quote"]


def test_a_query_is_answered_in_the_format_asked_for(home: Path) -> None:
    query = (
        "SELECT (COUNT(*) AS ?n) WHERE { ?d a <https://w3id.org/findings-graph/ontology#Document> }"
    )
    assert run("sparql", query, "--format", "csv", "--data", str(home)) == (0, "n\n1\n")


def test_misuse_is_2_and_failure_is_1(home: Path, tmp_path: Path) -> None:
    assert run("facts", "nonsense", "--data", str(home))[0] == 2
    assert run("nonsense")[0] == 2
    assert run("status", "--data", str(tmp_path))[0] == 1
    assert run("text", "no-such-document", "--data", str(home))[0] == 1
    assert run("build", str(tmp_path / "absent.pdf"), "--data", str(tmp_path / "d"))[0] == 1


@pytest.mark.parametrize("service", ["http://127.0.0.1:9/sparql", "https://elsewhere.example/"])
def test_no_service_but_search_is_called(home: Path, service: str) -> None:
    query = f"SELECT * {{ SERVICE <{service}> {{ ?a ?b ?c }} }}"
    result = CliRunner().invoke(app, ["sparql", query, "--data", str(home)])
    assert result.exit_code != 0
    assert "SERVICE is not allowed" in str(result.exception) + result.output
