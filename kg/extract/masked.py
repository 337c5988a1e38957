"""Sentences in which every post, body and date is one word, and templates over them.

A template is a regular expression with slots: ``{post} left in {until:date}``. A slot takes
an article and words such as "new" or "current" along, so wordings need not spell them out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from kg.extract.context import Context
from kg.extract.flat import Flat, flatten
from kg.extract.lexicon import posts
from kg.extract.when import Clock, When
from kg.model import Basis, Block, Document, OrganisationClaim, PostClaim, Sentence
from kg.needed import Rule

_BESIDE = (
    r"(?: \(\"?(?:the )?<[PO]\d+>\"?\))?(?: predecessor)?"
    r"(?:,? (?-i:[A-Z][\w'-]+(?: [A-Z][\w'-]+){1,2}),)?"
)
_AUTHORS = {"commissioners-report": "Children's Services Commissioner"}
Kind = Literal["P", "O", "D"]
_SLOT = re.compile(r"\{(?:(\w+):)?([a-z]\w*)\}")
_CLASSES = {"post": "P", "body": "O", "date": "D", "any": "PO", "a": "PO", "b": "PO"}
_PRONOUN = re.compile(
    r"(?:(?<=^)|(?<=[;,.] )|(?<=and )|(?<=when )|(?<=because )|(?<=until )|(?<=that ))"
    r"(?:[Hh]e|[Ss]he)\b(?!')"
)
_RELATED = re.compile(
    r"\b(?:[Hh]is|[Hh]er|[Tt]heir) (?=predecessor|successor|previous role|substantive)"
)
_ROLE = re.compile(
    r"(?:(?<=into )|(?<=to cover ))(?:the|this) (?:role|post)\b(?! of)"
    r"|\bThe (?:post|role|position|vacancy)\b(?= (?:is|was|has|had)\b)"
    r"|\bIt(?= is now (?:filled|held))|(?<=covering )the portfolio\b"
)
_HOLDER = re.compile(
    r"\bthe (?:present|current|new) (?:postholder|incumbent)\b"
    r"|(?<=previous )portfolio holder\b|(?<=new )portfolio holder\b"
)
_AUTHOR = re.compile(r"\b(?:I|me)\b(?= was (?:re-?)?appointed)")
_OTHER_POST = re.compile(r"\b(?:acting|acted|stepped|cover|covering)\b")


@dataclass(frozen=True)
class Entity:
    """A post, body or date that stands for one word of a masked sentence.

    ``name`` is the canonical name, or the date; ``start``/``end`` are offsets in the
    document. ``meant`` is true when a pronoun or "the role" only means it.
    """

    kind: Kind
    name: str
    start: int
    end: int
    printed: str = ""
    organisation: str | None = None
    basis: Basis = "stated"
    meant: bool = False


@dataclass(frozen=True)
class Masked:
    """A sentence with its entities as ``<P0>``, ``<O1>``, ``<D2>``."""

    document: Document
    text: str
    entities: tuple[Entity, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    block: int
    start: int
    end: int

    def at(self, start: int, end: int) -> Entity | None:
        """The entity that fills a slot matched at ``start:end``."""
        found = re.search(r"<[POD](\d+)>", self.text[start:end])
        return self.entities[int(found[1])] if found else None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the document of a span of ``text``, without blank ends."""
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        return self.starts[start], self.ends[end - 1]


class Template:
    """A wording compiled; ``find`` gives, for each match, the span of every filled slot."""

    def __init__(self, wording: str) -> None:
        used: set[str] = set()
        wording = _SLOT.sub(lambda slot: _slot(slot, used), wording)
        self._rule = Rule(re.compile(wording, re.I))
        self._names = tuple(self._rule.pattern.groupindex)

    def find(self, text: str) -> Iterator[dict[str, tuple[int, int]]]:
        """Slots by name, and the whole match under ``""``."""
        for match in self._rule.finditer(text):
            spans = {name: match.span(name) for name in self._names if match[name]}
            yield {"": match.span(), **spans}


def _slot(slot: re.Match[str], used: set[str]) -> str:
    kind = slot[2]
    name = slot[1] or kind
    classes = _CLASSES[kind]
    group = f"(?P<{name}>" if name not in used else "(?:"
    used.add(name)
    tags = "|".join(re.escape(tag) for tag in sorted(posts().tags, key=len, reverse=True))
    if classes == "D":
        return rf"(?:(?:early|late|mid|the end of|the beginning of) )?{group}<D\d+>)"
    before = r"(?:(?:the|an?|its|their|this|that|both|all|our|one|another) )?"
    after = _BESIDE if "P" in classes else ""
    before += r"(?:(?:role|post|position) of (?:the )?)?" if "P" in classes else ""
    return rf"{before}(?:(?:{tags}) )*{group}<[{classes}]\d+>){after}"


def masked(document: Document, context: Context) -> tuple[Masked, ...]:
    """Every sentence of a document, in order, with its posts, bodies and dates masked."""
    titles = tuple(c for c in context.of(PostClaim) if c.extractor.startswith("posts"))
    bodies = tuple(context.of(OrganisationClaim))
    own = context.own.event.date if context.own else None
    return _masked(document, context.sentences, titles, bodies, own)


@lru_cache(maxsize=1)
def _masked(
    document: Document,
    sentences: tuple[Sentence, ...],
    titles: tuple[PostClaim, ...],
    bodies: tuple[OrganisationClaim, ...],
    own: str | None,
) -> tuple[Masked, ...]:
    """Kept for the extractors that follow one another on one document."""
    reader = _Reader(document, titles, bodies, own)
    return tuple(reader.sentence(sentence) for sentence in sentences)


class _Reader:
    """Reads on through a document and keeps in mind who and when was meant last."""

    def __init__(
        self,
        document: Document,
        titles: tuple[PostClaim, ...],
        bodies: tuple[OrganisationClaim, ...],
        own: str | None,
    ) -> None:
        self._document = document
        self._posts = sorted(titles, key=lambda claim: claim.start)
        self._bodies = _Names(bodies)
        identity = document.identity
        self._clock = Clock(own or (identity.date.value if identity.date else None))
        self._block = -1
        self._last: Entity | None = None
        self._author = _AUTHORS.get(identity.kind)

    def sentence(self, sentence: Sentence) -> Masked:
        """One sentence masked; call in reading order."""
        self._open(sentence)
        line = flatten(self._document.text, sentence.start, sentence.end)
        spans = self._entities(line, sentence)
        return _mask(self._document, line, spans, sentence)

    def _open(self, sentence: Sentence) -> None:
        for number in range(self._block + 1, sentence.block + 1):
            block: Block = self._document.blocks[number]
            if block.kind in ("heading", "title"):
                self._clock.heading(self._document.text[block.start : block.end])
                self._last = None
            elif block.kind == "paragraph":
                self._clock.paragraph()
        self._block = max(self._block, sentence.block)

    def _entities(self, line: Flat, sentence: Sentence) -> list[tuple[int, int, Entity]]:
        spans: list[tuple[int, int, Entity]] = []
        first = bisect_left(self._posts, sentence.start, key=lambda claim: claim.start)
        for claim in self._posts[first:]:
            if claim.start >= sentence.end:
                break
            local = line.local(claim.start, claim.end)
            if local and claim.end <= sentence.end:
                entity = Entity(
                    "P", claim.post, claim.start, claim.end, claim.printed, claim.organisation
                )
                _add(spans, *local, entity)
        for start, end, name in self._bodies.find(line.text):
            first, last = line.span(start, end)
            _add(spans, start, end, Entity("O", name, first, last, line.text[start:end]))
        for when in self._clock.read(line.text):
            _add(spans, when.start, when.end, _date(line, when))
        self._pronouns(line, spans)
        return sorted(spans, key=lambda span: span[0])

    def _pronouns(self, line: Flat, spans: list[tuple[int, int, Entity]]) -> None:
        subject: Entity | None = None
        for rule in (_PRONOUN, _RELATED, _ROLE, _HOLDER):
            for match in rule.finditer(line.text):
                before = [
                    span for span in spans if span[2].kind == "P" and span[1] <= match.start()
                ]
                last = max(before, default=None, key=lambda span: span[0])
                if rule is _ROLE and _OTHER_POST.search(line.text[: match.start()]):
                    before = before[:-1]
                    last = max(before, default=None, key=lambda span: span[0])
                meant = last[2] if last else self._last
                if meant:
                    start, end = match.start(), match.end() - (match.group()[-1] == " ")
                    first, stop = line.span(start, end)
                    entity = Entity(
                        "P", meant.name, first, stop, "", meant.organisation, meant=True
                    )
                    _add(spans, start, end, entity)
        for match in _AUTHOR.finditer(line.text):
            if self._author:
                first, stop = line.span(*match.span())
                entity = Entity("P", self._author, first, stop, "", "Department for Education")
                _add(spans, *match.span(), entity)
        posts_here = sorted((s for s in spans if s[2].kind == "P"), key=lambda span: span[0])
        subject = posts_here[0][2] if posts_here else None
        self._last = subject or self._last


class _Names:
    """The bodies of a document by the forms that its claims found; capitals stay capitals."""

    def __init__(self, bodies: tuple[OrganisationClaim, ...]) -> None:
        printed = {" ".join(c.printed.split()): c.name for c in bodies}
        self._exact = {form: name for form, name in printed.items() if form.isupper()}
        self._names = {form.lower(): name for form, name in printed.items() if not form.isupper()}
        self._rules = [
            _alternatives(forms, flags)
            for forms, flags in ((self._exact, re.NOFLAG), (self._names, re.IGNORECASE))
            if forms
        ]

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Bodies in one line, those printed in capitals first."""
        for rule in self._rules:
            for match in rule.finditer(text):
                name = self._exact.get(match.group()) or self._names.get(match.group().lower())
                if name:
                    yield match.start(), match.end(), name


def _alternatives(forms: Iterable[str], flags: re.RegexFlag) -> re.Pattern[str]:
    longest = sorted(map(re.escape, forms), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(longest)})(?![\w-])", flags)


def _date(line: Flat, when: When) -> Entity:
    first, last = line.span(when.start, when.end)
    return Entity("D", when.edtf, first, last, line.text[when.start : when.end], basis=when.basis)


def _add(spans: list[tuple[int, int, Entity]], start: int, end: int, entity: Entity) -> None:
    if all(end <= other[0] or other[1] <= start for other in spans):
        spans.append((start, end, entity))


def _mask(
    document: Document, line: Flat, spans: list[tuple[int, int, Entity]], sentence: Sentence
) -> Masked:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for number, (start, end, entity) in enumerate(spans):
        _copy(line, position, start, pieces, starts, ends)
        mark = f"<{entity.kind}{number}>"
        pieces.append(mark)
        starts += [entity.start] * len(mark)
        ends += [entity.end] * len(mark)
        position = end
    _copy(line, position, len(line.text), pieces, starts, ends)
    entities = tuple(entity for _, _, entity in spans)
    return Masked(
        document,
        "".join(pieces),
        entities,
        tuple(starts),
        tuple(ends),
        sentence.block,
        sentence.start,
        sentence.end,
    )


def _copy(
    line: Flat, start: int, end: int, pieces: list[str], starts: list[int], ends: list[int]
) -> None:
    pieces.append(line.text[start:end])
    starts.extend(line.offsets[start:end])
    ends.extend(offset + 1 for offset in line.offsets[start:end])
