"""From a document to claims: one module a kind of thing, each with one ``extract``.

    def extract(document: Document, context: Context) -> Iterator[Claim]

An extractor is pure: same document, same context, same claims; no disk, no network, no
clock. It reads ``document.text``, ``document.blocks`` and ``document.identity``, takes
sentences and vectors from the context, and yields claims whose ``start``/``end`` bound the
words that say it (never empty, never with blank ends). ``extractor`` of a claim is
``"module@version"`` (``"judgements@1"``).

``EventRef.authority`` None means the authority that the document is about; an extractor
that knows it to be another, unnamed one says ``"unknown"``.

To add one: write ``kg/extract/<kind>.py`` and name it in ``EXTRACTORS``, where order is
reading order: an extractor sees in ``context.claims`` what those before it found. Events
stand first, because nearly everything else is said of an event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kg.extract import (
    changes,
    commitments,
    events,
    figures,
    findings,
    improvements,
    inspections,
    organisations,
    posts,
    relations,
    repeats,
    retold,
    scope,
    tenures,
)
from kg.extract.context import Context, Embedder
from kg.model import Claim, Document

__all__ = ["EXTRACTORS", "Context", "Embedder", "Extractor", "extract"]

Extractor = Callable[[Document, Context], Iterator[Claim]]

EXTRACTORS: tuple[Extractor, ...] = (
    inspections.extract,
    improvements.extract,
    organisations.extract,
    posts.extract,
    tenures.extract,
    relations.extract,
    events.extract,
    commitments.extract,
    changes.extract,
    retold.extract,
    figures.extract,
    findings.extract,
    scope.extract,
    repeats.extract,
)


def extract(
    document: Document, context: Context, extractors: tuple[Extractor, ...] = EXTRACTORS
) -> tuple[Claim, ...]:
    """All claims of one document, by every extractor in order."""
    for extractor in extractors:
        context = context.after(tuple(extractor(document, context)))
    return context.claims
