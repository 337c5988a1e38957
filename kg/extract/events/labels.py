"""What a mentioned event is called: its kind, and what the words say it was of.

Never a piece of a sentence: a noun phrase is kept where the mention is one, cut before its
first verb; of other wordings the kind is the label, with the topic that they name.
"""

from __future__ import annotations

import re

from kg import privacy
from kg.extract.events.mentions import Mention
from kg.extract.masked import Masked
from kg.kinds import frameworks

_MARK = re.compile(r"<[POD](\d+)>")
_CUT = re.compile(
    r"(?:,|;|:| -|\(| \b(?:which|that|who|where|when|was|were|has|have|had|is|are|will|would|took|"
    r"to|and agreement|but|published|dated|held|undertaken|between|ending|ended|during|since|in|on|"
    r"at|by|from|across|following|through|and the|for the$)\b).*$",
    re.I,
)
_ENDS = re.compile(
    r"(?:\s+(?:of|for|in|on|at|by|the|an?|and|with|into|to|its|their|all|these))+$", re.I
)
_BEGINS = re.compile(
    r"^(?:the|an?|this|that|its|their|our|of|in|first|second|third|fourth|fifth|sixth|last|"
    r"previous|earlier|most recent|next)\s+",
    re.I,
)
_BARE = frozenset({"visit", "visit report", "report"})
_PLURAL = re.compile(r"\b(visit|inspection|review|report|letter|notice|direction)s\b", re.I)


def label_of(sentence: Masked, mention: Mention) -> str:
    """The label of a mention, without its date."""
    if mention.named:
        return f"{mention.kind.name}: {mention.named.name}"
    if mention.kind.label:
        return mention.kind.label
    if mention.kind.service:
        return service_label(mention.kind.service)
    if mention.topic:
        topic = phrase(sentence, mention.topic)
        return f"{mention.kind.name} of {topic}" if topic else mention.kind.name
    if not mention.noun:
        return mention.kind.name
    words = phrase(sentence, sentence.text[mention.start : mention.end])
    words = words if len(words) > 2 and words.lower() not in _BARE else mention.kind.name
    return words[:1].upper() + words[1:]


def service_label(service: str) -> str:
    """The label of an inspection of a service on its own."""
    known = next((each.label for each in frameworks().domains if each.id == service), service)
    return f"Inspection of {known}"


def phrase(sentence: Masked, words: str) -> str:
    """A noun phrase without dates, with the names of bodies and posts, cut before a verb."""
    if not privacy.without_names(_MARK.sub("", words)):
        return ""
    for mark in _MARK.finditer(words):
        entity = sentence.entities[int(mark[1])]
        if entity.name.endswith("Council"):
            words = words.replace(f"the {mark[0]}", mark[0])
        words = words.replace(mark[0], "" if entity.kind == "D" else entity.name)
    words = " ".join(words.split()).strip(" ,(")
    words = _CUT.sub("", words)
    words = _ENDS.sub("", words).strip(" ,(")
    while (bare := _BEGINS.sub("", words)) != words:
        words = bare
    return _PLURAL.sub(r"\1", words)
