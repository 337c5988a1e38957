"""No private person in the whole graph: of documents that smuggle them in, and of real ones.

Everything that the graph says of itself is looked at: IRIs, labels, values, names. Only
quotations (``oa:exact``) and titles are the documents' own words. ``FINDINGS_PRIVACY_DATA``
names a data directory that is already built, to be checked in the same way.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kg import privacy
from kg.embed import HashingEmbedder
from kg.generations import open_generation
from kg.pipeline import BuildSettings, build
from kg.progress import Quiet
from kg.store import GraphStore
from kg.tools import Tools
from ontology.iris import Minter
from ontology.terms import TYPE, fg, term
from tests.extract.test_privacy import FRAME, PRIVATE, SMUGGLED

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "bradford"
BUILT = os.environ.get("FINDINGS_PRIVACY_DATA")
OWN_WORDS = (term("oa", "exact"), term("dcterms", "title"))
FREE = (*OWN_WORDS, fg("file"), fg("headingPath"), fg("sha256"), fg("name"))
GRAPH_OF_NAMES = Minter().graph("names")


def built(folder: Path, home: Path, settings: BuildSettings) -> GraphStore:
    tools = Tools(HashingEmbedder())
    build([folder], home, settings, indexers=[], report=Quiet(), tools=tools)
    return GraphStore(open_generation(home).store)


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A letter a smuggled sentence, and one that holds them all."""
    folder = tmp_path_factory.mktemp("letters")
    sentences = [
        sentence.format(name=PRIVATE[i % len(PRIVATE)]) for i, sentence in enumerate(SMUGGLED)
    ]
    for i, smuggled in enumerate((*sentences, "\n\n".join(sentences))):
        text = FRAME.format(smuggled=smuggled)
        (folder / f"{i:02}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def smuggled(letters: Path, tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    return built(letters, tmp_path_factory.mktemp("smuggled"), BuildSettings())


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    if BUILT:
        return GraphStore(open_generation(Path(BUILT)).store)
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the checkout")
    return built(CORPUS, tmp_path_factory.mktemp("real"), BuildSettings())


def said(store: GraphStore) -> Iterator[tuple[str, str]]:
    """What the graph itself says: literals that are no quotation, with where they stand."""
    for quad in store.quads():
        if "/graph/ontology" in str(quad.graph_name) or "/graph/void" in str(quad.graph_name):
            continue
        if isinstance(quad.object, Literal) and quad.predicate not in FREE:
            yield f"{quad.subject} {quad.predicate}", quad.object.value


def iris(store: GraphStore) -> set[str]:
    return {quad.subject.value for quad in store.quads() if isinstance(quad.subject, NamedNode)}


def names(store: GraphStore) -> dict[str, str]:
    """Printed names and the role in which each stands."""
    rows = store.select(f"SELECT ?name ?role {{ ?n {fg('name')} ?name ; {fg('role')} ?role }}")
    return {row["name"].value: row["role"].value for row in rows}


def counted(leak: privacy.Leak) -> bool:
    """Whether it is what a figure counts: "children" is a group and nobody."""
    counts = (str(fg("measure")), str(fg("unit")))
    return leak.where.endswith(counts) and leak.text.islower()


def pattern(texts: set[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{re.escape(text)}\b" for text in sorted(texts)) or "(?!)")


def test_smuggled_people_are_in_no_value_label_name_or_address(smuggled: GraphStore) -> None:
    private = pattern({part for name in PRIVATE for part in (name, name.split()[-1])} - {"Marsh"})
    assert [text for _, text in said(smuggled) if private.search(text)] == []
    assert [name for name in names(smuggled) if private.search(name)] == []
    slugs = pattern({name.lower().replace(" ", "-") for name in PRIVATE})
    assert [iri for iri in iris(smuggled) if slugs.search(iri)] == []


def test_the_officials_of_the_same_letters_are_there(smuggled: GraphStore) -> None:
    assert {"Ada Holm", "Ivo Lund"} <= set(names(smuggled))


def test_without_names_no_official_is_named_anywhere(
    letters: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = built(letters, tmp_path_factory.mktemp("none"), BuildSettings(names="none"))
    assert names(store) == {}
    found = [
        quad.object.value
        for quad in store.quads()
        if isinstance(quad.object, Literal) and re.search(r"Ada Holm|Ivo Lund", quad.object.value)
    ]
    assert found == []


@pytest.mark.corpus
def test_nothing_said_of_real_documents_tells_of_a_private_person(real: GraphStore) -> None:
    leaks = [leak for leak in privacy.leaks(said(real)) if not counted(leak)]
    assert leaks == []


@pytest.mark.corpus
def test_names_of_real_documents_are_of_public_roles(real: GraphStore) -> None:
    rows = real.select(
        f"SELECT ?name ?role ?post {{ ?n {fg('name')} ?name ; {fg('role')} ?role ; "
        f"{fg('nameOf')} ?of . OPTIONAL {{ ?of {fg('post')}/{term('rdfs', 'label')} ?post }} }}"
    )
    holders = [(r["name"].value, r["post"].value) for r in rows if r["role"].value == "holder"]
    assert holders
    assert [(name, post) for name, post in holders if not privacy.may_name(post)] == []


@pytest.mark.corpus
def test_a_name_stands_in_the_graph_of_names_alone(real: GraphStore) -> None:
    full = {name for name in names(real) if " " in name}
    assert len(full) > 5
    known = pattern(full)
    assert [place for place, text in said(real) if known.search(text)] == []
    for quad in real.quads():
        if quad.predicate == fg("name") or (
            quad.predicate == TYPE and quad.object == fg("PrintedName")
        ):
            assert quad.graph_name == GRAPH_OF_NAMES
