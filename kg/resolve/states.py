"""What resolvers keep of documents: values that can be stored for one document and joined."""

from __future__ import annotations

from typing import Any

import msgspec


class State(msgspec.Struct):
    """Fields are lists, sets, dicts and further states; :func:`join` knows no others."""


def join(mine: Any, more: Any) -> None:
    """Take what was kept of further documents in, as if they had been seen after the others.

    Lists and sets grow. A key that both have keeps its first value, or joins the two.
    """
    if isinstance(mine, list):
        mine.extend(more)
    elif isinstance(mine, set):
        mine.update(more)
    elif isinstance(mine, dict):
        for key, value in more.items():
            held = mine.setdefault(key, value)
            if held is not value and isinstance(held, list | set | dict | State):
                join(held, value)
    else:
        for name in mine.__struct_fields__:
            join(getattr(mine, name), getattr(more, name))
