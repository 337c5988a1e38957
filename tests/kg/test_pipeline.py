"""Builds: only what changed is read, nothing changed publishes nothing, removal is whole."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kg import partitions, pipeline
from kg.catalogue import Catalogue
from kg.errors import DataLocked, FindingsError, InvalidClaim, ShapeViolation
from kg.extract import Context
from kg.generations import open_generation
from kg.model import Claim, Document, JudgementClaim
from kg.pipeline import BuildSettings, status
from kg.progress import Quiet
from kg.quads.masks import matches
from kg.verify import verify
from ontology.iris import Minter
from ontology.terms import fg
from tests.kg import toy
from tests.kg.conftest import House

LETTERS = {f"{n}.txt": toy.letter(n) for n in range(1, 4)}


@pytest.fixture
def built(house: House) -> House:
    """A house in which three letters are built."""
    for name, text in LETTERS.items():
        house.write(name, text)
    house.build()
    return house


class Reading:
    """Counts what is read."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.tools = replace(toy.tools(), read=self.read)

    def read(self, path: Path, file: str) -> Document:
        self.files.append(file)
        return toy.read(path, file)


def test_a_build_reads_each_file_and_reports_it(house: House) -> None:
    for name, text in LETTERS.items():
        house.write(f"deep/{name}", text)
    report = house.build()
    assert report.read == ("deep/1.txt", "deep/2.txt", "deep/3.txt")
    assert (report.generation, report.published, report.failed) == ("000001", True, ())
    assert report.counts["documents"] == 3
    told = status(house.home)
    assert told.counts["finding"] == 3
    assert told.seconds is not None
    assert 0 <= told.seconds <= report.seconds


def test_nothing_changed_reads_nothing_and_publishes_nothing(built: House) -> None:
    reading = Reading()
    report = built.build(tools=reading.tools)
    assert reading.files == []
    assert (report.generation, report.published) == ("000001", False)
    assert report.unchanged == tuple(LETTERS)


def test_one_more_document_is_the_only_one_read(built: House) -> None:
    built.write("4.txt", toy.letter(4))
    reading = Reading()
    report = built.build(tools=reading.tools)
    assert reading.files == ["4.txt"]
    assert (report.published, report.read) == (True, ("4.txt",))
    assert report.counts["documents"] == 4


def test_documents_added_one_by_one_make_what_one_build_makes(built: House, tmp_path: Path) -> None:
    """A mention in an old document comes to mean the event that a new one reports."""
    vague = "inspection/kelland/2018-09-inspection"
    built.write("4.txt", toy.VISIT)
    built.build()
    assert any(vague in quad for quad in built.quads())
    built.write("report.txt", "Inspection|kelland|2018-09-20\n\nFinding: Plans are late.\n")
    built.build()
    assert not any(vague in quad for quad in built.quads())
    whole = House(built.files, tmp_path / "other")
    whole.build()
    assert _held(built) == _held(whole)
    revised, anew = (
        msgspec.structs.replace(verify(h.generation.path), files=0) for h in (built, whole)
    )
    assert revised == anew


def _held(house: House) -> tuple[Any, ...]:
    """The graph, its counts, and the catalogue, as far as they say what documents say."""
    path = house.generation.path
    with closing(sqlite3.connect(path / "documents.sqlite")) as catalogue:
        rows = [line for line in catalogue.iterdump() if "sqlite_stat" not in line]
    return house.quads(), partitions.saved(path), rows


@pytest.mark.parametrize("kept", ["told", "records"])
def test_what_is_kept_may_be_damaged(built: House, tmp_path: Path, kept: str) -> None:
    for path in (built.home / "cache" / kept).glob("*/*"):
        path.write_bytes(path.read_bytes()[:-9])
    built.write("4.txt", toy.VISIT)
    built.build()
    whole = House(built.files, tmp_path / "other")
    whole.build()
    assert built.quads() == whole.quads()


def test_add_and_remove_change_what_is_served(built: House, tmp_path: Path) -> None:
    more = tmp_path / "more.txt"
    more.write_text(toy.letter(9))
    before = built.quads()
    report = built.run(pipeline.add, [more])
    assert (report.read, report.counts["documents"]) == (("more.txt",), 4)
    document = next(s.document for s in built.generation.manifest.sources if s.file == "more.txt")
    reading = Reading()
    report = built.run(pipeline.remove, [document], tools=reading.tools)
    assert (report.removed, reading.files) == (("more.txt",), [])
    assert built.quads() == before
    with Catalogue(built.generation.catalogue) as catalogue:
        assert catalogue.document(document) is None


@pytest.mark.parametrize("how", ["removed", "changed"])
def test_what_is_gone_leaves_no_bytes_behind(built: House, tmp_path: Path, how: str) -> None:
    """Documents that stay are taken over from the generation before, and nothing else is."""
    sentinel = "Zqxjkvb7Wm3Phgd9Lcy2Tfn5"
    once = BuildSettings(keep=1)
    built.write("4.txt", toy.letter(4).replace("Plan", sentinel))
    built.build(once)
    assert any(sentinel in quad for quad in built.quads())
    if how == "removed":
        built.run(pipeline.remove, ["4.txt"], once)
        (built.files / "4.txt").unlink()
    else:
        built.write("4.txt", toy.letter(4))
        built.build(once)
    files = [path for path in built.home.rglob("*") if path.is_file()]
    assert [path for path in files if sentinel.encode() in path.read_bytes()] == []
    whole = House(built.files, tmp_path / "other")
    whole.build()
    assert _held(built) == _held(whole)


def test_removing_what_is_not_there_is_an_error(built: House) -> None:
    with pytest.raises(FindingsError, match="no document nowhere"):
        built.run(pipeline.remove, ["nowhere"])


def test_bad_files_are_reported_and_the_others_built(house: House) -> None:
    house.write("good.txt", toy.letter(1))
    house.write("copy.txt", toy.letter(1))
    house.write("other words.txt", toy.letter(1).replace("\n\n", "\n\n\n").upper())
    house.write("empty.txt", "  ")
    report = house.run(pipeline.build, [house.files, house.files / "gone.txt"])
    failed = {failure.file: str(failure) for failure in report.failed}
    assert set(failed) == {"good.txt", "other words.txt", "empty.txt", "gone.txt"}
    assert "Its text is that of copy.txt" in failed["good.txt"]
    assert "holds no text" in failed["empty.txt"]
    assert "does not exist" in failed["gone.txt"]
    assert all("\n" not in line for line in failed.values())
    assert report.counts["documents"] == 1


def test_a_lasting_refusal_is_remembered(house: House) -> None:
    house.write("good.txt", toy.letter(1))
    house.write("empty.txt", "  ")
    house.build()
    reading = Reading()
    report = house.build(tools=reading.tools)
    assert reading.files == []
    assert [failure.file for failure in report.failed] == ["empty.txt"]


def test_nothing_readable_publishes_nothing(house: House) -> None:
    house.write("empty.txt", "")
    report = house.build()
    assert (report.generation, report.published) == (None, False)
    assert len(report.failed) == 1


def test_a_violation_stops_publication_and_names_its_place(built: House) -> None:
    built.write("4.txt", toy.letter(4))
    tools = replace(toy.tools(), extractors=(toy.events, misgraded))
    with pytest.raises(ShapeViolation, match=r"Judgement/grade/class.*/id/passage/kelland/"):
        built.build(tools=replace(tools))
    assert built.generation.path.name == "000001"
    names = {path.name for path in (built.home / "generations").iterdir()}
    assert names - {"000002.tmp"} == {"000001"}


@pytest.mark.parametrize(("start", "end"), [(3, 3), (5, 3), (-1, 4), (0, 10**6)])
def test_a_claim_without_words_stops_the_build(house: House, start: int, end: int) -> None:
    def broken(document: Document, context: Context) -> Iterator[Claim]:
        yield from (
            msgspec.structs.replace(claim, start=start, end=end) for claim in context.claims
        )

    house.write("1.txt", toy.letter(1))
    tools = replace(toy.tools(), extractors=(toy.events, broken))
    with pytest.raises(InvalidClaim, match=r"toy@1 read a claim \(event\) in kelland/"):
        house.build(tools=tools)


def misgraded(document: Document, context: Context) -> Iterator[Claim]:
    """A judgement by a grade that its framework does not have."""
    yield JudgementClaim(
        start=0,
        end=5,
        extractor="toy@1",
        event=toy.own(document),
        framework="ilacs-2018",
        domain="adoption",
        grade="splendid",
        printed="splendid",
    )


def test_an_index_is_part_of_the_generation(house: House) -> None:
    house.write("1.txt", toy.letter(1))
    house.build(indexers=[toy.Index()])
    manifest = house.generation.manifest
    assert "terms/ids.txt" in manifest.files
    text = (house.generation.path / "terms/ids.txt").read_text()
    assert text == manifest.sources[0].document


def test_names_can_be_left_out(house: House) -> None:
    house.write("visit.txt", toy.VISIT + "\nFinding: Ms Holt and  maren holt agree.\n")
    house.build()
    assert any("Maren Holt" in quad for quad in house.quads())
    report = house.build(BuildSettings(names="none"))
    assert report.published
    assert list(house.store.graph(Minter().graph("names"))) == []
    assert not any("holt" in quad.lower() for quad in house.quads())
    assert any('"Finding: [name] and  [name] agree."' in quad for quad in house.quads())
    assert verify(house.generation.path).spans > 5


@pytest.mark.parametrize(
    ("quotation", "text", "same"),
    [
        ("Dear [name]", "Dear Maren Holt", True),
        ("Dear [name]", "Dear ", False),
        ("Dear [name], hello", "Dear Maren Holt, good day", False),
        ("a.b", "axb", False),
    ],
)
def test_a_masked_quotation_is_compared_around_its_masks(
    quotation: str, text: str, same: bool
) -> None:
    assert matches(quotation, text) == same


def test_the_base_is_a_setting(house: House) -> None:
    house.write("visit.txt", toy.VISIT)
    house.build()
    house.build(BuildSettings(base="https://example.org/"))
    kept = {q for q in house.quads() if "https://w3id.org/findings-graph/id/" in q}
    assert kept == set()
    assert verify(house.generation.path).documents == 1


def test_a_second_writer_is_refused(built: House) -> None:
    inside, done = threading.Event(), threading.Event()

    def read(path: Path, file: str) -> Document:
        inside.set()
        done.wait(60)
        return toy.read(path, file)

    built.write("4.txt", toy.letter(4))
    slow = replace(toy.tools(), read=read)
    writer = threading.Thread(target=lambda: built.build(tools=slow))
    writer.start()
    try:
        assert inside.wait(60)
        with pytest.raises(DataLocked, match="Wait until"):
            built.build()
    finally:
        done.set()
        writer.join()
    assert built.generation.manifest.counts["documents"] == 4


def test_a_deleted_cache_costs_only_time(built: House) -> None:
    import shutil

    shutil.rmtree(built.home / "cache")
    reading = Reading()
    report = built.build(tools=reading.tools)
    assert reading.files == list(LETTERS)
    assert not report.published


def test_the_catalogue_gives_documents_passages_and_text(built: House) -> None:
    with Catalogue(open_generation(built.home).catalogue) as catalogue:
        first = catalogue.documents()[0]
        document = catalogue.document(first.id)
        assert document is not None
        assert document.text == LETTERS[first.file]
        passage = catalogue.passages(first.id)[1]
        assert catalogue.passage(passage.id) == passage
        quote = catalogue.text(first.id, passage.start, passage.end)
        assert quote == document.quote(passage.start, passage.end)
        assert quote.startswith("Finding:")
        assert catalogue.document("x") is catalogue.text("x") is catalogue.passage("x") is None
        assert len(list(catalogue.all_passages())) == 9
        assert (first.kind, first.authority) == ("monitoring-visit-letter", "kelland")


def test_the_graph_answers_a_researcher(built: House) -> None:
    query = f"""SELECT ?date ?words WHERE {{
        ?finding a {fg("Finding")} ; {fg("event")} ?event ;
            <http://www.w3.org/ns/oa#hasSelector>/<http://www.w3.org/ns/oa#exact> ?words .
        ?event {fg("earliest")} ?date }} ORDER BY ?date"""
    rows = [(row["date"].value, row["words"].value) for row in built.store.select(query)]
    assert rows[0] == ("2010-02-11", "Finding: Plan 1 is not specific.")
    assert len(rows) == 3


def test_reporters_hear_of_every_stage(house: House) -> None:
    heard: list[str] = []

    class Heard(Quiet):
        def stage(self, name: str, total: int | None = None) -> None:
            heard.append(name)

    house.write("1.txt", toy.letter(1))
    house.build(report=Heard())
    assert heard == ["read", "resolve", "graph", "index", "verify"]
