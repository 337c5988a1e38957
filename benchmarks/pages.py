"""How long every kind of page takes, at first view and after.

    python -m benchmarks pages DATA [ALLOWED_MS]

Pages are found by following links from the home page; those of one make (a route, the kind
of thing, the names in the query) are one kind, of which up to three are viewed. *First* is the
first view of the kind after a generation was opened and warmed up, as the service does it,
*others* are first views of its other addresses, *again* are later views of all of them. Prints
medians in milliseconds, of the clock and of the processor, worst kind first, and exits with 1
when one of the processor's is above the limit (of first views, twice the limit). Nothing is
sent over a network: the application is called in this process, as its server calls it.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import msgspec
from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table
from selectolax.lexbor import LexborHTMLParser

from benchmarks.results import Result, at_most, tell
from server.app import create_app
from server.library import GenerationLibrary
from server.settings import Settings
from server.visits import visit

ALLOWED = 150.0
AGAIN = 3
OF_A_KIND = 3
MOST_KINDS = 200
Milliseconds = tuple[float, float]
"""Of the clock and of the processor."""

FORMS = (
    "/search?q=social+workers+change+too+often",
    "/search?q=Who+was+the+director+of+children%27s+services+in+2019%3F",
    "/posts?day=1&month=8&year=2019",
)
"""Addresses that only a form leads to."""


class Seen(msgspec.Struct):
    """What views of one kind of page took: first ones by address, and later ones."""

    first: dict[str, Milliseconds] = {}
    again: list[Milliseconds] = []


def main(arguments: Sequence[str]) -> None:
    """Crawl, measure, print, and tell."""
    allowed = float(arguments[1]) if len(arguments) > 1 else ALLOWED
    client = _client(Settings(data=Path(arguments[0]), log_requests=False))
    kinds = crawl(client)
    order = [(seen, address) for seen in kinds.values() for address in seen.first] * AGAIN
    random.Random(0).shuffle(order)  # noqa: S311
    for seen, address in order:
        taken, _ = _view(client, address)
        seen.again.append(taken)
    _show(kinds, allowed)
    tell(_results(kinds, allowed))


def _results(kinds: dict[str, Seen], allowed: float) -> list[Result]:
    """The slowest kind of page, by the processor, again and at first."""
    of, found = f"{len(kinds)} kinds of page", []
    for what, limit, taken in (
        ("seen again", allowed, {kind: _medians(seen.again)[1] for kind, seen in kinds.items()}),
        ("at first", 2 * allowed, {kind: _first(seen)[1] for kind, seen in kinds.items()}),
    ):
        slowest = max(taken, key=lambda kind: taken[kind])
        found.append(
            Result(what=f"slowest kind {what}, processor", ours=taken[slowest], unit="ms", of=of,
                   goal=at_most(limit, "ours"), note=slowest)
        )  # fmt: skip
    return found


def _first(seen: Seen) -> Milliseconds:
    return next(iter(seen.first.values()))


def _client(settings: Settings) -> FlaskClient:
    """The service with a generation that is just opened and warmed up."""
    library = GenerationLibrary(settings.data, settings.model)
    app = create_app(settings, library=library)
    visit(app)
    return app.test_client()


def crawl(client: FlaskClient) -> dict[str, Seen]:
    """First views of up to three addresses of each kind of page that links lead to from the
    home page."""
    found: dict[str, Seen] = {}
    gone: set[str] = set()
    waiting = deque(["/", *FORMS])
    while waiting and len(found) < MOST_KINDS:
        address = waiting.popleft()
        known = found.setdefault(kind_of(address), Seen())
        if address in known.first or address in gone or len(known.first) >= OF_A_KIND:
            continue
        taken, html = _view(client, address)
        if html:
            known.first[address] = taken
            waiting += _links(address, html)
        else:
            gone.add(address)
    return {kind: seen for kind, seen in found.items() if seen.first}


def _links(address: str, html: str) -> Iterator[str]:
    for link in LexborHTMLParser(html).css("a[href]"):
        target = urlsplit(urljoin(address, link.attributes["href"] or ""))
        if not target.netloc and "." not in target.path.rpartition("/")[2]:
            yield target._replace(fragment="").geturl()


def kind_of(address: str) -> str:
    """What pages of one make share: ``/doc/post``, ``/findings theme polarity``."""
    split = urlsplit(address)
    parts = split.path.strip("/").split("/")
    path = "/" + "/".join(parts[: 2 if parts[0] in ("doc", "id") else 1])
    return " ".join([path, *sorted({name for name, _ in parse_qsl(split.query)})])


def _view(client: FlaskClient, address: str) -> tuple[Milliseconds, str]:
    """What a view took, and the page; none where the answer is another or a download."""
    clock, processor = time.perf_counter(), time.process_time()
    with client.get(address) as answer:
        body = answer.get_data()
        taken = (1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - processor))
        if answer.status_code >= 500:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        page = answer.status_code == 200 and answer.mimetype == "text/html"
        return taken, body.decode() if page else ""


def _medians(times: Sequence[Milliseconds]) -> Milliseconds:
    clock, processor = zip(*times, strict=True)
    return statistics.median(clock), statistics.median(processor)


def _show(kinds: dict[str, Seen], allowed: float) -> None:
    table = Table("kind of page", "first, ms", "others, ms", "again, ms")
    rows = []
    for kind, seen in kinds.items():
        first, *others = seen.first.values()
        rows.append((kind, first, _medians(others) if others else None, _medians(seen.again)))
    for kind, *times in sorted(rows, key=lambda row: -max(row[1][1] / 2, row[3][1])):
        table.add_row(kind, *(f"{t[0]:.0f} ({t[1]:.0f})" if t else "" for t in times))
    console = Console(width=120)
    console.print(table)
    slow = [row for row in rows if row[3][1] > allowed or row[1][1] > 2 * allowed]
    console.print(
        f"{len(rows)} kinds; of the clock and, in brackets, of the processor; slower than "
        f"{allowed:.0f} ms again or {2 * allowed:.0f} ms at first: {len(slow)}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
