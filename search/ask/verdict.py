"""Yes or no, as far as the words of one sentence decide it."""

from __future__ import annotations

import re

_NO = re.compile(
    r"\b(?:not|no|never|neither|nor|none|nobody|cannot|n't|failed to|fails to|refus\w+|reject\w+|"
    r"declin\w+ to|without|lack(?:s|ed|ing)?|unable|insufficient\w*|absence of|did not|too (?:few|little)|"
    r"yet to|has yet|remain(?:s|ed)? unclear|un(?:supported|willing|satisfactory))\b",
    re.I,
)
_ALL = re.compile(r"\b(?:all|every|each|both|always|everyone|whole|entire|fully)\b", re.I)
_SOME = re.compile(
    r"\b(?:some|most|many|only|not all|latter|former|majority|few|partly|partially|variable|"
    r"inconsisten\w*|except|apart from|mixed|not consistent\w*|not always|sometimes|a minority|"
    r"in part)\b",
    re.I,
)


def verdict(question: str, sentence: str) -> str:
    """``Yes`` or ``No``: a negation on one side only turns it, and "some" denies "all"."""
    said = re.match(r"\W*(yes|no)\b", sentence, re.I)
    if said:
        return said[1].capitalize()
    if _ALL.search(question) and _SOME.search(sentence):
        return "No"
    return "No" if bool(_NO.search(sentence)) != bool(_NO.search(_body(question))) else "Yes"


def _body(question: str) -> str:
    """The question without a polite negation at its head: "Didn't they …"."""
    return re.sub(r"^\s*\w+n't\b", "", question)
