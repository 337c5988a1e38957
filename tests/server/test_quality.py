"""What an evaluation leaves for the quality page, and what that page and home make of it."""

from __future__ import annotations

from pathlib import Path

import msgspec
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from search.evaluate.report import Measure, Outcome
from search.opened import open_data
from server import quality
from server.pages.home import HEADLINES

OUTCOMES = (
    Outcome("questions", (Measure("right", 0.71239, 0.7), Measure("by form", 1.0)), {"n": 55}),
    Outcome("findings", (Measure("F1", 1.0, 0.9),), {"n": 9}),
    Outcome("traps", (Measure("fallen for", 0.5, 0.0, at_most=True),)),
)


def test_an_evaluation_keeps_what_tells_of_new_documents(home: Path, tmp_path: Path) -> None:
    with open_data(home, "hashing") as opened:
        made = quality.measured(OUTCOMES, opened)
    assert (made.documents, made.councils, made.model) == (2, 1, "hashing-256")
    first, second = made.figures
    assert (first.task, first.measure, first.value, first.labels, first.met) == (
        "questions", "right", 0.7124, 55, True,
    )  # fmt: skip
    assert (second.task, second.met) == ("traps", False)
    quality.save(made, tmp_path / "quality.json")
    kept = (tmp_path / "quality.json").read_bytes()
    assert msgspec.json.decode(kept, type=quality.Quality) == made


def test_the_pages_show_what_was_shipped(client: FlaskClient) -> None:
    shipped = quality.shipped()
    assert shipped is not None
    table = LexborHTMLParser(client.get("/quality").text).css("main tbody tr")
    assert len(table) == len(shipped.figures)
    known = {(one.task, one.measure) for one in shipped.figures}
    assert {(task, measure) for task, measure, _ in HEADLINES} <= known
    home = LexborHTMLParser(client.get("/").text)
    assert home.css('main a[href="/quality"]')
    assert len(home.css("main dl dt")) == len(HEADLINES)
