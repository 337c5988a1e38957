"""Every kind of page, once in each of its states: what all pages must keep is tested on these.

A new page is added here; ``test_pages.py`` fails while a route is in no list.
"""

from __future__ import annotations

from tests.server.sample import LETTER, REPORT

PLACES = (
    "/",
    "/search",
    "/search?q=supervision",
    "/search?q=supervision&polarity=weakness&authority=kelland&sort=newest",
    "/search?q=zebra&kind=other",
    "/search?q=What+was+found+about+supervision%3F",
    "/search?q=How+was+leadership+judged%3F&form=grades-of-inspection&slot.date=2020",
    f"/similar?id={LETTER}/281a92015679",
    "/documents",
    "/documents?kind=inspection",
    f"/doc/document/{REPORT}",
    f"/doc/document/{REPORT}?start=100&end=160",
    f"/doc/document/{LETTER}",
    "/inspections",
    "/browse",
    "/findings",
    "/findings?polarity=weakness&theme=supervision",
    "/findings?authority=elsewhere",
    "/repeated",
    "/repeated?theme=supervision&status=persisting",
    "/repeated?since=2021&until=2022&least=3",
    "/doc/issue/kelland/supervision-12345678",
    "/ontology",
    "/changes",
    "/changes?authority=kelland",
    "/compare",
    "/compare?earlier=inspection/kelland/2020-03-02-inspection"
    "&later=inspection/kelland/2021-06-09-monitoring-visit",
    "/council?authority=kelland",
    "/pack",
    "/pack?authority=kelland",
    "/commitments",
    "/commitments?day=1&month=9&year=2020&state=due&kind=area-for-improvement&since=2020",
    "/commitments?year=2019",
    "/posts",
    "/posts?day=1&month=8&year=2019",
    "/posts?authority=elsewhere",
    "/tenures",
    "/organisations",
    "/events",
    "/figures",
    "/disagreements",
    "/missing",
    "/doc/inspection/kelland/2020-03-02-inspection",
    "/doc/organisation/kelland",
    "/doc/post/kelland/director-of-childrens-services",
    "/about",
    "/quality",
    "/help",
    "/accessibility",
    "/privacy",
    "/licence",
    "/data",
)
"""Addresses that answer 200."""

MISTAKES = {
    "/nowhere": 404,
    "/doc/document/none": 404,
    "/doc/issue/kelland/none": 404,
    "/council?authority=elsewhere": 404,
    "/figures?page=0": 400,
    "/repeated?since=never": 400,
    "/commitments?since=never": 400,
    "/commitments?day=31&month=2&year=2019": 400,
    "/posts?day=31&month=2&year=2019": 400,
    "/search?q=x&since=never": 400,
    "/search?q=x&form=none-such": 400,
    "/similar?id=none": 404,
}
"""Addresses that answer with a page about what is wrong, and its status."""

OTHERS = {
    "static": "files that the build makes",
    "entities.identifier": "redirects to a page or to data",
    "vocabulary.scheme": "redirects to a page or to data",
    "vocabulary.graph": "redirects to a page or to data",
    "discovery.dump": "files with all data",
    "pages.pack_docx": "a Word document",
    "pages.feed": "an Atom feed",
    "pages.authority_feed": "an Atom feed",
    "pages.issue_feed": "an Atom feed",
    "pages.search_feed": "an Atom feed",
    "api.facts": "JSON",
    "api.document": "JSON",
    "api.passage": "JSON",
}
"""Routes that answer no page of their own, and what they answer."""
