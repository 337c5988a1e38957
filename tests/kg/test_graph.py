"""What a document says, as quads: every claim placed, nothing unshaped, names apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, serialize
from pyshacl import validate as pyshacl_validate
from rdflib import Graph

from kg.cache import RecordCache
from kg.collect import Collector
from kg.files import discover
from kg.model import FindingClaim, Record
from kg.progress import Quiet
from kg.quads import claim_id, derived_quads, document_quads, name_quads
from kg.resolve import Resolved, resolve
from kg.shapes import shapes
from kg.validate import Validator
from ontology.iris import Minter
from ontology.schemes import ontology_quads
from ontology.terms import TYPE, fg, term
from tests.kg import toy

MINTER = Minter("https://example.org/")
SHAPES = Path(__file__).parents[2] / "ontology/shapes.ttl"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = tmp_path_factory.mktemp("visit")
    (folder / "visit.txt").write_text(toy.VISIT)
    cache = RecordCache(folder / ".cache", "1")
    collection = Collector(toy.tools(), cache, Quiet()).collect(discover([folder]))
    (source,) = collection.sources.values()
    found = cache.get(source.sha256)
    assert isinstance(found, Record)
    return found


@pytest.fixture(scope="module")
def resolved(record: Record) -> Resolved:
    return resolve([record], toy.tools().resolvers)


@pytest.fixture(scope="module")
def said(record: Record, resolved: Resolved) -> list[Quad]:
    return list(document_quads(record, resolved.meant(record.document.id), MINTER))


@pytest.fixture(scope="module")
def known(resolved: Resolved) -> list[Quad]:
    vocabulary = ontology_quads(MINTER.graph("ontology"))
    return [*vocabulary, *derived_quads(resolved, MINTER)]


def test_every_kind_of_claim_is_written(record: Record, said: list[Quad]) -> None:
    written = {quad.subject for quad in said if quad.object == fg("Claim")}
    claims = {MINTER.thing(*claim_id(record.document.id, c).split("/", 1)) for c in record.claims}
    assert claims <= written
    assert len({type(claim) for claim in record.claims}) == 12


def test_quads_have_no_blank_nodes_and_one_graph(record: Record, said: list[Quad]) -> None:
    assert {quad.graph_name for quad in said} == {MINTER.document_graph(record.document.id)}
    assert not any(isinstance(part, BlankNode) for quad in said for part in quad)


def test_every_quotation_is_the_stored_text(record: Record, said: list[Quad]) -> None:
    exact = {q.subject: q.object.value for q in said if q.predicate == term("oa", "exact")}
    assert len(exact) > 5
    for span, words in exact.items():
        start, end = map(int, span.value.rsplit("/", 1)[1].split("-"))
        assert record.document.text[start:end] == words


def test_a_names_only_home_is_the_graph_of_names(
    record: Record, resolved: Resolved, known: list[Quad], said: list[Quad]
) -> None:
    names = list(name_quads(record, resolved.meant(record.document.id), MINTER))
    assert {quad.graph_name for quad in names} == {MINTER.graph("names")}
    printed = {quad.object.value for quad in names if quad.predicate == fg("name")}
    assert printed == {"Maren Holt", "Rowan Pike"}
    outside = [q for q in (*known, *said) if q.predicate != term("oa", "exact")]
    labels = {q.object.value for q in outside if isinstance(q.object, Literal)}
    assert not any(name in label for name in printed for label in labels)


def test_the_ids_of_claims_depend_on_words_and_span_alone(record: Record) -> None:
    claim = next(c for c in record.claims if isinstance(c, FindingClaim))
    ident = claim_id("kelland/x", claim)
    surer = replace(claim, extractor="toy@2", confidence=0.5)
    assert claim_id("kelland/x", surer) == ident
    assert claim_id("kelland/x", replace(claim, end=claim.end - 1)) != ident
    assert claim_id("kelland/x", replace(claim, polarity="mixed")) != ident
    assert claim_id("kelland/y", claim) != ident


def test_dates_keep_their_precision_beside_their_bounds(said: list[Quad]) -> None:
    due = next(quad.object for quad in said if quad.predicate == fg("due"))
    assert due == Literal("2020-03", datatype=term("xsd", "gYearMonth"))
    figure = next(q.subject for q in said if q.object == Literal("plans to publish"))
    values = {q.predicate: q.object for q in said if q.subject == figure}
    assert values[fg("earliest")] == Literal("2019-01-01", datatype=term("xsd", "date"))
    assert values[fg("latest")] == Literal("2020-12-31", datatype=term("xsd", "date"))
    assert values[term("schema", "endDate")] == Literal("2020", datatype=term("xsd", "gYear"))
    assert values[fg("value")] == Literal("1200", datatype=term("xsd", "decimal"))


def test_every_property_and_class_that_is_written_has_a_shape(
    record: Record, resolved: Resolved, said: list[Quad]
) -> None:
    written = [
        *said,
        *derived_quads(resolved, MINTER),
        *name_quads(record, resolved.meant(record.document.id), MINTER),
    ]
    shaped = {rule.path for shape in shapes() for rule in shape.properties}
    assert {quad.predicate for quad in written} - shaped == {TYPE}
    targets = {shape.target for shape in shapes()}
    classes = {quad.object for quad in written if quad.predicate == TYPE}
    assert classes - targets == {term("oa", "TextPositionSelector")}


def test_what_the_builders_write_is_valid(
    record: Record, resolved: Resolved, known: list[Quad], said: list[Quad]
) -> None:
    names = list(name_quads(record, resolved.meant(record.document.id), MINTER))
    assert list(Validator(known).check([*said, *names])) == []
    assert list(Validator(known).check(derived_quads(resolved, MINTER))) == []


def spoil(said: list[Quad]) -> Iterator[tuple[str, list[Quad]]]:
    """Graphs with one fault each, with the rule that it breaks."""
    graph = said[0].graph_name

    def first(predicate: NamedNode) -> Quad:
        return next(quad for quad in said if quad.predicate == predicate)

    def without(quad: Quad) -> list[Quad]:
        return [each for each in said if each != quad]

    def changed(quad: Quad, value: NamedNode | Literal) -> list[Quad]:
        return [*without(quad), Quad(quad.subject, quad.predicate, value, graph)]

    nowhere = NamedNode("https://example.org/nowhere")
    claim = next(q.subject for q in said if q.object == fg("Judgement"))
    span = next(q for q in said if q.subject == claim and q.predicate == term("oa", "hasSelector"))
    yield "Claim/hasSelector/minCount", without(span)
    yield "Claim/hasSelector/class", changed(span, nowhere)
    yield "Judgement/grade/class", changed(first(fg("grade")), nowhere)
    yield "Judgement/printed/minLength", changed(first(fg("printed")), Literal(""))
    yield (
        "Claim/confidence/maxInclusive",
        changed(first(fg("confidence")), Literal("1.5", datatype=term("xsd", "decimal"))),
    )
    yield "Commitment/due/or", changed(first(fg("due")), Literal("March 2020"))
    yield (
        "EventMention/published/or",
        changed(first(fg("published")), Literal("2019-02-30", datatype=term("xsd", "date"))),
    )
    yield "Document/sha256/pattern", changed(first(fg("sha256")), Literal("abc"))
    yield "Document/dateBasis/in", changed(first(fg("dateBasis")), Literal("guess"))
    yield "Span/start/lessThan", changed(first(term("oa", "start")), Literal(10**6))
    yield "Span/start/minInclusive", changed(first(term("oa", "start")), Literal(-1))
    yield "EventMention/own/datatype", changed(first(fg("own")), Literal("true"))
    yield (
        "Finding/polarity/maxCount",
        [
            *said,
            Quad(first(fg("polarity")).subject, fg("polarity"), fg("Finding"), graph),
        ],
    )
    yield "RelationClaim/object/minCount", without(first(fg("object")))
    late = Literal("2999-01-01", datatype=term("xsd", "date"))
    yield "earliest/lessThanOrEquals", changed(first(fg("earliest")), late)
    tenure = next(q.subject for q in said if q.object == fg("TenureClaim"))
    yield "TenureClaim/name/maxCount", [*said, Quad(tenure, fg("name"), Literal("A B"), graph)]


def test_a_fault_is_found_and_placed(known: list[Quad], said: list[Quad]) -> None:
    validator = Validator(known)
    for rule, quads in spoil(said):
        found = [v for v in validator.check(quads) if v.rule.endswith(rule)]
        assert found, rule
        if rule.startswith("Judgement"):
            assert "/id/document/kelland/" in found[0].document
            assert "/id/passage/kelland/" in found[0].passage


def rdf(quads: list[Quad]) -> Graph:
    data = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    assert data
    return Graph().parse(data=data, format="nt")


def test_verdicts_are_those_of_a_general_shacl_processor(
    known: list[Quad], said: list[Quad]
) -> None:
    """One run of pyshacl over many copies of the graph, each with one fault."""
    rules = Graph().parse(SHAPES)
    background = rdf(known)
    for rule, quads in [("", said), *spoil(said)]:
        data = rdf(quads) + background
        conforms, _, text = pyshacl_validate(data, shacl_graph=rules, inference="none")
        assert conforms == (rule == ""), f"{rule}: {text}"
