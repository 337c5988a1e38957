"""Passages: size, structure, names that last."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Document
from kg.passages import MAX_WORDS, passages
from kg.structure import Piece, assemble

SENTENCE = "Managers oversee the work of their teams and act on what they find."


def document(*pieces: Piece) -> Document:
    return assemble(list(pieces), file="f", sha256="0" * 64, media_type="text/plain")


def texts(made: Document) -> list[str]:
    return [made.quote(passage.start, passage.end) for passage in passages(made)]


def test_never_over_a_heading_and_with_its_path() -> None:
    made = document(
        Piece("title", "Report"),
        Piece("heading", "Help", 2),
        Piece("heading", "Early help", 3),
        Piece("paragraph", "Families are helped."),
        Piece("heading", "Care", 2),
        Piece("paragraph", "Children are settled."),
    )
    assert texts(made) == [
        "Report\n\nHelp\n\nEarly help\n\nFamilies are helped.",
        "Care\n\nChildren are settled.",
    ]
    assert [passage.headings for passage in passages(made)] == [("Help", "Early help"), ("Care",)]


def test_a_list_stays_with_what_introduces_it() -> None:
    made = document(
        Piece("paragraph", " ".join([SENTENCE] * 8)),
        Piece("paragraph", "The council should improve:"),
        *[Piece("bullet", "the quality of plans for children", mark="•") for _ in range(3)],
    )
    assert len(texts(made)) == 2
    assert texts(made)[1].startswith("The council should improve:\n\n• the quality")


def test_long_paragraph_is_cut_between_sentences_and_keeps_its_number() -> None:
    made = document(Piece("numbered", " ".join([SENTENCE] * 30), mark="19."))
    parts = texts(made)
    assert len(parts) >= 2
    assert parts[0].startswith("19. Managers")
    assert all(part.endswith("they find.") for part in parts)
    assert all(40 <= len(part.split()) <= MAX_WORDS + 15 for part in parts)


def test_long_table_is_cut_between_rows() -> None:
    rows = tuple((f"Year {number}", "forty per cent of children") for number in range(80))
    parts = texts(document(Piece("table", rows=rows)))
    assert len(parts) > 1
    assert all(part.startswith("Year") and part.endswith("children") for part in parts)


def test_names_depend_on_words_and_place_among_equals() -> None:
    resolution = [Piece("heading", "Resolved", 2), Piece("paragraph", "That it be noted.")]
    first = passages(document(*resolution, *resolution))
    again = passages(document(Piece("paragraph", SENTENCE), *resolution))
    assert first[1].id == f"{first[0].id}-2"
    assert again[1].id == first[0].id
    assert len(first[0].id.rpartition("/")[2]) == 12


PIECES = st.lists(
    st.builds(
        Piece,
        st.sampled_from(["heading", "paragraph", "bullet", "numbered", "footnote"]),
        st.lists(st.sampled_from([SENTENCE, "Plans:", "are late"]), min_size=1, max_size=20).map(
            " ".join
        ),
        st.integers(1, 3),
        st.sampled_from(["", "•", "12."]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(PIECES)
def test_every_block_lies_in_passages_that_do_not_overlap(pieces: list[Piece]) -> None:
    made = document(*pieces)
    found = passages(made)
    assert all(a.end <= b.start for a, b in pairwise(found))
    covered = " ".join(made.quote(passage.start, passage.end) for passage in found)
    assert covered.split() == made.text.split()
    assert len({passage.id for passage in found}) == len(found)
