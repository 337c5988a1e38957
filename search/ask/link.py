"""A question read: what it asks for, and what its words mean in this collection.

text ──respell──▶ mended ──▶ dates, places (documents, events), posts, bodies, authorities,
domains, modes, themes, cues ──▶ what is left is the topic
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from kg import gazetteer
from kg.dates import compatible
from kg.edtf import earliest, latest
from search.ask.cues import Cues, Place, cues
from search.ask.dates import Spotted, spot
from search.ask.graded import judged
from search.ask.posts import places, titles
from search.ask.records import Asks, Link, Reading
from search.ask.relative import Spots, resolved
from search.ask.single import singled
from search.ask.vocabulary import Entry, Named, Vocabulary
from search.words import STOPWORDS, words

_NEAR = 45
"""Characters between a place word and a date that belong together at most."""


def read(question: str, vocabulary: Vocabulary, corrected: Sequence[tuple[str, str]]) -> Reading:
    """The reading of a question whose typing errors have been found already."""
    known = cues()
    mended = question
    for wrong, right in corrected:
        mended = mended.replace(wrong, right)
    mended = _owned(respelt(mended, known))
    spots = list(_places(mended, known))
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
            mended, known, dates, [m for m, _ in spots if _dates_of(m, dates, mended)], links
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
    places = tuple(_place_links(text, spots, dates, vocabulary, authorities))
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


def _places(text: str, known: Cues) -> Iterator[tuple[re.Match[str], Place]]:
    """Place words in order of the file; a word belongs to the first place that claims it."""
    taken: list[tuple[int, int]] = []
    for place in known.places:
        for match in place.words.finditer(text):
            if not any(a < match.end() and match.start() < b for a, b in taken):
                taken.append(match.span())
                yield match, place


def _place_links(
    text: str,
    spots: Spots,
    dates: Sequence[Spotted],
    vocabulary: Vocabulary,
    authorities: frozenset[str],
) -> Iterator[Link]:
    """Documents and events that place words with their dates can mean; those of the
    authorities named, where any are.

    A named place with a date that nothing loaded fits gives ``absent``; a place without a
    date means all of its kind.
    """
    for match, place in spots:
        near = _dates_of(match, dates, text)
        span = match.start(), match.end()
        for kind in place.events:
            yield Link("kind", kind, kind, *span)
        loaded = [
            d for d in vocabulary.documents if d.kind in place.documents and _of(d, authorities)
        ]
        chosen = [d for d in loaded if not near or _fits(d, near)]
        if not near and not place.loose and dates and len(chosen) > 1:
            chosen = _latest_before(chosen, dates) or chosen
        if place.loose and dates and not near:
            near = [date for date in dates if any(_fits(d, [date]) for d in loaded)]
            chosen = [d for d in loaded if _fits(d, near)] if near else chosen
        for document in chosen:
            slot = "document" if near or not place.loose else "loose"
            slot = slot if near or len(chosen) <= (FEW if authorities else 2) else "loose"
            yield Link(slot, document.iri, document.id, *span)
        for event in vocabulary.events:
            fitting = event.kind in place.events and _of(event, authorities)
            if fitting and near and _fits(event, near):
                yield Link("event", event.iri, event.label, *span)
        if near and not place.loose and not chosen:
            label = " ".join((match.group(), *(date.value for date in near)))
            yield Link("absent", label, label, *span)


FEW = 4
"""Documents of an authority named that a place word without a date may mean together."""


def _of(entry: Entry, authorities: frozenset[str]) -> bool:
    return not authorities or entry.authority in authorities


def _latest_before(entries: list[Entry], dates: Sequence[Spotted]) -> list[Entry]:
    """The last of several before the latest date named: "the inspection" that was discussed."""
    until = max(latest(date.value) for date in dates)
    before = [e for e in entries if e.dates and max(map(latest, e.dates)) <= until]
    return sorted(before, key=lambda e: max(map(latest, e.dates)))[-1:]


def _dates_of(match: re.Match[str], dates: Sequence[Spotted], text: str) -> list[Spotted]:
    """Dates that belong to a place word: "the June 2019 visit", "visits of June and October"."""
    bare = _blank(text, [*((d.start, d.end) for d in dates), *_authority_spans(text)])
    found = []
    for date in dates:
        before = date.end <= match.start()
        gap = bare[date.end : match.start()] if before else bare[match.end() : date.start]
        if len(" ".join(gap.split())) <= _NEAR and cues().joins.match(gap.lower()):
            found.append(date)
    return found


def _authority_spans(text: str) -> list[tuple[int, int]]:
    """Where authorities are named: "the visit to Hull in June" is the visit in June."""
    return [(n.start, n.end) for n in (*gazetteer.find(text), *gazetteer.find(text.title()))]


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with blanks in the place of some of its words, of the same length."""
    signs = list(text)
    for start, end in spans:
        signs[start:end] = " " * (end - start)
    return "".join(signs)


def _fits(entry: Entry, dates: Sequence[Spotted]) -> bool:
    return any(overlap(date.value, held) for date in dates for held in entry.dates)


def overlap(a: str, b: str) -> bool:
    """Whether two dates share a day: an inspection over two months is of either."""
    first, last = max(earliest(a), earliest(b)), min(latest(a) or "9", latest(b) or "9")
    return first <= last


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
    kept = _blank(text, spans)
    for frame in known.frame:
        kept = frame.sub(" ", kept)
    kept = re.sub(r"[?!.,;:]+(?=\s|$)|['’]s(?=\s|$)", " ", kept)
    return " ".join(kept.split())


def _content(text: str) -> int:
    return sum(1 for word in words(text) if word.printed.lower() not in STOPWORDS)
