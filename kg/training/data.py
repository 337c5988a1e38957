"""The data recipe: labelled sentences with their surroundings, from three sources."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import msgspec

from kg.embed import HashingEmbedder
from kg.errors import FindingsError
from kg.extract.context import Context
from kg.extract.findings.places import Place, places, section_of
from kg.files import discover
from kg.model import BlockKind, Polarity, Sentence
from kg.readers import read
from kg.sentences import sentences

INVENTED = "invented"
T = TypeVar("T")


class Label(msgspec.Struct, frozen=True):
    """The label of the sentence with this digest; no polarity means no finding."""

    sentence: str
    polarity: Polarity | None = None
    themes: tuple[str, ...] = ()


class Invented(msgspec.Struct, frozen=True):
    """A composed sentence and its label."""

    sentence: str
    heading: str
    polarity: Polarity | None = None
    themes: tuple[str, ...] = ()


class Named(msgspec.Struct, frozen=True):
    """What the sentence with this digest is: its polarity and, of a weakness, the known
    problems that it reports, the main one first; none where no known one fits."""

    sentence: str
    polarity: Polarity | None = None
    problems: tuple[str, ...] = ()


class GoldRow(msgspec.Struct, frozen=True):
    """A row of ``sentences.jsonl`` of the gold."""

    doc: str
    sentence: str
    prev: str
    section: str
    polarity: Polarity | None
    themes: tuple[str, ...]
    hard: bool = False


@dataclass(frozen=True)
class Example:
    """A labelled sentence. ``document`` parts the folds; ``source`` weighs the row."""

    place: Place
    document: str
    source: str
    polarity: Polarity | None
    themes: tuple[str, ...]
    hard: bool = False

    @property
    def is_finding(self) -> bool:
        """Whether the sentence carries an evaluation."""
        return self.polarity is not None


def digest(sentence: str) -> str:
    """Twelve digits of the letters and figures of a sentence, whatever its marks."""
    letters = re.sub(r"[^a-z0-9]", "", sentence.lower())
    return hashlib.sha256(letters.encode()).hexdigest()[:12]


def examples(corpus: Path, gold: Path) -> list[Example]:
    """All labelled sentences, each once; the gold first."""
    rows = {digest(row.sentence): row for row in _rows(gold / "sentences.jsonl", GoldRow)}
    labels = {row.sentence: row for row in _rows(_data("labels.jsonl"), Label)}
    found: dict[str, Example] = {}
    for file, place in _corpus(corpus):
        key = digest(place.text)
        if key in rows and rows[key].doc == file:
            row = rows[key]
            found[key] = Example(place, file, "gold", row.polarity, row.themes, row.hard)
        elif key in labels and key not in rows:
            label = labels[key]
            found.setdefault(key, Example(place, file, "read", label.polarity, label.themes))
    unread = (_as_printed(row) for key, row in rows.items() if key not in found)
    return [*found.values(), *unread, *invented()]


def named() -> dict[str, Named]:
    """The findings whose problems a reader named, by the digest of the sentence."""
    return {row.sentence: row for row in _rows(_data("problems.jsonl"), Named)}


def invented() -> Iterator[Example]:
    """The composed sentences."""
    for row in _rows(_data("invented.jsonl"), Invented):
        place = _place(row.sentence, "", row.heading)
        yield Example(place, INVENTED, INVENTED, row.polarity, row.themes)


def _corpus(folder: Path) -> Iterator[tuple[str, Place]]:
    """Every sentence of every document of a folder, with the document's path in it."""
    for source in discover([folder]):
        try:
            document = read(source.path, source.file)
        except FindingsError:
            continue
        context = Context(sentences(document), HashingEmbedder(1))
        for place in places(document, context):
            yield source.file, place


def _as_printed(row: GoldRow) -> Example:
    """A gold sentence that the reader parts otherwise, as the gold prints it."""
    place = _place(row.sentence, row.prev, row.section)
    return Example(place, row.doc, "gold", row.polarity, row.themes, row.hard)


def _place(sentence: str, previous: str, heading: str) -> Place:
    section = section_of((heading,))
    kind: BlockKind = "bullet" if section == "improve" else "paragraph"
    return Place(Sentence(0, len(sentence), 0), sentence, previous, (heading,), kind, section)


def _data(name: str) -> Path:
    return Path(str(files("kg.training"))) / "data" / name


def _rows(path: Path, kind: type[T]) -> Iterator[T]:
    decoder = msgspec.json.Decoder(kind)
    with path.open("rb") as lines:
        yield from (decoder.decode(line) for line in lines if line.strip())
