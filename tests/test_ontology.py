"""The ontology is held to its own rules: every term told, used, shaped, and known to the code."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.kinds import frameworks, kinds
from kg.model import AssertorKind, Basis, Direction, DocumentKind, Mode, Polarity
from kg.shapes import shapes
from ontology.iris import ONTOLOGY, Minter, concept, digest, slugify
from ontology.schemes import ontology_quads, turtle
from ontology.terms import TYPE, Term, fg, term

QUADS = list(turtle())
ALL = list(ontology_quads(Minter().graph("ontology")))
OWN = sorted({q.subject.value for q in QUADS if q.subject.value.startswith(ONTOLOGY)})
CLASSES = {q.subject for q in QUADS if q.predicate == TYPE and q.object == term("owl", "Class")}


def objects(subject: NamedNode, predicate: NamedNode, quads: list[Quad] = ALL) -> list[object]:
    return [q.object for q in quads if q.subject == subject and q.predicate == predicate]


@pytest.mark.parametrize("iri", OWN)
def test_each_term_has_label_definition_and_example(iri: str) -> None:
    for predicate in (("rdfs", "label"), ("skos", "definition"), ("skos", "example")):
        assert len(objects(NamedNode(iri), term(*predicate))) == 1, predicate


def test_the_code_knows_exactly_the_terms_of_the_turtle() -> None:
    told = {iri.removeprefix(ONTOLOGY) for iri in OWN} - {
        iri.removeprefix(ONTOLOGY) for iri in OWN if "component-" in iri
    }
    assert set(get_args(Term)) == told


def test_names_start_as_their_kind_asks() -> None:
    for name in get_args(Term):
        assert name[0].isupper() == (fg(name) in CLASSES), name


def test_each_class_has_a_shape() -> None:
    assert {shape.target for shape in shapes()} >= CLASSES


def test_each_property_is_used_by_a_shape_or_a_scheme() -> None:
    shaped = {rule.path for shape in shapes() for rule in shape.properties}
    schemed = {quad.predicate for quad in ALL}
    properties = {fg(name) for name in get_args(Term) if name[0].islower()} - {fg("figures")}
    assert properties - shaped - schemed == set()


def test_domains_ranges_and_parents_exist() -> None:
    for predicate in ("domain", "range", "subClassOf", "subPropertyOf"):
        for quad in QUADS:
            if quad.predicate == term("rdfs", predicate) and quad.object.value.startswith(ONTOLOGY):
                assert quad.object.value in OWN, quad


@pytest.mark.parametrize(
    ("scheme", "values"),
    [
        ("polarity", get_args(Polarity)),
        ("direction", get_args(Direction)),
        ("mode", get_args(Mode)),
        ("basis", get_args(Basis)),
        ("assertor", get_args(AssertorKind)),
        ("document-kind", get_args(DocumentKind)),
        ("event-kind", [kind.id for kind in kinds().events]),
        ("framework", [framework.id for framework in frameworks().frameworks]),
        ("domain", [domain.id for domain in frameworks().domains]),
        ("grade", [f"{f.id}/{grade}" for f in frameworks().frameworks for grade in f.grades]),
        ("repeat-kind", ["raised-before", "not-addressed", "same-as", "continues"]),
    ],
)
def test_the_values_of_the_model_are_concepts(scheme: str, values: list[str]) -> None:
    for value in values:
        assert objects(concept(scheme, value), term("skos", "prefLabel")), value


def concepts() -> Iterator[NamedNode]:
    return (q.subject for q in ALL if q.predicate == TYPE and q.object == term("skos", "Concept"))


def test_concepts_stand_in_their_scheme_under_one_label() -> None:
    for node in concepts():
        assert len(objects(node, term("skos", "prefLabel"))) == 1, node
        assert len(objects(node, term("skos", "inScheme"))) == 1, node
        assert len(objects(node, term("skos", "notation"))) == 1, node


def test_themes_have_an_area_and_alternative_labels() -> None:
    themes = [node for node in concepts() if "/scheme/theme/" in node.value]
    leaves = [node for node in themes if "/area/" not in node.value]
    assert len(leaves) == 63
    for node in leaves:
        (area,) = objects(node, term("skos", "broader"))
        assert area in themes
    labelled = [node for node in leaves if objects(node, term("skos", "altLabel"))]
    assert len(labelled) > 55


def test_grades_of_a_framework_are_ordered() -> None:
    grade = concept("grade", "sif-2013/requires-improvement")
    assert objects(grade, fg("gradeOrder")) == [Literal(3)]
    assert objects(grade, fg("framework")) == [concept("framework", "sif-2013")]
    assert objects(concept("grade", "sif-2013/not-judged"), fg("gradeOrder")) == []


def test_a_word_for_every_kind_of_event_family() -> None:
    data = (Path(__file__).parent.parent / "ontology/families.yaml").read_bytes()
    families = msgspec.yaml.decode(data)
    named = chain(*(family["kinds"] for family in families["families"]), families["labelled"])
    assert set(named) <= {kind.id for kind in kinds().events}


def test_slugs_are_plain_and_digests_framed() -> None:
    assert slugify("  Children’s Services – Éast ") == "childrens-services-east"
    assert digest("ab", "c") != digest("a", "bc")
    assert len(digest("x")) == 12
