"""The log of changes: what each generation added, took away and made otherwise."""

from __future__ import annotations

from dataclasses import replace

from kg import changes, pipeline
from kg.changes.compare import compare
from kg.changes.held import Held, IssueState
from kg.changes.records import Change
from kg.pipeline import BuildSettings
from tests.kg import toy
from tests.kg.conftest import House


def log(house: House) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Why each generation was made, and its changes in short."""
    return [
        (one.because, [(c.kind, c.what, c.thing.rpartition("/")[2][:10]) for c in one.changes])
        for one in changes.load(house.generation.path)
    ]


def test_each_generation_adds_a_line_that_says_what_is_new(house: House) -> None:
    house.write("1.txt", toy.VISIT)
    house.build()
    first = log(house)
    assert first == [
        ("first", [("document", "added", "2019-06-11"), ("disagreement", *_of(first))])
    ]
    house.write("2.txt", toy.letter(1))
    house.build()
    assert log(house) == [*first, ("documents", [("document", "added", "2010-02-11")])]


def _of(found: list[tuple[str, list[tuple[str, str, str]]]]) -> tuple[str, str]:
    """The toy visit disagrees with itself; the id of that is a digest."""
    _, what, thing = found[0][1][1]
    assert what == "added"
    return what, thing


def test_nothing_changed_adds_no_line(house: House) -> None:
    house.write("1.txt", toy.letter(1))
    house.build()
    before = (house.generation.path / changes.FILE).read_bytes()
    house.build()
    assert (house.generation.path / changes.FILE).read_bytes() == before


def test_the_log_outlives_the_generations_that_it_tells_of(house: House) -> None:
    for number in range(1, 5):
        house.write(f"{number}.txt", toy.letter(number))
        house.build(BuildSettings(keep=1))
    assert len(list((house.home / "generations").iterdir())) == 1
    assert [one.generation for one in changes.load(house.generation.path)] == [
        "000001", "000002", "000003", "000004",
    ]  # fmt: skip


def test_of_a_document_that_is_taken_out_only_its_id_is_left(house: House) -> None:
    house.write("1.txt", toy.VISIT)
    house.write("2.txt", toy.letter(1))
    house.build()
    house.run(pipeline.remove, ["1.txt"])
    (_, first), (because, last) = log(house)
    assert first == [("document", "added", "2010-02-11")]
    assert because == "documents"
    assert ("document", "removed", "2019-06-11") in last
    assert {what for _, what, _ in last} == {"removed"}


def test_a_document_read_otherwise_by_new_software_is_said_to_be(house: House) -> None:
    house.write("1.txt", toy.letter(1))
    house.build()
    only_events = replace(toy.tools(), extractors=(toy.events,))
    house.build(BuildSettings(model="another"), tools=only_events)
    revision = changes.load(house.generation.path)[-1]
    assert revision.because == "software"
    (change,) = revision.changes
    assert (change.kind, change.what, change.gained, change.lost) == ("findings", "changed", 0, 1)


def issue(label: str, status: str, **occurrences: str) -> IssueState:
    return IssueState(label, status, "kelland", occurrences)


def test_an_issue_raised_again_says_where_and_how_it_stands() -> None:
    old = Held(issues={"kelland/a": issue("Late plans", "improving", f1="visit/1", f2="visit/2")})
    new = Held(
        issues={
            "kelland/a": issue("Late plans", "returned", f1="visit/1", f2="visit/2", f3="visit/3")
        }
    )
    assert list(compare(old, new)) == [
        Change(
            "issue", "changed", "kelland/a", "kelland", label="Late plans", status="returned",
            status_before="improving", events=("visit/3",),
        )
    ]  # fmt: skip
    assert list(compare(new, new)) == []


def test_an_issue_with_an_older_first_finding_is_the_same_under_a_new_id() -> None:
    old = Held(issues={"kelland/b": issue("Late plans", "persisting", f1="visit/1", f2="visit/2")})
    new = Held(
        issues={
            "kelland/a": issue(
                "Late plans", "persisting", f0="visit/0", f1="visit/1", f2="visit/2"
            ),
            "kelland/c": issue("High caseloads", "persisting", f8="visit/1", f9="visit/2"),
        }
    )
    moved, added = compare(old, new)
    assert (moved.what, moved.thing, moved.was, moved.events) == (
        "changed", "kelland/a", "kelland/b", ("visit/0",),
    )  # fmt: skip
    assert (added.what, added.thing, added.was) == ("added", "kelland/c", "")


def test_an_issue_that_no_longer_recurs_is_gone() -> None:
    old = Held(issues={"kelland/a": issue("Late plans", "persisting", f1="visit/1", f2="visit/2")})
    (gone,) = compare(old, Held())
    assert (gone.kind, gone.what, gone.thing, gone.label) == (
        "issue", "removed", "kelland/a", "Late plans",
    )  # fmt: skip
