"""Yes or no, as far as the words of one sentence decide it."""

from __future__ import annotations

import re

from search.ask.content import signs
from search.words import words


def verdict(question: str, sentence: str) -> str:
    """``Yes`` or ``No``: a negation on one side only turns it, and "some" denies "all"."""
    sign = signs()
    reply = sign["reply"].search(sentence)
    if reply:
        return reply.group().strip(" -–•\t").capitalize()
    if sign["whole"].search(question) and sign["part"].search(sentence):
        return "No"
    said = _clause(sentence, question)
    denied = bool(sign["denied"].search(said)) != bool(sign["denied"].search(_body(question)))
    return "No" if denied else "Yes"


def _clause(sentence: str, question: str) -> str:
    """The clauses of a sentence that say what the question asks at its end; all of it where none
    does: "visits are late, so that plans do not …" does not deny that visits are late."""
    asked = [word.stem for word in words(question) if not word.is_stop][-1:]
    parts = signs()["clauses"].split(sentence)
    told = [part for part in parts if any(word.stem in asked for word in words(part))]
    return " ".join(told) or sentence


def _body(question: str) -> str:
    """The question without a polite negation at its head: "Didn't they …"."""
    return re.sub(r"^\s*\w+n't\b", "", question)
