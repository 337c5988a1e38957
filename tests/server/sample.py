"""A small generation about an invented council, made of records written by hand.

Two documents: a report of 2020 and a letter of 2021 that repeats one of its findings.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kg import catalogue, changes, generations, store
from kg.embed import HashingEmbedder
from kg.generations import Manifest
from kg.model import (
    Block,
    Cell,
    Claim,
    CommitmentClaim,
    DisagreementClaim,
    Document,
    DocumentKind,
    EventClaim,
    EventRef,
    FigureClaim,
    FindingClaim,
    Identity,
    JudgementClaim,
    OrganisationClaim,
    PostClaim,
    Record,
    RelationClaim,
    Stated,
    TenureClaim,
)
from kg.partitions import measure
from kg.passages import passages
from kg.quads import claim_id, derived_quads, document_quads, name_quads
from kg.quads.dataset import dataset_quads
from kg.resolve import Directory, Recall, Resolvers, resolve
from kg.resolve.disagreements import Disagreements
from kg.resolve.entities import Event, Issue
from kg.resolve.events import Events
from kg.resolve.keys import EventKey
from kg.resolve.states import State
from ontology.iris import Minter
from ontology.schemes import ontology_quads
from search.index import Indexer
from tests.plain_resolvers import PlainBodies, PlainPosts, PlainTenures

REPORT, LETTER = "kelland/2020-03-20-inspection-aaaaaaaa", "kelland/2021-06-30-letter-bbbbbbbb"
DANGEROUS = "Report on <script>alert(1)</script> & progress"
INSPECTION = EventRef("inspection", "kelland", "2020-03-02/2020-03-13", "Ofsted")
VISIT = EventRef("monitoring-visit", "kelland", "2021-06-09", "Ofsted")

BUILT = datetime(2024, 5, 3, 9, 30, tzinfo=UTC)


class Page:
    """A document in the making: text is added piece by piece, and found again by its words."""

    def __init__(self) -> None:
        self.text = ""
        self.blocks: list[Block] = []

    def add(self, kind: str, words: str, *, page: int = 1, level: int = 1, mark: str = "") -> None:
        """A block of text, with its printed mark before it."""
        self.text += f"{mark} " if mark else ""
        start = len(self.text)
        self.text += words
        self.blocks.append(Block(kind, start, len(self.text), page, level, mark))  # type: ignore[arg-type]
        self.text += "\n"

    def table(self, rows: list[list[str]], page: int = 1) -> None:
        """A table; cells stand one after the other in the text."""
        start, made = len(self.text), []
        for row in rows:
            cells = []
            for words in row:
                at = len(self.text)
                self.text += words + "\t"
                cells.append(Cell(at, at + len(words)))
            made.append(tuple(cells))
        self.blocks.append(Block("table", start, len(self.text) - 1, page, 1, "", tuple(made)))
        self.text += "\n"

    def span(self, words: str) -> tuple[int, int]:
        """Where some words stand."""
        start = self.text.index(words)
        return start, start + len(words)

    def at(self, words: str) -> dict[str, Any]:
        """What every claim says of its place and its reader."""
        start, end = self.span(words)
        return {"start": start, "end": end, "extractor": "sample@1"}

    def stated(self, value: str, words: str = "") -> Stated:
        """A value with the words that say it."""
        start, end = self.span(words or value)
        return Stated(value, start, end)


def _report() -> tuple[Page, list[Claim]]:
    page = Page()
    page.add("title", "Inspection of Kelland children’s services")
    page.add("paragraph", "Inspection dates: 2 to 13 March 2020")
    page.add("heading", "What needs to improve")
    page.add("bullet", "The quality of supervision of social workers", mark="•")
    page.add("bullet", "Caseloads in the assessment teams", mark="•")
    page.add("heading", "The experiences of children", page=2)
    for number in range(1, 13):
        page.add(
            "numbered",
            f"Plans for children in team {number} are clear and are reviewed on time, and managers "
            f"in that team know their children well.",
            page=2,
            mark=f"{number}.",
        )
    page.add(
        "numbered",
        "Supervision is not regular and does not help social workers to reflect. "
        "The Director of Children’s Services knows this.",
        page=3,
        mark="13.",
    )
    page.table([["Team", "Average caseload"], ["North", "19.5"], ["South", "24"]], page=3)
    page.add("paragraph", "The average caseload in the south is 22.", page=3)
    page.table([["Year", "Vacancies"], ["2018", "14"], ["2019", "12"], ["2020", "9"]], page=3)
    own = EventClaim(
        **page.at("2 to 13 March 2020"),
        event=INSPECTION,
        label="Inspection, Kelland",
        own=True,
        framework="ilacs-2018",
    )
    claims: list[Claim] = [
        own,
        JudgementClaim(
            **page.at("Inspection of Kelland"),
            event=INSPECTION,
            framework="ilacs-2018",
            domain="overall_effectiveness",
            grade="requires-improvement",
            printed="Requires improvement",
        ),
        FindingClaim(
            **page.at("The quality of supervision of social workers"),
            confidence=0.95,
            event=INSPECTION,
            polarity="weakness",
            themes=("supervision",),
            assertor="inspector",
            about="Kelland children’s services",
            listed=True,
        ),
        FindingClaim(
            **page.at("Supervision is not regular and does not help social workers to reflect."),
            confidence=0.8,
            event=INSPECTION,
            polarity="weakness",
            themes=("supervision", "plans"),
            assertor="inspector",
        ),
        FindingClaim(
            **page.at("Plans for children in team 1 are clear and are reviewed on time"),
            event=INSPECTION,
            polarity="strength",
            themes=("plans",),
            assertor="inspector",
        ),
        CommitmentClaim(
            **page.at("Caseloads in the assessment teams"),
            kind="area-for-improvement",
            of_whom="the council",
            due="2020-09",
            source_event=INSPECTION,
        ),
        PostClaim(
            **page.at("Director of Children’s Services"),
            post="Director of Children's Services",
            printed="Director of Children’s Services",
        ),
        TenureClaim(
            **page.at("The Director of Children’s Services knows this."),
            post="Director of Children's Services",
            holder="the interim director",
            since="2019-07",
            mode="interim",
        ),
        OrganisationClaim(
            **page.at("Kelland children’s services"),
            name="Kelland children’s services",
            printed="Kelland children’s services",
            type="department",
            authority="kelland",
        ),
        FigureClaim(
            **page.at("South\t24"),
            measure="average caseload",
            value="24",
            unit="children",
            date="2020-03",
            about="South",
        ),
        *(
            FigureClaim(
                **page.at(f"{year}\t{value}"),
                measure="vacancies",
                value=value,
                date=year,
                table="Vacancies",
                definition="At the end of March",
            )
            for year, value in (("2018", "14"), ("2019", "12"), ("2020", "9"))
        ),
        RelationClaim(
            **page.at("managers in that team know their children well"),
            subject="Kelland children’s services",
            relation="works-with",
            object="Kelland police",
            topic="missing children",
        ),
        DisagreementClaim(
            **page.at("South\t24"),
            question="What is the average caseload in the south?",
            kind="number",
            value="24",
            other_start=page.span("The average caseload in the south is 22.")[0],
            other_end=page.span("The average caseload in the south is 22.")[1],
            other_value="22",
        ),
    ]
    return page, claims


def _letter() -> tuple[Page, list[Claim]]:
    page = Page()
    page.add("title", DANGEROUS)
    page.add("paragraph", "This letter is about the visit on 9 June 2021.")
    page.add(
        "paragraph",
        "Inspectors were told in March 2020 that supervision was weak. Supervision is still too "
        "rare and is not recorded well. A review by Sandover in May 2018 said the same.",
    )
    claims: list[Claim] = [
        EventClaim(
            **page.at("the visit on 9 June 2021"),
            event=VISIT,
            label="Monitoring visit, Kelland",
            own=True,
        ),
        EventClaim(
            **page.at("in March 2020"),
            event=EventRef("inspection", "kelland", "2020-03"),
            label="Inspection in March 2020",
        ),
        EventClaim(
            **page.at("A review by Sandover in May 2018"),
            event=EventRef("review", "kelland", "2018-05", "Sandover"),
            label="Review, 2018-05",
        ),
        FindingClaim(
            **page.at("Supervision is still too rare and is not recorded well."),
            event=VISIT,
            polarity="weakness",
            themes=("supervision",),
            assertor="inspector",
        ),
    ]
    return page, claims


def _record(
    ident: str, kind: DocumentKind, page: Page, claims: list[Claim], identity: Identity
) -> Record:
    sha = hashlib.sha256(page.text.encode()).hexdigest()
    document = Document(
        ident,
        f"{ident}.pdf",
        sha,
        "application/pdf",
        page.text,
        tuple(page.blocks),
        identity=identity,
    )
    return Record(document, passages(document), tuple(claims))


def records() -> list[Record]:
    """The two documents with all that was read from them."""
    (report, said), (letter, told) = _report(), _letter()
    here = Stated("kelland", 0, 10)
    return [
        _record(
            REPORT,
            "inspection",
            report,
            said,
            Identity(
                kind="inspection",
                title=report.stated("Inspection of Kelland children’s services"),
                date=report.stated("2020-03-20", "2020"),
                date_basis="published",
                publisher=report.stated("Ofsted", "Inspection"),
                authority=here,
            ),
        ),
        _record(
            LETTER,
            "monitoring-visit-letter",
            letter,
            told,
            Identity(
                kind="monitoring-visit-letter",
                title=letter.stated(DANGEROUS),
                date=letter.stated("2021-06-30", "2021"),
                date_basis="signed",
                authority=here,
            ),
        ),
    ]


class Weak(State):
    """Ids of weaknesses."""

    found: list[str] = msgspec.field(default_factory=list)


class SampleIssues:
    """Joins the weaknesses on supervision, and nothing else."""

    def __init__(self) -> None:
        self.state = Weak()

    def see(self, record: Record) -> None:
        """Take in the weaknesses of one document."""
        self.state.found += [
            claim_id(record.document.id, claim)
            for claim in record.claims
            if isinstance(claim, FindingClaim) and claim.polarity == "weakness"
        ]

    def settle(self, events: Directory[EventKey, Event], recall: Recall) -> tuple[Issue, ...]:
        """The one issue, where there is more than one document."""
        if len(self.state.found) < 3:
            return ()
        return (
            Issue(
                "issue/kelland/supervision-12345678",
                "supervision is too rare",
                ("supervision",),
                "persisting",
                tuple(self.state.found),
                authority="kelland",
                first="2020-03-02/2020-03-13",
                last="2021-06-09",
                strength=2.0,
            ),
        )


def served(home: Path) -> generations.Generation | None:
    """The generation before this one."""
    return generations.open_generation(home) if (home / "current").exists() else None


def publish(home: Path, found: list[Record], when: datetime = BUILT) -> Path:
    """A published generation of these records."""
    resolved = resolve(
        found, Resolvers(Events, PlainBodies, PlainPosts, PlainTenures, SampleIssues, Disagreements)
    )
    minter, embedder = Minter(), HashingEmbedder()
    fresh = generations.begin(home)
    quads = list(ontology_quads(minter.graph("ontology")))
    for record in found:
        quads += document_quads(record, resolved.meant(record.document.id), minter)
        quads += name_quads(record, resolved.meant(record.document.id), minter)
    quads += derived_quads(resolved, minter)
    counts = {
        "quads": store.write(
            fresh / "store", quads, lambda held: dataset_quads(measure(held), minter)
        )
    }
    catalogue.write(fresh / "documents.sqlite", found)
    Indexer(embedder).write(fresh, found)
    changes.record(fresh, minter.base, served(home), when, "documents")
    inputs = "-".join(["sample", *(record.document.id for record in found)])
    manifest = Manifest(
        fresh.stem, inputs, minter.base, "", "", embedder.name, counts, (), {}, seconds=1.5
    )
    generations.seal(fresh, manifest)
    return generations.publish(home, fresh)
