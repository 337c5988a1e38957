"""Holders of posts whose names or whose letters tell that they hold them.

Names are kept for public roles alone (:mod:`kg.privacy`). An addressee and a signatory hold
their post on the day of the document: that is inferred, and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg import privacy
from kg.extract import posts
from kg.extract.bodies import home
from kg.extract.context import Context
from kg.extract.lexicon import posts as lexicon
from kg.model import Block, Claim, Document, Identity, Mode, PostClaim, Record, Stated, TenureClaim

EXTRACTOR = "named@1"
_NAME = (
    r"(?:(?:(?:Sir|Dame|Dr|Professor|Canon) )?[A-Z][a-zA-Z'’-]+(?: [A-Z]\.?)?"
    r"(?: (?:de |van |von )?[A-Z][a-zA-Z'’-]+){1,2}|(?:[A-Z]\.? ){1,3}[A-Z][a-z'’-]+)"
)
_NEXT = rf"(?:(?:,? and |, )({_NAME}))?"
_AFTER = re.compile(
    rf"\s?(?:(?:for|on) this visit )?(?:were|was|are|is)?[,:(]?\s+({_NAME}){_NEXT}{_NEXT}"
    r"(?=\s?[.,;)|\n\t]|\s*$|\s(?:Her|His)\sMajesty)"
)
_BEFORE = re.compile(
    rf"(?:^|[\n:;.|\t]\s*|, |(?:and|with|were|by|appointed) )({_NAME})"
    r"(?:,| \(|\s+as(?: the)?| \(?as)\s*(?:\(?(?:the|an?)\s+)?(?:appointed )?$"
)
_RIGHT_BEFORE = re.compile(rf"({_NAME})\s+$")
_INITIALS = re.compile(r"(?:\s+[A-Z]{2,4})+$")
_IN_CHAIR = re.compile(
    r"\b(?:[Cc]ouncillor|COUNCILLOR|Cllr)\.? "
    r"((?:[A-Z]\.? ){0,2}[A-Z][a-zA-Z'’-]+(?: [A-Z][a-z]+)?)\s?\(?$"
)
_NOT_NAMES = re.compile(
    r"\b(?:Council|Board|Committee|Services?|Department|Education|Ofsted|Children|Director|Officer|"
    r"Member|Yours|Dear|Partnership|Executive|Minister|State|Police|School|Authority|City|County|"
    r"Head|Chair|Inspectors?|Majesty|Panel|January|February|March|April|May|June|July|August|"
    r"September|October|November|December|Commissioner|Assistant|Deputy|The|Town|Hall|House)\b"
)


def named_holders(
    document: Document, context: Context, told: Sequence[TenureClaim]
) -> Iterator[Claim]:
    """Names beside titles, then the parties of a letter, each on the document's day."""
    named: set[tuple[str, str]] = set()
    day = document.identity.date.value if document.identity.date else None
    for party in _parties(document, day):
        named.add((party.post, party.name.value if party.name else ""))
        yield party
    for claim in context.of(PostClaim):
        for name in _names(document, claim):
            if (claim.post, name.value) not in named:
                named.add((claim.post, name.value))
                yield _held(claim, name, day)


def _names(document: Document, claim: PostClaim) -> Iterator[Stated]:
    """Names that stand right before or after a title in its own block."""
    if not privacy.may_name(claim.post):
        return
    text = document.text
    block = next((b for b in document.blocks if b.start <= claim.start < b.end), None)
    if block is None:
        return
    initials = claim.printed.isupper() and len(claim.printed) < 5
    after = None if initials else _AFTER.match(text, claim.end, block.end)
    before = (_RIGHT_BEFORE if initials else _BEFORE).search(text, block.start, claim.start)
    spans = [after.span(i) for i in (1, 2, 3) if after[i]] if after else []
    spans += [before.span(1)] if before and not spans else []
    chair = None
    if "hair" in claim.printed.lower():
        chair = _IN_CHAIR.search(text, _line_before(document, block, claim), claim.start)
    spans += [chair.span(1)] if chair and not spans else []
    for start, stop in spans:
        end = start + len(_INITIALS.sub("", text[start:stop]))
        name = " ".join(text[start:end].split())
        around = (text[max(0, start - 80) : start], name, text[end : end + 80])
        if not _NOT_NAMES.search(name) and not privacy.is_private(*around):
            yield Stated(name, start, end)


def _line_before(document: Document, block: Block, claim: PostClaim) -> int:
    """Where the line before a claim begins, that of the block before it for its first line."""
    at = document.blocks.index(block)
    first = claim.start == block.start and at
    return document.blocks[at - 1].start if first else block.start


def _held(claim: PostClaim, name: Stated, day: str | None) -> TenureClaim:
    start, end = min(claim.start, name.start), max(claim.end, name.end)
    return TenureClaim(
        start=start,
        end=end,
        extractor=EXTRACTOR,
        confidence=0.8,
        basis="inferred",
        post=claim.post,
        organisation=claim.organisation,
        name=name,
        on=day,
        explanation="The document names this holder beside the title.",
    )


def _parties(document: Document, day: str | None) -> Iterator[TenureClaim]:
    identity: Identity = document.identity
    for post, name, role in (
        (identity.addressee_post, identity.addressee_name, "addressee"),
        (identity.signatory_post, identity.signatory_name, "signatory"),
    ):
        if post and day and (name or not _is_national(post)) and (found := _title(document, post)):
            label, organisation, mode = found
            kept = name if name and privacy.may_name(label) else None
            spans = [post, kept] if kept else [post]
            yield TenureClaim(
                start=min(each.start for each in spans),
                end=max(each.end for each in spans),
                extractor=EXTRACTOR,
                confidence=0.75,
                basis="inferred",
                post=label,
                organisation=organisation,
                name=kept,
                on=day,
                mode=mode,
                explanation=f"The {role} of a letter holds the post on its day.",
            )


def _is_national(post: Stated) -> bool:
    """Whether a report is addressed to an office of state rather than to a person."""
    labels = {form.label for form in lexicon().posts if form.national}
    return any(mention.label in labels for mention in posts.find(post.value))


def _title(document: Document, post: Stated) -> tuple[str, str | None, Mode] | None:
    """The post that a letterhead prints, its body, and how it is held."""
    found = [m for m in posts.find(" ".join(post.value.split())) if m.label]
    if not found:
        return None
    mention = found[0]
    council = home(document).council
    mode = posts.mode_before(post.value, mention.start)
    return mention.label, council if mention.of == "authority" else mention.of, mode


def named_of(record: Record) -> Iterator[tuple[str, str]]:
    """Every name that a record keeps, with the post that it belongs to."""
    for claim in record.claims:
        if isinstance(claim, TenureClaim) and claim.name:
            yield claim.post, claim.name.value
