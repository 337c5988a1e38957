"""What a retold grade grades, from the words before it or those after "for"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.extract.retold.words import rule
from kg.kinds import Framework, any_of, frameworks

OVERALL = "overall_effectiveness"
OWN = "own-assessment"
_CLAUSE = re.compile(
    r"[;:]|\b(?:since|after|when|which|while|whereas|that|because|although|where)\b", re.I
)
_AUX = re.compile(r"(?:^|\s)(?:has|have|had|was|were|been|and|but)\s*$", re.I)
_VERB = re.compile(r"\s(?:was|were|had been|has been|took place|is|are)\s", re.I)
_FILLER = re.compile(
    r"\b(?:the|services?|for|of|in|and|experiences?|progress|who|need|children|its|their|both|"
    r"also|for those|those|sub-?judge?ments?|graded|judge?ments?|with|families|young people|"
    r"governance|management)\b|\W",
    re.I,
)
_SHARE = re.compile(
    r"\bper cent\b|%|\b(?:most|majority|all|half|quarter|third|few|minority|none)\b|\b\d+\b", re.I
)
_ITSELF = re.compile(
    r"\b(?:authority|council|leaders|managers|department|director|service|trust)\b", re.I
)
_PLACE = re.compile(r"(?:^|\b(?:since|that) )[A-Z][\w'-]+(?: (?:and|upon|of|[A-Z][\w'-]+)){0,4}$")
_INSPECTORS = re.compile(r"\b(?:ofsted|inspect\w*|commission|hmi\w*|report|regulator)\b", re.I)


@dataclass(frozen=True)
class Subject:
    """The domains that words name; ``again`` when they only point back, ``other`` when not ours."""

    domains: tuple[str, ...] = ()
    again: bool = False
    other: bool = False


def subject_of(words: str, framework: Framework | None) -> Subject:
    """What the words before a verb name: their last noun phrase, and a list that it ends."""
    segments = _segments(_CLAUSE.split(words)[-1])
    if not segments:
        return Subject(again=True)
    last = _before_verb(segments[-1])
    domains = named(last, framework)
    if rule("others").search(segments[-1]) and not domains:
        return Subject(other=True)
    if domains:
        return Subject(_listed(segments[:-1], domains, framework))
    if _points_back(last):
        return Subject(again=True)
    if rule("whole").search(last) or _is_place(last):
        return Subject((OVERALL,))
    return Subject(other=True)


def listed(words: str, framework: Framework | None) -> tuple[str, ...]:
    """The domains of a list: what its first part names, and parts that only name more."""
    first, *more = words.split(",")
    domains = named(first, framework)
    for segment in more:
        found = named(segment, framework)
        if not domains or not found or not _is_pure(segment):
            break
        domains = (*domains, *found)
    return tuple(dict.fromkeys(domains))


def named(words: str, framework: Framework | None = None) -> tuple[str, ...]:
    """The domains that words name, by the titles of a framework or in short, in their order."""
    found: list[tuple[int, int, str]] = []
    for domain, forms in (framework.domains if framework else {}).items():
        found += [(*match.span(), domain) for match in any_of(forms).finditer(words)]
    for match in _said().finditer(words):
        taken = any(match.start() < end and start < match.end() for start, end, _ in found)
        if match.lastgroup and not taken:
            found.append((*match.span(), match.lastgroup))
    domains = [_settled(domain, words, framework) for _, _, domain in sorted(found)]
    if framework and "care_leavers" not in framework.domains and "children_in_care" in domains:
        domains = [domain for domain in domains if domain != "care_leavers"]
    return tuple(dict.fromkeys(domains))


def _segments(clause: str) -> list[str]:
    """The parts of a clause between commas, without asides ("…, inspected in May, …")."""
    parts = [_AUX.sub("", each.strip(" '\"")) for each in clause.split(",")]
    parts = [each for each in parts if each]
    return [each for i, each in enumerate(parts) if i == 0 or not _aside().match(each)]


def _before_verb(words: str) -> str:
    """The subject of a clause that has a verb of its own: "X was inspected in May and …"."""
    verb = _VERB.search(words)
    return words[: verb.start()] if verb else words


def _listed(
    before: list[str], domains: tuple[str, ...], framework: Framework | None
) -> tuple[str, ...]:
    for segment in reversed(before):
        more = named(segment, framework)
        if not more or not _is_pure(segment):
            break
        domains = (*more, *domains)
    return tuple(dict.fromkeys(domains))


def assessor(before: str) -> str | None:
    """The domain of an assessment of its own that the subject of "judges" makes."""
    found = named(before)
    own = [domain for domain in found if service_of(domain) == OWN]
    if own:
        return own[-1]
    if _INSPECTORS.search(before) or not _ITSELF.search(before):
        return None
    return "self_assessment"


def is_share(words: str) -> bool:
    """Whether words count cases, so that a grade in an audit is told of a part of them."""
    return _SHARE.search(words) is not None


@cache
def service_of(domain: str) -> str:
    """The framework of a service that is judged on its own; empty for the authority's domains."""
    return next((each.service for each in frameworks().domains if each.id == domain), "")


def _settled(domain: str, words: str, framework: Framework | None) -> str:
    """An adoption service under a framework that grades adoption is that domain."""
    graded = framework is not None and "adoption" in framework.domains
    own = re.search(r"\binspect|\bagency\b", words, re.I)
    if domain == "adoption_service" and graded and not own:
        return "adoption"
    return "adoption_service" if domain == "adoption" and own else domain


def _is_pure(segment: str) -> bool:
    """Whether words name domains and say nothing else."""
    return not _FILLER.sub("", _said().sub("", segment))


def _points_back(words: str) -> bool:
    bare = words.strip(" '\"")
    return re.fullmatch(rf"(?:and |but |of )?(?:{rule('again').pattern})", bare, re.I) is not None


def _is_place(words: str) -> bool:
    """Whether words are a name alone, as a place is said for its authority."""
    bare = re.sub(r"^(?:and|but|since|then|in|at) ", "", words.strip(" '\""), flags=re.I)
    return (
        re.search(
            r"(?:^|\b(?:since|that) )[A-Z][\w'-]+(?: (?:and|upon|of|[A-Z][\w'-]+)){0,4}$", bare
        )
        is not None
    )


@cache
def _aside() -> re.Pattern[str]:
    return re.compile(rf"(?:{rule('aside').pattern})\b", re.I)


@cache
def _said() -> re.Pattern[str]:
    """All short forms, the services first; the group tells the domain."""
    domains = sorted(frameworks().domains, key=lambda each: not each.service)
    parts = [
        rf"(?P<{each.id}>(?<![\w-])(?:{any_of(each.said).pattern})(?![\w-]))"
        for each in domains
        if each.said
    ]
    return re.compile("|".join(parts), re.I)
