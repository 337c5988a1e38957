"""The vocabulary as quads: the Turtle files, and concept schemes made of the YAML files.

Frameworks, domains, grades, kinds of documents, events and bodies are kept where the rules
that recognise them stand; here each becomes a SKOS concept of the same id, so that the
graph and the rules cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from ontology.iris import concept, scheme
from ontology.problems import problems
from ontology.terms import TYPE, fg, term

TURTLE = ("findings.ttl", "codes.ttl", "themes.ttl")

_SCHEMES = {
    "document-kind": ("Kind of document", "What kind of document it is."),
    "event-kind": ("Kind of event", "What kind of event it is."),
    "framework": ("Inspection framework", "Under which rules an inspection grades."),
    "domain": ("Domain of judgement", "What a judgement grades."),
    "grade": ("Grade", "The ordered grades of each framework."),
    "body-type": ("Type of body", "What sort of body it is."),
    "problem": ("Known problem", "What inspections find over and over, each within a theme."),
}


def ontology_quads(graph: NamedNode) -> Iterator[Quad]:
    """Everything that the vocabulary holds, in the graph given."""
    for quad in (*turtle(), *_concepts()):
        yield Quad(quad.subject, quad.predicate, quad.object, graph)


def turtle() -> Iterator[Quad]:
    """The Turtle files as they stand."""
    for name in TURTLE:
        yield from parse(files("ontology").joinpath(name).read_bytes(), RdfFormat.TURTLE)


@cache
def _yaml(name: str) -> Any:
    return msgspec.yaml.decode(files("ontology").joinpath(name).read_bytes())


def _concepts() -> Iterator[Quad]:
    for name, (label, definition) in _SCHEMES.items():
        yield Quad(scheme(name), TYPE, term("skos", "ConceptScheme"))
        yield from _words(scheme(name), label, definition)
    kinds, rules = _yaml("kinds.yaml"), _yaml("frameworks.yaml")
    other = {"id": "other", "label": "other document"}
    for row in (*kinds["documents"], other):
        yield from _concept("document-kind", row["id"], row["label"])
    for name, rows in (("event-kind", kinds["events"]), ("domain", rules["domains"])):
        for row in rows:
            yield from _concept(name, row["id"], row["label"])
    for body in sorted(set(_types(_yaml("bodies.yaml")))):
        yield from _concept("body-type", body, body.replace("-", " "))
    yield from _problems()
    yield from _frameworks(rules)
    yield from _theme_labels()


def _problems() -> Iterator[Quad]:
    for problem in problems():
        yield from _concept("problem", problem.id, problem.label)
        node = concept("problem", problem.id)
        yield Quad(node, term("skos", "broadMatch"), concept("theme", problem.theme))
        for text in problem.says:
            yield Quad(node, term("skos", "example"), _english(text))


def _frameworks(rules: Any) -> Iterator[Quad]:
    for framework in rules["frameworks"]:
        yield from _concept("framework", framework["id"], framework["label"])
        for grade in rules["grades"]:
            if grade["id"] in framework["grades"] or grade["order"] is None:
                yield from _grade(framework, grade)


def _grade(framework: Any, grade: Any) -> Iterator[Quad]:
    ident = f"{framework['id']}/{grade['id']}"
    yield from _concept("grade", ident, grade["label"], grade["id"])
    node = concept("grade", ident)
    yield Quad(node, fg("framework"), concept("framework", framework["id"]))
    if grade["order"] is not None:
        yield Quad(node, fg("gradeOrder"), Literal(grade["order"]))


def _theme_labels() -> Iterator[Quad]:
    for theme, words in _yaml("themes_words.yaml").items():
        for label in words.get("labels", ()):
            yield Quad(concept("theme", theme), term("skos", "altLabel"), _english(_plain(label)))


def _plain(pattern: str) -> str:
    return pattern.replace("*", "").strip()


def _types(node: Any) -> Iterator[str]:
    """Every value of a key ``type``, at any depth."""
    if isinstance(node, dict):
        if isinstance(node.get("type"), str):
            yield node["type"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _types(child)


def _concept(name: str, ident: str, label: str, notation: str = "") -> Iterator[Quad]:
    node = concept(name, ident)
    yield Quad(node, TYPE, term("skos", "Concept"))
    yield Quad(node, term("skos", "inScheme"), scheme(name))
    yield Quad(node, term("skos", "notation"), Literal(notation or ident))
    yield from _words(node, label)


def _words(node: NamedNode, label: str, definition: str = "") -> Iterator[Quad]:
    yield Quad(node, term("skos", "prefLabel"), _english(label))
    if definition:
        yield Quad(node, term("skos", "definition"), _english(definition))


def _english(text: str) -> Literal:
    return Literal(text, language="en")
