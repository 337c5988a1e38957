"""Every page by keyboard alone: Tab reaches whatever can be used, nothing holds it, and where
it stands can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from kg.remote.settings import StoreSettings
from search.stores import Stores
from tests.server.browser import chromium, executable
from tests.server.loopback import served
from tests.server.places import PLACES
from tests.server.test_browser import BUILT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(executable() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not BUILT.exists(), reason="assets are not built"),
]

USABLE = """() => {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, " +
    "[tabindex='0']";
  window.usable = [...document.querySelectorAll(wanted)].filter(
    (one) => one.checkVisibility({contentVisibilityAuto: true}) && !one.disabled);
  return window.usable.length;
}"""
STANDS = """() => {
  const one = document.activeElement;
  const shows = (style) => style.boxShadow !== "none" || (style.outlineStyle !== "none" &&
    parseFloat(style.outlineWidth) > 0);
  const boxed = one.matches(".govuk-checkboxes__input, .govuk-radios__input");
  const seen = boxed ? getComputedStyle(one.nextElementSibling, "::before") : getComputedStyle(one);
  return {at: window.usable.indexOf(one), seen: shows(seen), html: one.outerHTML.slice(0, 200)};
}"""
SPARE = 5
"""More presses than there are elements: a trap is not taken for a long page."""


@pytest.fixture(scope="session")
def stores(home: Path) -> Stores:
    """The embedded store alone: browsers see pages, whatever they were read from."""
    return Stores(home, StoreSettings())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def page(browser: Browser, web: Flask) -> Iterator[Page]:
    with served(web) as address:
        context = browser.new_context(base_url=address)
        yield context.new_page()
        context.close()


@pytest.mark.parametrize("path", PLACES)
def test_tab_reaches_everything_and_shows_where_it_stands(page: Page, path: str) -> None:
    page.goto(path)
    usable = page.evaluate(USABLE)
    reached: set[int] = set()
    for _ in range(usable + SPARE):
        page.keyboard.press("Tab")
        stands = page.evaluate(STANDS)
        if stands["at"] in reached or stands["at"] < 0:
            break
        assert stands["seen"], f"focus cannot be seen on {stands['html']}"
        reached.add(stands["at"])
    missed = sorted(set(range(usable)) - reached)
    told = [page.evaluate("at => window.usable[at].outerHTML.slice(0, 200)", at) for at in missed]
    assert not told
