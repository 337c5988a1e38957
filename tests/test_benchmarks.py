"""The table of benchmarks: what is judged, told, merged and written; nothing is timed."""

from pathlib import Path

import msgspec
import pytest

from benchmarks.__main__ import KEPT, PAGE, failure, main
from benchmarks.results import TO, Result, at_least, at_most, tell, told
from benchmarks.table import Part, merged, page, rows


def part(name: str, *results: Result, day: str = "2026-05-01", failure: str = "") -> Part:
    return Part(
        name=name,
        collection="minutes",
        day=day,
        version="1.0",
        machine="2 cores",
        load=0.5,
        results=results,
        failure=failure,
    )


SEARCH = Result(
    what="search", ours=6, unit="ms", of="40 passages", against="FAISS", peer=4, goal=at_most(2)
)


@pytest.mark.parametrize(
    ("result", "ratio", "met"),
    [
        (SEARCH, 1.5, True),
        (msgspec.structs.replace(SEARCH, peer=2.0), 3.0, False),
        (msgspec.structs.replace(SEARCH, goal=at_least(2)), 1.5, False),
        (msgspec.structs.replace(SEARCH, goal=at_most(5, "ours")), 1.5, False),
        (msgspec.structs.replace(SEARCH, goal=at_least(6, "ours")), 1.5, True),
        (msgspec.structs.replace(SEARCH, goal=None), 1.5, None),
        (msgspec.structs.replace(SEARCH, peer=None), None, None),
        (msgspec.structs.replace(SEARCH, peer=0.0), None, None),
    ],
)
def test_a_goal_is_of_the_ratio_or_of_our_own_figure(
    result: Result, ratio: float | None, met: bool | None
) -> None:
    assert result.ratio == ratio
    assert result.met is met


def test_what_is_told_is_gathered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.touch()
    tell([SEARCH])
    assert told(lines) == ()
    monkeypatch.setenv(TO, str(lines))
    tell([SEARCH])
    tell([SEARCH])
    assert told(lines) == (SEARCH, SEARCH)


def test_parts_measured_anew_replace_their_own_and_leave_the_others() -> None:
    kept = [part("build", day="2026-05-01"), part("search", SEARCH, day="2026-05-01")]
    now = merged(kept, [part("search", SEARCH, day="2026-06-02"), part("load", day="2026-06-02")])
    assert [(each.name, each.day) for each in now] == [
        ("build", "2026-05-01"),
        ("search", "2026-06-02"),
        ("load", "2026-06-02"),
    ]


def test_a_row_tells_ours_theirs_ratio_goal_and_whether_it_is_met() -> None:
    assert list(rows([part("search", SEARCH)])) == [
        ("search", "search", "minutes: 40 passages", "6 ms", "FAISS", "4 ms", "1.5",
         "at most 2", "yes"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "last", "results", "why"),
    [
        (0, "a warning", (SEARCH,), ""),
        (1, "OSError: no room", (SEARCH,), "OSError: no room"),
        (-9, "", (), "exit status -9"),
        (0, "", (), "nothing was measured"),
    ],
)
def test_a_part_that_fails_says_why(
    status: int, last: str, results: tuple[Result, ...], why: str
) -> None:
    assert failure(status, last, results) == why


def test_a_failure_stands_in_the_table_beside_what_was_measured_before_it() -> None:
    broken = part("load", SEARCH, failure="it | stopped")
    assert broken.missed
    assert [row[-1] for row in rows([broken])] == ["yes", "failed"]
    last = page([broken]).splitlines()[-1]
    assert last.startswith(r"| load | failed: it \| stopped | minutes |")
    assert last.endswith("| failed | 2026-05-01, 1.0, 0.5 |")


def test_an_unknown_part_is_refused_before_anything_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "build,nonsense"])
    assert "no such part: nonsense" in capsys.readouterr().err


def test_the_page_of_the_docs_is_made_from_what_is_kept() -> None:
    kept = msgspec.json.decode(KEPT.read_bytes(), type=list[Part])
    assert kept
    assert PAGE.read_text(encoding="utf-8") == page(kept)
