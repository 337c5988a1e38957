"""What a request says, by the names that SPARQL 1.1 Protocol gives its parameters."""

from __future__ import annotations

import re

from server.sparql import formats
from server.sparql.errors import BadRequest, UnsupportedMediaType
from server.sparql.gate import Gated
from server.sparql.http import FORM, Request
from server.sparql.query import Query
from server.sparql.updates import Update

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*")
_SECONDS = re.compile(r"\d{1,6}(\.\d{1,6})?")
_UTF8 = re.compile(r"charset\s*=\s*\"?(?!utf-?8\b)", re.IGNORECASE)
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"


class Parameters:
    """Those of one request; BadRequest or UnsupportedMediaType where they break the protocol."""

    def __init__(self, request: Request) -> None:
        self._request = request
        if request.method == "POST":
            _check_body_type(request)
        self._values: dict[str, list[str]] = {}
        for name, value in request.form():
            self._values.setdefault(name, []).append(value)

    def is_update(self) -> bool:
        """Whether the request asks for a change."""
        return "update" in self._values or self._request.media_type == _UPDATE

    def query(self) -> str | None:
        """The query's text, from the body or from 'query'; None where there is neither."""
        return self._text("query", _QUERY)

    def update(self) -> Update:
        """The update and its dataset; it comes by POST, and alone."""
        if self._request.method != "POST":
            raise BadRequest("An update comes by POST.", cure="Send it by POST.")
        if "query" in self._values:
            raise BadRequest("A query and an update are given.", cure="Send one of them.")
        text = self._text("update", _UPDATE) or ""
        using, named = self._graphs("using-graph-uri"), self._graphs("using-named-graph-uri")
        return Update(text, using or (), named or ())

    def format(self) -> str:
        """The first format named that there is; clients name one in several ways at once."""
        named = [value for value in self._values.get("format", ()) if value]
        return next(filter(formats.known, named), named[0]) if named else ""

    def as_query(self, gated: Gated, *, union: bool) -> Query:
        """Everything that determines the answer to a query that has passed the gate.

        ``union`` makes the default graph all graphs, where the query names none itself.
        """
        return Query(
            gated.text,
            accept=self._request.accept,
            format=self.format(),
            default_graphs=self._graphs("default-graph-uri"),
            named_graphs=self._graphs("named-graph-uri"),
            union=union and not gated.own_dataset,
            base=self._request.url,
            seconds=self._seconds(),
            form=gated.form,
            normal=gated.normal,
        )

    def _one(self, name: str) -> str | None:
        """The value of a parameter that may come once."""
        values = self._values.get(name)
        if values is None:
            return None
        if len(values) > 1:
            raise BadRequest(f"'{name}' is given {len(values)} times.", cure="Give it once.")
        return values[0]

    def _text(self, name: str, media_type: str) -> str | None:
        """What a parameter gives, or a body of its own media type."""
        text = self._one(name)
        if self._request.method != "POST" or self._request.media_type != media_type:
            return text
        if text is not None:
            raise BadRequest(f"The {name} is given in the body and in '{name}'.")
        try:
            return self._request.body.decode()
        except UnicodeDecodeError:
            raise BadRequest(f"The {name} is not UTF-8.") from None

    def _graphs(self, name: str) -> tuple[str, ...] | None:
        values = self._values.get(name)
        for value in values or ():
            if not _IRI.fullmatch(value):
                raise BadRequest(f"'{name}' is not an absolute IRI: {value[:100]}")
        return None if values is None else tuple(values)

    def _seconds(self) -> float | None:
        value = self._one("timeout")
        if value is None:
            return None
        if not _SECONDS.fullmatch(value) or float(value) == 0:
            raise BadRequest("'timeout' is not a number of seconds.")
        return float(value)


def _check_body_type(request: Request) -> None:
    if request.media_type not in {FORM, _QUERY, _UPDATE}:
        raise UnsupportedMediaType(
            f"A query cannot be read from '{request.media_type or 'a body without a type'}'.",
            cure=f"Send {FORM} or {_QUERY}.",
        )
    if _UTF8.search(request.content_type):
        raise UnsupportedMediaType("The body is not UTF-8.", cure="Send UTF-8.")
