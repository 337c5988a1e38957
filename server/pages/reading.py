"""How a question was read, as fields of a form: the reader sets each and asks again.

The state stands in the address, so that a reading can be sent to others.
"""

from __future__ import annotations

import re

import msgspec

from search.ask import choices
from search.ask.asker import Asker
from search.ask.choices import PASSAGES, Option
from search.ask.forms import forms
from search.ask.records import Answer, Reading
from server.asking import SLOT

TITLES = {
    "authority": "Council",
    "event": "Inspection, visit or other event",
    "document": "Document",
    "post": "Post",
    "body": "Body",
    "domain": "What is judged",
    "mode": "How the post is held",
    "assertor": "Who says it",
    "kind": "Kind of event",
    "grade": "Grade",
    "measure": "Figure",
    "date": "Date",
}
MOST = 6
"""Values of one slot that are shown; with more, the slot is too wide to be set by hand."""

_SLOT = re.compile(r"\$([a-z]+)")
_DATED = frozenset({"from", "to", "start", "end"})


class Field(msgspec.Struct, frozen=True):
    """One value of a slot, with what may stand in its place; without options it is typed."""

    id: str
    name: str
    title: str
    value: str
    options: tuple[Option, ...] = ()


class Read(msgspec.Struct, frozen=True):
    """The reading as the page shows it."""

    question: str
    mended: str
    topic: str
    fitting: tuple[Option, ...]
    others: tuple[Option, ...]
    fields: tuple[Field, ...]


def read(asker: Asker, answer: Answer) -> Read | None:
    """The reading of an answer, with everything that could be set."""
    reading = answer.reading
    if reading is None:
        return None
    form = answer.form or PASSAGES
    fitting = [PASSAGES, *asker.offered(reading)]
    others = sorted(set(forms()) - set(fitting), key=_about)
    return Read(
        reading.question,
        reading.mended,
        reading.topic,
        tuple(Option(name, _about(name), name == form) for name in fitting),
        tuple(Option(name, _about(name), name == form) for name in others),
        tuple(
            field for slot in choices.SLOTS for field in _fields(asker, reading, slot, _used(form))
        ),
    )


def _about(name: str) -> str:
    if name == PASSAGES:
        return "Quote the passages that come nearest."
    return forms()[name].about


def _used(form: str) -> frozenset[str]:
    """The slots that a form's query has."""
    if form == PASSAGES:
        return frozenset({"document", "authority"})
    found = frozenset(_SLOT.findall(forms()[form].sparql))
    return found | {"date"} if found & _DATED else found


def _fields(asker: Asker, reading: Reading, slot: str, used: frozenset[str]) -> list[Field]:
    """A field for each value of a slot, and an empty one where another may be added."""
    chosen = choices.values(reading, slot, asker.vocabulary)
    if len(chosen) > MOST or not (chosen or slot in used):
        return []
    found = choices.options(reading, slot, asker.vocabulary) if slot != "date" else []
    if slot == "authority" and len(found) < 2:
        return []
    return [
        Field(
            f"{slot}-{number}",
            SLOT + slot,
            TITLES[slot] if number == 1 else f"Or: {TITLES[slot].lower()}",
            value,
            tuple(msgspec.structs.replace(o, chosen=o.value == value) for o in found),
        )
        for number, value in enumerate((*chosen, ""), 1)
    ]
