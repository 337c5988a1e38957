"""The lines of the log of changes."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["document", "findings", "issue", "disagreement"]
What = Literal["added", "removed", "changed"]
Because = Literal["first", "documents", "decisions", "software"]


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One difference. ``thing`` is the id within its type; ``documents`` are those it rests on.

    Of issues: ``label`` and ``status`` as they are now, ``label_before`` and ``status_before``
    where they were others, ``was`` an earlier id, ``events`` those at which it was raised and
    that were not known before, ``lost`` how many are known no more. Of findings of a document
    that was held before: how many were ``gained`` and ``lost``.
    """

    kind: Kind
    what: What
    thing: str
    authority: str = ""
    documents: tuple[str, ...] = ()
    label: str = ""
    label_before: str = ""
    status: str = ""
    status_before: str = ""
    was: str = ""
    events: tuple[str, ...] = ()
    gained: int = 0
    lost: int = 0


class Revision(msgspec.Struct, frozen=True):
    """What one generation changed. ``when`` is an ISO time in UTC, to the second.

    ``because``: other documents, an operator's decisions, or software that reads or joins in
    another way, so that what is told of documents changed though they did not.
    """

    when: str
    generation: str
    because: Because
    changes: tuple[Change, ...] = ()
