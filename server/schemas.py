"""What the API takes and gives, as its OpenAPI description tells it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from server import searching


class ProblemModel(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class Page(BaseModel):
    """Which part of a list is wanted."""

    limit: int = Field(100, ge=1, le=10_000, description="How many entries at most.")
    offset: int = Field(0, ge=0, le=10_000_000, description="How many entries to pass over.")


class DocumentsQuery(Page):
    """Which documents are wanted."""

    authority: list[str] = Field([], description="Only these councils, by id.")


class AskQuery(BaseModel):
    """A question, and what is set in its reading; values as the ``reading`` of an answer and
    the lists of facts give them. A slot that is given empty is emptied."""

    q: str = Field(min_length=1, max_length=searching.LONGEST, description="The question.")
    form: str | None = Field(None, description="The form of question, or 'passages' for none.")
    topic: str | None = Field(None, max_length=searching.LONGEST, description="What to look for.")
    authority: list[str] = Field([], alias="slot.authority", description="Councils, by id.")
    event: list[str] = Field([], alias="slot.event", description="Events, by id.")
    document: list[str] = Field([], alias="slot.document", description="Documents, by id.")
    post: list[str] = Field([], alias="slot.post", description="Posts: post/….")
    body: list[str] = Field([], alias="slot.body", description="Bodies: organisation/….")
    domain: list[str] = Field([], alias="slot.domain", description="What is judged.")
    mode: list[str] = Field([], alias="slot.mode", description="How a post is held.")
    assertor: list[str] = Field([], alias="slot.assertor", description="Who says it.")
    kind: list[str] = Field([], alias="slot.kind", description="Kinds of event.")
    grade: list[str] = Field([], alias="slot.grade", description="Grades.")
    measure: list[str] = Field([], alias="slot.measure", description="Measures of tables.")
    date: list[str] = Field(
        [], alias="slot.date", description="Days, months, years or periods: 2019-06/2019-12."
    )


class FactsQuery(DocumentsQuery):
    """Which facts are wanted."""

    document: list[str] = Field([], description="Only these documents, by id.")


class FindingsQuery(Page):
    """Which findings are wanted."""

    document: str | None = Field(None, description="Only this document, by id.")
    all_sentences: bool = Field(False, description="Every sentence, with is_finding.")


class SearchQuery(BaseModel):
    """What to search for, under which filters."""

    q: str = Field(min_length=1, max_length=searching.LONGEST, description="What you look for.")
    limit: int = Field(10, ge=1, le=10_000, description="How many results at most.")
    offset: int = Field(0, ge=0, le=10_000, description="How many results to pass over.")
    sort: Literal["relevance", "newest", "oldest"] = Field("relevance", description="The order.")
    document: list[str] = Field([], description="Only these documents, by id or file.")
    authority: list[str] = Field([], description="Only these councils, by id.")
    kind: list[str] = Field([], description="Only these kinds of document.")
    theme: list[str] = Field([], description="Only passages with findings on these themes.")
    polarity: list[str] = Field([], description="Only passages with findings of this polarity.")
    assertor: list[str] = Field([], description="Only passages with findings by these voices.")
    since: str | None = Field(
        None, pattern=f"^({searching.DATE})?$", description="This date or later: 2019-07."
    )
    until: str | None = Field(
        None, pattern=f"^({searching.DATE})?$", description="This date or earlier."
    )


class SimilarQuery(BaseModel):
    """A passage or finding, of which the like is looked for."""

    id: str = Field(min_length=1, max_length=400, description="A passage's id, or finding/….")
    limit: int = Field(10, ge=1, le=100, description="How many results at most.")


class RepeatedQuery(Page):
    """Which recurring issues are wanted."""

    authority: str | None = Field(None, description="Only this council, by name or id.")


class CompareQuery(BaseModel):
    """Two events, as ``facts/events`` names them."""

    earlier: str = Field(description="Id of the earlier event.")
    later: str = Field(description="Id of the later event.")


class KindPath(BaseModel):
    """A kind of fact."""

    kind: str = Field(description="documents, events, judgements, posts, tenures, and so on.")


class DocumentPath(BaseModel):
    """A document."""

    document_id: str = Field(description="The document's id, slashes and all.")


class PassagePath(BaseModel):
    """A passage."""

    passage_id: str = Field(description="The passage's id, slashes and all.")


class DocumentRef(BaseModel):
    """A document as facts name it; ``file`` is its path below the folder that was built."""

    id: str
    title: str
    file: str


class Open(BaseModel):
    """A record that may grow further fields."""

    model_config = ConfigDict(extra="allow")


class SearchResult(Open):
    """A passage found; ``start`` and ``end`` are offsets in the document's stored text."""

    passage: str
    document: DocumentRef
    title: str
    date: str | None
    authority: str | None
    text: str
    score: float
    start: int
    end: int


class SearchResults(Open):
    """Passages, best first, and counts by field."""

    query: str
    results: list[SearchResult]
    total: int
    next: str | None


class Citation(Open):
    """Words that support an answer, and where they stand."""

    document: DocumentRef
    passage: str | None
    quote: str
    start: int
    end: int


class Link(BaseModel):
    """Words of the question, and what they mean here."""

    slot: str
    value: str
    label: str
    start: int
    end: int


class Reading(Open):
    """How a question was understood; ``dates`` are EDTF."""

    mended: str
    asks: str
    topic: str
    links: list[Link]
    dates: list[str]
    documents: list[str]


class ModelUse(Open):
    """What a language model did: the form it chose, whether the words are its own."""

    name: str
    chose: str | None
    worded: bool
    dropped: int
    note: str


class Answer(Open):
    """An answer with what supports it, or the reason why there is none."""

    question: str
    answered: bool
    answer: str
    values: list[str]
    rows: list[Open]
    sparql: str | None
    citations: list[Citation]
    reason: str | None
    form: str | None
    reading: Reading | None
    model: ModelUse | None


class Fact(Open):
    """One fact with the words that say it. Each kind has further fields."""

    id: str
    label: str | None
    document: DocumentRef | None
    quote: str | None


class FactList(BaseModel):
    """Facts of one kind."""

    facts: list[Fact]
    next: str | None


class Finding(Open):
    """A finding, or a sentence that may be one."""

    id: str | None
    document: DocumentRef
    text: str
    polarity: str | None = None
    themes: list[str] = []
    start: int
    end: int


class FindingList(BaseModel):
    """Findings, or all sentences."""

    findings: list[Finding]
    next: str | None


class Occurrence(Open):
    """A finding that raised an issue, or a statement that it was raised before."""

    document: DocumentRef
    event: str | None
    date: str | None
    quote: str


class Issue(Open):
    """A problem that was raised at two or more events, in order of date."""

    id: str
    label: str
    problem: str | None = Field(None, description="The known problem that it is, by id.")
    themes: list[str]
    authority: str | None
    first: str | None
    last: str | None
    status: str
    occurrences: list[Occurrence]
    explicit: list[Occurrence]


class ComparedIssue(Open):
    """A problem that both events raised."""

    id: str
    label: str
    status: str
    earlier: list[Occurrence]
    later: list[Occurrence]


class Comparison(Open):
    """What became of the weaknesses of one event at a later one."""

    looked_at: list[str] | None = Field(description="Themes; null for an event that looks at all.")
    repeated: list[ComparedIssue]
    new: list[Occurrence]
    no_longer_found: list[Occurrence]
    not_looked_at: list[Occurrence]


class IssueList(BaseModel):
    """Recurring issues, strongest first."""

    issues: list[Issue]
    next: str | None


class DocumentSummary(Open):
    """A document in the list."""

    id: str
    title: str
    file: str
    kind: str
    date: str | None
    publisher: str | None
    authority: str | None


class DocumentList(BaseModel):
    """The documents that are loaded."""

    documents: list[DocumentSummary]
    next: str | None


class PassageModel(BaseModel):
    """A passage with its words."""

    id: str
    document: str
    start: int
    end: int
    page: int | None
    headings: list[str]
    kind: str
    text: str


class DocumentModel(DocumentSummary):
    """A document with its stored text, its blocks and its passages."""

    text: str
    pages: list[int]
    blocks: list[Open]
    passages: list[PassageModel]


class Authority(BaseModel):
    """A council."""

    id: str
    name: str


class Status(Open):
    """What is loaded."""

    generation: str
    documents: int
    passages: int
    first_date: str | None
    last_date: str | None
    authorities: list[Authority]
    model: str
