"""Pages of a list: for people by number, for programs by limit and offset."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import request

from server.errors import bad_request

PER_PAGE = 50
NEIGHBOURS = 1


class Paging(msgspec.Struct, frozen=True):
    """Page ``number`` (from 1) of ``total`` things, ``size`` on a page."""

    number: int
    total: int
    size: int = PER_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are; one when there is nothing."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """How many things stand before this page."""
        return (self.number - 1) * self.size


def page_number() -> int:
    """``page`` of the request, from 1; a refusal where it is no such number."""
    given = request.args.get("page", "1")
    if not (given.isascii() and given.isdigit()) or not 1 <= int(given[:9]) <= 1_000_000:
        raise bad_request(f"'{given[:40]}' is not a page number.")
    return int(given)


def address(**changes: str | int | None) -> str:
    """The request's own address with some parameters set, or left out where None."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in changes and v]
    given = [(k, str(v)) for k, v in changes.items() if v is not None]
    query = urlencode(kept + given)
    return f"{request.path}?{query}" if query else request.path


def address_without(name: str, value: str) -> str:
    """The request's address without one value of a parameter, back on the first page."""
    kept = [
        (k, v)
        for k, v in request.args.items(multi=True)
        if v and k != "page" and (k, v) != (name, value)
    ]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def _numbers(paging: Paging) -> list[int]:
    near = range(paging.number - NEIGHBOURS, paging.number + NEIGHBOURS + 1)
    return sorted({1, paging.pages, *(n for n in near if 1 <= n <= paging.pages)})


def _items(paging: Paging) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    last = 0
    for number in _numbers(paging):
        if number > last + 1:
            items.append({"ellipsis": True})
        items.append(
            {
                "number": number,
                "href": address(page=number),
                "current": number == paging.number,
            }
        )
        last = number
    return items


def links(paging: Paging) -> dict[str, Any] | None:
    """Parameters of the pagination macro, or None where one page holds all."""
    if paging.pages == 1:
        return None
    found: dict[str, Any] = {"items": _items(paging)}
    if paging.number > 1:
        found["previous"] = {"href": address(page=paging.number - 1)}
    if paging.number < paging.pages:
        found["next"] = {"href": address(page=paging.number + 1)}
    return found
