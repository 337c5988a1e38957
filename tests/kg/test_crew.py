"""Files read in several processes: the same generation as in one, and one line for each failure."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg.crew import WORTHWHILE, Answer, Asked, Crew, Start, Task, workers
from kg.generations import open_generation
from kg.pipeline import BuildReport, BuildSettings, build
from kg.progress import Quiet
from kg.resolve.meaning import Meaning
from kg.store import GraphStore
from kg.tools import standard
from kg.verify import verify
from search.index import Indexer

LETTER = """Monitoring visit to Kelland children's services

Dear Director

Following the visit on {day} June 2019, I write to summarise the findings.

Supervision of social workers is not regular. Plans for children in team {day} are too vague.
"""
SETTINGS = BuildSettings(model="hashing")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """More files than a crew is worth starting for; one cannot be read."""
    folder = tmp_path / "files"
    folder.mkdir()
    for day in range(1, WORTHWHILE + 1):
        (folder / f"{day}.txt").write_text(LETTER.format(day=day))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 but no more")
    return folder


def _build(files: Path, home: Path, crew: Crew | None) -> BuildReport:
    tools = standard(SETTINGS.model, home, crew)
    indexers = [Indexer(tools.embedder)]
    return build([files], home, SETTINGS, indexers=indexers, report=Quiet(), tools=tools)


def test_a_crew_makes_the_generation_that_one_process_makes(files: Path, tmp_path: Path) -> None:
    alone = _build(files, tmp_path / "alone", None)
    many = _build(files, tmp_path / "crew", Crew("search.crew", 2))
    assert many.counts == alone.counts
    assert many.read == alone.read
    assert many.failed == alone.failed
    assert [failure.file for failure in many.failed] == ["broken.pdf"]
    one, other = (open_generation(tmp_path / name) for name in ("alone", "crew"))
    assert one.manifest.inputs == other.manifest.inputs
    assert {*GraphStore(one.store).quads()} == {*GraphStore(other.store).quads()}
    apart = ("vectors", "terms", "partitions")
    index = {n: e for n, e in one.manifest.files.items() if n.startswith(apart)}
    assert index
    assert index.items() <= other.manifest.files.items()
    assert verify(other.path).documents == WORTHWHILE


def test_nothing_is_read_again(files: Path, tmp_path: Path) -> None:
    _build(files, tmp_path / "home", Crew("search.crew", 2))
    again = _build(files, tmp_path / "home", Crew("search.crew", 2))
    assert again.read == ()
    assert not again.published


def _ask(tmp_path: Path, module: str, count: int) -> list[Answer]:
    start = Start("hashing", str(tmp_path / "home"), "1", os.getpid())
    paths = [tmp_path / f"{number}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(LETTER.format(day=number + 1))
    tasks = [Task(str(path), path.name, str(number)) for number, path in enumerate(paths)]
    with Crew(module, 2) as crew:
        return list(crew.read(start, tasks))


def test_what_kills_its_worker_is_a_failure_and_the_rest_is_read(tmp_path: Path) -> None:
    answers = _ask(tmp_path, "tests.kg.frail_crew", 5)
    failed = [answer for answer in answers if answer.error]
    assert len(answers) == 5
    assert [answer.sha256 for answer in failed] == ["2"]
    assert "broke off" in str(failed[0].problem())


def test_a_worker_that_grew_is_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "MEMORY", 0)
    answers = _ask(tmp_path, "search.crew", 3)
    assert sorted(answer.sha256 for answer in answers) == ["0", "1", "2"]
    assert all(answer.memory > 0 and not answer.error for answer in answers)


def test_a_worker_that_stops_by_itself_leaves_its_file_to_the_parent(tmp_path: Path) -> None:
    assert _ask(tmp_path, "tests.kg.no_such_crew", 3) == []


def test_a_graph_that_no_worker_makes_is_left_to_the_parent(tmp_path: Path) -> None:
    start = Start("hashing", str(tmp_path / "home"), "1", os.getpid())
    meaning = Meaning((), (), (), (), (), authority=False)
    asked = [Asked(str(number), str(number), "lost.txt", meaning) for number in range(3)]
    with Crew("search.crew", 2) as crew:
        assert list(crew.graphs(start, asked)) == [(each, None) for each in asked]
