"""A rule answers as its pattern does, and knows which texts it need not try."""

from __future__ import annotations

import re

import pytest

from kg.needed import Rule, needs

TEXTS = (
    "",
    "The <P0> chairs the <O1>.",
    "the <p0> led the <O1> until <D2>",
    "It was CHAIRED by nobody.",
    "Improvement is needed; work remains.",
    "Delays, then delay after delay",
    "a Kelvin sign, \u212aept and \u017faid",
)
PATTERNS = (
    r"<P\d+> chairs? the <O\d+>",
    r"\b(?:chaired|led)\b(?! well)",
    r"(?:(?:the|an?) )?<[PO]\d+>(?: until <D\d+>)?",
    r"(?:delay|work)(?:s|ed)?",
    r"(?<=work )remains",
    r"(?=.*work)improve",
    r"(?P<a>de)lays?.*(?P=a)lay",
    r"(?:de|lay){2,}",
    r"[Ii]t w[a-z]s",
    r"kept|said",
    r"a*b*",
)


@pytest.mark.parametrize("wording", PATTERNS)
@pytest.mark.parametrize("flags", [re.NOFLAG, re.IGNORECASE])
def test_a_rule_finds_what_its_pattern_finds(wording: str, flags: re.RegexFlag) -> None:
    pattern = re.compile(wording, flags)
    rule = Rule(pattern)
    for text in TEXTS:
        found, wanted = rule.search(text), pattern.search(text)
        assert (found and found.span()) == (wanted and wanted.span())
        assert [m.span() for m in rule.finditer(text)] == [m.span() for m in pattern.finditer(text)]


def test_a_text_without_what_a_pattern_needs_is_not_tried() -> None:
    rule = Rule(re.compile(r"\b(?:chairs?|leads) the <O\d+>", re.I))
    assert not rule.may_match("nobody chairs anything")
    assert not rule.may_match("it is about the <O1>")
    assert rule.may_match("she LEADS the <o1>")


def test_nothing_is_needed_where_a_branch_needs_nothing() -> None:
    assert needs(re.compile(r"(?:delay|\d+|x)")) == ()
    assert needs(re.compile(r"(?:delay)?")) == ()
    assert needs(re.compile(r"(?!delay)\w+")) == ()
