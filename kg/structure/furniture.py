"""Running headers, footers and page numbers, which belong to the page and not to the text."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher

from kg.structure.lines import Line

MARGIN = 0.1
ALIKE = 0.55
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(page\s*)?[-–]?\s*(\d{1,4}|[ivxl]{1,6})\s*[-–]?(\s*(of|/)\s*\d{1,4})?$", re.I
)

Pages = list[tuple[list[Line], float]]
Running = dict[tuple[int, float], list[str]]


def _in_margin(line: Line, height: float) -> bool:
    return line.base < MARGIN * height or line.base > (1 - MARGIN) * height


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text).casefold()


def without_furniture(pages: Pages) -> list[list[Line]]:
    """The lines of each page (given with its height) less what every page repeats.

    A line in the top or bottom tenth goes when its words, digits aside, stand there at one
    height on several pages, when it is a page number alone, or when it takes the place and
    size of such a line with words much like it (another date in the footer of page 1).
    """
    running = _running(pages)
    return [_kept(lines, height, running) for lines, height in pages]


def _kept(lines: list[Line], height: float, running: Running) -> list[Line]:
    followers = [*lines[1:], None]
    return [
        line
        for line, follower in zip(lines, followers, strict=True)
        if not _in_margin(line, height) or _marks(line, follower) or not _is_running(line, running)
    ]


def _marks(line: Line, follower: Line | None) -> bool:
    """Whether a number is the raised mark of the note that starts beside it."""
    if follower is None or not line.text.isdigit() or line.size >= follower.size:
        return False
    return 0 < line.base - follower.base < follower.size and line.x1 <= follower.x0 + 1


def _running(pages: Pages) -> Running:
    """What recurs in the margins: by height and size, the words."""
    seen: dict[tuple[str, int, float], set[int]] = defaultdict(set)
    for number, (lines, height) in enumerate(pages):
        for line in lines:
            if _in_margin(line, height):
                seen[_key(line), round(line.base), line.size].add(number)
    enough = max(2, min(3, len(pages) // 2))
    running: Running = defaultdict(list)
    for (words, base, size), numbers in seen.items():
        if len(numbers) >= enough:
            running[base, size].append(words)
    return running


def _is_running(line: Line, running: Running) -> bool:
    if _PAGE_NUMBER.match(line.text):
        return True
    key = _key(line)
    alike = (known for (_, size), known in running.items() if abs(size - line.size) < 0.6)
    if any(key in known for known in alike):
        return True
    near = [
        words
        for (base, size), known in running.items()
        if abs(base - line.base) <= 2 and abs(size - line.size) < 0.6
        for words in known
    ]
    return any(SequenceMatcher(None, key, words).ratio() > ALIKE for words in near)
