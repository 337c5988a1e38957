"""A question read: what it asks for, and what its words mean in this collection.

text ──respell──▶ mended ──▶ dates, places (documents, events), posts, bodies, authorities,
domains, modes, themes, cues ──▶ what is left is the topic
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from kg import gazetteer
from kg.dates import compatible
from search.ask.cues import Cues, cues
from search.ask.dates import Spotted, spot
from search.ask.graded import judged
from search.ask.placed import blank, dates_of, place_links, place_words
from search.ask.posts import places, titles
from search.ask.records import Asks, Link, Reading
from search.ask.relative import Spots, resolved
from search.ask.single import singled
from search.ask.vocabulary import Entry, Named, Vocabulary
from search.words import STOPWORDS, words


def read(question: str, vocabulary: Vocabulary, corrected: Sequence[tuple[str, str]]) -> Reading:
    """The reading of a question whose typing errors have been found already."""
    known = cues()
    mended = question
    for wrong, right in corrected:
        mended = mended.replace(wrong, right)
    mended = _owned(respelt(mended, known))
    spots = list(place_words(mended, known))
    dates = spot(
        mended,
        _held(vocabulary),
        known,
        vocabulary.period[1],
        lambda end: any(0 <= match.start() - end <= 1 for match, _ in spots),
    )
    spots, dates = resolved(mended, spots, dates, vocabulary)
    links = _links(mended, spots, dates, vocabulary)
    found = Reading(
        question=question,
        mended=mended,
        asks=_asks(mended, known),
        topic=_topic(
            mended, known, dates, [m for m, _ in spots if dates_of(m, dates, mended)], links
        ),
        links=links,
        dates=tuple(dict.fromkeys(date.value for date in dates)),
        documents=tuple(
            dict.fromkeys(link.label for link in links if link.slot in ("document", "reporting"))
        ),
        cues=frozenset(name for name, words_ in known.named.items() if words_.search(mended)),
        corrected=tuple(corrected),
    )
    return judged(found, alone=len(vocabulary.authorities) < MANY)


def _links(
    text: str, spots: Spots, dates: Sequence[Spotted], vocabulary: Vocabulary
) -> tuple[Link, ...]:
    """All links; where the question names no authority but its words single one out, those of
    that one, and the authority itself with them."""
    named = tuple(_authority_links(text, vocabulary))
    authorities = frozenset(link.label for link in named if link.slot == "authority")
    links = _links_of(text, spots, dates, vocabulary, authorities)
    if named or len(vocabulary.authorities) < MANY:
        return (*links[0], *named, *links[1])
    one = singled(links[0], links[1], dates, vocabulary)
    if one is None:
        return (*links[0], *links[1])
    links = _links_of(text, spots, dates, vocabulary, frozenset((one,)))
    meant = Link("authority", f"{vocabulary.base}id/organisation/{one}", one, 0, 0)
    return (*links[0], meant, *links[1])


MANY = 2
"""Authorities in a collection from which a question may single out one."""


def _links_of(
    text: str,
    spots: Spots,
    dates: Sequence[Spotted],
    vocabulary: Vocabulary,
    authorities: frozenset[str],
) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """The links of places, and those of all else, of some authorities."""
    places = tuple(place_links(text, spots, dates, vocabulary, authorities))
    return places, tuple(_simple_links(text, cues(), vocabulary, authorities))


def respelt(text: str, known: Cues) -> str:
    """Sloppy writing made plain."""
    text = text.replace("’", "'").replace("‘", "'")
    for wrong, right in known.respell:
        text = wrong.sub(right, text)
    return text


_POSSESSIVE = re.compile(r"\b([A-Za-z]{4,}[^\Ws])s\b(?!')")


def _owned(text: str) -> str:
    """The text with the apostrophe that people leave out behind the name of an authority."""

    def apart(match: re.Match[str]) -> str:
        whole, name = match.group(), match[1]
        mine = gazetteer.find(name.title()) and not gazetteer.find(whole.title())
        return f"{name}'s" if mine else whole

    return _POSSESSIVE.sub(apart, text)


def _held(vocabulary: Vocabulary) -> Callable[[str], bool]:
    def held(month: str) -> bool:
        return any(compatible(month, date) for e in _all(vocabulary) for date in e.dates)

    return held


def _all(vocabulary: Vocabulary) -> tuple[Entry, ...]:
    return (*vocabulary.documents, *vocabulary.events)


EARLY = 45
"""Characters within which a question says what it asks for; later, it asks it besides."""

GENERAL: tuple[Asks, ...] = ("definition", "list")


def _asks(text: str, known: Cues) -> Asks:
    """The kind that is asked for first; what follows an "and" is asked beside it."""
    found: list[tuple[int, Asks]] = []
    for kind, patterns in known.asks:
        starts = [m.start() for each in patterns if (m := each.search(text))]
        if starts:
            found.append((min(starts), kind))
    general = [kind for _, kind in found if kind in GENERAL]
    special = [f for f in found if f[1] not in GENERAL and not (general and _besides(text, f[0]))]
    if special:
        return min(special, key=lambda f: f[0])[1]
    return general[0] if general else "passage"


def _besides(text: str, start: int) -> bool:
    """Whether something is asked besides: late, or after "and"."""
    return start > EARLY or re.search(r"\band\s+$", text[:start]) is not None


def _authority_links(text: str, vocabulary: Vocabulary) -> Iterator[Link]:
    for named in (*gazetteer.find(text), *gazetteer.find(text.title())):
        iri = f"{vocabulary.base}id/organisation/{named.slug}"
        slot = "authority" if named.slug in vocabulary.authorities else "elsewhere"
        yield Link(slot, iri, named.slug, named.start, named.end)


def _simple_links(
    text: str, known: Cues, vocabulary: Vocabulary, authorities: frozenset[str]
) -> Iterator[Link]:
    yield from _post_links(text, vocabulary, authorities)
    others = [other.span() for other in known.named["other-board"].finditer(text)]
    bodies = [
        Link("body", body.iri, body.label, *match.span())
        for body in vocabulary.bodies
        if body.of(authorities) and (match := body.names.search(text))
        if len(match.group()) > 2 and not _within(match, others)
    ]
    yield from (link for link in bodies if not any(_inside(link, other) for other in bodies))
    for match in vocabulary.names.finditer(text) if vocabulary.people else ():
        name = vocabulary.printed(match.group())
        yield Link("person", name, name, *match.span())
    groups = (known.domains, known.modes, known.assertors, known.grades)
    for slot, each in zip(("domain", "mode", "assertor", "grade"), groups, strict=True):
        for value, words_ in each.items():
            match = words_.search(text)
            if match:
                yield Link(slot, value, value, *match.span())


def _inside(link: Link, other: Link) -> bool:
    """Whether the words of a link are part of those of another: "board" in "parenting board"."""
    inside = other.start <= link.start and link.end <= other.end
    return inside and link.end - link.start < other.end - other.start


def _within(match: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= match.start() < end for start, end in spans)


def _post_links(text: str, vocabulary: Vocabulary, authorities: frozenset[str]) -> Iterator[Link]:
    """Posts by the domain's titles, then by the names of this collection; a title may be of a
    post of each authority."""
    held: dict[str, list[Named]] = {}
    for post in vocabulary.posts:
        if post.of(authorities):
            held.setdefault(post.label, []).append(post)
    found = places(text)
    if not found:
        found = {
            label: match.span()
            for label, words_ in cues().bare.items()
            if (match := words_.search(text))
        }
    for label, span in found.items():
        for iri in [post.iri for post in held.get(label, ())] or [label]:
            yield Link("post", iri, label, *span)
    for label, posts in held.items():
        for post in posts if label not in titles() else ():
            if match := post.names.search(text):
                yield Link("post", post.iri, label, *match.span())


def _topic(
    text: str,
    known: Cues,
    dates: Sequence[Spotted],
    dated: Sequence[re.Match[str]],
    links: Sequence[Link],
) -> str:
    """The question without its frame, dates and dated places; with places, or all of it,
    where too little is left."""
    spans = [(d.start, d.end) for d in dates]
    spans += [(link.start, link.end) for link in links if link.slot == "authority"]
    bare = _framed(text, known, [*spans, *(match.span() for match in dated)])
    if _content(bare) >= ENOUGH:
        return bare
    placed = _framed(text, known, spans)
    return placed if _content(placed) else text


ENOUGH = 1
"""Content words that make a topic without the documents that the question names."""


def _framed(text: str, known: Cues, spans: Sequence[tuple[int, int]]) -> str:
    kept = blank(text, spans)
    for frame in known.frame:
        kept = frame.sub(" ", kept)
    kept = re.sub(r"[?!.,;:]+(?=\s|$)|['’]s(?=\s|$)", " ", kept)
    return " ".join(kept.split())


def _content(text: str) -> int:
    return sum(1 for word in words(text) if word.printed.lower() not in STOPWORDS)
