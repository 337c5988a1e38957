"""The page ``docs/ontology.md``, made of the ontology, its shapes and its schemes.

    python -m kg.ontology_page docs/ontology.md

Every class with its definition and the properties that its shape asks for, every property
with domain and range, every scheme with its concepts. ``tests/test_ontology_page.py`` fails
when the page is not what this makes.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kg.shapes import Constraint, Property, Shape, shapes
from ontology.iris import ONTOLOGY, SCHEMES, Minter
from ontology.schemes import ontology_quads, turtle
from ontology.terms import PREFIXES, TYPE, term

_SHOWN = 70
_HEAD = """# The ontology of Findings Graph

Made from `ontology/findings.ttl`, `ontology/shapes.ttl` and the concept schemes by `make docs`;
do not edit it by hand. [How the graph is laid out](graph.md) is told elsewhere.

- Namespace `{namespace}`, prefix `fg`. Version {version}, licence {licence}.
- {classes} classes, {properties} properties, {schemes} concept schemes with {concepts} concepts.

{description}
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [_head(), "## Classes", *map(_class, _of_type("Class"))]
    parts += ["## Properties", *map(_property, _properties())]
    parts += ["## Concept schemes", *_schemes()]
    return "\n".join(parts)


def _head() -> str:
    about = NamedNode(ONTOLOGY.rstrip("#"))
    concepts = [q for q in _all() if q.predicate == TYPE and q.object == term("skos", "Concept")]
    return _HEAD.format(
        namespace=ONTOLOGY,
        version=_one(about, term("owl", "versionInfo")),
        licence=f"<{_one(about, term('dcterms', 'license'))}>",
        description=_one(about, term("dcterms", "description")),
        classes=len(_of_type("Class")),
        properties=len(_properties()),
        schemes=len(_scheme_nodes()),
        concepts=len(concepts),
    )


def _class(node: NamedNode) -> str:
    lines = [f"### {_short(node)}", "", *_told(node)]
    above = _values(node, term("rdfs", "subClassOf"))
    if above:
        lines.append(f"- Kind of: {', '.join(_linked(each) for each in above)}")
    shape = next((shape for shape in shapes() if shape.target == node), None)
    return "\n".join([*lines, "", *(_table(shape) if shape else [])])


def _property(node: NamedNode) -> str:
    lines = [f"### {_short(node)}", "", *_told(node)]
    for name in ("domain", "range", "subPropertyOf"):
        values = _values(node, term("rdfs", name))
        if values:
            lines.append(f"- {name.capitalize()}: {', '.join(map(_linked, values))}")
    users = [_linked(shape.target) for shape in shapes() if _uses(shape, node)]
    if users:
        lines.append(f"- Used with: {', '.join(users)}")
    return "\n".join([*lines, ""])


def _told(node: NamedNode) -> Iterator[str]:
    """Definition, scope note and example."""
    yield f"{_one(node, term('skos', 'definition'))}"
    yield ""
    for note in _values(node, term("skos", "scopeNote")):
        yield f"- Note: {_text(note)}"
    yield f"- Example: {_one(node, term('skos', 'example'))}"


def _table(shape: Shape) -> Iterator[str]:
    yield "| property | how many | of what |"
    yield "|---|---|---|"
    for each in shape.properties:
        yield f"| {_linked(each.path)} | {_count(each)} | {_of_what(each)} |"
    yield ""


def _count(rule: Property) -> str:
    bounds = {c.name: c.value for c in rule.constraints}
    least, most = (bounds.get(name) for name in ("minCount", "maxCount"))
    low = least.value if isinstance(least, Literal) else "0"
    high = most.value if isinstance(most, Literal) else "any"
    return low if low == high else f"{low} to {high}"


def _of_what(rule: Property) -> str:
    said = [text for each in rule.constraints if (text := _constraint(each))]
    return "; ".join([*said, *([rule.message] if rule.message else [])])


def _constraint(each: Constraint) -> str:
    names = [_short(value) for value in each.items]
    match each.name:
        case "class" | "datatype" | "nodeKind":
            return _linked(each.value)
        case "in":
            return "one of " + ", ".join(names)
        case "or":
            return " or ".join(names)
        case "pattern":
            return f"matches `{_text(each.value)}`".replace("|", "\\|")
        case "lessThan" | "lessThanOrEquals":
            return f"not after {_linked(each.value)}"
        case "minInclusive":
            return f"from {_text(each.value)}"
        case "maxInclusive":
            return f"to {_text(each.value)}"
    return ""


def _schemes() -> Iterator[str]:
    members: dict[str, list[str]] = defaultdict(list)
    for quad in _all():
        member, of = quad.subject, quad.object
        if quad.predicate == term("skos", "inScheme") and isinstance(of, NamedNode):
            members[of.value].append(_text(member))
    for node in _scheme_nodes():
        yield f"### {_one(node, term('skos', 'prefLabel'))}\n"
        yield f"`{node.value}`. {_one(node, term('skos', 'definition'))}\n"
        found = sorted({each.removeprefix(f"{node.value}/") for each in members[node.value]})
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        yield f"{len(found)}: {', '.join(f'`{each}`' for each in found[:_SHOWN])}{more}.\n"


def _scheme_nodes() -> list[NamedNode]:
    kind = term("skos", "ConceptScheme")
    typed = (q.subject for q in _all() if q.predicate == TYPE and q.object == kind)
    found = {node for node in typed if isinstance(node, NamedNode)}
    return sorted(found, key=lambda node: str(node.value))


def _uses(shape: Shape, node: NamedNode) -> bool:
    return any(each.path == node for each in shape.properties)


@cache
def _own() -> tuple[Quad, ...]:
    return tuple(turtle())


@cache
def _all() -> tuple[Quad, ...]:
    return tuple(ontology_quads(Minter().graph("ontology")))


def _of_type(*kinds: str) -> list[NamedNode]:
    """The ontology's own terms of these OWL types, in the order of the alphabet."""
    wanted = {term("owl", kind) for kind in kinds}
    found = {
        quad.subject
        for quad in _own()
        if quad.predicate == TYPE and quad.object in wanted and isinstance(quad.subject, NamedNode)
    }
    return sorted(found, key=lambda node: str(node.value).lower())


def _properties() -> list[NamedNode]:
    return _of_type("ObjectProperty", "DatatypeProperty")


def _values(node: NamedNode, predicate: NamedNode) -> list[object]:
    return [q.object for q in _all() if q.subject == node and q.predicate == predicate]


def _one(node: NamedNode, predicate: NamedNode) -> str:
    return next((_text(value) for value in _values(node, predicate)), "")


def _text(value: object) -> str:
    return str(getattr(value, "value", value)).replace("|", "\\|")


def _short(node: object) -> str:
    """``fg:Finding`` for an IRI of a known vocabulary."""
    text = _text(node)
    for prefix, start in PREFIXES.items():
        if text.startswith(start):
            return f"{prefix}:{text.removeprefix(start)}"
    return text.removeprefix(SCHEMES)


def _linked(node: object) -> str:
    """A link to a term of the page; other terms as code."""
    name = _short(node)
    own = _text(node).startswith(ONTOLOGY)
    return f"[{name}](#{name.replace(':', '').lower()})" if own else f"`{name}`"


def main(arguments: Iterable[str]) -> None:
    """Write the page to each path."""
    for path in arguments:
        Path(path).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
