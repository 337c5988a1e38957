"""What became of commitments: one revoked, replaced, varied, carried over, done or still open.

A sentence that says so is kept with its words. Where it names the instrument ("the first
direction", "the resolution of 18 July") that instrument is told by its date, and a clause by
its number; which commitment is meant is found across documents (:mod:`kg.resolve.changes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from kg import privacy
from kg.extract.context import Context
from kg.extract.lexicon import load
from kg.extract.masked import Masked, Template, masked
from kg.model import Change, ChangeClaim, Claim, Document, EventRef

EXTRACTOR = "changes@1"
_INSTRUMENTS = frozenset({"direction", "notice"})
_ONLY_INSTRUMENTS = frozenset({"superseded", "varied", "continued", "revoked"})
_RESOLVED = re.compile(r"^(?:minute|resolution|decision)s?\b", re.I)


class ChangeWords(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of change and the words that tell it."""

    change: Change
    wordings: tuple[str, ...]
    in_: tuple[str, ...] = msgspec.field(name="in", default=())


class Instrument(msgspec.Struct, frozen=True):
    """What holds commitments and can be revoked as a whole."""

    kind: str
    words: str


class Changes(msgspec.Struct, frozen=True):
    """``ontology/changes.yaml``."""

    changes: tuple[ChangeWords, ...]
    not_: tuple[str, ...] = msgspec.field(name="not")
    instruments: tuple[Instrument, ...] = ()
    clause: str = ""
    common: frozenset[str] = frozenset()


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """Every statement of a change, once for each instrument that it names."""
    sentences = masked(document, context)
    named = _definitions(sentences)
    own = context.own.event if context.own else None
    for sentence in sentences:
        for words, template in _templates():
            if words.in_ and document.identity.kind not in words.in_:
                continue
            match = next(template.find(sentence.text), None)
            if match and not _not().search(sentence.text):
                yield from _claims(sentence, words.change, match, named, own)
                break


def _claims(
    sentence: Masked,
    change: Change,
    match: dict[str, tuple[int, int]],
    named: dict[str, EventRef],
    own: EventRef | None,
) -> Iterator[ChangeClaim]:
    targets = _targets(sentence, match[""], named)
    if change in _ONLY_INSTRUMENTS and not _speaks_of_instrument(sentence.text):
        return
    done = sentence.at(*match["done"]) if "done" in match else None
    clause = _clause().search(sentence.text)
    start, end = sentence.span(0, len(sentence.text))
    for target in targets or (None,):
        yield ChangeClaim(
            start=start,
            end=end,
            extractor=EXTRACTOR,
            confidence=0.8 if target else 0.6,
            change=change,
            instrument=target,
            clause=clause["clause"] if clause else "",
            by=own,
            done=done.name if done else None,
            what=_what(sentence, match),
        )


def _what(sentence: Masked, match: dict[str, tuple[int, int]]) -> str:
    """The printed words for what was changed, where the wording tells them."""
    if "what" not in match:
        return ""
    start, end = sentence.span(*match["what"])
    known = (entity.printed for entity in sentence.entities if entity.printed)
    return privacy.without_names(" ".join(sentence.document.quote(start, end).split()), known)


def _targets(sentence: Masked, verb: tuple[int, int], named: dict[str, EventRef]) -> list[EventRef]:
    """The instruments that a sentence says are changed: not the one that changes them."""
    text = sentence.text
    found: dict[int, EventRef] = {}
    for label, ref in named.items():
        for hit in re.finditer(rf"\b{re.escape(label)}\b", text, re.I):
            found[hit.start()] = ref
    for kind, rule in _dated():
        for hit in rule.finditer(text):
            mark = re.search(r"<D\d+>", hit.group())
            date = sentence.at(hit.start() + mark.start(), hit.end()) if mark else None
            if date:
                found.setdefault(hit.start(), EventRef(kind, None, date.name))
    passive = re.search(r"\b(?:is|are|was|were|be|been)\b[^.;]{0,12}$", text[: verb[0]])
    by = text.find(" by ", verb[0])
    places = sorted(found)
    if passive or " revoked" in text[verb[0] - 1 : verb[1]]:
        before = [at for at in places if at < verb[0]]
        after = [at for at in places if at > verb[0] and not 0 <= by < at]
        return list({str(found[at]): found[at] for at in before or after}.values())
    after = [at for at in places if at > verb[0]]
    return list({str(found[at]): found[at] for at in after or places}.values())


def _speaks_of_instrument(text: str) -> bool:
    """Whether a sentence names something that holds commitments."""
    words = "|".join(each.words for each in change_words().instruments)
    return re.search(rf"\b(?:{words}|requirements?|recommendations?)\b", text, re.I) is not None


def _definitions(sentences: tuple[Masked, ...]) -> dict[str, EventRef]:
    """Instruments by the names that a document gives them: '… on 2 May ("the first direction")'."""
    out: dict[str, EventRef] = {}
    kinds = "|".join(f"(?P<{each.kind}>{each.words})" for each in change_words().instruments)
    rule = re.compile(
        rf"(?P<date><D\d+>)[^.;<]{{0,40}}?"
        rf"\((?:the )?\"?(?:the )?(?P<label>[\w ]{{0,30}}?(?:{kinds}))\"?\)",
        re.I,
    )
    for sentence in sentences:
        for match in rule.finditer(sentence.text):
            date = sentence.at(*match.span("date"))
            kind = next(each.kind for each in change_words().instruments if match[each.kind])
            if date:
                out.setdefault(match["label"].lower(), EventRef(kind, None, date.name))
    return out


@cache
def change_words() -> Changes:
    """The words of the file."""
    return load("changes", Changes)


@cache
def _templates() -> tuple[tuple[ChangeWords, Template], ...]:
    return tuple((each, Template(w)) for each in change_words().changes for w in each.wordings)


@cache
def _not() -> re.Pattern[str]:
    return re.compile("|".join(change_words().not_), re.I)


@cache
def _clause() -> re.Pattern[str]:
    return re.compile(change_words().clause, re.I)


@cache
def _dated() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each kind of instrument with its date beside it: "the direction of 2 May"."""
    return tuple(
        (
            each.kind,
            re.compile(
                rf"\b(?:{each.words})(?: (?:given|issued|made|dated)[^.;]{{0,40}}?)?"
                rf" (?:of|on) <D\d+>"
                rf"|\b(?:{each.words}) dated <D\d+>"
                rf"|<D\d+> (?:{each.words})\b",
                re.I,
            ),
        )
        for each in change_words().instruments
    )
