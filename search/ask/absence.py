"""Whether a sentence says that there is none of what a question speaks of.

"No serious case reviews were completed" denies what "What did the serious case review find?"
takes for granted, and settles "Was there a serious case review?".
"""

from __future__ import annotations

from search.ask.content import signs
from search.words import words


def denies(text: str, topic: str) -> bool:
    """Whether all that a topic names stands in the words right after a "no"."""
    wanted = {word.stem for word in words(topic) if not word.is_stop}
    return bool(wanted) and any(
        wanted <= {word.stem for word in words(match[1])}
        for match in signs()["none"].finditer(text)
    )
