"""Yes or no, as far as the words of one sentence decide it."""

from __future__ import annotations

import re

from search.ask.content import signs


def verdict(question: str, sentence: str) -> str:
    """``Yes`` or ``No``: a negation on one side only turns it, and "some" denies "all"."""
    sign = signs()
    reply = sign["reply"].search(sentence)
    if reply:
        return reply.group().strip(" -–•\t").capitalize()
    if sign["whole"].search(question) and sign["part"].search(sentence):
        return "No"
    denied = bool(sign["denied"].search(sentence)) != bool(sign["denied"].search(_body(question)))
    return "No" if denied else "Yes"


def _body(question: str) -> str:
    """The question without a polite negation at its head: "Didn't they …"."""
    return re.sub(r"^\s*\w+n't\b", "", question)
