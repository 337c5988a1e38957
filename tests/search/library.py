"""A small library of invented documents, as records, for tests of search."""

from __future__ import annotations

from kg.model import (
    AssertorKind,
    Block,
    Document,
    DocumentKind,
    EventRef,
    FindingClaim,
    Identity,
    Passage,
    Polarity,
    Record,
    Stated,
)

LETTER = (
    "Social workers at Kestrelby see children often. They know them well and write down"
    " what each child says about home and school, so that plans follow what children want.",
    "Initial child protection conferences are held late. Too many children wait for weeks"
    " with no plan that keeps them safe, and managers do not check what happens meanwhile.",
    "The computers that staff use fail every week. Assessments are lost and have to be"
    " written again, which leaves less time for families and tires a small team of workers.",
)
MINUTES = (
    "Members of the committee asked why so many agency workers were still employed. The"
    " director answered that permanent posts had been advertised twice without any reply.",
    "Initial child protection conferences are held late. Too many children wait for weeks"
    " with no plan that keeps them safe, and managers do not check what happens meanwhile."
    " Members noted this.",
    "The budget for foster carers rose by a tenth. Members welcomed the higher fees and the"
    " new helpline, which carers had asked for at every meeting since the spring before.",
)


def record(
    name: str,
    paragraphs: tuple[str, ...],
    *,
    kind: DocumentKind = "other",
    date: str = "2019-07-04",
    authority: str = "kestrelby",
    findings: tuple[tuple[int, Polarity, str, AssertorKind], ...] = (),
) -> Record:
    """A record whose document holds the paragraphs; a finding is (paragraph, polarity, …)."""
    text = "\n".join(paragraphs)
    starts = [text.index(paragraph) for paragraph in paragraphs]
    blocks = tuple(
        Block("paragraph", start, start + len(paragraph))
        for start, paragraph in zip(starts, paragraphs, strict=True)
    )
    identity = Identity(
        kind=kind,
        title=Stated(f"The title of {name}", 0, 3),
        date=Stated(date, 0, 3),
        authority=Stated(authority, 0, 3),
    )
    document = Document(
        f"{authority}/{name}", f"{name}.txt", name, "text/plain", text, blocks, (), identity
    )
    claims = tuple(
        FindingClaim(
            start=blocks[at].start,
            end=blocks[at].end,
            extractor="test",
            event=EventRef("monitoring-visit"),
            polarity=polarity,
            themes=(theme,),
            assertor=assertor,
        )
        for at, polarity, theme, assertor in findings
    )
    return Record(document, tuple(_passage(document, block) for block in blocks), claims)


def _passage(document: Document, block: Block) -> Passage:
    """One passage a paragraph, whatever the size that real passages have."""
    name = f"{document.id}/{block.start:04d}"
    return Passage(name, document.id, block.start, block.end, None, (), block.kind)


def library() -> list[Record]:
    """A letter with two findings and minutes that repeat one of its paragraphs."""
    return [
        record(
            "letter",
            LETTER,
            kind="monitoring-visit-letter",
            findings=(
                (0, "strength", "direct-work", "inspector"),
                (1, "weakness", "child-protection-conferences", "inspector"),
            ),
        ),
        record(
            "minutes",
            MINUTES,
            kind="committee-minutes",
            date="2021-03",
            authority="saltby",
            findings=((0, "weakness", "agency-staff", "member"),),
        ),
    ]
