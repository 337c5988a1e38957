"""How long every kind of page takes, at first view and after.

    python -m benchmarks pages DATA [ALLOWED_MS]

Pages are found by following links from the home page; those of one make (a route, the kind
of thing, the names in the query) are one kind, of which up to three are asked. *Cold* is the
first view after a generation was opened and warmed up, as the service does it; *warm* are the
views after. Prints medians in milliseconds, worst kind first, and exits with 1 when one of
them is above the limit. Nothing is sent over a network: the application is called in this
process, as its server calls it.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table
from selectolax.lexbor import LexborHTMLParser

from server.app import create_app
from server.library import GenerationLibrary
from server.settings import Settings
from server.visits import visit

ALLOWED = 150.0
Times = dict[str, list[tuple[float, float]]]
COLD, WARM = 5, 20
OF_A_KIND = 3
MOST_KINDS = 200
FORMS = (
    "/search?q=social+workers+change+too+often",
    "/search?q=Who+was+the+director+of+children%27s+services+in+2019%3F",
    "/posts?day=1&month=8&year=2019",
)
"""Addresses that only a form leads to."""


def main(arguments: Sequence[str]) -> int:
    """Crawl, measure, print, and judge."""
    home = Path(arguments[0])
    allowed = float(arguments[1]) if len(arguments) > 1 else ALLOWED
    settings = Settings(data=home)
    kinds = crawl(_client(settings))
    cold: Times = defaultdict(list)
    warm: Times = defaultdict(list)
    for number in range(COLD):
        client, order = _client(settings), list(kinds.items())
        random.Random(number).shuffle(order)  # noqa: S311
        for kind, found in order:
            address = found[number % len(found)]
            cold[kind].append(_view(client, address))
            warm[kind] += [_view(client, address) for _ in range(WARM // COLD)]
    return _show(kinds, cold, warm, allowed)


def _client(settings: Settings) -> FlaskClient:
    """The service with a generation that is just opened and warmed up."""
    library = GenerationLibrary(settings.data, settings.model)
    app = create_app(settings, library=library)
    visit(app)
    return app.test_client()


def crawl(client: FlaskClient) -> dict[str, list[str]]:
    """Up to three addresses of each kind of page that links lead to from the home page."""
    found: dict[str, list[str]] = {}
    waiting = ["/", *FORMS]
    while waiting and len(found) < MOST_KINDS:
        address = waiting.pop(0)
        known = found.setdefault(kind_of(address), [])
        if address in known or len(known) >= OF_A_KIND:
            continue
        with client.get(address) as answer:
            if answer.status_code == 200 and answer.mimetype == "text/html":
                known.append(address)
                waiting += _links(address, answer.text)
    return {kind: addresses for kind, addresses in found.items() if addresses}


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


def _view(client: FlaskClient, address: str) -> tuple[float, float]:
    """Milliseconds of a view, by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    with client.get(address) as answer:
        answer.get_data()
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    return 1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - processor)


def _medians(times: list[tuple[float, float]]) -> tuple[float, float]:
    clock, processor = zip(*times, strict=True)
    return statistics.median(clock), statistics.median(processor)


def _show(kinds: Iterable[str], cold: Times, warm: Times, allowed: float) -> int:
    medians = {kind: (*_medians(cold[kind]), *_medians(warm[kind])) for kind in kinds}
    table = Table(
        "kind of page", "first view, ms", "of it processor", "after, ms", "of it processor"
    )
    for kind, times in sorted(medians.items(), key=lambda pair: -max(pair[1][1::2])):
        table.add_row(kind, *(f"{value:.0f}" for value in times))
    console = Console()
    console.print(table)
    over = [kind for kind, times in medians.items() if max(times[1::2]) > allowed]
    console.print(f"{len(medians)} kinds, allowed {allowed:.0f} ms, above it: {len(over)}")
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
