"""What a builder may choose, what a build did, and what is served."""

from __future__ import annotations

from typing import Literal

import msgspec

from kg.collect import Failure
from ontology.iris import DEFAULT_BASE


class BuildSettings(msgspec.Struct, frozen=True):
    """What a builder may choose.

    ``base`` begins the IRIs of all instances; ``names`` "none" leaves the graph of printed
    names empty; ``model`` names the embedding model (see :func:`kg.embed.open_embedder`);
    ``keep`` is how many generations stay on disk.
    """

    base: str = DEFAULT_BASE
    names: Literal["printed", "none"] = "printed"
    model: str = "all-MiniLM-L6-v2"
    keep: int = 2


class BuildReport(msgspec.Struct, frozen=True):
    """What a build did. ``generation`` is the one that is served now, if any."""

    generation: str | None
    published: bool
    read: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    failed: tuple[Failure, ...]
    counts: dict[str, int]
    seconds: float


class Status(msgspec.Struct, frozen=True):
    """What is being served; ``seconds`` is how long it took to build, where that is known."""

    generation: str
    model: str
    counts: dict[str, int]
    documents: tuple[str, ...]
    warning: str = ""
    seconds: float | None = None
