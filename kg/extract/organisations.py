"""Bodies named in a document: councils, inspectorates, partners, boards, services, teams.

Each is claimed once for every form it is printed in, under one name: "the Board" means the
board named last, an abbreviation what it was defined as.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from kg.extract import posts
from kg.extract.bodies import Home, Named, find, home
from kg.extract.context import Context
from kg.extract.flat import Flat, flatten, lines
from kg.extract.lexicon import bodies
from kg.model import Block, Claim, Document, OrganisationClaim

EXTRACTOR = "organisations@1"
_DEFINED = re.compile(r"""\s?\((?:hereafter )?["']?(?:the )?["']?([A-Z][\w&' -]{1,40}?)["']?\)""")
_ALONE = re.compile(r"\b[Tt](?:he|his) (Board|Committee|Panel|Partnership|Trust|trust)\b(?! [A-Z])")
_SOLE = frozenset({"police", "ccg", "icb"})
_GROUPS = re.compile(r"\b(sub-?groups?|sub-?committees?|work(?:ing|stream) groups?)\b", re.I)


def extract(document: Document, context: Context) -> Iterator[Claim]:
    """The first naming of a body in each form that is printed."""
    where = home(document)
    authority = document.identity.authority.value if document.identity.authority else None
    seen: set[tuple[str, str]] = set()
    own = context.own.event if context.own else None
    meeting = own.body if own and own.kind == "meeting" else None
    for line, body in named(document, where, meeting):
        printed = line.text[body.start : body.end]
        key = (body.name, printed if printed.isupper() else printed.lower())
        if key in seen:
            continue
        seen.add(key)
        start, end = line.span(body.start, body.end)
        yield OrganisationClaim(
            start=start,
            end=end,
            extractor=EXTRACTOR,
            confidence=0.9 if body.rank < 2 else 0.7,
            name=body.name,
            printed=printed,
            type=body.type,
            part_of=where.council if body.part_of == "council" else body.part_of or None,
            authority=authority if body.local or body.name == where.council else None,
        )


def named(
    document: Document, where: Home, meeting: str | None = None
) -> Iterator[tuple[Flat, Named]]:
    """Every body in every line, with short forms and abbreviations resolved.

    ``meeting`` is the committee whose minutes these are, however its name is printed.
    """
    printed = (line for line in lines(document) if not _boilerplate().search(line.text))
    found = [(line, _outside_titles(line.text, where)) for line in printed]
    if meeting:
        found = [(line, there + _meeting(line.text, there, meeting)) for line, there in found]
    short = _definitions(found)
    sole = _sole(found)
    last: dict[str, Named] = {}
    for line, there in found:
        there = there + _by_definition(line.text, there, short)
        for body in sorted(there + _alone(line.text, there, last), key=lambda body: body.start):
            body = replace(body, name=sole.get(body.name, body.name))
            last[body.name.split()[-1].lower()] = body
            last[body.type] = body
            yield line, body
    yield from _groups(document, last)


def _meeting(text: str, there: list[Named], name: str) -> list[Named]:
    """The committee that meets, where no other name covers its own."""
    kind = "scrutiny-committee" if "scrutiny" in name.lower() else "committee"
    return [
        Named(*match.span(), name, kind, local=True)
        for match in re.finditer(re.escape(name), text, re.I)
        if all(match.end() <= body.start or body.end <= match.start() for body in there)
    ]


@cache
def _boilerplate() -> re.Pattern[str]:
    return re.compile("|".join(bodies().boilerplate), re.I)


def _outside_titles(text: str, where: Home) -> list[Named]:
    """Bodies that are no part of the title of a post: it is the post that is named there."""
    titles = posts.find(text)
    return [body for body in find(text, where) if not any(_hides(t, body) for t in titles)]


def _hides(title: posts.Mention, body: Named) -> bool:
    """Whether a title holds a body that is only part of it ("Director of Children's Services")."""
    apart = body.end <= title.start or title.end <= body.start
    around = body.start <= title.start and title.end <= body.end
    known = body.rank == 0 and not body.local
    chair = "Chair" in title.label or "Scrutineer" in title.label
    return not (apart or around or known or chair)


def _definitions(found: list[tuple[Flat, list[Named]]]) -> dict[str, Named]:
    """Abbreviations that a document explains: 'Vale Council ("the Council")'."""
    out: dict[str, Named] = {}
    for line, there in found:
        for body in there:
            match = _DEFINED.match(line.text, body.end)
            if match and _stands_for(match[1], line.text[body.start : body.end]):
                out.setdefault(match[1], body)
    return out


def _sole(found: list[tuple[Flat, list[Named]]]) -> dict[str, str]:
    """ "The police" as the only force that a document names; so for other such words."""
    out: dict[str, str] = {}
    everybody = [body for _, there in found for body in there]
    for word in {body.name: body.type for body in everybody if body.type in _SOLE and body.local}:
        kind = next(body.type for body in everybody if body.name == word)
        named = {b.name for b in everybody if b.type == kind and not b.local}
        if len(named) == 1:
            out[word] = named.pop()
    return out


def _stands_for(short: str, printed: str) -> bool:
    """Whether a short form is made of the name's first letters or of a word of it."""
    if not short.isupper():
        return short.lower() in printed.lower().split()
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", printed)).upper()
    return len(short) > 1 and short in initials


def _by_definition(text: str, there: list[Named], short: dict[str, Named]) -> list[Named]:
    out: list[Named] = []
    for form, body in short.items():
        for match in re.finditer(rf"(?<![\w-]){re.escape(form)}(?![\w-])", text):
            span = match.span()
            if all(span[1] <= other.start or other.end <= span[0] for other in [*there, *out]):
                out.append(replace(body, start=span[0], end=span[1]))
    return out


def _alone(text: str, there: list[Named], last: dict[str, Named]) -> list[Named]:
    out = []
    for match in _ALONE.finditer(text):
        before = [body for body in there if body.end <= match.start()]
        meant = next(
            (b for b in reversed(before) if b.name.lower().endswith(match[1].lower())),
            _meant(match[1].lower(), last),
        )
        if meant and all(match.end(1) <= b.start or b.end <= match.start(1) for b in there):
            out.append(replace(meant, start=match.start(1), end=match.end(1)))
    return out


def _meant(word: str, last: dict[str, Named]) -> Named | None:
    """The body that a last word alone means: of trusts the children's trust, when named."""
    trusts = (body for body in last.values() if word == "trust" and body.type == "childrens-trust")
    return next(trusts, last.get(word))


def _groups(document: Document, last: dict[str, Named]) -> Iterator[tuple[Flat, Named]]:
    """Sub-groups that a list under "has four sub-groups" names."""
    opened: Block | None = None
    for block in document.blocks:
        line = flatten(document.text, block.start, block.end)
        if block.kind in ("bullet", "numbered") and opened:
            if 0 < len(line.text.split()) <= 9 and line.text[0].isupper():
                yield line, Named(0, len(line.text.rstrip(".;")), line.text.rstrip(".;"), "group")
            continue
        match = _GROUPS.search(line.text)
        opened = block if match and line.text.rstrip().endswith(":") else None
