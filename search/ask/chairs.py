"""Whether a sentence tells who chairs what a question names, and not only that it has a chair."""

from __future__ import annotations

import re

from search.ask import people
from search.ask.cues import cues
from search.ask.records import Reading
from search.words import words

BESIDE, MOST = 80, 0.6
"""Characters beside "chairs" within which its object stands, and the share of words it needs."""


def told(text: str, reading: Reading) -> bool:
    """Whether a sentence says that somebody chairs it, or has a chair and a name."""
    known = cues().named
    if any(_of_it(text, match, reading) for match in known["chaired"].finditer(text)):
        return True
    return bool(known["chairs"].search(text) and people.names(text, reading.mended.lower()))


def presided(text: str) -> bool:
    """Whether a line of minutes says who was in the chair."""
    match = cues().named["chaired"].search(text)
    return match is not None and match.group().lower().endswith("chair")


def _of_it(text: str, match: re.Match[str], reading: Reading) -> bool:
    """Whether what is chaired is what the question names; minutes print who was in the chair."""
    if match.group().lower().endswith("chair"):
        return True
    by = text[match.end() :].lstrip().startswith("by ")
    beside = text[: match.start()][-BESIDE:] if by else text[match.end() :][:BESIDE]
    held = {word.stem for word in words(beside)}
    topic = cues().named["chairs"].sub(" ", reading.topic)
    bodies = [topic, *(link.label for link in reading.links if link.slot == "body")]
    wanted = [{word.stem for word in words(each) if not word.is_stop} for each in bodies]
    return any(each and len(each & held) >= MOST * len(each) for each in wanted)
