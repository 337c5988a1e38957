"""``ontology/shapes.ttl`` as Python records: the part of SHACL that the shapes use.

Interpreting a few constraints directly checks a document's graph in milliseconds, where a
general SHACL processor takes seconds; a test holds both to the same verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.edtf import exists
from ontology.terms import term

Node = NamedNode | BlankNode | Literal | Triple
Values = list[Node]

_FIRST, _REST = term("rdf", "first"), term("rdf", "rest")
_LEXICAL: dict[str, Callable[[str], bool]] = {
    "date": lambda text: len(text) == 10 and exists(text),
    "gYearMonth": lambda text: len(text) == 7 and exists(text),
    "gYear": lambda text: len(text) == 4 and exists(text),
    "integer": lambda text: re.fullmatch(r"[+-]?\d+", text) is not None,
    "decimal": lambda text: re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text) is not None,
    "boolean": lambda text: text in ("true", "false", "0", "1"),
}


@dataclass(frozen=True)
class Constraint:
    """One component of a property shape: its SHACL name and its parameter."""

    name: str
    value: Node
    items: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Property:
    """What must be true of the values that a property has."""

    path: NamedNode
    constraints: tuple[Constraint, ...]
    message: str = ""


@dataclass(frozen=True)
class Shape:
    """What must be true of every instance of a class."""

    name: str
    target: NamedNode
    properties: tuple[Property, ...]


class _Turtle:
    """The shapes file as a map from subject and predicate to objects."""

    def __init__(self) -> None:
        data = files("ontology").joinpath("shapes.ttl").read_bytes()
        self.triples = [quad.triple for quad in parse(data, RdfFormat.TURTLE)]

    def objects(self, subject: Node, predicate: NamedNode) -> Values:
        return [t.object for t in self.triples if t.subject == subject and t.predicate == predicate]

    def items(self, head: Node) -> Iterator[Node]:
        for first in self.objects(head, _FIRST):
            yield first
            for rest in self.objects(head, _REST):
                yield from self.items(rest)


@cache
def shapes() -> tuple[Shape, ...]:
    """All node shapes, by name."""
    turtle = _Turtle()
    found = [
        _shape(turtle, triple.subject, triple.object)
        for triple in turtle.triples
        if triple.predicate == term("sh", "targetClass") and isinstance(triple.object, NamedNode)
    ]
    return tuple(sorted(found, key=lambda shape: shape.name))


def _shape(turtle: _Turtle, subject: Node, target: NamedNode) -> Shape:
    properties = (
        _property(turtle, node) for node in turtle.objects(subject, term("sh", "property"))
    )
    ordered = sorted(properties, key=lambda each: each.path.value)
    return Shape(str(getattr(subject, "value", "")).rsplit("#", 1)[-1], target, tuple(ordered))


def _property(turtle: _Turtle, node: Node) -> Property:
    constraints, path, message = [], None, ""
    for triple in turtle.triples:
        if triple.subject != node:
            continue
        name = triple.predicate.value.rsplit("#", 1)[-1]
        if name == "path" and isinstance(triple.object, NamedNode):
            path = triple.object
        elif name == "message" and isinstance(triple.object, Literal):
            message = triple.object.value
        else:
            constraints.append(Constraint(name, triple.object, _list(turtle, name, triple.object)))
    if path is None:
        raise ValueError(f"a property shape of shapes.ttl has no sh:path: {node}")
    return Property(path, tuple(sorted(constraints, key=lambda each: each.name)), message)


def _list(turtle: _Turtle, name: str, head: Node) -> tuple[Node, ...]:
    if name == "in":
        return tuple(turtle.items(head))
    if name == "or":
        options = turtle.items(head)
        return tuple(o for item in options for o in turtle.objects(item, term("sh", "datatype")))
    return ()


def has_datatype(value: Node, datatype: Node) -> bool:
    """Whether a value is a literal of a datatype, and well written."""
    if not isinstance(value, Literal) or value.datatype != datatype:
        return False
    check = _LEXICAL.get(value.datatype.value.rsplit("#", 1)[-1])
    return check is None or check(value.value)


def less(one: Node, other: Node, *, or_equal: bool) -> bool:
    """Whether one literal comes before another of the same sort (numbers, days)."""
    left, right = _comparable(one), _comparable(other)
    if type(left) is not type(right) or left is None:
        return False
    return bool(left < right or (or_equal and left == right))  # type: ignore[operator]


def _comparable(value: Node) -> Decimal | date | None:
    if not isinstance(value, Literal):
        return None
    try:
        return Decimal(value.value)
    except InvalidOperation:
        return date.fromisoformat(value.value) if exists(value.value) else None
