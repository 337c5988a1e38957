"""Questions as the page and the API both ask them: one asker a generation."""

from __future__ import annotations

import re
import threading

from flask import Flask, current_app
from werkzeug.datastructures import MultiDict

from search.ask.asker import ASREAD, Asker
from search.ask.model.assist import Assistant
from search.ask.model.client import ChatModel
from search.ask.records import Answer, Choice
from search.opened import Opened
from server.searching import LONGEST
from server.settings import Settings

SLOT = "slot."
"""What the names of parameters that set slots begin with."""

_ASKS = re.compile(
    r"\?\s*$|^\s*(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|did|does|do|has|"
    r"have|had|can|list|show|name|compare)\b",
    re.IGNORECASE,
)

_ASKER = "asker"
_lock = threading.Lock()


def assistant(settings: Settings) -> Assistant | None:
    """The language model that the settings name, if they name one."""
    if not settings.llm_url:
        return None
    key = settings.llm_key.get_secret_value()
    return Assistant(ChatModel(settings.llm_url, settings.llm_model, key, settings.llm_seconds))


def use(app: Flask, settings: Settings) -> None:
    """Let the views of an application ask with the language model of the settings."""
    app.extensions["assistant"] = assistant(settings)


def is_question(text: str) -> bool:
    """Whether words ask something, rather than name what is looked for."""
    return _ASKS.search(text) is not None


def choice(args: MultiDict[str, str]) -> Choice:
    """What the parameters of a request set in the reading: ``form``, ``topic``, ``slot.…``.

    A slot that is given without a value is emptied.
    """
    slots = {
        name.removeprefix(SLOT): tuple(dict.fromkeys(v.strip() for v in values if v.strip()))
        for name, values in args.lists()
        if name.startswith(SLOT)
    }
    topic = args.get("topic", "").strip()[:LONGEST]
    return Choice(form=args.get("form") or None, slots=slots, topic=topic or None)


def asker(opened: Opened) -> Asker:
    """The asker of a generation, with the application's language model."""
    with _lock:
        found: Asker | None = opened.made.get(_ASKER)
        model: Assistant | None = current_app.extensions["assistant"]
        if found is None or found.assistant is not model:
            found = opened.made[_ASKER] = Asker(opened, model)
        return found


def ask(opened: Opened, question: str, chosen: Choice = ASREAD) -> Answer:
    """The answer to a question, or why there is none."""
    return asker(opened).ask(question, chosen)
