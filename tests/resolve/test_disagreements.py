"""What counts as one question with two answers, and what does not, on documents made here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kg.model import (
    Block,
    Claim,
    Document,
    EventClaim,
    EventRef,
    FigureClaim,
    Identity,
    JudgementClaim,
    PostClaim,
    Record,
    RelationClaim,
    Stated,
    TenureClaim,
)
from kg.resolve import Resolvers, resolve
from kg.resolve.disagreements import Disagreements
from kg.resolve.entities import Disagreement
from kg.resolve.events import Events
from kg.resolve.organisations import Organisations
from kg.resolve.posts import Posts
from kg.resolve.tenures import Tenures

RESOLVERS = Resolvers(Events, Organisations, Posts, Tenures, disagreements=Disagreements)
DIRECTOR = "Director of Children's Services"
MakeClaim = Callable[[str], Claim]


def record(
    name: str, *lines: tuple[str, MakeClaim] | str, date: str = "2021-06-30", place: str = "kelland"
) -> Record:
    """A document of one paragraph a line; a line's claim is made from its words."""
    text, blocks, claims = "", [], []
    for line in lines:
        words, make = line if isinstance(line, tuple) else (line, None)
        blocks.append(Block("paragraph", len(text), len(text) + len(words)))
        if make is not None:
            made: Any = make(words)
            claims.append(_moved(made, len(text), len(text) + len(words)))
        text += words + "\n\n"
    identity = Identity(date=Stated(date, 0, 4), date_basis="signed", authority=Stated(place, 0, 1))
    document = Document(name, name, "0" * 64, "text/plain", text, tuple(blocks), identity=identity)
    return Record(document, (), tuple(claims))


def _moved(claim: Any, start: int, end: int) -> Claim:
    return type(claim)(**{**_fields(claim), "start": start, "end": end})  # type: ignore[no-any-return]


def _fields(claim: Any) -> dict[str, Any]:
    return {name: getattr(claim, name) for name in claim.__struct_fields__}


def event(kind: str, date: str, label: str = "") -> MakeClaim:
    ref = EventRef(kind, None, date, "Ofsted")
    return lambda words: EventClaim(
        start=0, end=1, extractor="test@1", event=ref, label=label or kind
    )


def tenure(post: str = DIRECTOR, **fields: Any) -> MakeClaim:
    return lambda words: TenureClaim(start=0, end=1, extractor="test@1", post=post, **fields)


def figure(measure: str, value: str, date: str, extractor: str = "figures.prose@1") -> MakeClaim:
    return lambda words: FigureClaim(
        start=0, end=1, extractor=extractor, measure=measure, value=value, date=date
    )


def found(*records: Record) -> list[Disagreement]:
    return list(resolve(records, RESOLVERS).disagreements)


def values(*records: Record) -> list[tuple[str, str]]:
    return [(each.sides[0].value, each.sides[1].value) for each in found(*records)]


JOINT = "joint-inspection"


def test_two_dates_of_what_happens_once_disagree() -> None:
    one = record(
        "a", ("The joint inspection took place on 6 March 2017.", event(JOINT, "2017-03-06"))
    )
    two = record("b", ("The joint inspection in May 2017 was kind.", event(JOINT, "2017-05")))
    (each,) = found(one, two)
    assert {side.value for side in each.sides} == {"2017-03-06", "2017-05"}
    assert {side.document for side in each.sides} == {"a", "b"}
    assert each.authority == "kelland"
    assert "2017-05" in each.explanation


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2017-03", "The joint inspection in March 2017 was kind."),
        ("2017", "The joint inspection in 2017 was kind."),
        ("2019-05", "The joint inspection in May 2019 was kind."),
        ("2017-05", "in May 2017 following the joint inspection"),
    ],
    ids=["precision", "year", "years apart", "what came after"],
)
def test_a_difference_of_precision_or_of_events_is_none(date: str, words: str) -> None:
    one = record(
        "a", ("The joint inspection took place on 6 March 2017.", event(JOINT, "2017-03-06"))
    )
    assert found(one, record("b", (words, event(JOINT, date)))) == []


def test_two_authorities_never_disagree() -> None:
    one = record("a", ("The joint inspection of March 2017.", event(JOINT, "2017-03")))
    two = record(
        "b", ("The joint inspection of May 2017.", event(JOINT, "2017-05")), place="pellow"
    )
    assert found(one, two) == []


def test_an_inspection_and_its_report_agree_unless_the_words_are_the_same() -> None:
    inspected = ("It was inspected in September 2018.", event("inspection", "2018-09"))
    judged = "was judged inadequate in {}"
    published = (judged.format("October 2018"), event("inspection", "2018-10"))
    assert found(record("a", inspected, published)) == []
    same = (judged.format("September 2018"), event("inspection", "2018-09"))
    assert len(found(record("a", same), record("b", published))) == 1


def test_the_first_of_its_kind_has_none_before_it() -> None:
    first = (
        'A direction of 15 March 2021 ("the first direction").',
        event("direction", "2021-03-15"),
    )
    before = ("A direction was issued on 2 January 2021.", event("direction", "2021-01-02"))
    after = ("A direction was issued on 2 June 2021.", event("direction", "2021-06-02"))
    assert values(record("a", first), record("b", before)) == [("2021-03-15", "2021-01-02")]
    assert values(record("a", first), record("b", after)) == []


def test_two_starts_of_one_tenure_disagree() -> None:
    one = record("a", ("The director started in July 2019.", tenure(since="2019-07")))
    two = record("b", ("The director started in June 2019.", tenure(since="2019-06")))
    assert {frozenset(pair) for pair in values(one, two)} == {frozenset({"2019-06", "2019-07"})}
    same = record("c", ("The director started on 1 July 2019.", tenure(since="2019-07-01")))
    assert values(one, same) == []


def test_an_interim_who_left_is_not_in_post_later() -> None:
    left = record(
        "a", ("The interim director left in June 2019.", tenure(until="2019-06", mode="interim"))
    )
    held = record("b", ("Interim Director", tenure(on="2019-07-04", basis="inferred")))
    assert values(left, held) == [("2019-06", "2019-07-04")]
    again = record(
        "c", ("Another interim came on 1 July 2019.", tenure(since="2019-07-01", mode="interim"))
    )
    assert values(left, held, again) == []


def test_a_start_to_come_lies_after_the_letter() -> None:
    line = ("The director is due to start on 1 July 2019.", tenure(since="2019-07-01"))
    assert values(record("a", line, date="2019-07-04")) == [("2019-07-04", "2019-07-01")]
    assert values(record("a", line, date="2019-06-20")) == []


def test_one_holder_called_acting_and_interim_in_one_document() -> None:
    def titled(printed: str) -> MakeClaim:
        return lambda words: PostClaim(
            start=0, end=1, extractor="test@1", post=DIRECTOR, printed=printed
        )

    in_post = ("The director is in post.", tenure(on="2021-06"))
    acting = ("Acting Director knows the service.", titled("Acting Director"))
    interim = ("Interim Director meets staff.", titled("Interim Director"))
    former = ("The former Interim Director left.", titled("Interim Director"))
    assert values(record("a", in_post, acting, interim)) == [("interim", "acting")]
    assert values(record("a", in_post, acting, former)) == []
    assert values(record("a", in_post, acting), record("b", interim)) == []


def test_two_chairs_of_one_board_in_near_documents() -> None:
    def chairs(who: str) -> MakeClaim:
        return lambda words: RelationClaim(
            start=0,
            end=1,
            extractor="test@1",
            subject=who,
            relation="chairs",
            object="Improvement Board",
        )

    one = record("a", ("The adviser chairs the board.", chairs("Adviser")))
    two = record(
        "b", ("The board, chaired by the commissioner.", chairs("Commissioner")), date="2022-01-05"
    )
    late = record(
        "c", ("The board, chaired by the commissioner.", chairs("Commissioner")), date="2025-01-05"
    )
    assert values(one, two) == [("Adviser", "Commissioner")]
    assert values(one, late) == []


def test_stated_vacancies_against_posts_less_employees() -> None:
    def table(posts: str, employees: str) -> Record:
        claims: list[Claim] = []
        text = f"31/05/2021\t{posts}\t{employees}"
        for measure, value in (("Posts on structure", posts), ("Employees", employees)):
            claim: Any = figure(measure, value, "2021-05-31", "figures.tables@1")("")
            claims.append(_moved(claim, 0, text.index(value, 10) + len(value)))
        made = record("t", text)
        return Record(made.document, (), tuple(claims))

    stated = ("On 10 June 2021 there were 60 vacancies.", figure("vacancies", "60", "2021-06-10"))
    assert values(table("200", "120"), record("a", stated)) == [("60", "80")]
    assert values(table("200", "140"), record("a", stated)) == []


def test_the_same_documents_give_the_same_ids_in_any_order() -> None:
    one = record("a", ("The joint inspection of March 2017.", event(JOINT, "2017-03")))
    two = record("b", ("The joint inspection of May 2017.", event(JOINT, "2017-05")))
    assert found(one, two) == found(two, one)


def test_one_event_has_one_grade_for_a_domain() -> None:
    def judged(grade: str) -> MakeClaim:
        ref = EventRef("inspection", None, "2020-03-02", "Ofsted")
        return lambda words: JudgementClaim(
            start=0,
            end=1,
            extractor="test@1",
            event=ref,
            framework="ilacs-2018",
            domain="overall_effectiveness",
            grade=grade,
            printed=grade,
        )

    good, poor = (
        record("a", ("Good.", judged("good"))),
        record("b", ("Poor.", judged("inadequate"))),
    )
    assert {frozenset(pair) for pair in values(good, poor)} == {frozenset({"good", "inadequate"})}
    assert values(good, record("c", ("Again good.", judged("good")))) == []


def test_a_column_of_vacancies_is_taken_as_it_stands() -> None:
    table = record(
        "t", ("31/05/2021\t45", figure("Vacancies", "45", "2021-05-31", "figures.tables@1"))
    )
    stated = ("On 10 June 2021 there were 60 vacancies.", figure("vacancies", "60", "2021-06-10"))
    (each,) = found(table, record("a", stated))
    assert [side.value for side in each.sides] == ["60", "45"]
    assert "posts" not in each.explanation
