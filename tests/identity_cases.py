"""Invented documents of every genre with what they are: folders under ``cases/identity``."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.extract import improvements, inspections
from kg.extract.context import Context
from kg.identify import identify, slug
from kg.model import Document
from kg.readers import read

CASES = Path(__file__).parent / "cases" / "identity"
NAMES = sorted(folder.name for folder in CASES.iterdir())


class NoVectors:
    """An embedder for extractors that use none."""

    name = "none"

    def encode(self, texts: Any) -> NDArray[np.float32]:
        return np.zeros((len(texts), 1), dtype=np.float32)


@cache
def document(name: str) -> Document:
    """A case's document, read and identified."""
    (path,) = (CASES / name).glob("document.*")
    return identified(read(path, path.name))


def identified(read_document: Document) -> Document:
    """A document with its identity and its id."""
    identity = identify(read_document)
    return msgspec.structs.replace(
        read_document, identity=identity, id=slug(read_document, identity)
    )


@cache
def context(name: str) -> Context:
    """What the extractors of events and lists find in a case."""
    return extracted(document(name))


def extracted(identified_document: Document) -> Context:
    """The claims of the extractors of events and lists over one document."""
    found = Context((), NoVectors())
    for extractor in (inspections.extract, improvements.extract):
        found = found.after(tuple(extractor(identified_document, found)))
    return found


def expected(name: str) -> dict[str, Any]:
    """What a case must give."""
    wanted: dict[str, Any] = json.loads((CASES / name / "expected.json").read_text("utf-8"))
    return wanted
