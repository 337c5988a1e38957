"""Answers that are kept: made once for all, as long as nothing that they are made of changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from werkzeug.test import create_environ

from kg.corrections import FILE
from server.app import create_app
from server.bridge import Answer, Quick
from server.kept import Kept
from server.library import GenerationLibrary
from server.settings import Settings
from tests.server.sample import publish, records

T = TypeVar("T")
Aside = Callable[[Callable[[], Any]], Awaitable[Any]]


class Service:
    """An application with kept answers, and how often it showed the posts."""

    def __init__(self, home: Path, kept_mb: int = 64) -> None:
        publish(home, records()[:1])
        self.home = home
        self.library = GenerationLibrary(home, "hashing")
        self.library.current()
        self.app: Flask = create_app(
            Settings(data=home, model="hashing", kept_mb=kept_mb),
            library=self.library,
        )
        self.kept = Kept(self.app, self.library)
        self.shown = 0
        self._view = self.app.view_functions["pages.posts"]
        self.app.view_functions["pages.posts"] = self._counted

    def _counted(self) -> Any:
        self.shown += 1
        return self._view()

    def ask(self, path: str = "/posts", **headers: str) -> Answer:
        """One request, answered by the kept answers or made for them."""
        answer = asyncio.run(self.asked(at_once, path, **headers))
        assert isinstance(answer, Answer)
        return answer

    async def asked(self, aside: Aside, path: str, **headers: str) -> Quick | Answer | None:
        """The same on a loop, with a thread of the test's own."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.kept.quick(create_environ(path, headers=named), aside)


async def at_once(act: Callable[[], T]) -> T:
    """A thread that is free and fast."""
    return act()


def header(answer: Answer, name: str) -> str:
    """The value of a header that comes once."""
    (value,) = [value for key, value in answer.headers if key.lower() == name.encode()]
    return value.decode()


@pytest.fixture(scope="module")
def only(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def service(only: Service) -> Iterator[Service]:
    """Nothing is kept, and nothing was shown."""
    only.shown = 0
    yield only
    only.kept.answers.keep(lambda key: False)


def test_the_same_request_is_made_once_and_numbered_twice(service: Service) -> None:
    first, second = service.ask(), service.ask()
    assert service.shown == 1
    assert (second.status, second.body) == (200, first.body)
    assert header(first, "etag") == header(second, "etag")
    assert header(first, "x-request-id") != header(second, "x-request-id")
    assert header(second, "content-length") == str(len(second.body))


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/posts?authority=kelland", {}),
        ("/posts", {"Accept_Encoding": "br"}),
        ("/posts", {"Accept": "text/html"}),
        ("/posts", {"Host": "findings.example"}),
    ],
)
def test_whatever_a_client_chooses_has_an_answer_of_its_own(
    service: Service, path: str, headers: dict[str, str]
) -> None:
    service.ask()
    service.ask(path, **headers)
    assert service.shown == 2


def test_a_client_that_has_it_is_told_so(service: Service) -> None:
    tag = header(service.ask(), "etag")
    again = service.ask(If_None_Match=tag)
    assert (again.status, again.body, service.shown) == (304, b"", 1)
    assert service.ask(If_None_Match='"another"').status == 200


def test_the_first_to_ask_may_have_it_from_before(service: Service) -> None:
    """What is kept for others is whole, though the first was told that nothing changed."""
    tag = header(service.ask(), "etag")
    service.kept.answers.keep(lambda key: False)
    assert service.ask(If_None_Match=tag).status == 304
    assert len(service.ask().body) > 1_000


def test_many_who_ask_at_once_get_what_one_of_them_made(service: Service) -> None:
    async def crowd() -> list[Any]:
        free = asyncio.Event()

        async def busy(act: Callable[[], T]) -> T:
            await free.wait()
            return act()

        tasks = [asyncio.create_task(service.asked(busy, "/posts")) for _ in range(10)]
        await asyncio.sleep(0)  # each runs up to where it waits
        free.set()
        return await asyncio.gather(*tasks)

    answers = asyncio.run(crowd())
    assert service.shown == 1
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1


def test_who_waited_for_one_that_failed_asks_for_himself(service: Service) -> None:
    async def crowd() -> list[Any]:
        turns = iter([True])

        async def failing(act: Callable[[], T]) -> T:
            await asyncio.sleep(0)
            if next(turns, False):
                raise OSError("no thread")
            return act()

        asked = [service.asked(failing, "/posts") for _ in range(3)]
        return await asyncio.gather(*asked, return_exceptions=True)

    first, *others = asyncio.run(crowd())
    assert isinstance(first, OSError)
    assert [other.status for other in others] == [200, 200]


def test_a_decision_makes_pages_new(service: Service) -> None:
    service.ask()
    (service.home / FILE).write_text("[]\n", encoding="utf-8")
    service.ask()
    (service.home / FILE).unlink()
    assert service.shown == 2


def test_mistakes_are_not_kept(service: Service) -> None:
    assert service.ask("/nowhere").status == service.ask("/nowhere").status == 404
    assert service.kept.answers.bytes == 0


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/posts", {"method": "HEAD"}),
        ("/posts", {"method": "POST", "data": b"a=1"}),
        ("/posts", {"headers": {"Authorization": "Bearer x"}}),
        ("/sparql?query=ASK%7B%7D", {}),
        ("/healthz", {}),
        ("/posts?" + "a" * 3_000, {}),
    ],
)
def test_others_are_left_to_the_application(
    service: Service, path: str, more: dict[str, Any]
) -> None:
    environ = create_environ(path, **more)
    assert asyncio.run(service.kept.quick(environ, at_once)) is None


def test_what_was_asked_is_made_ahead_of_a_new_generation(tmp_path: Path) -> None:
    service = Service(tmp_path)
    old = service.ask("/documents")
    service.library.watched()
    publish(service.home, records())
    fresh = service.library.newer()
    assert fresh is not None
    assert service.ask("/documents").body == old.body  # the old one serves on meanwhile
    assert service.kept.renew(fresh, lambda: False, lambda _: None) == 1
    service.library.take_up(fresh)
    service.kept.only(fresh)
    held = service.kept.answers.hits
    new = service.ask("/documents")
    assert service.kept.answers.hits == held + 1
    assert new.body != old.body
    assert new.body.count(b"/doc/document/") > old.body.count(b"/doc/document/")


def test_making_ahead_stops_when_told(service: Service) -> None:
    service.ask()
    opened = service.library.current()
    assert service.kept.renew(opened, lambda: True, lambda _: None) == 0


def test_where_nothing_is_kept_each_request_is_answered_anew(tmp_path: Path) -> None:
    service = Service(tmp_path, kept_mb=0)
    first, again = service.ask(), service.ask()
    assert service.shown == 2
    assert first.body == again.body
    assert service.kept.answers.bytes == 0
