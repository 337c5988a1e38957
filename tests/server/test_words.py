"""Values in the words of a page."""

from __future__ import annotations

import pytest

from server.words import count_words, date_words, plain, readable


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2019", "2019"),
        ("2019-07", "July 2019"),
        ("2019-07-04", "4 July 2019"),
        ("2018-09-17/2018-09-28", "17 to 28 September 2018"),
        ("2018-09-17/2018-10-01", "17 September to 1 October 2018"),
        ("2018-12-30/2019-01-02", "30 December 2018 to 2 January 2019"),
        ("2019/", "from 2019"),
        ("/2019-03", "until March 2019"),
        ("2019-05-01/2019-05-01", "1 May 2019"),
        ("2019-13", "2019-13"),
        ("spring", "spring"),
        (None, ""),
    ],
)
def test_dates_read_as_people_write_them(value: str | None, words: str) -> None:
    assert date_words(value) == words


def test_labels_keep_their_words_and_lose_machine_dates() -> None:
    label = "Inspection, Kelland, 2022-11-21 to 2022-12-02, after 2021-03"
    assert (
        readable(label) == "Inspection, Kelland, 21 November to 2 December 2022, after March 2021"
    )


def test_a_slug_without_a_label_still_reads() -> None:
    assert plain("children_in_care") == "Children in care"
    assert plain("lscb") == "LSCB"


def test_counts_agree_with_their_noun() -> None:
    assert count_words(1, "entry", "entries") == "1 entry"
    assert count_words(1204, "document") == "1,204 documents"
