"""Example queries: the users' questions as SPARQL, one file each in ``examples/``.

The first comment line of a file is its title, the comment lines after it describe it. The
prefixes of :data:`ontology.terms.PREFIXES` need not be declared in a file.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import msgspec

from ontology.terms import PREFIXES

_IRI = re.compile(r"<[^<>\s]*>")
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.MULTILINE)


class Example(msgspec.Struct, frozen=True):
    """An example query, complete with the prefixes that it uses. ``form`` is in lower case."""

    id: str
    title: str
    description: str
    query: str
    form: str


@cache
def examples() -> tuple[Example, ...]:
    """All examples, in order of their file names."""
    found = (item for item in files("ontology").joinpath("examples").iterdir())
    texts = {item.name: item.read_text("utf-8") for item in found if item.name.endswith(".rq")}
    return tuple(_example(name.removesuffix(".rq"), texts[name]) for name in sorted(texts))


def prefixed(query: str) -> str:
    """A query with a declaration of each known prefix that it uses and does not declare."""
    plain = _IRI.sub("", query)
    used = [
        name
        for name in PREFIXES
        if re.search(rf"(?<![\w:-]){name}:", plain) and not _declares(query, name)
    ]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in used) + query


def _declares(query: str, name: str) -> bool:
    return re.search(rf"\bPREFIX\s+{name}:", query, re.IGNORECASE) is not None


def _example(ident: str, text: str) -> Example:
    lines = text.splitlines()
    told = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
    body = "\n".join(lines[len(told) :]).strip() + "\n"
    form = _FORM.search(body)
    if form is None or len(told) < 2:
        raise ValueError(f"{ident}.rq needs a title, a description and a query")
    title, *rest = told
    return Example(ident, title, " ".join(rest), prefixed(body), form[1].lower())
