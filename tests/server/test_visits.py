"""The service's own first visit to the pages."""

from __future__ import annotations

import pytest
from flask import Flask, request

from server.library import opened
from server.visits import QUESTIONS, addresses, visit


def test_every_page_without_variables_is_visited(
    web: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    web_view = web.view_functions["pages.posts"]
    monkeypatch.setitem(web.view_functions, "pages.posts", lambda: seen.append(1) or web_view())
    visit(web)
    assert seen == [1]
    found = set(addresses(web))
    assert {"/", "/posts", "/repeated", "/pack", "/about"} <= found
    assert not any("." in address or "<" in address for address in found)


def test_questions_are_asked(web: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What all questions are read with is made before the first of a visitor's."""
    asked: list[str | None] = []
    view = web.view_functions["pages.search"]

    def noted() -> object:
        asked.append(request.args.get("q"))
        return view()

    monkeypatch.setitem(web.view_functions, "pages.search", noted)
    visit(web)
    assert {*QUESTIONS} < {*asked}


def test_a_visit_keeps_what_the_next_visitor_needs(
    web: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(web)
    with web.test_request_context("/"):
        generation = opened()
    asked: list[str] = []
    monkeypatch.setattr(generation.graph, "select", lambda query: asked.append(query) or [])
    assert web.test_client().get("/figures").status_code == 200
    assert asked == []
