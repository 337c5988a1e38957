"""The known problems of ``problems.yaml``: what inspections find over and over."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """A known problem: its id, its theme, its label, and sentences that report it.

    A ``general`` one gathers what says nothing specific, and so never is a recurring issue.
    """

    id: str
    theme: str
    label: str
    says: tuple[str, ...]
    general: bool = False


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: str
    says: tuple[str, ...]
    general: bool = False


@cache
def problems() -> tuple[Problem, ...]:
    """The known problems in the order of the file."""
    text = (files("ontology") / "problems.yaml").read_bytes()
    known = msgspec.yaml.decode(text, type=dict[str, dict[str, _Entry]])
    return tuple(
        Problem(name, theme, entry.label, entry.says, entry.general)
        for theme, entries in known.items()
        for name, entry in entries.items()
    )


@cache
def problem(ident: str) -> Problem:
    """A known problem by its id.

    :raises KeyError: for an id that the file lacks.
    """
    return {each.id: each for each in problems()}[ident]
