"""What was concluded before from the same grounds: one authority's issues, say.

Grounds are digests and ids, told alike by every run. Adding a document changes the grounds of
its own authority alone, so that a build concludes anew only there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import msgspec
import numpy as np

T = TypeVar("T")


class Store(Protocol):
    """Keeps bytes by key, as :class:`kg.cache.PartCache` does; damaged ones count as none."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, part: bytes) -> None: ...

    def prune(self, keep: set[str]) -> None: ...


class Memo:
    """Conclusions by a digest of their grounds; those that were not asked for are forgotten.

    ``version`` changes with the code that concludes.
    """

    def __init__(self, cache: Store, version: str) -> None:
        self._cache, self._version = cache, version
        self._asked: set[str] = set()

    def get(self, kind: type[T], grounds: Any, conclude: Callable[[], T]) -> T:
        """What follows from the grounds: kept, or concluded now.

        Numbers of a model are no good grounds: processors round them differently.
        """
        key = self._hold(grounds)
        kept = self._cache.get(key)
        if kept is not None:
            return msgspec.msgpack.decode(kept, type=kind, dec_hook=_array)
        made = conclude()
        self._cache.put(key, msgspec.msgpack.encode(made, enc_hook=_plain))
        return made

    def hold(self, grounds: Any) -> None:
        """Keep what follows from the grounds, if it is kept, though nobody asks for it now."""
        self._hold(grounds)

    def _hold(self, grounds: Any) -> str:
        said = hashlib.sha256(self._version.encode())
        said.update(msgspec.msgpack.encode(grounds, enc_hook=_plain, order="deterministic"))
        key = said.hexdigest()
        self._asked.add(key)
        return key

    def forget(self) -> None:
        """Forget what was not asked for since this began or last forgot."""
        self._cache.prune(self._asked)
        self._asked = set()


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.tobytes()
    raise TypeError(f"{type(value).__name__} is no ground")


def _array(kind: type, value: Any) -> object:
    """Rows of float16, the one kind of array that conclusions hold."""
    return np.frombuffer(value, dtype=np.float16)
