"""What is to be done: requirements, duties, options, recommendations, resolutions, undertakings.

Blocks are read in order. Some open a list whose items are commitments of one kind (a
direction's clauses, the benefits of an option, what was resolved); other commitments are
single sentences. Words are ``ontology/commitment_cues.yaml``. Lists of improvements in
inspection reports are read by :mod:`kg.extract.improvements`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.edtf import earliest, latest
from kg.extract.bodies import home
from kg.extract.commitment_rules import Due, List_, Sentences, cues, heading_rules, opening
from kg.extract.context import Context
from kg.extract.flat import Flat, flatten
from kg.extract.masked import Masked, masked
from kg.model import Block, Claim, CommitmentClaim, Document, OrganisationClaim, PostClaim

EXTRACTOR = "commitments@1"
_ARTICLE = re.compile(
    r"^(?:Article|Clause|Paragraph|Direction) (\d+(?:\.\d+)*)[.:]?\s|^([A-Z]\d{1,2})[.:)](?=\s|$)"
)
_SIGNED = re.compile(r"^(?:Signed\b|Yours (?:sincerely|faithfully)|Dated\b|on behalf of)", re.I)
_ANNEX = re.compile(r"^(?:annex|schedule|appendix)\b", re.I)
_SPLIT = re.compile(
    r"(?<=;) (?=(?!and\b|or\b)[a-z]+ [a-z-]+ )|(?<=;) and\s*\n\s*[-•*–]\s+|\n\s*[-•*–]\s+"
)
_SPLIT_BULLET = re.compile(rf"(?<=;) and (?=[a-z]+ )|{_SPLIT.pattern}")
_VERB = re.compile(r"(?:To [a-z]|[A-Z][a-z]+ing\b)")


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """The commitments of a document in reading order."""
    yield from _Reader(document, context).read()


class _Reader:
    """Reads the blocks and keeps in mind which list is open."""

    def __init__(self, document: Document, context: Context) -> None:
        self._document = document
        self._kind = document.identity.kind
        self._base = len(context.claims)
        self._claims: list[CommitmentClaim] = []
        self._sentences: dict[int, list[Masked]] = {}
        for sentence in masked(document, context):
            self._sentences.setdefault(sentence.block, []).append(sentence)
        self._council = home(document).council
        self._committee = self._first_committee(context)
        self._decider = self._addressee(context)
        self._event = context.own.event if context.own else None
        self._list: tuple[str, str | None, int] | None = None
        self._option: int | None = None
        self._marks: list[str] = []
        self._annex = ""

    def read(self) -> Iterator[Claim]:
        """All commitments."""
        for number, block in enumerate(self._document.blocks):
            line = flatten(self._document.text, block.start, block.end)
            if line.text:
                self._block(number, block, line)
        yield from self._claims

    def _block(self, number: int, block: Block, line: Flat) -> None:
        self._mark(block, line.text)
        if self._kind in ("inspection", "re-inspection"):
            self._single(number, block)
        elif self._optional(block, line) or self._resolved(number, block, line):
            return
        elif not self._listed(number, block, line):
            self._single(number, block)

    # Options with their benefits and risks

    def _optional(self, block: Block, line: Flat) -> bool:
        rules = cues().options
        if self._kind != "commissioners-report" or len(line.text) > 2000:
            return False
        if re.match(rules.heading, line.text, re.I) and len(line.text) < 180:
            self._add("option", block.start, block.end, self._decider)
            self._option, self._list = self._base + len(self._claims) - 1, None
            return True
        if self._option is None:
            return False
        if re.match(rules.closes, line.text, re.I) and block.kind != "bullet":
            self._option = None
            return False
        return self._part_of_option(block, line)

    def _part_of_option(self, block: Block, line: Flat) -> bool:
        start = 0
        for kind, rule in (("benefit", cues().options.benefit), ("risk", cues().options.risk)):
            match = re.match(rule, line.text, re.I)
            if match:
                self._list = (kind, self._decider, block.level)
                start = match.end()
        if not self._list or self._list[0] not in ("benefit", "risk"):
            return False
        for first, last in _pieces(line.text, start):
            span = line.span(first, last)
            self._add(self._list[0], *span, self._decider, part_of=self._option)
        return True

    # Resolutions of a committee and its actions

    def _resolved(self, number: int, block: Block, line: Flat) -> bool:
        if self._kind != "committee-minutes":
            return False
        rules = cues().resolutions
        action = re.match(rules.action, line.text, re.I)
        opened = re.match(rules.opens, line.text, re.I)
        if _is_heading(block, line) or re.match(rules.ends, line.text, re.I):
            self._list = None
            return False
        if action or (self._list and self._list[0] == "action" and not opened):
            self._list = ("action", None, block.level) if action else None
            return bool(action) and self._resolution(number, block, line, "action", 0)
        if opened:
            self._list = ("resolution", self._committee, block.level)
            return self._resolution(number, block, line, "resolution", opened.end())
        if any(re.search(pattern, line.text, re.I) for pattern in rules.sentences):
            return self._resolution(number, block, line, "resolution", 0)
        if self._list and self._list[0] == "resolution":
            return self._resolution(number, block, line, "resolution", 0)
        return False

    def _resolution(self, number: int, block: Block, line: Flat, kind: str, start: int) -> bool:
        if line.text[start:].strip(" :-–.") and line.text[start:].strip():
            first = start + len(line.text[start:]) - len(line.text[start:].lstrip(" :-"))
            if first < len(line.text):
                span = line.span(first, len(line.text))
                of = self._asked(number, action=kind == "action") or self._committee
                self._add(kind, *span, of, due=self._due(number))
        return True

    def _asked(self, number: int, action: bool) -> str | None:
        """Whom a resolution asks, or whom an action names."""
        for sentence in self._sentences.get(number, ()):
            for of, _, _ in Sentences.matches(sentence, cues().asked()):
                return of
            if action:
                for entity in sentence.entities:
                    if entity.kind == "P":
                        return entity.name
        return None

    # Lists

    def _listed(self, number: int, block: Block, line: Flat) -> bool:
        heading = heading_rules(self._kind, line.text) if len(line.text) < 80 else None
        if heading:
            self._list = (heading.kind, self._whose(heading.of, None, number), -1)
            return True
        if _SIGNED.match(line.text) or block.kind in ("heading", "title"):
            self._list = None
            return False
        opened = self._opened(number)
        if opened:
            rule, of, start = opened
            inside = self._list and self._list[0] == rule.kind and block.level > self._list[2]
            if inside or self._statement(block, line):
                self._item(number, block, line, rule.kind, of)
            self._list = (rule.kind, of, block.level)
            return True
        if self._list and self._is_item(block, line):
            kind, of, _ = self._list
            own = self._effect(number)
            self._item(number, block, line, *(own or (kind, of)))
            if kind in ("duty", "requirement") and not own:
                self._more(number)
            return True
        self._list = None if self._list and self._list[2] >= 0 else self._list
        return False

    @staticmethod
    def _statement(block: Block, line: Flat) -> bool:
        """Whether an opening block itself asks for something: "The Council must, by May, …:"."""
        return block.kind == "numbered" and bool(
            re.search(r"\b(?:must|shall)\b.{25,}:$", line.text)
        )

    def _opened(self, number: int) -> tuple[List_, str | None, int] | None:
        for sentence in self._sentences.get(number, ())[-1:]:
            for rule in cues().lists:
                if rule.of_kind(self._kind) and (match := opening(rule, sentence)) is not None:
                    return rule, self._whose(rule.of, match.of, number), match.start
        return None

    def _is_item(self, block: Block, line: Flat) -> bool:
        if not self._list:
            return False
        kind, _, level = self._list
        if kind == "recommendation" and level < 0:
            return block.kind == "numbered" or bool(_ARTICLE.match(line.text.split(" ")[0]))
        unmarked = block.kind == "paragraph" and line.text[:1].isupper() and level > 0
        follows = bool(_VERB.match(line.text))
        return block.kind in ("numbered", "bullet") or (unmarked and follows)

    def _effect(self, number: int) -> tuple[str, str | None] | None:
        """What a clause after the list does instead: it revokes, or says when it takes effect."""
        rules = [
            rule for rule in cues().sentences if rule.of == "decider" and rule.kind == "requirement"
        ]
        for sentence in self._sentences.get(number, ()):
            for rule in rules:
                if rule.of_kind(self._kind) and list(Sentences.matches(sentence, rule.templates())):
                    return "requirement", self._decider
        return None

    def _item(self, number: int, block: Block, line: Flat, kind: str, of: str | None) -> None:
        text = self._document.text[block.start : block.end]
        start = block.start
        split = _SPLIT_BULLET if block.kind == "bullet" else _SPLIT
        for piece in split.split(text):
            at = self._document.text.index(piece, start)
            start = at + len(piece)
            stop = at + len(piece.rstrip())
            if piece.strip() and not piece.startswith("which "):
                named = self._named(number) if kind == "recommendation" else None
                self._add(kind, at, stop, named or of, due=self._due(number), clause=self._clause())

    def _more(self, number: int) -> None:
        """Commitments that a clause adds in sentences after its first."""
        for sentence in self._sentences.get(number, ())[1:]:
            found = self._sentence(sentence, number)
            if found:
                self._claims.append(found)

    def _named(self, number: int) -> str | None:
        """Of whom an item of recommendations is, when it begins with a body or post."""
        for sentence in self._sentences.get(number, ()):
            match = re.match(r"(?:R\d+\. )?(?:the |that the )?<[OP](\d+)>", sentence.text, re.I)
            if match:
                return sentence.entities[int(match[1])].name
        return None

    # Single sentences

    def _single(self, number: int, block: Block) -> None:
        text = self._document.text[block.start : block.end]
        if block.kind in ("heading", "title", "table") or _is_label(text):
            return
        for sentence in self._sentences.get(number, ()):
            if any(re.search(pattern, sentence.text, re.I) for pattern in cues().not_):
                continue
            found = self._sentence(sentence, number)
            if found:
                self._claims.append(found)

    def _sentence(self, sentence: Masked, number: int) -> CommitmentClaim | None:
        for rule in cues().sentences:
            if not rule.of_kind(self._kind):
                continue
            for of, due, _ in Sentences.matches(sentence, rule.templates()):
                clause = self._clause() if self._kind.startswith("statutory") else ""
                return self._claim(
                    rule.kind,
                    sentence.start,
                    sentence.end,
                    self._whose(rule.of, of, number),
                    self._later(due or Due.of(sentence)),
                    clause,
                )
        return None

    # What all share

    def _whose(self, default: str, said: str | None, number: int) -> str | None:
        if said:
            return said
        if default == "named":
            names = [
                e.name for s in self._sentences.get(number, ()) for e in s.entities if e.kind == "O"
            ]
            return names[0] if names else self._council
        return {
            "council": self._council,
            "decider": self._decider,
            "committee": self._committee,
            "author": "Children's Services Commissioner",
            "department": "Department for Education",
        }.get(default, self._council)

    def _due(self, number: int) -> str | None:
        dates = (self._later(Due.of(sentence)) for sentence in self._sentences.get(number, ()))
        return next(filter(None, dates), None)

    def _later(self, due: str | None) -> str | None:
        """A due date, unless it lies before the document."""
        day = self._document.identity.date
        past = due and day and latest(due) < earliest(day.value)
        return None if past else due

    def _add(
        self,
        kind: str,
        start: int,
        end: int,
        of: str | None,
        due: str | None = None,
        clause: str = "",
        part_of: int | None = None,
    ) -> None:
        claim = self._claim(kind, start, end, of, due, clause, part_of)
        self._claims.append(claim)

    def _claim(
        self,
        kind: str,
        start: int,
        end: int,
        of: str | None,
        due: str | None,
        clause: str = "",
        part_of: int | None = None,
    ) -> CommitmentClaim:
        return CommitmentClaim(
            start=start,
            end=end,
            extractor=EXTRACTOR,
            confidence=0.8,
            kind=kind,
            of_whom=of,
            due=due,
            clause=clause,
            source_event=self._event,
            part_of=part_of,
        )

    def _mark(self, block: Block, text: str) -> None:
        """Keep the path of clause marks: "8.", "c.", "ii." is 8.c.ii."""
        if _ANNEX.match(text) and len(text) < 60:
            self._annex, self._marks = "annex ", []
        article = _ARTICLE.match(text)
        if article:
            self._marks = [article[1] or article[2]]
        elif block.kind == "numbered" and block.mark:
            mark = block.mark.strip("().:")
            lettered = not mark[0].isdigit()
            depth = (1 + (block.level > 2)) if lettered else 0
            self._marks = [*self._marks[:depth], mark]

    def _clause(self) -> str:
        return self._annex + ".".join(self._marks) if self._marks else ""

    def _addressee(self, context: Context) -> str | None:
        """Who decides: a report's addressee, or whoever gives a direction."""
        ministers = [
            c.post for c in context.of(PostClaim) if c.organisation == "Department for Education"
        ]
        offices = [name for name in ministers if "Secretary" in name or "Minister" in name]
        if self._kind.startswith("statutory"):
            offices.sort(key=lambda name: not name.startswith("Secretary of State"))
        return offices[0] if offices else self._council

    @staticmethod
    def _first_committee(context: Context) -> str | None:
        kinds = ("scrutiny-committee", "committee", "corporate-parenting-body", "panel", "board")
        names = (c.name for c in context.of(OrganisationClaim) if c.type in kinds)
        return next(names, None)


def _is_heading(block: Block, line: Flat) -> bool:
    """Whether a block is a heading, or printed like one in capitals."""
    letters = line.text.strip("0123456789. ")
    capitals = letters.isupper() and len(letters) < 90 and ":" not in letters
    return block.kind in ("heading", "title") or capitals


def _is_label(text: str) -> bool:
    """A few words without a full stop: a title, not a sentence."""
    return len(text) < 60 and text.rstrip()[-1:] not in ".;!?:"


def _pieces(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The sentences of a line from ``start``."""
    at = start
    for stop in re.finditer(r"(?<=[.!?])\s+(?=[A-Z])|$", text):
        piece = text[at : stop.start()]
        first = at + len(piece) - len(piece.lstrip(" :-"))
        if text[first : stop.start()].strip():
            yield first, stop.start()
        at = stop.end()
