"""Real Chromium: the main journeys with and without scripts, and what axe finds.

The style sheet must have been built (``python -m server.assets.build``), which also
brings axe-core.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kg.remote.settings import StoreSettings
from search.stores import Stores
from server.app import create_app
from server.library import GenerationLibrary
from server.settings import Settings
from tests.server.browser import chromium, executable, watch
from tests.server.loopback import served
from tests.server.places import MISTAKES, PLACES
from tests.server.sample import LETTER, REPORT

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
BUILT = ROOT / "server/static/dist/assets.json"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(executable() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not (AXE.exists() and BUILT.exists()), reason="assets are not built"),
]

RUN_AXE = """async only => {
  const found = await axe.run(document, {runOnly: only});
  return found.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html).join(" | "));
}"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""Rules that may find something else in other colours."""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="session")
def stores(home: Path) -> Stores:
    """Pages look the same wherever the graph lives."""
    return Stores(home, StoreSettings())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests here."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(web: Flask) -> Iterator[str]:
    """Where the sample is served."""
    with served(web) as found:
        yield found


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A page in which nothing may go wrong, with and without scripts."""
    context = browser.new_context(base_url=address, java_script_enabled=request.param)
    opened = context.new_page()
    wrong = watch(opened, address)
    yield opened
    context.close()
    assert wrong == []


def test_from_the_home_page_to_the_words_in_their_document(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox", name="Search the documents").fill("supervision is not regular")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Search results")).to_be_visible()
    page.get_by_role("heading", level=3).get_by_role("link").first.click()
    quotation = page.locator("#q")
    expect(quotation).to_be_in_viewport()
    assert "upervision" in quotation.inner_text()


def test_results_are_filtered_and_set_free_again(page: Page) -> None:
    page.goto("/search?q=supervision")
    page.get_by_label("Monitoring visit letter").check()
    page.get_by_role("button", name="Apply filters").click()
    assert "kind=monitoring-visit-letter" in page.url
    chip = page.get_by_role("link", name="Remove filter")
    expect(chip).to_have_count(1)
    chip.click()
    assert "kind=" not in page.url


def test_from_a_grade_to_the_words_it_was_read_from(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="how a council was graded").click()
    page.get_by_role("link", name="Requires improvement").first.click()
    expect(page.locator("#q")).to_have_text("Inspection of Kelland")


def test_from_a_day_to_who_held_a_post_and_the_words_for_it(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Posts", exact=True).click()
    for name, value in (("Day", "1"), ("Month", "8"), ("Year", "2019")):
        page.get_by_label(name, exact=True).fill(value)
    page.get_by_role("button", name="Show who held what").click()
    held = page.get_by_role("table", name="Posts held on 1 August 2019")
    expect(held.get_by_role("row")).to_have_count(2)
    held.get_by_role("link", name="Kelland inspection report").click()
    expect(page.locator("#q")).to_have_text("The Director of Children’s Services knows this.")


def test_from_a_partner_to_what_is_found_about_it(page: Page) -> None:
    page.goto("/browse")
    page.get_by_role("link", name="Organisations").click()
    expect(page.get_by_role("img", name="Organisations and partners")).to_be_visible()
    relations = page.get_by_role("table", name="Relations that the documents state")
    relations.get_by_role("link", name="Kelland children’s services").click()
    expect(page.get_by_role("table", name="Findings about")).to_be_visible()


def test_from_a_weakness_in_the_side_list_to_its_place(page: Page) -> None:
    page.goto(f"/doc/document/{REPORT}")
    page.locator("#read summary").filter(has_text="Findings").click()
    page.locator("#read").get_by_role("link", name="Weakness: Supervision").last.click()
    label = page.locator(".fg-finding__label").last
    expect(label).to_be_in_viewport()


@pytest.mark.parametrize("path", [f"/doc/document/{LETTER}", "/search?q=supervision", "/documents"])
def test_text_that_looks_like_code_stays_text(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_text("<script>alert(1)</script>").first).to_be_attached()


def test_the_journey_can_be_made_with_the_keyboard_alone(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    while not page.evaluate("document.activeElement.id === 'search-box'"):
        page.keyboard.press("Tab")
    page.keyboard.type("supervision")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=supervision")
    first = page.get_by_role("heading", level=3).get_by_role("link").first
    for _ in range(60):
        if first.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#q")).to_be_in_viewport()
    context.close()


CHECKS: tuple[tuple[Literal["light", "dark"], list[str]], ...] = (
    ("light", RULES),
    ("dark", COLOURS),
)
"""Colour schemes, and what is looked for in each: all, and then what colours change."""


@pytest.fixture(scope="module")
def checked(browser: Browser, address: str) -> Iterator[Page]:
    """A window with axe in every page."""
    context = browser.new_context(base_url=address, bypass_csp=True)
    context.add_init_script(path=AXE)
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_where_there_is_nothing_to_serve(
    browser: Browser, tmp_path: Path
) -> None:
    library = GenerationLibrary(tmp_path, "hashing", Stores(tmp_path, StoreSettings()))
    with served(create_app(Settings(data=tmp_path), library=library)) as address:
        context = browser.new_context(base_url=address, bypass_csp=True)
        context.add_init_script(path=AXE)
        page = context.new_page()
        answer = page.goto("/")
        assert answer is not None
        assert answer.status == 503
        assert page.evaluate(RUN_AXE, RULES) == []
        context.close()


@pytest.mark.parametrize("path", [*PLACES, *MISTAKES])
def test_axe_finds_nothing_and_nothing_overflows(checked: Page, path: str) -> None:
    """One load a width, since scripts look at the width once; colours change where it stands."""
    for width in (1280, 320):
        checked.set_viewport_size({"width": width, "height": 800})
        checked.goto(path)
        assert checked.evaluate(OVERFLOW) <= 0
        for scheme, rules in CHECKS:
            checked.emulate_media(color_scheme=scheme)
            assert checked.evaluate(RUN_AXE, rules) == [], (width, scheme)
