"""Whatever an address holds, the answer is a page, a problem or a redirect: never a failure."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = st.text(max_size=30) | st.sampled_from(
    ["../../etc/passwd", "%00", "<script>", "'; DROP", "?x", "kelland", "²", "\x00", "￾", "a" * 900]
)
PARAMETERS = st.dictionaries(
    st.sampled_from(
        [
            "q",
            "page",
            "sort",
            "authority",
            "kind",
            "theme",
            "polarity",
            "since",
            "until",
            "document",
            "event",
            "start",
            "end",
        ]
    ),
    WORDS,
    max_size=4,
)
PAGES = st.sampled_from(
    ["/search", "/search.csv", "/documents", "/findings", "/posts", "/posts.csv", "/repeated"]
)


@QUICK
@given(path=PAGES, parameters=PARAMETERS)
def test_no_parameters_break_a_page(web: Flask, path: str, parameters: dict[str, str]) -> None:
    query = urlencode(parameters, errors="surrogatepass")
    answer = web.test_client().get(f"{path}?{query}")
    assert answer.status_code in (200, 400), answer.text[:300]


@QUICK
@given(kind=WORDS, slug=WORDS, suffix=st.sampled_from(["", ".ttl", ".csv"]))
def test_no_address_of_a_thing_breaks(web: Flask, kind: str, slug: str, suffix: str) -> None:
    names = (quote(kind, safe=""), quote(slug, safe="/"))
    below = ("/doc", "/id", "/api/v1/facts", "/api/v1/documents", "/assets")
    addresses = [f"{start}/{names[0]}/{names[1]}{suffix}" for start in below]
    for address in (*addresses, f"/dumps/{names[0]}{suffix}"):
        answer = web.test_client().get(address)
        assert answer.status_code in (200, 303, 308, 400, 404), answer.text[:300]
        assert b"root:" not in answer.data


@QUICK
@given(accept=st.text(max_size=40) | st.sampled_from(["*/*;q=0", "text/turtle;q=x", ",,,", ";"]))
def test_no_accept_header_breaks_negotiation(web: Flask, accept: str) -> None:
    headers = {"Accept": accept.encode("latin-1", "ignore").decode("latin-1").replace("\n", "")}
    headers["Accept"] = "".join(c for c in headers["Accept"] if c.isprintable())
    answer = web.test_client().get("/id/organisation/kelland", headers=headers)
    assert answer.status_code in (303, 406)
