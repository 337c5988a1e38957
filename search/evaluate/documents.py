"""Score what documents are: kind, authority and date, against the table of judgements.

Every row of that table is an inspection report whose authority is named in full; its date
is the printed publication date, and is scored where the text prints one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kg.gazetteer import find
from search.evaluate.report import Measure, Miss, Outcome

KINDS = ("inspection", "re-inspection")


def score(gold: Sequence[Mapping[str, str]], given: Sequence[Mapping[str, Any]]) -> Outcome:
    """One outcome with a measure for each of the three and every miss."""
    files = {row["document"]["file"]: row for row in given}
    misses: list[Miss] = []
    right = {"kind": 0, "authority": 0, "date": 0}
    asked = dict.fromkeys(right, 0)
    for row in gold:
        found = files.get(row["file"], {})
        for name, wanted in _wanted(row).items():
            asked[name] += 1
            value = str(found.get(name) or "")
            if value in wanted:
                right[name] += 1
            else:
                misses.append(Miss(f"{row['file']} {name}", " or ".join(wanted), value))
    measures = tuple(
        Measure(f"{name} right", right[name] / max(1, asked[name]), 0.97) for name in right
    )
    return Outcome("documents", measures, {"documents": len(gold)}, tuple(misses))


def _wanted(row: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The values that are right; a name that the gazetteer lacks is not asked for."""
    wanted: dict[str, tuple[str, ...]] = {"kind": KINDS}
    if named := find(row["authority_name"]):
        wanted["authority"] = (named[0].slug,)
    if row["publication_date_source"] == "text":
        wanted["date"] = (row["publication_date"],)
    return wanted
