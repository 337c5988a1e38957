"""Questions as the page and the API both ask them: one asker a generation."""

from __future__ import annotations

import re
import threading
from weakref import WeakKeyDictionary

from search.ask.asker import Asker
from search.ask.records import Answer
from search.opened import Opened

_ASKS = re.compile(
    r"\?\s*$|^\s*(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|did|does|do|has|"
    r"have|had|can|list|show|name|compare)\b",
    re.IGNORECASE,
)

_askers: WeakKeyDictionary[Opened, Asker] = WeakKeyDictionary()
_lock = threading.Lock()


def is_question(text: str) -> bool:
    """Whether words ask something, rather than name what is looked for."""
    return _ASKS.search(text) is not None


def ask(opened: Opened, question: str) -> Answer:
    """The answer to a question, or why there is none."""
    with _lock:
        asker = _askers.get(opened)
        if asker is None:
            asker = _askers[opened] = Asker(opened)
    return asker.ask(question)
