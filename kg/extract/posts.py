"""Public posts: what is named, under which title, in which body.

A post is named in full ("Strategic Director of Children's Services"), by rank and portfolio
("Deputy Director for Education"), or in short ("the Deputy Director"), which means the one
named last. Classes of posts (social workers) are claimed once for each way they are printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import cast

from kg.extract import bodies
from kg.extract.bodies import Home, home
from kg.extract.context import Context
from kg.extract.flat import Flat, lines
from kg.extract.lexicon import PostForm, pattern, posts
from kg.extract.titles import Title, titles
from kg.model import Claim, Document, Mode, OrganisationClaim, PostClaim
from kg.needed import Rule

EXTRACTOR = "posts@1"
_INDEFINITE = re.compile(r"\b(?:an?|each|every|no)\s+$", re.I)
_COMMITTEES = frozenset(
    {
        "scrutiny-committee",
        "committee",
        "corporate-parenting-body",
        "panel",
        "safeguarding-board",
        "safeguarding-partnership",
        "improvement-board",
        "partnership-board",
        "board",
    }
)
_DETERMINED = re.compile(
    r"(?:\b(?:the|an?|new|permanent|this|that|their|his|her|role of|as|interim|acting|former|"
    r"previous)|^)\s*$",
    re.I,
)


@dataclass(frozen=True)
class Mention:
    """A title at ``start:end`` of a line. ``label`` is empty until a short form is resolved."""

    start: int
    end: int
    label: str
    rank: str = ""
    of: str = "authority"
    class_: bool = False


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """Every naming of a post; of classes of posts the first for each printed form."""
    where = home(document)
    committees = [c for c in context.of(OrganisationClaim) if c.type in _COMMITTEES]
    seen: set[str] = set()
    for line, mention in resolved(document):
        start = _with_mode(line.text, mention.start)
        printed = line.text[start : mention.end]
        if mention.class_ and printed.lower() in seen:
            continue
        seen.add(printed.lower())
        first, last = line.span(start, mention.end)
        mention = _of_committee(mention, first, committees)
        mention = _of_body(mention, where)
        yield PostClaim(
            start=first,
            end=last,
            extractor=EXTRACTOR,
            confidence=0.9 if mention.rank == "" else 0.8,
            post=mention.label,
            printed=printed,
            organisation=where.council if mention.of == "authority" else mention.of or None,
        )


def _of_committee(mention: Mention, at: int, committees: list[OrganisationClaim]) -> Mention:
    """A chair, with the committee named last before it, or first in the document."""
    if mention.of != "committee" or not committees:
        return mention
    before = [claim for claim in committees if claim.start < at]
    committee = before[-1] if before else committees[0]
    label = mention.label.replace("the committee", f"the {_title(committee.printed)}")
    return replace(mention, label=label, of=committee.name)


def _of_body(mention: Mention, where: Home) -> Mention:
    """A chair, with the body that its title names."""
    if not mention.rank.endswith("Chair"):
        return mention
    named = bodies.find(mention.label, where)
    return replace(mention, of=named[-1].name) if named else mention


def _title(printed: str) -> str:
    return printed.title() if printed.isupper() else printed


def resolved(document: Document) -> list[tuple[Flat, Mention]]:
    """All mentions of a document in order, short forms resolved and variants joined."""
    found = [(line, mention) for line in lines(document) for mention in find(line.text)]
    labels = _joined([mention.label for _, mention in found if mention.rank and mention.label])
    named = {mention.label for _, mention in found if mention.label}
    out: list[tuple[Flat, Mention]] = []
    last: dict[str, Mention] = {}
    for line, mention in found:
        if not mention.label:
            full = _meant(mention, named, last)
            if full is None:
                continue
            mention = replace(mention, label=full.label, of=full.of)
        mention = replace(mention, label=labels.get(mention.label, mention.label))
        if mention.rank:
            last[mention.rank] = mention
        out.append((line, mention))
    return out


def find(text: str) -> list[Mention]:
    """Titles in one line, longest first where they overlap, in order."""
    return list(_found(text))


@lru_cache(maxsize=4096)
def _found(text: str) -> tuple[Mention, ...]:
    """Kept for the extractors that read the same lines one after another."""
    found = [mention for form, rule in _forms() for mention in _by_form(form, rule, text)]
    found += [mention for title in titles(text) if (mention := _by_title(title, text))]
    found.sort(key=lambda mention: (mention.start - mention.end, bool(mention.rank)))
    kept: list[Mention] = []
    for mention in found:
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return tuple(sorted(kept, key=lambda mention: mention.start))


def mode_before(text: str, start: int) -> Mode:
    """The mode that the words right before a title say."""
    found = _before().search(text[:start])
    words = found.group().lower().split() if found else []
    modes = (mode for mode, forms in posts().modes.items() for word in words if word in forms)
    return cast(Mode, next(modes, "unknown"))


def words_of(title: str) -> frozenset[str]:
    """The telling words of a title."""
    words = re.findall(r"[a-z]+", title.lower().replace("'s", ""))
    return frozenset(words) - {"and", "of", "for", "the", "in", "service"}


def rank_of(label: str) -> str:
    """The rank with which a title begins, or ""; the longest that fits."""
    fitting = [rank for rank in _rank_names() if label.startswith(rank)]
    return max(fitting, key=len, default="")


def _by_form(form: PostForm, rule: Rule, text: str) -> Iterator[Mention]:
    for match in rule.finditer(text):
        end = match.start() + len(match.group().rstrip(" ,"))
        yield Mention(match.start(), end, form.label, of=form.of, class_=form.class_)


def _by_title(title: Title, text: str) -> Mention | None:
    if title.portfolio or title.rank not in _rank_names():
        return Mention(title.start, title.end, title.label, rank=title.rank)
    if not _DETERMINED.search(_before().sub("", text[: title.start])[-12:]):
        return None
    indefinite = _INDEFINITE.search(_before().sub("", text[: title.start]))
    if indefinite and not any(title.rank.lower() in form.short for form in posts().posts):
        return None
    return Mention(title.start, title.end, "", rank=title.rank)


def _meant(mention: Mention, named: set[str], last: dict[str, Mention]) -> Mention | None:
    """The full title that a bare rank stands for: a known short form, or the last of its rank."""
    short = [form for form in posts().posts if mention.rank.lower() in form.short]
    known = [form for form in short if form.label in named] or short[:1]
    if known:
        return replace(mention, label=known[0].label, of=known[0].of)
    return last.get(mention.rank)


def _joined(labels: list[str]) -> dict[str, str]:
    """Variants of one title in a document, each mapped to the fullest."""
    out: dict[str, str] = {}
    unique = sorted(set(labels), key=lambda label: (-len(words_of(label)), label))
    for label in unique:
        fuller = [
            other
            for other in unique
            if other != label
            and other not in out
            and rank_of(other) == rank_of(label) != ""
            and words_of(other) >= words_of(label)
        ]
        if len({words_of(other) for other in fuller}) == 1:
            out[label] = fuller[0]
    return out


def _with_mode(text: str, start: int) -> int:
    """``start`` moved before a word that says how the post is held."""
    found = _before().search(text[:start])
    if not found:
        return start
    for word in re.finditer(r"\S+", found.group()):
        if any(word.group().lower() in forms for forms in posts().modes.values()):
            return found.start() + word.start()
    return start


@cache
def _before() -> re.Pattern[str]:
    words = [word for forms in posts().modes.values() for word in forms] + list(posts().tags)
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?:\b(?:{alternatives})\s+)+$", re.I)


@cache
def _forms() -> tuple[tuple[PostForm, Rule], ...]:
    return tuple((form, Rule(pattern(form.forms, form.exact))) for form in posts().posts)


@cache
def _rank_names() -> frozenset[str]:
    return frozenset(rank.rank for rank in posts().ranks)
