"""What was concluded is kept until its grounds or the code change."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kg.cache import PartCache
from kg.resolve.memo import Memo


class Asked:
    """Concludes, and counts how often."""

    def __init__(self, cache: PartCache, version: str = "1") -> None:
        self.memo = Memo(cache, version)
        self.times = 0

    def of(self, grounds: object) -> tuple[str, ...]:
        def conclude() -> tuple[str, ...]:
            self.times += 1
            return (f"concluded {self.times}",)

        return self.memo.get(tuple[str, ...], grounds, conclude)


def test_the_same_grounds_are_concluded_from_once(tmp_path: Path) -> None:
    cache = PartCache(tmp_path)
    asked = Asked(cache)
    grounds = ("kelland", [np.array([0.5], np.float16)], frozenset({"b", "a"}))
    first = asked.of(grounds)
    assert Asked(cache).of(("kelland", [np.array([0.5], np.float16)], {"a", "b"})) == first
    assert asked.of(("kelland", [np.array([0.25], np.float16)], {"a", "b"})) != first
    assert asked.times == 2


def test_other_code_concludes_anew(tmp_path: Path) -> None:
    cache = PartCache(tmp_path)
    Asked(cache).of("grounds")
    other = Asked(cache, "2")
    other.of("grounds")
    assert other.times == 1


def test_what_nobody_asks_for_is_forgotten(tmp_path: Path) -> None:
    asked = Asked(PartCache(tmp_path))
    for grounds in ("gone", "kept"):
        asked.of(grounds)
    asked.memo.forget()
    asked.of("kept")
    asked.memo.forget()
    asked.of("kept")
    assert asked.times == 2
    asked.of("gone")
    assert asked.times == 3


def test_a_damaged_conclusion_is_drawn_again(tmp_path: Path) -> None:
    asked = Asked(PartCache(tmp_path))
    asked.of("grounds")
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    asked.of("grounds")
    assert asked.times == 2
