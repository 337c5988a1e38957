"""The SPARQL page in real Chromium: written in, run, shared; with the editor and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kg.generations import open_generation
from ontology.examples import examples, prefixed
from ontology.terms import PREFIXES
from server.app import create_app
from server.library import GenerationLibrary
from server.pages.sparql import render
from server.settings import Settings
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.protocol import Endpoint
from tests.server.browser import chromium, executable, watch
from tests.server.loopback import served
from tests.server.test_browser import AXE, BUILT, OVERFLOW, RULES, RUN_AXE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(executable() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not (AXE.exists() and BUILT.exists()), reason="assets are not built"),
]

QUERY = prefixed('SELECT (COUNT(*) AS ?findings) WHERE { ?f a fg:Finding } # "how many"')
BROKEN = "SELECT * {"


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    """The sample with its endpoint."""
    generation = open_generation(home)
    prefixes = {str(name): iri for name, iri in PREFIXES.items()}
    settings = Settings(data=home, model="hashing")
    limits = QueryLimits(workers=2, milliseconds_per_minute=10**7)
    with QueryPool(generation.store, limits, generation="1", prefixes=prefixes) as pool:
        endpoint = Endpoint(pool, page=render)
        library = GenerationLibrary(home, "hashing")
        with served(create_app(settings, library=library, endpoint=endpoint)) as found:
            yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def _opened(browser: Browser, address: str, *, scripts: bool) -> Iterator[tuple[Page, list[str]]]:
    context = browser.new_context(base_url=address, java_script_enabled=scripts)
    page = context.new_page()
    yield page, watch(page, address)
    context.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    for page, wrong in _opened(browser, address, scripts=request.param):
        yield page
        assert wrong == []


@pytest.fixture
def scripted(browser: Browser, address: str) -> Iterator[Page]:
    for page, wrong in _opened(browser, address, scripts=True):
        yield page
        assert [one for one in wrong if "400" not in one] == []


def _write(page: Page, query: str) -> None:
    """Write over what stands in the field, as people do."""
    field = page.get_by_role("textbox", name="Query")
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(query)


def test_a_query_is_written_run_and_shared(page: Page) -> None:
    page.goto("/sparql")
    _write(page, QUERY)
    page.get_by_role("button", name="Run query").click()
    expect(page.get_by_role("heading", name="1 result")).to_be_visible()
    expect(page.get_by_role("columnheader", name="findings")).to_be_visible()
    expect(page.get_by_role("cell", name="4")).to_be_visible()
    link = page.get_by_role("link", name="Link to this query").get_attribute("href")
    assert link
    page.goto(link)
    expect(page.get_by_role("cell", name="4")).to_be_visible()


def test_results_are_had_as_csv(page: Page) -> None:
    page.goto("/sparql")
    _write(page, QUERY)
    with page.expect_response(re.compile(r"format=csv")) as answer:
        page.get_by_role("button", name="Get CSV").click()
    assert answer.value.status == 200
    assert "text/csv" in answer.value.headers["content-type"]


def test_every_example_can_be_opened(page: Page) -> None:
    page.goto("/sparql")
    expect(page.locator("main li a")).to_have_count(len(examples()))
    page.get_by_role("link", name="Weaknesses by theme and year").click()
    expect(page.get_by_role("columnheader", name="weaknesses")).to_be_visible()


def test_the_editor_is_left_with_the_tab_key_and_sent_with_the_keyboard(scripted: Page) -> None:
    scripted.goto("/sparql")
    scripted.get_by_role("textbox", name="Query").focus()
    scripted.keyboard.press("Tab")
    expect(scripted.get_by_role("button", name="Run query")).to_be_focused()
    scripted.keyboard.press("Shift+Tab")
    expect(scripted.get_by_role("textbox", name="Query")).to_be_focused()
    _write(scripted, QUERY)
    scripted.keyboard.press("Control+Enter")
    expect(scripted.get_by_role("cell", name="4")).to_be_visible()


def test_terms_complete_from_the_graph(scripted: Page) -> None:
    scripted.goto("/sparql")
    _write(scripted, f"PREFIX fg: <{PREFIXES['fg']}>\nSELECT * {{ ?s a fg:Jud")
    scripted.keyboard.press("Control+Space")
    expect(scripted.locator(".CodeMirror-hints")).to_contain_text("Judgement")


def test_a_broken_query_is_told_where_it_breaks(scripted: Page) -> None:
    scripted.goto("/sparql")
    _write(scripted, BROKEN)
    scripted.get_by_role("button", name="Run query").click()
    expect(scripted.get_by_role("alert")).to_be_visible()
    assert "SELECT" in scripted.locator(".CodeMirror").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/sparql", f"/sparql?query={BROKEN}", "/sparql?query=ASK{}"])
def test_axe_finds_nothing(browser: Browser, address: str, path: str, scheme: str) -> None:
    context = browser.new_context(
        base_url=address,
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": 320, "height": 800},
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(path)
    page.locator(".CodeMirror").wait_for()
    page.add_script_tag(path=str(AXE))
    assert page.evaluate(RUN_AXE, RULES) == []
    assert page.evaluate(OVERFLOW) <= 0
    context.close()


def test_only_this_page_loads_the_editor(scripted: Page) -> None:
    loaded: list[str] = []
    scripted.on("request", lambda request: loaded.append(request.url))
    scripted.goto("/data")
    assert not [url for url in loaded if "editor" in url]
    scripted.goto("/sparql")
    assert [url for url in loaded if "editor" in url and url.endswith(".js")]
