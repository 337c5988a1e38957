"""Grades that running text tells: of an earlier inspection, one service, an audit.

Each grade word of a sentence is read with the words before it: a wording tells it, the
subject says what was graded, and a date or a named inspection when. Words that point back
("it", "these services") mean what the sentence before named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kg import gazetteer
from kg.edtf import compatible, earliest, latest
from kg.extract.context import Context
from kg.extract.retold.framework import framework_of, heading_event
from kg.extract.retold.graded import graded, own_assessment
from kg.extract.retold.lines import Line, lines
from kg.extract.retold.matches import Match, matches
from kg.extract.retold.subjects import OVERALL, OWN, service_of
from kg.extract.retold.words import grade_said, rule
from kg.kinds import Framework, frameworks
from kg.model import Document, EventRef

_INSPECTION = re.compile(
    r"\b(?:last|previous|earlier|most recent|full|single|ofsted)\b.{0,60}\binspect"
    r"|\binspect\w+ by ofsted\b",
    re.I,
)
_PUBLISHED = re.compile(r"\bpublished(?: on| in)? $", re.I)
_OTHER = re.compile(
    r"\b(?:joint|monitoring|focus\w+|homes?|agency|visits?|school)\b|\bjtai\b", re.I
)
_INSPECTED = re.compile(r"\binspect|\bofsted\b|\bjudge?ments?\b|\b(?:judged|rated|graded)\b", re.I)
_QUOTED = re.compile(r"^['\"]|^(?-i:[A-Z])")
_DUE = re.compile(r"\b(?:by|before|until) $", re.I)
_LISTED = re.compile(r"\s*(?:,|and|, and|&|and again in|and in)\s*(?:again )?(?:in )?", re.I)
_SAYS_BEFORE = re.compile(
    r"^.*\b(?:reported|said|stated|explained|noted|advised|confirmed|told [a-z]+)\s(?:that\s)?",
    re.I,
)
_VERB_AFTER = re.compile(r"\s(?:has|have|had|was|were|is|are)$", re.I)
_STOP = re.compile(r"[.;:]|, (?:having|and|but|while|when|whereas)\b|\bhaving been\b")


@dataclass(frozen=True)
class Told:
    """One grade of one domain, at ``start:end`` of a line's sentence in the document.

    ``by_report`` when the event is dated by its report alone.
    """

    start: int
    end: int
    domain: str
    framework: str
    grade: str
    printed: str
    event: EventRef
    subject: str = ""
    by_report: bool = False


def prose(document: Document, context: Context) -> Iterator[Told]:
    """Every grade that running text tells, in order."""
    return _Prose(document, context).read()


class _Prose:
    """Reads on through a document and keeps in mind which inspection was told of last."""

    def __init__(self, document: Document, context: Context) -> None:
        self._document, self._context = document, context
        self._own = context.own.event if context.own else None
        self._authority = document.identity.authority.value if document.identity.authority else None

    def read(self) -> Iterator[Told]:
        """Every grade told, in order."""
        last: tuple[EventRef, Framework | None] | None = None
        for line in lines(self._document, self._context):
            if line.before is None:
                last = None
            event = self._named_event(line) or (last if _same_event(line) else None)
            for match in matches(line.text):
                for told in self._told(line, match, event):
                    if not service_of(told.domain):
                        event = told.event, frameworks().of(told.framework)
                    yield told
            last = event or (last if line.before else None)

    def _told(
        self, line: Line, match: Match, event: tuple[EventRef, Framework | None] | None
    ) -> Iterator[Told]:
        grade = grade_said(match.printed)
        if not grade or rule("not_when").search(match.before[-160:] + match.what):
            return
        own = own_assessment(match)
        if own:
            yield from self._assessed(line, match, own, grade)
            return
        when = self._when(line, match) or event
        if event and when and self._is_publication(line, when[0]):
            when = event
        subject = graded(line, match, when[1] if when else None)
        for domain in subject.domains:
            times = [when] if service_of(domain) else [when, *self._listed(line, match, when)]
            for time in times:
                if placed := self._event(line, match, domain, time):
                    yield self._claim(line, match, domain, grade, placed)

    def _assessed(self, line: Line, match: Match, domain: str, grade: str) -> Iterator[Told]:
        """What the authority says of itself, at the document's own event."""
        if self._own is None or (match.telling.active and not match.what.strip()):
            return
        yield self._claim(line, match, domain, grade, (self._own, OWN))

    def _claim(
        self, line: Line, match: Match, domain: str, grade: str, placed: tuple[EventRef, str]
    ) -> Told:
        ref, framework = placed
        start, end = self._span(line, match)
        printed = match.printed.strip("'\"")
        subject = _subject(match.what) if service_of(domain) else ""
        report = self._is_publication(line, ref)
        return Told(start, end, domain, framework, grade, printed, ref, subject, report)

    def _when(self, line: Line, match: Match) -> tuple[EventRef, Framework | None] | None:
        """The date that these words give the grade, with the framework then in force."""
        stop = _STOP.search(line.text, match.end)
        found = line.date_after(match.end, stop.start() if stop else len(line.text))
        if found and _DUE.search(line.text[: found.start]):
            found = None
        found = found or line.date_before(match.end)
        if found is None:
            return None
        ref = EventRef("inspection", None, found.date, "Ofsted")
        return ref, framework_of(line.text, found.date)

    @staticmethod
    def _listed(
        line: Line, match: Match, when: tuple[EventRef, Framework | None] | None
    ) -> Iterator[tuple[EventRef, Framework | None]]:
        """The further times of one grade: "judged inadequate in 2009, 2012 and 2015"."""
        after = [each for each in line.dates if each.start >= match.end]
        if when is None or not after or after[0].date != when[0].date:
            return
        for one, other in pairwise(after):
            if not _LISTED.fullmatch(line.text[one.end : other.start]):
                return
            ref = EventRef("inspection", None, other.date, "Ofsted")
            yield ref, framework_of(line.text, other.date)

    @staticmethod
    def _is_publication(line: Line, ref: EventRef) -> bool:
        """Whether a date is that of a report, not of the inspection that it reports."""
        dated = (each for each in line.dates if each.date == ref.date)
        return any(_PUBLISHED.search(line.text[: each.start]) for each in dated)

    def _named_event(self, line: Line) -> tuple[EventRef, Framework | None] | None:
        """The inspection that a sentence names, else the one that its heading does."""
        if _INSPECTION.search(line.text) and line.dates and not _OTHER.search(line.text):
            ref = EventRef("inspection", None, line.dates[0].date, "Ofsted")
            return ref, framework_of(line.text, ref.date)
        for each in line.earlier:
            named = line.text[each.start : each.end].lower()
            if each.ref.kind == "inspection" and each.ref.date and "inspect" in named:
                return each.ref, framework_of(line.text, each.ref.date)
        event = heading_event(line.heading)
        return (event, framework_of(line.heading, event.date)) if event else None

    def _event(
        self,
        line: Line,
        match: Match,
        domain: str,
        when: tuple[EventRef, Framework | None] | None,
    ) -> tuple[EventRef, str] | None:
        """The event and framework of a grade; None when the words tell of none."""
        service = service_of(domain)
        if service:
            known = frameworks().of(service)
            dated = self._when(line, match)
            date = dated[0].date if dated else _date_beside(line) or line.heading_date
            body = known.body if known else None
            return EventRef("inspection", self._whose(line, match), date, body), service
        if when is None or not when[0].date or not self._is_earlier(when[0].date):
            return None
        if rule("now").search(line.text[: match.end]):
            return None
        if match.telling.plain and not self._told_plainly(line, match):
            return None
        ref, framework = when
        ref = EventRef("inspection", self._whose(line, match), ref.date, "Ofsted")
        fits = framework is not None and domain_fits(domain, framework)
        return ref, framework.id if framework and fits else "unstated"

    def _whose(self, line: Line, match: Match) -> str | None:
        """The authority that was graded: another one named, an unnamed one, or the document's."""
        if rule("elsewhere").search(match.before + match.what):
            return "unknown"
        there = gazetteer.find(match.what)
        return there[-1].slug if there and there[-1].slug != self._authority else None

    def _is_earlier(self, date: str) -> bool:
        """Whether a date is not that of the event which the document itself reports."""
        own = self._own
        if own is None or own.kind != "inspection" or not own.date:
            return True
        return not compatible(date, own.date) and latest(date) < earliest(own.date)

    @staticmethod
    def _told_plainly(line: Line, match: Match) -> bool:
        """Whether plain words ("was good") stand where an inspection is told of."""
        aside = line.text[: match.start] + line.text[match.end :]
        return _INSPECTED.search(aside) is not None or _QUOTED.match(match.printed) is not None

    @staticmethod
    def _span(line: Line, match: Match) -> tuple[int, int]:
        """From what is graded to the grade, and the date right after it."""
        after = line.date_after(match.end, match.end + 40)
        return line.flat.span(match.start, after.end if after else match.end)


def _subject(what: str) -> str:
    """What was graded, without who says so before it and the verb after it."""
    return _VERB_AFTER.sub("", _SAYS_BEFORE.sub("", what)).strip()


def domain_fits(domain: str, framework: Framework) -> bool:
    """Whether a framework grades a domain."""
    whole = domain == OVERALL
    return whole or domain in framework.domains or (domain == "lscb" and bool(framework.lscb))


def _date_beside(line: Line) -> str | None:
    """The date of the inspection that the sentence before tells of, in the same paragraph."""
    before = line.before
    if before is None or before.sentence.block != line.sentence.block or line.dates:
        return None
    told = before.dates and re.search(r"\binspect", before.text, re.I)
    return before.dates[0].date if told else None


def _same_event(line: Line) -> bool:
    """Whether a sentence goes on about the inspection told of in the one before."""
    if line.before is None:
        return False
    beside = line.before.sentence.block == line.sentence.block and not line.dates
    told = beside and _INSPECTION.search(line.before.text) is not None
    return told or rule("same_event").search(line.text) is not None
