"""Documents by address: fetched to disk first, from public addresses only.

    paths = fetch(["https://www.example.gov.uk/letter.pdf"], home)

A name is resolved once, the address that it gives is checked, and the connection goes to that
very address, so a name that changes its answer between check and call gains nothing. Private,
loopback and link-local addresses are refused however they are spelt; so are redirects to
another host, which whoever gave the address did not name. What comes back is written below
``home/fetched`` and then read as any file: its type is found by its bytes, in the readers' jail.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import msgspec
import requests
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress

from kg.errors import FetchRefused
from kg.readers.limits import DEFAULT_LIMITS

FOLDER = "fetched"
_CHUNK = 1 << 16
_REDIRECTS = {301, 302, 303, 307, 308}
_TYPES = re.compile(
    r"application/(pdf|octet-stream|vnd\.openxmlformats-officedocument\.\S+|xhtml\+xml)"
    r"|text/(html|plain|markdown|x-markdown)"
)


class FetchLimits(msgspec.Struct, frozen=True):
    """Limits on one address: sizes in bytes, times in seconds.

    ``silence_seconds`` is how long the other side may say nothing, ``seconds`` how long all
    may take. ``loopback`` lets this machine's own addresses through, for tests.
    """

    bytes: int = DEFAULT_LIMITS.file_bytes
    silence_seconds: float = 10.0
    seconds: float = 120.0
    redirects: int = 5
    loopback: bool = False


def is_address(text: str) -> bool:
    """Whether a user named an address rather than a path."""
    return "://" in text


def fetch(address: str, home: Path, limits: FetchLimits | None = None) -> Path:
    """Fetch one document below the data directory and give its path.

    Raises FetchRefused when the address is not public, is not reached, redirects to another
    host, or gives too much, too slowly, or something that is no document.
    """
    limits = limits or FetchLimits()
    _check_form(address)
    with _told(address), _session(limits) as session:
        answer = _follow(session, address, limits)
        with answer:
            _check_answer(address, answer)
            return _keep(answer, place(home, address), limits)


def tidy(home: Path, kept: Iterable[Path]) -> None:
    """Delete fetched files that are no longer part of the collection."""
    wanted = set(kept)
    for path in (home / FOLDER).glob("*/*"):
        if path.absolute() not in wanted:
            path.unlink(missing_ok=True)


def _session(limits: FetchLimits) -> requests.Session:
    config = Config(
        ip_filter_enable=True,
        ip_filter_allow_loopback_ips=limits.loopback,
        never_redirect=True,
        default_timeout=(limits.silence_seconds, limits.silence_seconds),
        user_agent_override="findings-graph",
    )
    session: requests.Session = Manager(config).get_session()
    # A proxy of the environment would resolve names itself, behind the check.
    session.trust_env = False
    return session


def _check_form(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise FetchRefused(
            f"{address} is not fetched.",
            why="Only http and https addresses without a user's name are.",
        )


@contextmanager
def _told(address: str) -> Iterator[None]:
    """The library's errors as ours."""
    try:
        yield
    except InvalidIPAddress as error:
        raise FetchRefused(
            f"{address} is not fetched.",
            why=f"It leads to {error}, which is no public address.",
            cure="Save the document as a file and add that.",
        ) from error
    except requests.RequestException as error:
        raise FetchRefused(
            f"{address} could not be fetched.",
            why=f"{type(error).__name__}: {error}.",
            cure="Check the address, or save the document as a file and add that.",
        ) from error


def _follow(session: requests.Session, address: str, limits: FetchLimits) -> requests.Response:
    """The answer at the end of the redirects, each of them to the same host."""
    at = address
    for _ in range(limits.redirects + 1):
        answer = session.get(at, stream=True)
        if answer.status_code not in _REDIRECTS:
            return answer
        answer.close()
        target = urljoin(at, answer.headers.get("Location", ""))
        _check_form(target)
        if urlsplit(target).hostname != urlsplit(address).hostname:
            raise FetchRefused(
                f"{address} is not fetched.",
                why=f"It redirects to another host, {urlsplit(target).hostname}.",
                cure=f"If you trust it, add {target} itself.",
            )
        at = target
    raise FetchRefused(
        f"{address} is not fetched.", why=f"It redirects more than {limits.redirects} times."
    )


def _check_answer(address: str, answer: requests.Response) -> None:
    if answer.status_code != 200:
        raise FetchRefused(
            f"{address} could not be fetched.",
            why=f"The answer was {answer.status_code} {answer.reason}.",
            cure="Check the address in a browser.",
        )
    kind = answer.headers.get("Content-Type", "application/octet-stream").partition(";")[0]
    if not _TYPES.fullmatch(kind.strip().lower()):
        raise FetchRefused(
            f"{address} is not fetched.",
            why=f"It is {kind.strip()}, which is no document that is read.",
        )


def _keep(answer: requests.Response, path: Path, limits: FetchLimits) -> Path:
    """Write the body beside its place and move it there when it is whole."""
    until = time.monotonic() + limits.seconds
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    size = 0
    try:
        with part.open("wb") as file:
            for chunk in answer.iter_content(_CHUNK):
                size += len(chunk)
                if size > limits.bytes or time.monotonic() > until:
                    raise FetchRefused(
                        f"{answer.url} is not fetched.",
                        why=f"It gives more than {limits.bytes:,} bytes "
                        f"or takes longer than {limits.seconds:.0f} s.",
                    )
                file.write(chunk)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path.absolute()


def place(home: Path, address: str) -> Path:
    """Where an address is kept: its host, its last name, and a digest that keeps two apart."""
    parts = urlsplit(address)
    name = PurePosixPath(unquote(parts.path)).name
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-")[-80:] or "document"
    digest = hashlib.sha256(address.encode()).hexdigest()[:8]
    host = re.sub(r"[^a-z0-9.-]+", "-", (parts.hostname or "").lower())
    return home / FOLDER / host / f"{digest}-{plain}"
