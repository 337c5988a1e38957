"""Tenures with two starts, ends, modes or titles, and holders who are still or not yet there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from kg import dates
from kg.edtf import earliest, latest
from kg.extract.posts import rank_of
from kg.model import PostClaim, TenureClaim
from kg.quads.ids import claim_id
from kg.resolve.disagreements.rules import compiled, rules
from kg.resolve.disagreements.said import (
    Answer,
    Page,
    Said,
    apart,
    disagreement,
    neighbours,
    opposed,
)
from kg.resolve.entities import Disagreement, Post
from kg.resolve.events import overlap
from kg.resolve.keys import PostKey, post_key
from kg.resolve.states import State

_MODE = re.compile(r"\b(interim|acting|permanent)\b", re.IGNORECASE)
_SAME_YEAR = re.compile(r"(\w+) of (?:that|the same) year", re.IGNORECASE)
_DAY = 10


@dataclass(frozen=True)
class _Told:
    """A statement of a tenure; ``mode`` also from the words of the claim."""

    ident: str
    tenure: str
    key: PostKey
    claim: TenureClaim
    said: Said
    mode: str
    words: str


@dataclass(frozen=True)
class _Titled:
    """A title printed in a sentence: with its mode, or with the date that it starts."""

    key: PostKey
    printed: str
    said: Said
    mode: str = ""
    since: str = ""


@dataclass
class _Post:
    """All that is said of one post in one authority."""

    label: str
    told: list[_Told] = field(default_factory=list)
    more: list[_Titled] = field(default_factory=list)

    def ends(self) -> list[str]:
        """The dates at which somebody left."""
        return [told.claim.until for told in self.told if told.claim.until]

    def starts(self, kept: Iterable[str]) -> list[Answer]:
        """The starts in some modes, the stated ones first; a renewal is none."""
        again = compiled(rules().tenures.twice.wording)
        said = [
            Answer(told.said, told.claim.since)
            for told in sorted(self.told, key=lambda told: told.claim.basis != "stated")
            if told.claim.since and told.mode in kept and not again.search(told.words)
        ]
        return [*said, *(Answer(m.said, m.since) for m in self.more if m.since and m.mode in kept)]


class Told(State):
    """Tenures, titles that tell a mode or a start, and starts that are still to come."""

    told: list[_Told] = msgspec.field(default_factory=list)
    titled: list[_Titled] = msgspec.field(default_factory=list)
    due: list[tuple[PostKey, Answer, Answer]] = msgspec.field(default_factory=list)


class TenureFacts:
    """Compares what is said of the holders of posts; see the module."""

    def __init__(self) -> None:
        self.state = Told()

    def see(self, page: Page) -> None:
        """Take down tenures, titles with a mode, and starts told in passing."""
        for claim in page.claims(TenureClaim):
            key = post_key(claim.post, claim.organisation, page.document)
            said, words = page.said(claim.start, claim.end), page.words(claim)
            mode = claim.mode if claim.mode != "unknown" else _mode(words)
            ident = claim_id(page.document.id, claim)
            told = _Told(ident, "", key, claim, said, mode, words)
            self.state.told.append(told)
            self._not_yet(page, told)
        for post in page.claims(PostClaim):
            self.state.titled.extend(_titled(page, post))

    def _not_yet(self, page: Page, told: _Told) -> None:
        printed, since = page.document.identity.date, told.claim.since
        future = compiled(rules().tenures.due.wording).search(told.said.text)
        dated = printed and page.document.identity.date_basis in ("signed", "published")
        if not (future and since and printed and dated and len(printed.value) == _DAY):
            return
        if latest(since) < printed.value:
            line = Answer(page.exactly(printed.start, printed.end), printed.value)
            self.state.due.append((told.key, line, Answer(told.said, since)))

    def find(
        self,
        posts: Mapping[PostKey, str],
        entities: Mapping[str, Post],
        tenures: Mapping[str, str],
    ) -> Iterator[Disagreement]:
        """Every pair of answers that exclude each other, given which posts and tenures are one."""
        self.state.told = [replace(told, tenure=tenures[told.ident]) for told in self.state.told]
        by_post = self._by_post(posts, entities)
        for ident in sorted(by_post):
            if not ident.startswith(("post/england/", "post/unplaced/")):
                yield from _of_post(by_post[ident])
        yield from self._ranks(posts, entities)
        rule = rules().tenures.due
        for key, line, start in self.state.due:
            texts = (rule.question, rule.reason)
            yield disagreement("date", texts, line, start, what=entities[posts[key]].label)

    def _by_post(
        self, posts: Mapping[PostKey, str], entities: Mapping[str, Post]
    ) -> dict[str, _Post]:
        out: dict[str, _Post] = {}
        for told in self.state.told:
            ident = posts[told.key]
            out.setdefault(ident, _Post(entities[ident].label)).told.append(told)
        for titled in self.state.titled:
            if posts[titled.key] in out:
                out[posts[titled.key]].more.append(titled)
        return out

    def _ranks(
        self, posts: Mapping[PostKey, str], entities: Mapping[str, Post]
    ) -> Iterator[Disagreement]:
        """A title of another rank for an appointment of the same date."""
        rule = rules().tenures.rank
        for bare in self.state.titled:
            if not bare.since or bare.printed not in rule.ranks:
                continue
            for told in self.state.told:
                since, rank = told.claim.since, rank_of(told.claim.post)
                near = told.key.authority == bare.key.authority and told.said != bare.said
                other = rank in rule.ranks and rank != bare.printed
                if since and near and other and overlap(since, bare.since):
                    one = Answer(bare.said, bare.printed)
                    two = Answer(told.said, entities[posts[told.key]].label)
                    yield disagreement("title", (rule.question, rule.reason), one, two)
                    break


def _of_post(post: _Post) -> Iterator[Disagreement]:
    held: dict[str, list[_Told]] = defaultdict(list)
    for told in post.told:
        held[told.tenure].append(told)
    for each in held.values():
        yield from _starts(post, each)
        yield from _ends(post, each)
    yield from _twice(post)
    yield from _after_end(post)
    yield from _modes(post)


def _starts(post: _Post, told: list[_Told]) -> Iterator[Disagreement]:
    rule = rules().tenures.start
    unsure = compiled(rule.wording)
    answers = [
        Answer(each.said, each.claim.since)
        for each in told
        if each.claim.since and not unsure.search(each.words)
    ]
    for one, other in opposed(answers):
        yield disagreement("date", (rule.question, rule.reason), one, other, what=post.label)


def _ends(post: _Post, told: list[_Told]) -> Iterator[Disagreement]:
    rule = rules().tenures.end
    for wording in rule.wordings:
        answers = [
            Answer(each.said, each.claim.until)
            for each in told
            if each.claim.until and compiled(wording).search(each.words)
        ]
        for one, other in opposed(answers, rule.days):
            yield disagreement("date", (rule.question, rule.reason), one, other, what=post.label)


def _twice(post: _Post) -> Iterator[Disagreement]:
    """A permanent holder who starts in two months of one half-year."""
    rule = rules().tenures.twice
    ends = post.ends()
    permanent = {"permanent", "unknown", ""}
    for one, other in neighbours(post.starts(permanent)):
        gap = apart(one.value, other.value)
        between = any(earliest(one.value) <= latest(end) <= latest(other.value) for end in ends)
        if 0 < gap <= rule.days and not between and not _one_tenure(post, one, other):
            yield disagreement("date", (rule.question, rule.reason), one, other, what=post.label)


def _one_tenure(post: _Post, one: Answer, other: Answer) -> bool:
    """Whether two starts tell of one tenure, whose starts are compared as such."""
    held = [
        {told.tenure for told in post.told if told.said == each.said and told.claim.since}
        for each in (one, other)
    ]
    return bool(held[0] & held[1])


def _after_end(post: _Post) -> Iterator[Disagreement]:
    """An interim holder is named in the post after the interim holder left."""
    rule = rules().tenures.after_end
    for end in post.told:
        if not end.claim.until or end.mode not in rule.modes:
            continue
        starts = [t.claim.since for t in post.told if t.claim.since and t.mode == end.mode]
        for held in post.told:
            on = held.claim.on
            if not on or held.mode != end.mode or len(on) != _DAY:
                continue
            gap = apart(end.claim.until, on)
            again = any(earliest(end.claim.until) <= earliest(start) <= on for start in starts)
            if 0 < gap <= rule.days and on > latest(end.claim.until) and not again:
                one, other = Answer(end.said, end.claim.until), Answer(held.said, on)
                what = f"{end.mode} {post.label}"
                yield disagreement("date", (rule.question, rule.reason), one, other, what=what)


def _modes(post: _Post) -> Iterator[Disagreement]:
    """One document calls the present holder by two modes."""
    rule = rules().tenures.mode
    past = compiled(rule.past)
    first: dict[tuple[str, str], Answer] = {}
    for each in post.more:
        if each.mode and not each.since and not past.search(each.said.text):
            first.setdefault((each.said.document, each.mode), Answer(each.said, each.mode))
    for document in sorted({document for document, _ in first}):
        for one, other in rule.pairs:
            if (document, one) in first and (document, other) in first:
                pair = first[document, one], first[document, other]
                texts = (rule.question, rule.reason)
                yield disagreement("title", texts, *pair, what=post.label)


def _titled(page: Page, claim: PostClaim) -> Iterator[_Titled]:
    """The mode before a title, and a start that the sentence tells in passing."""
    text = page.document.text
    key = post_key(claim.post, claim.organisation, page.document)
    said = page.said(claim.start, claim.end)
    mode = _mode(text[max(claim.start - 12, 0) : claim.end])
    if mode:
        yield _Titled(key, claim.printed, said, mode)
    since = _since(page, claim, said)
    if since:
        yield _Titled(key, claim.printed, said, mode or "unknown", since)


def _since(page: Page, claim: PostClaim, said: Said) -> str:
    """The date in a wording such as "and the deputy director in November of that year"."""
    text = page.document.text[said.start : said.end]
    head, tail = text[: claim.start - said.start], text[claim.end - said.start :]
    marked = f"{head}⟨⟩{tail}"
    for wording in rules().tenures.more_starts:
        filled = wording.replace("{post}", "⟨⟩").replace("{date}", r"(?P<when>[\w ]{4,30})")
        match = compiled(filled).search(marked)
        if match:
            return _when(match.group("when"), text)
    return ""


def _when(words: str, sentence: str) -> str:
    """A date of its own, or a month of the year that the sentence named before."""
    found = dates.find(sentence)
    same = _SAME_YEAR.match(words)
    if same and found:
        return dates.resolve_relative(same.group(1), f"{earliest(found[0].edtf)[:4]}-12-31") or ""
    own = dates.find(words)
    return own[0].edtf if own and own[0].start == 0 else ""


def _mode(words: str) -> str:
    match = _MODE.search(words)
    return match.group(1).lower() if match else ""
