"""Sentences: where they end, and what gives none."""

from __future__ import annotations

import pytest

from kg.model import Block, Document
from kg.sentences import sentences, spans


@pytest.mark.parametrize(
    "expected",
    [
        ["Plans are clear.", "Reviews are timely."],
        ["Records, e.g. Case notes, are up to date.", "They are read."],
        ["See No. 5 and para. 3 of the report.", "It is short."],
        ["Mr. A. Birch chaired.", "Dr. Cedar spoke."],
        ["Is it good?", "Yes!", "It is."],
        ["They said: ‘It works.’", "Others agreed."],
        ["“I feel safe.”", "That was common."],
        ["The rate is 4.5 per cent.", "In 2021 it was 3.9."],
        ["The meeting ended at 4.30 p.m.", "Members left."],
        ["It began at 9 a.m. on Monday."],
        ["Children, families, etc. are heard.", "So are carers."],
        ["Is the answer no.", "It is not."],
        ["Leaders (and others) act.", "(Recommendation)"],
        ["Progress was slow…", "Then it stopped."],
        ["An item without a stop"],
    ],
)
def test_spans(expected: list[str]) -> None:
    text = " ".join(expected)
    assert [text[start:end] for start, end in spans(text)] == expected


def test_headings_and_tables_give_none() -> None:
    text = "A heading. With a stop.\n\nOne. Two.\n\nCell one. Cell two."
    blocks = (
        Block("heading", 0, 23),
        Block("paragraph", 25, 34),
        Block("table", 36, 55),
    )
    document = Document("d", "f", "0", "text/plain", text, blocks)
    found = [(document.quote(s.start, s.end), s.block) for s in sentences(document)]
    assert found == [("One.", 1), ("Two.", 1)]
