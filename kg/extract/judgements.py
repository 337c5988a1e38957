"""Grades that an inspection report prints: in its table, its sentences and its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.kinds import Framework, any_of, form, frameworks, grade_of, grade_words, graded
from kg.model import Block, Document

_FRONT = 7000
_TITLE = 3000
_EARLIER = re.compile(
    r"\b(?:last|previous|earlier|prior)\s+(?:\w+\s+){0,3}?(?:inspect|review|judge?ment|report)"
    r"|\bsince\s+(?:the|its|their)\b|\b(?:was|were)\s+(?:last\s+|first\s+)?(?:judged|rated|found)\b"
    r"[^.]{0,60}\bin\s+(?:\w+\s+)?(?:19|20)\d\d\b"
    r"|\b(?:at|in|following)\s+(?:the|an|its)\s+(?:\w+\s+){0,3}inspection\s+(?:in|of)\s+"
    r"(?:\w+\s+)?(?:19|20)\d\d\b",
    re.I,
)
"""Words of a sentence that tells what an earlier inspection gave, not this one."""

_NUMBER = re.compile(r"^\s*(?:\d+(?:\.\d+)*\.?\s+)?")
_GAP = r"[\s:|–—-]*(?:\bis\b|\bare\b|\bthat\s+it\b)?\s*"


@dataclass(frozen=True)
class Graded:
    """One grade for one domain with the words that print both: ``text[start:end]``."""

    domain: str
    grade: str
    printed: str
    start: int
    end: int
    confidence: float = 1.0


def chosen_framework(document: Document, event: str, day: str | None) -> str | None:
    """The framework whose title is printed and whose domains are graded, most of them first."""
    front = document.text[:_TITLE]
    known = [f for f in frameworks().frameworks if f.event == event]
    fitting = [f for f in known if any_of(f.title).search(front)]
    if not fitting:
        return None
    return max(fitting, key=lambda f: (len(_rows(document, f)), _in_force(f, day))).id


def _in_force(framework: Framework, day: str | None) -> bool:
    month = (day or "")[:7]
    return framework.from_ <= month <= (framework.until or "9999")


def judgements(document: Document, framework: str) -> list[Graded]:
    """Every grade that the report gives, in the order of its framework's domains.

    A grade of another scale is a misprint, or the framework is: neither is guessed at.
    """
    known = frameworks().of(framework)
    if known is None:
        return []
    rows = _rows(document, known)
    if known.overall and "overall_effectiveness" not in rows:
        first = min((row.start for row in rows.values()), default=_TITLE)
        rows |= _sentence(document.text[:first], known.overall, "overall_effectiveness")
    if known.lscb:
        rows |= _sentence(document.text, known.lscb, "lscb")
    for heading in _headings(document, known):
        rows.setdefault(heading.domain, heading)
    given = [rows[domain.id] for domain in frameworks().domains if domain.id in rows]
    return [each for each in given if known.gives(each.grade)]


def conflicts(
    document: Document, framework: str, found: list[Graded]
) -> Iterator[tuple[Graded, Graded]]:
    """Pairs of a judgement and a later heading or table that grades its domain otherwise."""
    known = frameworks().of(framework)
    if known is None:
        return
    given = {each.domain: each for each in found}
    for again in (*_headings(document, known), *_later_tables(document, known)):
        first = given.get(again.domain)
        if first and first.grade != again.grade:
            yield first, again


def _later_tables(document: Document, framework: Framework) -> Iterator[Graded]:
    """Grades repeated at the head of a section, under a head row that says "judgement"."""
    for block in document.blocks:
        if block.kind != "table" or block.start < _FRONT or not block.rows:
            continue
        head = " ".join(document.quote(cell.start, cell.end) for cell in block.rows[0])
        if re.search(r"\bjudge?ment\b", head, re.I) and "previous" not in head.lower():
            yield from _table(document, block, framework)


def _rows(document: Document, framework: Framework) -> dict[str, Graded]:
    """Domain and grade side by side: in a table's row, else one after the other in the text."""
    found: dict[str, Graded] = {}
    for block in document.blocks:
        if block.kind == "table":
            for each in _table(document, block, framework):
                found.setdefault(each.domain, each)
    front = document.text if framework.numbered else document.text[:_FRONT]
    for each in _in_text(front, framework):
        found.setdefault(each.domain, each)
    return found


def _table(document: Document, block: Block, framework: Framework) -> Iterator[Graded]:
    for row in block.rows:
        cells = [cell for cell in row if document.quote(cell.start, cell.end).strip()]
        if len(cells) < 2:
            continue
        first, last = cells[0], cells[-1]
        words = _NUMBER.sub("", document.quote(first.start, first.end)).strip(" :")
        printed = document.quote(last.start, last.end).strip()
        domain, grade = _domain(words, framework), grade_of(printed)
        if domain and grade:
            yield Graded(domain, grade, " ".join(printed.split()), first.start, last.end)


def _domain(words: str, framework: Framework) -> str | None:
    for domain, forms in framework.domains.items():
        if any(form(each).fullmatch(words) for each in forms):
            return domain
    return None


def _in_text(text: str, framework: Framework) -> Iterator[Graded]:
    """Rows of a table that was read as lines: a grade ends the line after its domain."""
    gap = rf"{_GAP}(?:Grade\s+\d\s*\()?" if framework.numbered else _GAP
    for domain, forms in framework.domains.items():
        pattern = rf"(?:{any_of(forms).pattern}){gap}(?P<grade>{grade_words()})[^\S\n]*(?=$|[|\t)])"
        for match in re.finditer(pattern, text, re.I | re.M):
            if grade := grade_of(match["grade"]):
                yield _graded(domain, grade, match)


def _sentence(text: str, forms: tuple[str, ...], domain: str) -> dict[str, Graded]:
    """The first sentence that prints a domain's grade, by the surest form that occurs."""
    for sentence in forms:
        for match in graded(sentence).finditer(text):
            grade = grade_of(match["grade"])
            if grade and not _EARLIER.search(_around(text, match)):
                return {domain: _graded(domain, grade, match)}
    return {}


def _around(text: str, match: re.Match[str]) -> str:
    """The sentence in which a match stands, as far as its lines go on."""
    start = max(text.rfind(stop, 0, match.start() + 1) for stop in (". ", ".\n", "\n\n"))
    ends = [at for stop in (". ", ".\n", "\n\n") if (at := text.find(stop, match.end())) >= 0]
    return text[max(start, match.start() - 300) : min([*ends, match.end() + 200])]


def _headings(document: Document, framework: Framework) -> Iterator[Graded]:
    """Section headings that end in a grade ("…: good", "… is inadequate")."""
    for block in document.blocks:
        if block.kind not in ("heading", "title") or block.end - block.start > 250:
            continue
        words = document.quote(block.start, block.end)
        for domain, forms in framework.domains.items():
            pattern = rf"(?:{any_of(forms).pattern}){_GAP}(?P<grade>{grade_words()})[\s.]*"
            match = re.fullmatch(pattern, words, re.I)
            if match and (grade := grade_of(match["grade"])):
                yield Graded(
                    domain, grade, " ".join(match["grade"].split()), block.start, block.end, 0.9
                )


def _graded(domain: str, grade: str, match: re.Match[str]) -> Graded:
    lead = len(match.group()) - len(match.group().lstrip(" \t\n#*|"))
    printed = " ".join(match["grade"].split())
    return Graded(domain, grade, printed, match.start() + lead, match.end("grade"))
