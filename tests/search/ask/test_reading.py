"""What a question asks for, and which dates, documents and posts it names."""

from __future__ import annotations

import pytest

from search.ask.asker import Asker

ASKS = {
    "Who was the lead inspector of the 2020 inspection?": "person",
    "Which inspector led the visit in June 2021?": "person",
    "who signed the letter": "person",
    "whose signature is on the direction": "person",
    "What was the name of the director who left?": "person",
    "name the chief executive in 2019": "person",
    "What is the name of the leader of the council?": "person",
    "name the leader of the board": "person",
    "What is the name of the children in care council?": "body",
    "whats the name of the practice model used in Kelland": "body",
    "Who does the council share its night service with?": "passage",
    "With whom is the night service run?": "passage",
    "Who came with the director?": "person",
    "When was the notice issued?": "date",
    "On what date did the board first meet?": "date",
    "By when must the plan be ready?": "date",
    "Since when has the interim director been in post?": "date",
    "wen did the visit take place": "date",
    "What is the deadline for the report?": "date",
    "Which grade did leadership get?": "grade",
    "How was the council rated in 2020?": "grade",
    "What was the service for care leavers judged to be?": "grade",
    "how did ofsted rate adoption": "grade",
    "How many vacancies were there in May?": "number",
    "What percentage of children had a plan?": "number",
    "By how much did caseloads rise?": "number",
    "hw many agency workers in 2020": "number",
    "What is the average caseload?": "number",
    "Why was recruitment slow?": "cause",
    "y was it so slow": "cause",
    "To what was the fall in performance put down?": "cause",
    "What were the reasons for the delay?": "cause",
    "Did the committee agree to the plan?": "yes-no",
    "Were all children seen alone?": "yes-no",
    "Has the notice been lifted?": "yes-no",
    "Name Kelland's children in care council": "body",
    "What practice model did the council use?": "body",
    "Which charity ran the helpline?": "body",
    "Which organisations sit on the board?": "body",
    "Which agencies were at the meeting?": "body",
    "What is a core group?": "definition",
    "What does IRO stand for?": "definition",
    "What kind of body is the trust?": "definition",
    "List the weaknesses found in 2020": "list",
    "What did inspectors say about supervision?": "list",
    "Which options were considered?": "list",
    "What must the council do, and by when?": "list",
    "What happened when the home closed?": "passage",
    "How did it change, and when?": "date",
    "Where is it said that children felt ignored?": "passage",
    "How good is the front door?": "passage",
}


@pytest.mark.parametrize(("question", "asks"), ASKS.items())
def test_a_question_asks_for_a_kind_of_thing(asker: Asker, question: str, asks: str) -> None:
    assert asker.read(question).asks == asks


@pytest.mark.parametrize(
    ("question", "dates"),
    [
        ("caseloads on 31 March 2020", ("2020-03-31",)),
        ("in late 2020", ("2020-10/2020-12",)),
        ("at the end of March 2020", ("2020-03-31",)),
        ("after 2020", ("2021-01-01/",)),
        ("before June 2021", ("/2021-05-31",)),
        ("since March 2020", ("2020-03-01/",)),
        ("what was said at the june 21 visit", ("2021-06",)),
        ("what happened last year", ("2020",)),
        ("from 2020 to 2021", ("2020/2021",)),
    ],
)
def test_dates_are_read_as_people_type_them(
    asker: Asker, question: str, dates: tuple[str, ...]
) -> None:
    assert asker.read(question).dates == dates


def test_a_date_beside_a_place_word_points_to_a_document(asker: Asker) -> None:
    reading = asker.read("What did the letter on the June 2021 visit say about supervision?")
    assert reading.documents == ("kelland/2021-06-30-letter-bbbbbbbb",)
    assert "supervision" in reading.topic
    assert "2021" not in reading.topic


def test_the_name_of_an_authority_may_stand_between_a_visit_and_its_date(asker: Asker) -> None:
    reading = asker.read("What did the visit to North Yorkshire in June 2021 find?")
    assert reading.documents == ("kelland/2021-06-30-letter-bbbbbbbb",)


def test_the_deputy_lead_inspector_is_not_the_lead_inspector(asker: Asker) -> None:
    assert asker.read("Who was lead inspector in 2020?").has("lead-inspector")
    assert not asker.read("Who was deputy lead inspector in 2020?").has("lead-inspector")


@pytest.mark.parametrize(
    ("question", "mended"),
    [
        ("how many on a CP plan", "how many on a child protection plan"),
        ("cin plans in june 2021", "child in need plans in june 2021"),
        ("were UASC seen", "were unaccompanied asylum-seeking children seen"),
        ("the CP of 2021", "the CP of 2021"),
    ],
)
def test_abbreviations_of_the_field_are_written_out(
    asker: Asker, question: str, mended: str
) -> None:
    assert asker.read(question).mended == mended


def test_a_document_that_is_not_there_is_marked_absent(asker: Asker) -> None:
    reading = asker.read("What did the monitoring visit of May 2019 find?")
    assert [link.slot for link in reading.links if link.slot in ("absent", "document")] == [
        "absent"
    ]


def test_posts_are_known_by_their_abbreviations(asker: Asker) -> None:
    for words in ("the DCS", "the director of children's services", "dcs"):
        assert "Director of Children's Services" in {
            link.label for link in asker.read(f"When did {words} start?").links
        }


def test_the_deputy_of_a_post_is_another_post(asker: Asker) -> None:
    labels = {
        link.label for link in asker.read("Who was deputy director of children's services?").links
    }
    assert "Director of Children's Services" not in labels


@pytest.mark.parametrize(
    ("question", "dates"),
    [
        ("What was said about plans after the inspection of March 2020?", ("2020-03-14/",)),
        ("What was said about plans after the 2020 inspection?", ("2020-03-14/",)),
        ("What was found before the last inspection?", ("/2020-03-01",)),
        ("What was said about plans after 2020?", ("2021-01-01/",)),
        ("What did the latest monitoring visit find?", ("2021-06-09",)),
        ("What was found after the seventh visit?", ()),
    ],
)
def test_a_time_may_be_told_by_an_event(
    asker: Asker, question: str, dates: tuple[str, ...]
) -> None:
    assert asker.read(question).dates == dates


def test_what_a_post_is_called_for_short_is_that_post(asker: Asker) -> None:
    labels = [link.label for link in asker.read("When did the director leave?").links]
    assert "Director of Children's Services" in labels
    other = [link.label for link in asker.read("When did the finance director leave?").links]
    assert "Director of Children's Services" not in other
