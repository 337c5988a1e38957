"""What a retold grade grades, by the words around it and those that they point back to."""

from __future__ import annotations

import re

from kg.extract.retold.lines import Line
from kg.extract.retold.matches import Match
from kg.extract.retold.subjects import (
    OVERALL,
    OWN,
    Subject,
    assessor,
    is_share,
    listed,
    named,
    service_of,
    subject_of,
)
from kg.extract.retold.words import rule
from kg.kinds import Framework, any_of

_FOR = re.compile(
    r"^['\"]? (?:for|in(?: respect of| relation to)?|on|across)"
    r" (?P<what>[^.;:]+?)"
    r"(?=,? (?:and|but) (?:was|were|is|are)\b|, (?:but|while|whereas)\b|[.;:]|$)",
    re.I,
)
_CLAUSES = re.compile(r"[;:,]|\b(?:which|when|and (?=they|it|both))\b", re.I)
_OVERALL = re.compile(r"\boverall\b", re.I)
_TAIL = 9
_OF = re.compile(
    r"\b(?:re-?)?inspections? (?:of|into|for) (?P<what>[^.;:]+?)"
    r"(?:\s(?:was|were|took place|in|on)\s|$)",
    re.I,
)
_SCOPE = re.compile(
    r"\b(?:all|every|both|each) (?:\w+ ){0,2}"
    r"(?:areas?|domains?|categories|respects|judge?ments?)\b",
    re.I,
)


def graded(line: Line, match: Match, framework: Framework | None) -> Subject:
    """What the words name: after "for", before the verb, or in the words above."""
    after = _FOR.match(line.text[match.end :])
    after = None if after and "inspection" in after["what"] else after
    of = listed(after["what"], framework) if after else ()
    found = subject_of(match.what, framework)
    whole = found.again or set(found.domains) == {OVERALL}
    if whole and _OVERALL.search(line.text[max(0, match.end - 60) : match.end + 10]):
        return Subject((OVERALL,))
    if after and whole and (of or _SCOPE.search(after["what"])):
        return Subject(of or (OVERALL,))
    above = line.before.text if line.before and not line.dates else ""
    told_of = match.before if match.telling.active else above
    if whole and (of := _inspected(told_of, framework)):
        return Subject(of)
    if not found.again:
        return found
    return _back(line, match, framework)


def _back(line: Line, match: Match, framework: Framework | None) -> Subject:
    """What words that point back mean: the last thing named before them."""
    near = [each for each in _CLAUSES.split(match.what) if len(each.split()) > 2]
    both = re.search(r"\bboth\b", match.what, re.I) is not None
    for words in (*reversed(near), match.before):
        tail = " ".join(words.split()[-_TAIL:])
        if domains := _services(named(tail, framework), both):
            return Subject(domains)
        if rule("whole").search(" ".join(words.split()[-4:])):
            return Subject((OVERALL,))
    for words in line.above:
        if domains := _services(named(words, framework), both):
            return Subject(domains)
        if rule("whole").search(words) and not match.what.lower().startswith("these"):
            return Subject((OVERALL,))
    loose = not match.what or rule("whole").search(match.what)
    these = match.what.lower().startswith("these")
    return Subject((OVERALL,)) if loose and not these else Subject(other=True)


def own_assessment(match: Match) -> str | None:
    """The domain of an authority's own assessment, when these words tell one."""
    before = match.before + ("" if match.telling.active else match.what)
    if match.telling.active:
        return assessor(match.before)
    own = [domain for domain in named(before) if service_of(domain) == OWN]
    return own[-1] if own and is_share(match.what) else None


def _services(domains: tuple[str, ...], both: bool) -> tuple[str, ...]:
    """What was inspected among the domains named: the last service or both, else all of them."""
    found = [domain for domain in domains if service_of(domain) != OWN]
    if found and service_of(found[-1]):
        return tuple(domain for domain in found[-1 - both :] if service_of(domain))
    return tuple(domain for domain in found if not service_of(domain))


def _inspected(before: str, framework: Framework | None) -> tuple[str, ...]:
    """The one domain that an inspection is said to be of, unless that is its framework's title."""
    found = _OF.search(before)
    if found is None or (framework and any_of(framework.title).search(before)):
        return ()
    return named(found["what"], framework)[-1:]
