"""Prometheus metrics at ``/metrics``: requests by route, SPARQL, cache, generation, process.

Answered to this machine, unless a proxy forwards the request, and to whoever sends the
operator's token: the figures tell how busy a service is, and what it refuses.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kg.errors import FindingsError
from kg.generations import MANIFEST
from server.errors import Problem, Refused
from server.library import OWN, Library
from server.operator import Operator, bearer
from server.settings import Settings
from server.sparql.protocol import Endpoint

blueprint = Blueprint("metrics", __name__)

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


class Metrics:
    """The figures of one application, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "findings_request_seconds",
            "Time to answer, to the last byte handed over.",
            ("route", "method"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.requests = Counter(
            "findings_requests",
            "Requests answered.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request answered."""
        self.requests.labels(route, method, str(status)).inc()
        self.seconds.labels(route, method).observe(seconds)


class SparqlCollector(Collector):
    """What the endpoint tells of itself, asked at each scrape."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def collect(self) -> Iterator[Metric]:
        """The endpoint's counts as they are now."""
        told = self._endpoint.status()
        lane = told["visitors"]
        queries = GaugeMetricFamily(
            "findings_sparql_queries", "Visitors' queries now.", labels=["state"]
        )
        queries.add_metric(["running"], lane["busy"])
        queries.add_metric(["waiting"], lane["waiting"])
        yield queries
        yield GaugeMetricFamily(
            "findings_sparql_workers_idle", "Workers without a query.", value=lane["idle"]
        )
        yield CounterMetricFamily(
            "findings_sparql_started", "Queries that a worker took.", value=lane["lent"]
        )
        yield CounterMetricFamily(
            "findings_sparql_queue_seconds", "Time waited for workers.", value=lane["waited"]
        )
        failures = CounterMetricFamily(
            "findings_sparql_failures", "Queries refused or failed, by reason.", labels=["reason"]
        )
        for reason, count in sorted(told["failures"].items()):
            failures.add_metric([reason], count)
        yield failures
        cache = CounterMetricFamily(
            "findings_sparql_cache", "Answers looked for in the cache.", labels=["outcome"]
        )
        cache.add_metric(["hit"], told["cache"]["hits"])
        cache.add_metric(["miss"], told["cache"]["misses"])
        yield cache
        yield GaugeMetricFamily(
            "findings_sparql_cache_bytes", "Bytes of kept answers.", value=told["cache"]["bytes"]
        )


class GenerationCollector(Collector):
    """What is served: which generation, of what size, since when, and how long opening took."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def collect(self) -> Iterator[Metric]:
        """The generation's figures; none while nothing is served."""
        try:
            opened = self._library.current()
        except FindingsError:
            return
        info = GaugeMetricFamily("findings_generation", "What is served.", labels=["name"])
        info.add_metric([opened.name], 1)
        yield info
        generation = opened.generation
        sealed = (generation.path / MANIFEST).stat().st_mtime
        told = {"built_timestamp_seconds": sealed, "open_seconds": opened.open_seconds}
        seconds = generation.manifest.seconds
        if isinstance(seconds, float):
            told["build_seconds"] = seconds
        for name, value in {**generation.manifest.counts, **told}.items():
            if name in _SAID:
                yield GaugeMetricFamily(f"findings_generation_{name}", _SAID[name], value=value)


_SAID = {
    "documents": "Documents served.",
    "passages": "Passages served.",
    "quads": "Quads served.",
    "built_timestamp_seconds": "When it was sealed.",
    "build_seconds": "How long its build took.",
    "open_seconds": "How long opening and warming it took.",
}


@blueprint.get("/metrics")
def metrics() -> Response:
    """The figures in Prometheus's text format."""
    _check_reader()
    held: Metrics = current_app.extensions["metrics"]
    return Response(
        generate_latest(held.registry),
        content_type=CONTENT_TYPE_LATEST,
        headers={"Cache-Control": "no-store"},
    )


def _check_reader() -> None:
    """Pass this machine and the operator."""
    if _is_local():
        return
    settings: Settings = current_app.config["SETTINGS"]
    if settings.operator_token is None:
        raise Refused(Problem(403, "Metrics are for this machine.", cure="Ask from there."))
    authorization = request.headers.get("Authorization", "")
    Operator(settings.operator_token).check(
        bearer(authorization), request.headers.get("Origin", ""), request.host
    )


def _is_local() -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def route_of() -> str:
    """The pattern of the address, which has few values; never the address itself."""
    return request.url_rule.rule if request.url_rule else "unmatched"


def init_app(app: Flask, endpoint: Endpoint | None) -> None:
    """Count every request, and answer ``/metrics``."""
    held = app.extensions["metrics"] = Metrics()
    held.registry.register(GenerationCollector(app.extensions["library"]))
    if endpoint is not None:
        held.registry.register(SparqlCollector(endpoint))

    def begin() -> None:
        g.began = time.monotonic()

    def count(response: Response) -> Response:
        if OWN in request.environ:
            return response
        route, method, status = route_of(), request.method, response.status_code
        began = g.get("began", time.monotonic())

        def ended() -> None:
            held.count(route, method, status, time.monotonic() - began)

        response.call_on_close(ended)
        return response

    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(count)
    app.register_blueprint(blueprint)
