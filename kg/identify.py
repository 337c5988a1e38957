"""What a document is, from its content alone: kind, title, date, publisher, authority, parties.

The words that tell are data (``ontology/kinds.yaml``). A value is given only with the
words that say it; what no words say stays None, and is never guessed from a file's name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kg import gazetteer, letterhead
from kg.event_dates import windows
from kg.gazetteer import Named
from kg.identify_date import date_of
from kg.kinds import KindOfDocument, any_of, form, kinds
from kg.letterhead import Party
from kg.model import Document, DocumentKind, Identity, Stated

_WINDOW = 3000
_NEAR = 600
_SCANNED = 200_000


def identify(document: Document) -> Identity:
    """Everything that the document's own words tell about what it is."""
    text = document.text
    kind = kind_of(text)
    record = kinds().of(kind)
    title = _title(document, record)
    authority = _authority(text, record, title)
    on_site = windows(text, labelled="inspection" in kind) if record else []
    dated = date_of(text, record.date if record else "", on_site)
    to, by = _parties(text, record)
    return Identity(
        kind=kind,
        title=title,
        date=dated.date,
        date_basis=dated.basis,
        publisher=_publisher(text, record, authority),
        authority=authority,
        addressee_post=to.post,
        addressee_name=to.name,
        signatory_post=by.post,
        signatory_name=by.name,
    )


def slug(document: Document, identity: Identity) -> str:
    """A readable, stable id: ``authority/date-kind-`` and eight digits of the file's hash."""
    place = identity.authority.value if identity.authority else _nowhere(identity)
    day = identity.date.value if identity.date else "undated"
    return f"{place}/{day}-{identity.kind}-{document.sha256[:8]}"


def kind_of(text: str) -> DocumentKind:
    """The kind whose cues weigh most, ``other`` when none weighs enough."""
    scores = {record.id: _score(record, text) for record in kinds().documents}
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] >= kinds().enough else "other"


def _score(record: KindOfDocument, text: str) -> int:
    head, tail = text[:_WINDOW], text[-_WINDOW:]
    zones = ((cue, zone) for cue in record.cues for zone in _zones(cue.head, cue.tail, head, tail))
    hits = 0
    for cue, zone in zones:
        hits += cue.weight * bool(form(cue.head or cue.tail or cue.any).search(zone or text))
    return hits


def _zones(at_head: str, at_tail: str, head: str, tail: str) -> Iterator[str]:
    yield head if at_head else tail if at_tail else ""


def _nowhere(identity: Identity) -> str:
    return "national" if identity.kind == "other" and identity.publisher else "unknown"


def _title(document: Document, record: KindOfDocument | None) -> Stated | None:
    text = document.text
    for written in record.titles if record else ():
        if match := form(written).search(text[:_WINDOW]):
            return _with_name(text, match)
    return _first_heading(document)


def _with_name(text: str, match: re.Match[str]) -> Stated:
    """A title and, where it names no authority, the name printed above or below it."""
    title = _trimmed(text, match.start(), match.end())
    if gazetteer.find(title.value):
        return title
    above = [line for line in letterhead.lines(text, 0, match.start()) if _worded(line.text)][-2:]
    below = letterhead.lines(text, match.end(), match.end() + 200)[:1]
    if name := _naming(text, above) or _unknown_council(above[-1:]):
        whole = f"{_squeezed(text[name[0] : name[1]])}: {title.value}"
        return Stated(whole, name[0], title.end)
    if name := _naming(text, below):
        return Stated(f"{title.value}: {_squeezed(text[name[0] : name[1]])}", title.start, name[1])
    return title


def _worded(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _naming(text: str, near: list[letterhead.Line]) -> tuple[int, int] | None:
    """From the first to the last of some lines, when they print an authority and little else."""
    for group in (near, near[-1:]):
        if not group or group[-1].end - group[0].start > 120:
            continue
        found = gazetteer.find(text[group[0].start : group[-1].end])
        if found and found[0].start < 25:
            return group[0].start, group[-1].end
    return None


def _unknown_council(above: list[letterhead.Line]) -> tuple[int, int] | None:
    """A line that prints a council or board that the gazetteer does not know."""
    if above and re.search(r"\b(?:Council|Borough|Board|Authority)\b", above[0].text):
        return (above[0].start, above[0].end) if len(above[0].text) < 100 else None
    return None


def _first_heading(document: Document) -> Stated | None:
    blocks = document.blocks[:12]
    ranked = [b for b in blocks if b.kind == "title"] or [b for b in blocks if b.kind == "heading"]
    for block in ranked or blocks[:1]:
        if 0 < block.end - block.start <= 300:
            return _trimmed(document.text, block.start, block.end)
    first = letterhead.lines(document.text)[:1]
    return _trimmed(document.text, first[0].start, min(first[0].end, 300)) if first else None


def _trimmed(text: str, start: int, end: int) -> Stated:
    """A span without blanks, marks and footnote digits at its ends."""
    marks = " \t\n\u00a0*#_|>"
    while start < end and text[start] in marks:
        start += 1
    while start < end and text[end - 1] in marks:
        end -= 1
    return Stated(_squeezed(text[start:end]), start, end)


def _squeezed(words: str) -> str:
    return " ".join(words.split())


def _authority(text: str, record: KindOfDocument | None, title: Stated | None) -> Stated | None:
    """The authority named in the title, else in the places where such documents name it."""
    named = _chosen(text, title.start, title.end, bare=True) if title else None
    for start, end in _zones_of(text, record) if named is None else ():
        formal_only = record is None or record.event == "meeting"
        named = named or _chosen(text, start, end, bare=not formal_only)
    if named:
        return Stated(named.slug, named.start, named.end)
    return _prevailing(text) if record else None


def _zones_of(text: str, record: KindOfDocument | None) -> list[tuple[int, int]]:
    """Where else an authority may be named: the address of a letter, the top of the rest."""
    end = letterhead.salutation(text)
    address = [(0, end)] if end else []
    if record is None:
        return [*address, *_letterheads(text)]
    return [*address, (0, _NEAR), (0, 2 * _NEAR if record.event == "meeting" else _WINDOW)]


def _letterheads(text: str) -> list[tuple[int, int]]:
    """Lines at the very top that hold a council's name and nothing else."""
    top = letterhead.lines(text, 0, _NEAR)[:3]
    whole = [(line, gazetteer.find(line.text)) for line in top]
    return [
        (line.start, line.end)
        for line, found in whole
        if len(found) == 1 and found[0].end - found[0].start == len(line.text)
    ]


def _chosen(text: str, start: int, end: int, bare: bool) -> Named | None:
    """One authority of a stretch of text: a formal name before a bare one, then the first.

    Bare names count where ``bare``: lists of councillors hold surnames that are places too.
    """
    found = [
        Named(n.start + start, n.end + start, n.slug, n.formal)
        for n in gazetteer.find(text[start:end])
    ]
    kept = [named for named in found if not _in_address(text, named)]
    return next((n for n in kept if n.formal), kept[0] if kept and bare else None)


def _in_address(text: str, named: Named) -> bool:
    """Whether a place is only the town of a sender's address."""
    around = text[max(0, named.start - 120) : named.end + 20]
    if any(m.start() <= 120 and named.formal is False for m in _addresses().finditer(around)):
        return True
    postcode = re.match(r",?\s*[A-Z]{1,2}\d[\dA-Z]?\s*\d[A-Z]{2}\b", text[named.end :])
    return bool(postcode) and not named.formal


def _addresses() -> re.Pattern[str]:
    return re.compile("|".join(kinds().addresses), re.I)


def _prevailing(text: str) -> Stated | None:
    """The authority that a document names formally far more often than any other."""
    formal = [named for named in gazetteer.find(text[:_SCANNED]) if named.formal]
    counts = Counter(named.slug for named in formal).most_common(2)
    if not counts or counts[0][1] < 3 or (len(counts) > 1 and counts[0][1] < 2 * counts[1][1]):
        return None
    first = next(named for named in formal if named.slug == counts[0][0])
    return Stated(first.slug, first.start, first.end, "inferred")


def _publisher(text: str, record: KindOfDocument | None, authority: Stated | None) -> Stated | None:
    if record is None:
        return _letterhead_body(text)
    if record.publisher.name == "authority":
        return _council(authority)
    known = record.publisher
    if known.stated and (match := any_of(known.stated).search(text)):
        return Stated(known.name, *match.span())
    if known.inferred and (match := any_of(known.inferred).search(text)):
        return Stated(known.name, *match.span(), "inferred")
    return None


def _council(authority: Stated | None) -> Stated | None:
    if authority is None:
        return None
    council = gazetteer.authorities()[authority.value].council
    return Stated(council, authority.start, authority.end, "inferred")


def _letterhead_body(text: str) -> Stated | None:
    """A body that stands alone on one of the first lines of a document of no known kind."""
    known = {record.publisher.name for record in kinds().documents} - {"authority"}
    for line in letterhead.lines(text, 0, _NEAR)[:6]:
        if line.text in known:
            return Stated(line.text, line.start, line.end)
    return None


def _parties(text: str, record: KindOfDocument | None) -> tuple[Party, Party]:
    """Addressee and signatory of what is sent or signed."""
    if record is None:
        return letterhead.addressee(text), letterhead.signatory(text)
    if record.date == "letter" or letterhead.salutation(text) is not None:
        return letterhead.addressee(text), letterhead.signatory(text)
    if record.date == "signed":
        by = letterhead.signatory(text)
        return Party(), by if by.post or by.name else letterhead.last_named(text)
    if record.event == "review":
        return Party(post=_minister(text)), Party()
    return Party(), Party()


_WORDS = r"[A-Z][a-z]+(?:,?[ \t]+(?:and[ \t]+)?[A-Z][a-z]+)*"
_MINISTER = re.compile(
    r"\b[Tt]o\s+the\s+((?:Parliamentary\s+)?(?:Under[- ])?Secretary\s+of\s+State"
    rf"(?:[ \t]+for[ \t]+{_WORDS})?|Minister(?:[ \t]+of[ \t]+State)?[ \t]+for[ \t]+{_WORDS})"
)


def _minister(text: str) -> Stated | None:
    if match := _MINISTER.search(text[:_WINDOW]):
        return _trimmed(text, *match.span(1))
    return None
