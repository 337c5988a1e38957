"""SHACL over the graph of one document, together with the entities that it mentions.

    validator = Validator(ontology_quads, derived_quads)
    for violation in validator.check(document_quads): …

A violation names document, passage and rule. The parts of SHACL that ``shapes.ttl`` uses
are interpreted here; see :mod:`kg.shapes`.
"""

from __future__ import annotations

import re
from collections import ChainMap, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping

import msgspec
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.errors import ShapeViolation
from kg.shapes import Constraint, Node, Property, Shape, Values, has_datatype, less, shapes
from ontology.terms import TYPE, fg, term

Properties = dict[NamedNode, Values]
Kinds = MutableMapping[Node, set[NamedNode]]
_SUBCLASS = term("rdfs", "subClassOf")


class Violation(msgspec.Struct, frozen=True):
    """One broken rule: ``rule`` names shape, property and constraint."""

    rule: str
    focus: str
    document: str
    passage: str
    value: str = ""
    message: str = ""

    def __str__(self) -> str:
        where = " in ".join(part for part in (self.passage, self.document) if part)
        said = f" ({self.message})" if self.message else ""
        value = f", value {self.value}" if self.value else ""
        return f"{self.rule}{said}: {self.focus}{value}{', ' + where if where else ''}"


class Validator:
    """Knows the vocabulary and all entities; checks one document at a time."""

    def __init__(self, *known: Iterable[Quad]) -> None:
        self._types: dict[Node, set[NamedNode]] = defaultdict(set)
        self._supers: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        self._shapes = shapes()
        for quad in (quad for quads in known for quad in quads):
            if quad.predicate == TYPE and isinstance(quad.object, NamedNode):
                self._types[quad.subject].add(quad.object)
            if quad.predicate == _SUBCLASS and isinstance(quad.object, NamedNode):
                self._supers[_named(quad.subject)].add(quad.object)

    def check(self, quads: Iterable[Quad], kinds: Kinds | None = None) -> Iterator[Violation]:
        """Every rule that these quads break, their instances being the focus nodes.

        ``kinds`` gives the classes of further things that they speak of.
        """
        graph: dict[Node, Properties] = {}
        for quad in quads:
            values = graph.setdefault(quad.subject, {}).setdefault(quad.predicate, [])
            if quad.object not in values:
                values.append(quad.object)
        scope = _Checked(graph, ChainMap(kinds or {}, self._types), self._supers)
        for focus, properties in graph.items():
            classes = scope.classes(focus)
            for shape in self._shapes:
                if shape.target in classes:
                    yield from scope.violations(shape, focus, properties)


class _Checked:
    """One graph under validation."""

    def __init__(
        self,
        graph: Mapping[Node, Properties],
        types: Mapping[Node, set[NamedNode]],
        supers: Mapping[NamedNode, set[NamedNode]],
    ) -> None:
        self._graph, self._types, self._supers = graph, types, supers

    def classes(self, node: Node) -> set[NamedNode]:
        """The classes of a node, with their superclasses."""
        found: set[NamedNode] = set()
        todo = {*self._types.get(node, ())}
        todo |= {c for c in self._graph.get(node, {}).get(TYPE, ()) if isinstance(c, NamedNode)}
        while todo:
            found |= todo
            todo = {up for each in todo for up in self._supers.get(each, ())} - found
        return found

    def violations(self, shape: Shape, focus: Node, have: Properties) -> Iterator[Violation]:
        """The rules of one shape that a node breaks."""
        for rule in shape.properties:
            values = have.get(rule.path, [])
            for constraint in rule.constraints:
                for value in self._broken(constraint, values, have):
                    yield self._violation(shape, rule, constraint, focus, value)

    def _broken(
        self, constraint: Constraint, values: Values, have: Properties
    ) -> Iterator[Node | None]:
        """The values that break a constraint; None when their number does."""
        if constraint.name in _COUNTS:
            if not _COUNTS[constraint.name](len(values), _int(constraint.value)):
                yield None
        elif constraint.name in ("lessThan", "lessThanOrEquals"):
            others = have.get(_named(constraint.value), [])
            or_equal = constraint.name == "lessThanOrEquals"
            yield from (v for v in values for o in others if not less(v, o, or_equal=or_equal))
        elif constraint.name == "class":
            yield from (v for v in values if constraint.value not in self.classes(v))
        else:
            yield from (
                value for value in values if not _VALUES[constraint.name](constraint, value)
            )

    def _violation(
        self, shape: Shape, rule: Property, constraint: Constraint, focus: Node, value: Node | None
    ) -> Violation:
        have = self._graph.get(focus, {})
        path = rule.path.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
        return Violation(
            f"{shape.name}/{path}/{constraint.name}",
            _text(focus),
            _text(next(iter(have.get(fg("inDocument"), [])), None)),
            _text(next(iter(have.get(term("prov", "wasDerivedFrom"), [])), None)),
            _text(value),
            rule.message,
        )


def refuse(violations: Iterable[Violation], most: int = 5) -> None:
    """Raise a ShapeViolation that names the first violations, when there are any."""
    found = list(violations)
    if not found:
        return
    shown = "; ".join(str(each) for each in found[:most])
    more = f"; and {len(found) - most} more" if len(found) > most else ""
    raise ShapeViolation(
        f"The graph breaks {len(found)} rules and is not published.",
        why=f"{shown}{more}.",
        cure="The extractor or the shape is wrong; the last published generation still serves.",
    )


_COUNTS: dict[str, Callable[[int, int], bool]] = {
    "minCount": lambda count, limit: count >= limit,
    "maxCount": lambda count, limit: count <= limit,
}

_VALUES: dict[str, Callable[[Constraint, Node], bool]] = {
    "datatype": lambda c, value: has_datatype(value, c.value),
    "or": lambda c, value: any(has_datatype(value, option) for option in c.items),
    "in": lambda c, value: value in c.items,
    "nodeKind": lambda c, value: _is_kind(value, _named(c.value)),
    "pattern": lambda c, value: re.search(_text(c.value), _text(value)) is not None,
    "minLength": lambda c, value: len(_text(value)) >= _int(c.value),
    "minInclusive": lambda c, value: less(c.value, value, or_equal=True),
    "maxInclusive": lambda c, value: less(value, c.value, or_equal=True),
}


def _is_kind(value: Node, kind: NamedNode) -> bool:
    kinds = {"IRI": NamedNode, "Literal": Literal, "BlankNode": BlankNode}
    return isinstance(value, kinds[kind.value.rsplit("#", 1)[-1]])


def _int(value: Node) -> int:
    return int(_text(value))


def _text(value: Node | None) -> str:
    return str(getattr(value, "value", ""))


def _named(value: Node) -> NamedNode:
    if not isinstance(value, NamedNode):
        raise TypeError(f"an IRI is needed here, not {value}")
    return value
