"""Questions to search by, as people put them, and none a copy of a passage."""

from __future__ import annotations

import json
from pathlib import Path

from search.thesaurus import Thesaurus

_FRAMES = (
    "{}",
    "What was said about {}?",
    "{} getting better",
    "Why was {} criticised in 2019?",
    "examples of good {}",
    "{} not good enough, and what was asked for",
)


def questions(thesaurus: Thesaurus, count: int = 600) -> list[str]:
    """The questions of ``questions.jsonl``, then frames around wordings of the domain's terms."""
    lines = Path(__file__).with_name("questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [str(json.loads(line)["question"]) for line in lines if line.strip()][:count]
    wordings = [wording for wording, _ in thesaurus.wordings]
    more = count - len(asked)
    for place in range(more):
        frame = _FRAMES[place % len(_FRAMES)]
        asked.append(frame.format(wordings[place * len(wordings) // more]))
    return asked
