"""A document that is added later can disagree with one that was built before."""

from __future__ import annotations

from pathlib import Path

from kg.embed import HashingEmbedder
from kg.generations import open_generation
from kg.pipeline import BuildSettings, add, build, remove
from kg.progress import Quiet
from kg.store import GraphStore
from kg.tools import Tools
from tests.competency.test_competency import FOLDER, answer, county

SIDES = """SELECT ?file ?words WHERE {
  ?found a fg:Disagreement ; fg:firstSide|fg:secondSide ?side .
  ?side fg:inDocument/fg:file ?file .
  OPTIONAL { ?side oa:hasSelector/oa:exact ?words }
} ORDER BY ?file ?words"""


def test_both_sides_keep_their_words_as_documents_come_and_go(tmp_path: Path) -> None:
    letter, report = (FOLDER / "corpus" / f"{n}.txt" for n in ("visit-letter", "options-report"))
    settings, tools = BuildSettings(), Tools(HashingEmbedder())
    with county():
        build([letter], tmp_path, settings, indexers=[], report=Quiet(), tools=tools)
        alone = _sides(tmp_path)
        add([report], tmp_path, settings, indexers=[], report=Quiet(), tools=tools)
        both = _sides(tmp_path)
        remove(["options-report.txt"], tmp_path, settings, indexers=[], report=Quiet(), tools=tools)
        again = _sides(tmp_path)
    assert {file for file, _ in alone} == {"visit-letter.txt"}
    assert {file for file, _ in both} == {"visit-letter.txt", "options-report.txt"}
    assert len(both) > len(alone)
    assert all(words for _, words in both)
    assert again == alone


def _sides(home: Path) -> list[list[str | None]]:
    return answer(GraphStore(open_generation(home).store), SIDES)
