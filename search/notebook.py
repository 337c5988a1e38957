"""The data in a notebook: questions in, tables out.

    >>> from search.notebook import open_data               # doctest: +SKIP
    >>> data = open_data("data")
    >>> data.sparql("SELECT ?title { ?d a fg:Document ; dcterms:title ?title }")
    >>> data.search("drift in permanence", authority=["bradford"])

A table is a pandas data frame where pandas is installed, else a polars one where polars is,
else a list of mappings; ``open_data(…, tables="rows")`` chooses. Nothing is fetched from
elsewhere, and nothing can be changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import msgspec
import pyoxigraph as ox

from kg.embed import PACKAGED
from ontology.examples import Example, examples, prefixed
from search import opened
from search.facts import KINDS, Filters, every, plain
from search.filters import Filters as PassageFilters
from search.listing import every_finding
from search.querying import searching
from search.repeated import repeated
from search.service import rewritten

if TYPE_CHECKING:
    from search.ask.asker import Asker
    from search.ask.records import Answer

Tables = Literal["pandas", "polars", "rows"]
Row = Mapping[str, Any]


class Data:
    """One generation, as notebooks ask it."""

    def __init__(self, generation: opened.Opened, tables: Tables) -> None:
        self.opened, self._tables = generation, tables

    def sparql(self, query: str) -> Any:
        """The rows of a SELECT as a table, of an ASK a bool, of a CONSTRUCT a list of triples.

        The usual prefixes need no declaration; numbers come as numbers, all else as text. A
        ``SERVICE <…/search>`` clause joins semantic search.
        """
        generation = self.opened
        text = rewritten(prefixed(query), generation.base, searching(generation))
        answer = generation.store.query(text)
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        if not isinstance(answer, ox.QuerySolutions):
            return list(answer)
        names = [variable.value for variable in answer.variables]
        rows = [{name: _value(row[name]) for name in names} for row in answer]
        return self._table(rows, names)

    def search(self, text: str, *, limit: int = 10, **filters: Any) -> Any:
        """Passages that mean what is asked, best first.

        ``filters`` are the fields of :class:`search.filters.Filters`, such as
        ``authority=["bradford"], since="2020", polarity=["weakness"]``.
        """
        wanted = PassageFilters(**{name: _frozen(value) for name, value in filters.items()})
        found = self.opened.searcher.search(text, wanted, limit=limit)
        shown = ("score", "text", "title", "date", "authority", "passage", "start", "end")
        rows = [{name: getattr(result, name) for name in shown} for result in found.results]
        documents = ({"document": result.document.id} for result in found.results)
        return self._table([{**row, **of} for row, of in zip(rows, documents, strict=True)])

    def ask(self, question: str) -> Answer:
        """The answer with its citations, or the reason why there is none."""
        return self._asker.ask(question)

    def repeated(self, authority: str | None = None) -> Any:
        """One row for each time that a recurring issue was raised, with the words."""
        rows = [
            {"issue": issue["label"], "status": issue["status"], **_flat(one)}
            for issue in repeated(self.opened.facts, authority)
            for one in issue["occurrences"]
        ]
        return self._table(rows)

    def findings(self, document: str | None = None) -> Any:
        """All findings, or those of one document."""
        return self._table([_flat(row) for row in every_finding(self.opened.facts, document)])

    def facts(self, kind: str, authority: str | None = None) -> Any:
        """All facts of one of :attr:`kinds`, each with its quotation and place."""
        filters = Filters(authority=(authority,) if authority else ())
        return self._table([_flat(row) for row in every(self.opened.facts, kind, filters)])

    def text(self, document: str) -> str | None:
        """A document's stored text, whose characters all offsets count."""
        return self.opened.catalogue.text(document)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of facts."""
        return KINDS

    @property
    def examples(self) -> tuple[Example, ...]:
        """Queries to begin with: ``data.sparql(data.examples[0].query)``."""
        return examples()

    @cached_property
    def _asker(self) -> Asker:
        from search.ask.asker import Asker

        return Asker(self.opened)

    def _table(self, rows: Sequence[Row], names: Sequence[str] | None = None) -> Any:
        if self._tables == "rows":
            return list(rows)
        module = import_module(self._tables)
        names = names or list(dict.fromkeys(name for row in rows for name in row))
        columns = {name: [row.get(name) for row in rows] for name in names}
        if self._tables == "polars":
            return module.DataFrame(columns, strict=False)
        return module.DataFrame(columns)

    def __repr__(self) -> str:
        documents, statements = len(self.opened.catalogue.documents()), len(self.opened.store)
        return f"<Findings Graph: {documents:,} documents, {statements:,} statements>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        self.opened.catalogue.close()


def open_data(
    home: str | Path | None = None, *, model: str | None = None, tables: Tables | None = None
) -> Data:
    """The data that is published in a data directory; GenerationError if there is none.

    Without arguments it is what the commands read: ``FINDINGS_DATA`` or ``data``, with the
    model ``FINDINGS_MODEL`` or the packaged one.
    """
    place = Path(home or os.environ.get("FINDINGS_DATA", "data"))
    named = model or os.environ.get("FINDINGS_MODEL", PACKAGED)
    return Data(opened.open_data(place, named), tables or _installed())


def _installed() -> Tables:
    if find_spec("pandas"):
        return "pandas"
    return "polars" if find_spec("polars") else "rows"


def _value(term: object) -> Any:
    if isinstance(term, ox.Literal):
        return plain(term)
    if isinstance(term, ox.NamedNode | ox.BlankNode):
        return term.value
    return None if term is None else str(term)


def _frozen(value: Any) -> Any:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return tuple(value)


def _flat(row: Row) -> dict[str, Any]:
    """A row whose documents are named by their ids, so that tables can be joined."""
    return {
        name: value["id"] if isinstance(value, dict) and "id" in value else _builtin(value)
        for name, value in row.items()
    }


def _builtin(value: Any) -> Any:
    return msgspec.to_builtins(value)
