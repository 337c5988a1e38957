"""Requests to a SPARQL store: in time, whole, with credentials, reads tried again.

Nothing here knows what is asked. A request that changes the store is sent once: whoever
publishes begins again where it stopped.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any
from urllib.parse import urlsplit

import httpx
import stamina

from kg.errors import FindingsError, StoreUnavailable
from kg.remote.settings import StoreSettings

ATTEMPTS = 3
CONNECT_SECONDS = 5.0
SPOOL = 1 << 20
MOST_BYTES = 1 << 30
"""What one of our own answers may hold: more means that something is wrong."""

RETRIED = frozenset({502, 503, 504})
PARTIAL = ("x-sparql-maxrows", "x-sql-state")
"""Headers by which Virtuoso tells that an answer with status 200 is cut off."""


class Rejected(Exception):
    """The store understood the request and refused it: status and what it said."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class TooLarge(Exception):
    """The answer has more bytes than it may have."""


class Overdue(Exception):
    """The answer was not complete in time."""


class Abandoned(Exception):
    """Nobody waits for the answer any more."""


class _Busy(Exception):
    """The store cannot answer for the moment."""


class Limits:
    """What one answer may take; ``gone`` says when nobody waits for it any more."""

    def __init__(
        self, seconds: float, size: int = MOST_BYTES, gone: Callable[[], bool] | None = None
    ) -> None:
        self.until, self.seconds, self.size = time.monotonic() + seconds, seconds, size
        self._gone = gone

    def check(self, size: int) -> None:
        """Stop here when a limit is met."""
        if size > self.size:
            raise TooLarge
        if time.monotonic() > self.until:
            raise Overdue
        if self._gone is not None and self._gone():
            raise Abandoned


class Client:
    """One store's addresses; threads may share it."""

    def __init__(self, settings: StoreSettings) -> None:
        self.settings = settings
        self.host = urlsplit(settings.sparql_url).netloc
        self._client = httpx.Client(
            auth=_auth(settings),
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(settings.sparql_store_seconds, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=8),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def read(
        self,
        url: str,
        accept: str,
        form: Any,
        limits: Limits | None = None,
        attempts: int = ATTEMPTS,
    ) -> IO[bytes]:
        """The body of an answer to a query, complete; tried again while the store is busy."""
        bounds = limits or Limits(self.settings.sparql_store_seconds)
        try:
            for attempt in stamina.retry_context(
                on=(_Busy, httpx.TransportError),
                attempts=attempts,
                timeout=bounds.seconds,
                wait_jitter=0.2,
            ):
                with attempt:
                    return self._read(url, accept, form, bounds)
        except httpx.TimeoutException as error:
            raise Overdue from error
        except (_Busy, httpx.HTTPError) as error:
            raise self.lost(error) from error
        raise AssertionError("a retry ends in an answer or an error")

    def _read(self, url: str, accept: str, form: Any, limits: Limits) -> IO[bytes]:
        left = max(0.05, limits.until - time.monotonic())
        timeout = httpx.Timeout(left, connect=min(left, CONNECT_SECONDS))
        headers = {"Accept": accept}
        body: IO[bytes] = tempfile.SpooledTemporaryFile(SPOOL)  # noqa: SIM115 - given away
        try:
            with self._client.stream(
                "POST", url, data=form, headers=headers, timeout=timeout
            ) as answer:
                _check(answer)
                for part in answer.iter_bytes():
                    body.write(part)
                    limits.check(body.tell())
            body.seek(0)
        except BaseException:
            body.close()
            raise
        return body

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        content: Callable[[], Iterator[bytes]] | None = None,
        content_type: str = "",
    ) -> int:
        """Change the store; the status of a success or of 404."""
        target = httpx.URL(url).copy_merge_params(dict(params or {}))
        headers = {"Content-Type": content_type} if content_type else {}
        # A challenge for credentials makes the request go twice, so that the body is kept.
        body = b"".join(content()) if content else None
        with self.translated():
            answer = self._client.request(method, target, content=body, headers=headers)
            if answer.status_code != 404:
                _check(answer)
            return answer.status_code

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Tell what goes wrong on the way as a StoreUnavailable."""
        try:
            yield
        except (Overdue, httpx.TimeoutException) as error:
            raise StoreUnavailable(
                f"The graph store at {self.host} did not answer in time.",
                cure="Try again, or raise FINDINGS_SPARQL_STORE_SECONDS.",
            ) from error
        except TooLarge as error:
            raise StoreUnavailable(
                f"The answer of the graph store at {self.host} is too large."
            ) from error
        except Rejected as error:
            raise self.refused(error) from error
        except (_Busy, httpx.HTTPError) as error:
            raise self.lost(error) from error

    def lost(self, error: Exception) -> StoreUnavailable:
        """The store cannot be reached, or broke off."""
        return StoreUnavailable(
            f"The graph store at {self.host} cannot be reached.",
            why=str(error)[:200] or type(error).__name__,
            cure="Check that it runs and that FINDINGS_SPARQL_URL is right.",
        )

    def refused(self, error: Rejected) -> FindingsError:
        """The store does not do what it is asked."""
        if error.status in (401, 403):
            return StoreUnavailable(
                f"The graph store at {self.host} refuses us (status {error.status}).",
                cure="Check FINDINGS_SPARQL_USER, FINDINGS_SPARQL_PASSWORD, FINDINGS_SPARQL_AUTH.",
            )
        return StoreUnavailable(
            f"The graph store at {self.host} refused the request (status {error.status}).",
            why=error.text,
        )


def _auth(settings: StoreSettings) -> httpx.Auth | None:
    if not settings.sparql_user:
        return None
    password = settings.sparql_password.get_secret_value()
    kind = httpx.DigestAuth if settings.sparql_auth == "digest" else httpx.BasicAuth
    return kind(settings.sparql_user, password)


def _check(answer: httpx.Response) -> None:
    """Raise for all that is not a whole answer."""
    if answer.status_code in RETRIED:
        raise _Busy(f"status {answer.status_code}")
    if not answer.is_success:
        answer.read()
        raise Rejected(answer.status_code, " ".join(answer.text.split())[:300])
    if any(name in answer.headers for name in PARTIAL):
        raise TooLarge
