"""Score predicted inspection results against the table of judgements, cell by cell.

The rules are those of the gold's README: grades are compared by meaning, names in any
case, an empty cell means "not printed" (so anything there is wrong), and ``scoring_flags``
name the cells that are not scored or have a second right answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

GRADES = (
    "overall_effectiveness",
    "help_and_protection",
    "children_in_care",
    "care_leavers",
    "adoption",
    "leadership_and_management",
    "lscb",
)
COLUMNS = (
    "framework",
    "inspection_start_date",
    "inspection_end_date",
    "publication_date",
    "lead_inspector",
    *GRADES,
)

Row = Mapping[str, str]


@dataclass(frozen=True)
class Miss:
    """A cell that is not right: what was wanted and what was given (empty: nothing)."""

    file: str
    column: str
    wanted: str
    given: str


@dataclass
class Result:
    """Counts of cells, and every cell that is wrong or missing."""

    right: int = 0
    wrong: int = 0
    missing: int = 0
    misses: list[Miss] = field(default_factory=list)

    @property
    def scored(self) -> int:
        """How many cells were scored."""
        return self.right + self.wrong + self.missing

    @property
    def share(self) -> float:
        """Share of cells that are right; 0 when none was scored."""
        return self.right / self.scored if self.scored else 0.0


def score(gold_rows: Sequence[Row], predicted: Mapping[str, Row]) -> Result:
    """Compare predictions, by file, with gold rows; a file without prediction misses all."""
    result = Result()
    for row in gold_rows:
        given = predicted.get(row["file"], {})
        for column in COLUMNS:
            _cell(result, row, column, given.get(column, "") or "")
    return result


def _cell(result: Result, row: Row, column: str, given: str) -> None:
    wanted = _wanted(row, column)
    if wanted is None:
        return
    if _same(column, given, wanted) or any(_same(column, given, w) for w in _also(row, column)):
        result.right += 1
        return
    if given:
        result.wrong += 1
    else:
        result.missing += 1
    result.misses.append(Miss(row["file"], column, wanted, given))


def _wanted(row: Row, column: str) -> str | None:
    """The gold value; None when the cell is not scored."""
    flags = row.get("scoring_flags", "")
    if column == "framework" and "framework: short/standard ambiguous" in flags:
        return None
    if column == "inspection_start_date" and re.search(r"do not score (?:the )?start", flags):
        return None
    if column == "inspection_start_date" and "dates as printed" in flags:
        return row[column]
    if column == "publication_date" and row.get("publication_date_source") != "text":
        return ""
    return row[column]


def _also(row: Row, column: str) -> list[str]:
    """Other right values that the flags name."""
    for flag in row.get("scoring_flags", "").split(";"):
        if column == "inspection_end_date" and flag.strip().startswith("dates:"):
            ends = re.findall(r"\d{4}-\d\d-\d\d", flag)
            return [*ends, row[column]]
        if column == "publication_date" and flag.strip().startswith("publication:"):
            return re.findall(r"\d{4}-\d\d-\d\d", flag)
    return []


def _same(column: str, given: str, wanted: str) -> bool:
    if column in GRADES:
        return _grade(given) == _grade(wanted)
    return " ".join(given.casefold().split()) == " ".join(wanted.casefold().split())


def _grade(printed: str) -> str:
    words = " ".join(printed.lower().replace("-", " ").split())
    words = re.sub(r"^requires? improvement.*", "requires improvement", words)
    return "" if words == "not judged" else words
