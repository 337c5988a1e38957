"""A toy reader and extractors: text files of an invented genre, every kind of claim.

Monitoring visit|kelland|2019-06-11            kind of document, authority, date
Finding: …                                     a weakness
Grade: …                                       a judgement of good
All: …                                         one claim of every other kind
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.embed import HashingEmbedder
from kg.errors import EmptyDocument
from kg.extract import Context
from kg.model import (
    Block,
    Claim,
    CommitmentClaim,
    DisagreementClaim,
    Document,
    EventClaim,
    EventRef,
    FigureClaim,
    FindingClaim,
    Identity,
    JudgementClaim,
    OrganisationClaim,
    Passage,
    PostClaim,
    Record,
    RelationClaim,
    RepeatClaim,
    ScopeClaim,
    Sentence,
    Stated,
    TenureClaim,
)
from kg.resolve import Resolvers
from kg.resolve.disagreements import Disagreements
from kg.resolve.events import Events
from kg.tools import Tools
from tests.plain_resolvers import PlainBodies, PlainPosts, PlainTenures

VISIT = """Monitoring visit|kelland|2019-06-11

Finding: Supervision of social workers is not regular.

Grade: Leadership is good.

All: Maren Holt, the interim director since 2018-11, will publish 12 plans by 2020-03.
"""


def read(path: Path, file: str) -> Document:
    """Paragraphs between blank lines."""
    data = path.read_bytes()
    text = data.decode()
    if not text.strip():
        raise EmptyDocument("The file holds no text.", why="It is blank.", cure="Save it again.")
    blocks, start = [], 0
    for part in text.split("\n\n"):
        blocks.append(Block("paragraph", start, start + len(part.rstrip())))
        start += len(part) + 2
    sha256 = hashlib.sha256(data).hexdigest()
    return Document("", file, sha256, "text/plain", text, tuple(blocks))


def _head(document: Document) -> list[str]:
    return document.text.split("\n", 1)[0].split("|")


def identify(document: Document) -> Identity:
    """What the first line says."""
    _, authority, date = _head(document)
    end = document.text.index("\n")
    start = document.text.index(date)
    return Identity(
        kind="monitoring-visit-letter",
        title=Stated(_head(document)[0], 0, len(_head(document)[0])),
        date=Stated(date, start, end),
        date_basis="signed",
        publisher=Stated("Ofsted", 0, 10, "inferred"),
        authority=Stated(authority, document.text.index(authority), start - 1),
        addressee_post=Stated("Interim Director", 0, 10),
        addressee_name=Stated("Maren Holt", 0, 10),
    )


def slug(document: Document, identity: Identity) -> str:
    """Authority, date and digest."""
    _, authority, date = _head(document)
    return f"{authority}/{date}-letter-{document.sha256[:8]}"


def passages(document: Document) -> tuple[Passage, ...]:
    """One a paragraph."""
    return tuple(_passage(document, block) for block in document.blocks)


def _passage(document: Document, block: Block) -> Passage:
    words = document.quote(block.start, block.end)
    name = f"{document.id}/{hashlib.sha256(words.encode()).hexdigest()[:12]}"
    return Passage(name, document.id, block.start, block.end, None, ("Letter",), block.kind)


def sentences(document: Document) -> tuple[Sentence, ...]:
    """One a paragraph."""
    return tuple(Sentence(b.start, b.end, i) for i, b in enumerate(document.blocks))


def own(document: Document) -> EventRef:
    """The event that the first line names."""
    kind, authority, date = _head(document)
    return EventRef(kind.lower().replace(" ", "-"), authority, date, "Ofsted")


def events(document: Document, context: Context) -> Iterator[Claim]:
    """The document's own event."""
    end = document.text.index("\n")
    yield EventClaim(
        start=0,
        end=end,
        extractor="toy@1",
        event=own(document),
        label=_head(document)[0],
        own=True,
        framework="ilacs-monitoring-visit",
        published=Stated("2019-07-04", 0, end),
        lead=Stated("Rowan Pike", 0, 10),
        lead_post=Stated("Her Majesty's Inspector", 0, 10),
        ordinal=2,
    )


def lines(document: Document, context: Context) -> Iterator[Claim]:
    """Claims of marked paragraphs."""
    for block in document.blocks:
        start, end, text = block.start, block.end, document.quote(block.start, block.end)
        event = own(document)
        if text.startswith("Finding:"):
            yield FindingClaim(
                start=start,
                end=end,
                extractor="toy@1",
                event=event,
                polarity="weakness",
                themes=("supervision", "management-oversight"),
                assertor="inspector",
            )
        if text.startswith("Grade:"):
            yield JudgementClaim(
                start=start,
                end=end,
                extractor="toy@1",
                event=event,
                framework="ilacs-2018",
                domain="leadership_and_management",
                grade="good",
                printed="good",
            )
        if text.startswith("All:"):
            yield from every(document, start, end)


def every(document: Document, start: int, end: int) -> Iterator[Claim]:
    """One claim of each kind that is left."""
    event, at = own(document), {"start": start, "end": end, "extractor": "toy@1"}
    earlier = EventRef("inspection", "kelland", "2018-09", "Ofsted")
    director = "Director of Children's Services"
    yield PostClaim(**at, post=director, printed="the DCS", organisation="Kelland Council")
    yield TenureClaim(
        **at,
        post=director,
        organisation="Kelland Council",
        holder="the interim director",
        name=Stated("Maren Holt", start + 5, start + 15),
        since="2018-11",
        until="2019",
        on="2019-06-11",
        mode="interim",
        predecessor="the permanent director",
        successor="the next director",
        explanation="the letter is addressed to her",
    )
    yield OrganisationClaim(
        **at,
        name="Kelland Council",
        printed="the council",
        type="local-authority",
        authority="kelland",
        part_of="Kelland Partnership",
    )
    yield RelationClaim(
        **at, subject="Kelland Council", relation="works-with", object="Police", topic="risk"
    )
    yield FindingClaim(
        **at,
        event=event,
        polarity="progress",
        themes=("plans",),
        assertor="inspector",
        retells=earlier,
        about="plans",
        direction="improved",
        direction_since=earlier,
        listed=True,
        restates=1,
    )
    yield ScopeClaim(**at, event=event, themes=("plans",))
    yield RepeatClaim(
        **at,
        event=event,
        earlier=earlier,
        relation="raised-before",
        about_start=start,
        about_end=start + 4,
    )
    yield CommitmentClaim(
        **at,
        kind="undertaking",
        of_whom="the director",
        due="2020-03",
        clause="1",
        source_event=earlier,
        scope="plans",
    )
    yield CommitmentClaim(**at, kind="action", clause="1a", part_of=10)
    yield FigureClaim(
        **at,
        measure="plans to publish",
        value="1,200",
        unit="plans",
        date="2019/2020",
        about="Kelland Council",
        table="Table 1",
        definition="all plans",
    )
    yield FigureClaim(**at, measure="plans published", value="none")
    yield DisagreementClaim(
        **at,
        question="How many plans?",
        kind="number",
        value="12",
        other_start=start,
        other_end=end,
        other_value="1,200",
        explanation="invented",
    )


def tools() -> Tools:
    """Tools that read the toy genre."""
    return Tools(
        HashingEmbedder(),
        read,
        identify,
        slug,
        passages,
        sentences,
        (events, lines),
        Resolvers(Events, PlainBodies, PlainPosts, PlainTenures, disagreements=Disagreements),
    )


def letter(number: int) -> str:
    """A letter of its own day, with one finding and one grade."""
    day = f"20{10 + number // 12 % 80:02d}-{1 + number % 12:02d}-1{number % 9}"
    words = f"Finding: Plan {number} is not specific.\n\nGrade: Service {number} is good."
    return f"Monitoring visit|kelland|{day}\n\n{words}\n"


class Index:
    """An index of a kind: the ids of the documents, one a line."""

    version = "toy@1"

    def prepare(self, record: Record) -> bytes:
        """The id of one document."""
        return record.document.id.encode()

    def assemble(self, generation: Path, parts: Iterable[bytes]) -> None:
        """Write it."""
        (generation / "terms").mkdir()
        (generation / "terms/ids.txt").write_bytes(b"\n".join(parts))
