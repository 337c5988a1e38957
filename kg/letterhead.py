"""The parts of a letter or signed instrument that say who writes to whom.

Works on printed lines, since formats differ in how they group them: an address block
stands between the letterhead and the salutation, a signature under the closing words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.kinds import kinds
from kg.model import Stated

_SALUTATION = re.compile(r"^[^\S\n]*dear\s+\S", re.I | re.M)
_CLOSING = re.compile(
    r"^[^\S\n]*(?:yours\s+(?:sincerely|faithfully|truly)|kind regards)\b", re.I | re.M
)
_SIGNED = re.compile(r"^[^\S\n]*signed\b[^\n]*", re.I | re.M)
_NAME = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Cllr|Councillor)\.?\s+)?"
    r"[A-Z][\w'’.-]*(?:\s+(?:de|van|von|der|la|le|al|[A-Z][\w'’.-]*)){0,3}(?:\s+(?:[A-Z]{2,4}))*"
)


@dataclass(frozen=True)
class Line:
    """One printed line without blanks and marks at its ends: ``text[start:end]``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Party:
    """A post and a name as printed, either of which may be missing."""

    post: Stated | None = None
    name: Stated | None = None


def lines(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    """The lines between two offsets that hold words."""
    out = []
    for match in re.finditer(r"[^\n]+", text[: len(text) if end is None else end][start:]):
        body = match.group().strip(" \t*#_|>\u00a0")
        if body:
            at = start + match.start() + match.group().index(body)
            out.append(Line(at, at + len(body), body))
    return out


def salutation(text: str) -> int | None:
    """Where "Dear …" stands in the first part of a text; None when it is no letter."""
    match = _SALUTATION.search(text[:4000])
    return match.start() if match else None


def addressee(text: str) -> Party:
    """To whom a letter is addressed, from the lines above the salutation."""
    end = salutation(text)
    if end is None:
        return Party()
    block = [line for line in lines(text, 0, end) if not _contact(line.text)]
    party = _party(block)
    return party if party.post or party.name else Party(name=_greeted(block, text[end : end + 80]))


def signatory(text: str) -> Party:
    """Who signs: the lines after the closing words, or after "Signed"."""
    marks = [*_CLOSING.finditer(text), *_SIGNED.finditer(text)]
    if not marks:
        return Party()
    after = lines(text, max(mark.end() for mark in marks))[:8]
    return _party(after)


def last_named(text: str) -> Party:
    """The last pair of a name and a post on lines of their own near a text's end."""
    tail = lines(text, max(0, len(text) - 2500))
    for i in range(len(tail) - 1, 0, -1):
        head, comma, _ = tail[i].text.partition(",")
        if comma and _is_name(head) and _is_post(tail[i].text) and len(tail[i].text) < 120:
            return _party([tail[i]])
        if _is_post(tail[i].text) and _is_name(tail[i - 1].text):
            return Party(_stated(tail[i]), _stated(tail[i - 1]))
    return Party()


def _party(block: list[Line]) -> Party:
    """The first line that is a post, with the name before it or on the same line."""
    for i, line in enumerate(block):
        if not _is_post(line.text):
            continue
        head, comma, rest = line.text.partition(",")
        if comma and _is_name(head) and _is_post(rest):
            post = line.text.index(rest.strip(), len(head))
            return Party(
                _stated(Line(line.start + post, line.end, rest.strip())),
                _stated(Line(line.start, line.start + len(head), head)),
            )
        name = block[i - 1] if i and _is_name(block[i - 1].text) else None
        return Party(_stated(_continued(block, i)), _stated(name) if name else None)
    return Party()


def _continued(block: list[Line], i: int) -> Line:
    """A post that runs over the line end ("Director of / Children's Services")."""
    line = block[i]
    follows = i + 1 < len(block) and re.search(r"(?:\b(?:of|for|and|the)|,|&|’s|'s)$", line.text)
    if not follows:
        return line
    after = block[i + 1]
    return Line(line.start, after.end, f"{line.text} {after.text}")


def _greeted(block: list[Line], greeting: str) -> Stated | None:
    """A name without a post, when the salutation repeats one of its words."""
    words = set(re.findall(r"[^\W\d_][\w'’-]+", greeting.split("\n")[0])) - {"Dear"}
    for line in block:
        if _is_name(line.text) and words & set(line.text.split()):
            return _stated(line)
    return None


def _is_post(text: str) -> bool:
    words = re.findall(r"[\w'’]+", text.replace("’", "'"))
    known = kinds().post_words
    return 1 <= len(words) <= 16 and any(w.lower() in known or w in known for w in words)


def _is_name(text: str) -> bool:
    words = {word.lower().strip(".,") for word in text.split()}
    plain = not words & (kinds().not_names | kinds().post_words)
    return plain and len(words) > 1 and bool(_NAME.fullmatch(text.strip()))


def _contact(text: str) -> bool:
    """Telephone numbers, addresses of mail and web: never part of an address block."""
    return bool(re.search(r"\d{3}\s?\d{3,}|@|www\.|^(?:by e-?mail|cc\b|T\s|Textphone)", text, re.I))


def _stated(line: Line) -> Stated:
    return Stated(" ".join(line.text.split()), line.start, line.end)
