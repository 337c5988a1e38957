"""Judgements of earlier inspections that another document retells, in a table or a sentence.

A table of outcomes has a column for the inspection, one for its date and one for what came
of it; a blank cell means what stands above it. Each row's inspection is an event too.
A sentence tells a grade with its date, or under a heading that names inspection and year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg import dates
from kg.extract.context import Context
from kg.extract.events import ELSEWHERE
from kg.extract.findings.places import places
from kg.extract.flat import flatten
from kg.extract.masked import Masked, masked
from kg.kinds import Framework, any_of, frameworks, grade_of, grade_words
from kg.model import Block, Cell, Claim, Document, EventClaim, EventRef, JudgementClaim

EXTRACTOR = "retold@1"
_COLUMNS = {
    "what": re.compile(r"\b(?:inspection|type|visit|event|activity)\b", re.I),
    "when": re.compile(r"\b(?:date|when|year|month|completed)\b", re.I),
    "outcome": re.compile(r"\b(?:outcome|result|judge?ment|grade|rating|finding)s?\b", re.I),
}
_JOINT = re.compile(r"\bjoint\b|\bjtai\b", re.I)
_OVERALL = re.compile(r"\boverall\b", re.I)
_SENTENCE = (
    r"(?:authority|council|services|department|<O\d+>|<P\d+>|it) "
    r"(?:was|were|had been|has been|have been) (?:last |previously )?(?:judged|rated|graded|found)"
    r"(?: to be| as)?(?: overall)? ['\"]?(?P<grade>{grade})['\"]?(?: overall| by <O\d+>)* "
    r"(?:in|at|on) (?:the inspection (?:in|of) )?(?P<date><D\d+>)"
)


_GRADED = (
    r"(?:^|[,;] )(?P<what>[^.;]{5,200}?) (?:was|were|is|are|being) "
    r"(?:(?:(?:judged|rated|graded|found|deemed)(?: to be| as)? |to be )['\"]?|['\"])"
    r"(?P<grade>{grade})"
)
_RECEIVED = (
    r"(?P<what>\boverall (?:judge?ment|effectiveness|grade|rating))(?: (?:of|was|is|as|being))?"
    r"(?: judged)?(?: to be)? ?:? ?['\"]?(?P<grade>{grade})"
)
_HEADING = re.compile(r"\b(?:re-?)?inspection\b|\bilacs\b", re.I)
_NOT_GRADED = re.compile(r"\b(?:joint|monitoring|visit|homes?|agency|framework)\b|\bjtai\b", re.I)
_PROSE = {
    "help_and_protection": re.compile(r"\bhelp and protection\b", re.I),
    "children_in_care": re.compile(
        r"\bchildren (?:in care|looked after)|\blooked after child", re.I
    ),
    "care_leavers": re.compile(r"\bcare leavers\b", re.I),
    "leadership_and_management": re.compile(
        r"\bleaders(?:hip)?\b.*\b(?:management|impact)\b", re.I
    ),
}
"""Domains as running text shortens them; words of two domains name neither."""


@dataclass
class _Row:
    """One row of a table of outcomes, with what the rows above it leave standing."""

    what: Cell
    when: Cell
    outcome: Cell


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """Judgements and their inspections from tables and, outside reports, from sentences.

    A grade that a table gives is not repeated where the same document's prose tells it again;
    the grade of an authority that stays unnamed hangs on nobody and is left out.
    """
    told: list[JudgementClaim] = []
    for claim in _claims(document, context):
        if isinstance(claim, JudgementClaim):
            if any(_same(claim, other) for other in told):
                continue
            told.append(claim)
        yield claim


def _claims(document: Document, context: Context) -> Iterator[Claim]:
    for block in document.blocks:
        if block.kind == "table":
            yield from _table(document, block)
    if document.identity.kind not in ("inspection", "re-inspection"):
        rule = _rule(_SENTENCE)
        for sentence in masked(document, context):
            yield from _sentence(sentence, rule)
        yield from _under_headings(document, context)


def _rule(words: str) -> re.Pattern[str]:
    return re.compile(words.replace("{grade}", grade_words()), re.I)


def _same(one: JudgementClaim, other: JudgementClaim) -> bool:
    """Whether two claims tell the same grade of the same domain at one inspection."""
    days = one.event.date, other.event.date
    return (one.domain, one.grade) == (other.domain, other.grade) and (
        days[0] == days[1] or bool(days[0] and days[1] and dates.compatible(days[0], days[1]))
    )


def _table(document: Document, block: Block) -> Iterator[Claim]:
    columns = _columns(document, block)
    if not columns:
        return
    told: Cell | None = None
    for row in _rows(block, columns):
        event = _event(document, row)
        if event and row.what != told:
            told = row.what
            yield EventClaim(
                start=row.what.start,
                end=row.what.end,
                extractor=EXTRACTOR,
                confidence=0.8,
                event=event,
                label=_text(document, row.what),
            )
        if event:
            yield from _grade(document, row, event)


def _columns(document: Document, block: Block) -> dict[str, int]:
    """Which column says what; empty when the table is none of outcomes."""
    head = [_text(document, cell) for cell in block.rows[0]] if block.rows else []
    found: dict[str, int] = {}
    for name, rule in _COLUMNS.items():
        at = [i for i, cell in enumerate(head) if rule.search(cell) and i not in found.values()]
        if name == "outcome":
            at = at[-1:]
        if at:
            found[name] = at[0]
    return found if len(found) == len(_COLUMNS) else {}


def _rows(block: Block, columns: dict[str, int]) -> Iterator[_Row]:
    above: dict[str, Cell] = {}
    for row in block.rows[1:]:
        cells = {name: row[i] for name, i in columns.items() if i < len(row)}
        if len(cells) < len(columns):
            continue
        if cells["what"].end > cells["what"].start:
            above = {"when": cells["when"]}
        for name in ("what", "when"):
            if cells[name].end > cells[name].start:
                above[name] = cells[name]
        if "what" in above and cells["outcome"].end > cells["outcome"].start:
            yield _Row(above["what"], above["when"], cells["outcome"])


def _event(document: Document, row: _Row) -> EventRef | None:
    what = _text(document, row.what)
    spans = dates.find(_text(document, row.when))
    date = spans[0].edtf if spans else _year_of(document, what)
    joint = bool(_JOINT.search(what))
    if not joint and not re.search(r"inspection|framework|ilacs|sif", what, re.I):
        return None
    return EventRef(kind="joint-inspection" if joint else "inspection", date=date, body="Ofsted")


def _year_of(document: Document, what: str) -> str | None:
    """The year with which a heading names the same inspection: "2014 Inspection of …"."""
    pattern = re.compile(rf"\b((?:19|20)\d\d) {re.escape(what)}", re.I)
    for block in document.blocks:
        if block.kind in ("heading", "paragraph") and block.end - block.start < 300:
            match = pattern.search(flatten(document.text, block.start, block.end).text)
            if match:
                return match[1]
    return None


def _grade(document: Document, row: _Row, event: EventRef) -> Iterator[JudgementClaim]:
    outcome = _text(document, row.outcome)
    match = re.search(rf"(?:^|[:\s'\"(-])({grade_words()})\W*$", outcome, re.I)
    grade = grade_of(match[1]) if match else None
    framework = _framework(_text(document, row.what), event.date)
    if not match or not grade or not framework or event.kind != "inspection":
        return
    domain = _domain(outcome[: match.start()], framework)
    if domain:
        yield JudgementClaim(
            start=row.outcome.start,
            end=row.outcome.end,
            extractor=EXTRACTOR,
            confidence=0.85,
            event=event,
            framework=framework.id,
            domain=domain,
            grade=grade,
            printed=match[1],
        )


def _framework(what: str, date: str | None) -> Framework | None:
    """The framework whose title the words print, else the one in force on the day."""
    known = [f for f in frameworks().frameworks if f.domains]
    named = [f for f in known if any_of(f.title).search(what)]
    month = (date or "")[:7]
    in_force = [f for f in named or known if month and _began(f, month)]
    return (in_force or named or [None])[-1]  # type: ignore[list-item]


def _began(framework: Framework, month: str) -> bool:
    until = framework.until or "9999"
    return framework.from_[: len(month)] <= month <= until[: len(month)]


def _domain(words: str, framework: Framework) -> str | None:
    """The domain that the words before a grade name; none named means the whole."""
    words = words.strip(" :-–—'\"")
    for domain, forms in framework.domains.items():
        if any_of(forms).search(words):
            return domain
    return "overall_effectiveness" if not words or _OVERALL.search(words) else None


def _sentence(sentence: Masked, rule: re.Pattern[str]) -> Iterator[JudgementClaim]:
    if ELSEWHERE.search(sentence.text):
        return
    for match in rule.finditer(sentence.text):
        date = sentence.at(*match.span("date"))
        framework = _framework("", date.name if date else None)
        if date and framework:
            start, end = sentence.span(*match.span())
            event = EventRef("inspection", None, date.name, "Ofsted")
            yield from _said(start, end, event, framework, "overall_effectiveness", match["grade"])


def _under_headings(document: Document, context: Context) -> Iterator[JudgementClaim]:
    """Grades told under a heading that names an inspection and its year."""
    rules = _rule(_RECEIVED), _rule(_GRADED)
    for place in places(document, context):
        event = _heading_event(place.heading)
        framework = _framework(place.heading, event.date) if event else None
        if not event or not framework:
            continue
        line = flatten(document.text, place.sentence.start, place.sentence.end)
        match = next((found for rule in rules if (found := rule.search(line.text))), None)
        domain = _prose_domain(match["what"], framework) if match else None
        if match and domain:
            start, end = line.span(match.start("what"), match.end("grade"))
            yield from _said(start, end, event, framework, domain, match["grade"])


def _prose_domain(words: str, framework: Framework) -> str | None:
    """The domain that the subject of a sentence names, by its title or in short."""
    found = [name for name, form in _PROSE.items() if form.search(words)]
    short = found[0] if len(found) == 1 and found[0] in framework.domains else None
    return _domain(words, framework) or short


def _heading_event(heading: str) -> EventRef | None:
    """The graded inspection that a heading names with its year or date."""
    spans = dates.find(heading)
    if not spans or not _HEADING.search(heading) or _NOT_GRADED.search(heading):
        return None
    return EventRef("inspection", None, spans[0].edtf, "Ofsted")


def _said(
    start: int, end: int, event: EventRef, framework: Framework, domain: str, printed: str
) -> Iterator[JudgementClaim]:
    """A grade that a sentence tells; nothing when the words are no grade."""
    grade = grade_of(printed)
    if grade:
        yield JudgementClaim(
            start=start,
            end=end,
            extractor=EXTRACTOR,
            confidence=0.7,
            event=event,
            framework=framework.id,
            domain=domain,
            grade=grade,
            printed=printed,
        )


def _text(document: Document, cell: Cell) -> str:
    return flatten(document.text, cell.start, cell.end).text
