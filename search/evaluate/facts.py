"""Score facts of every kind against the gold, by the rules of the gold's README.

    scores = score(gold_dir_rows, facts_by_kind)      # {"events": KindScore(…), …}

Gold rows and system rows are matched greedily, one to one, best pair first; both sides are
pure data, so that a test can score a list that it made. Every miss is listed, and so is
every row that no gold row asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.edtf import earliest, latest
from ontology.families import family
from search.evaluate import matching
from search.evaluate.matching import Row, best_overlap, name, names, same_date

Judge = Callable[[Row, Row], float]
"""How right a system row is for a gold row: 0 no match, 1 all right."""

KIND_OF = {
    "recommendations": "commitments",
    "statistics": "figures",
    "contradictions": "disagreements",
}
"""Kinds of facts by the name of their gold file, where it differs."""

QUOTED = 0.5
"""Share of the shorter quotation that two quotations must have in common."""

DOMAINS = frozenset(
    {
        "overall_effectiveness",
        "help_and_protection",
        "children_in_care",
        "care leavers",
        "adoption",
        "leadership_and_management",
        "lscb",
    }
)
"""Domains of judgement as :func:`_domain` gives them."""

FAMILIES = {
    "progress-review": "review",
    "commissioner-report": "commissioners-report",
    "election-outcome": "election",
    "deployment": "appointment",
    "context": "other",
    "plan-update": "launch",
    "terms-of-reference-duty": "duty",
    "direction-requirement": "requirement",
}


@dataclass
class KindScore:
    """Matched pairs of one kind with their marks; what is missed and what is extra."""

    kind: str
    gold: int
    given: int
    marks: float = 0.0
    missed: list[Row] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)
    partial: list[tuple[Row, Row, float]] = field(default_factory=list)
    traps: list[Row] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Marks as a share of gold rows; 1 when there are none."""
        return self.marks / self.gold if self.gold else 1.0

    @property
    def precision(self) -> float:
        """Marks as a share of system rows; 1 when there are none."""
        return self.marks / self.given if self.given else 1.0


def score(
    gold: Mapping[str, Sequence[Row]], facts: Mapping[str, Sequence[Row]]
) -> dict[str, KindScore]:
    """Score every kind that has gold rows; ``gold`` is by gold file name, ``facts`` by kind."""
    files = frozenset(row["doc"] for rows in gold.values() for row in rows)
    judges = _judges(gold)
    out: dict[str, KindScore] = {}
    for file, rows in gold.items():
        kind = KIND_OF.get(file, file)
        if kind in judges and kind in facts:
            given = [_named_too(row, facts) for row in matching.within(facts[kind], files)]
            wanted = [row for row in rows if _counts(row)]
            out[kind] = match(kind, wanted, given, judges[kind])
            out[kind].traps = _traps(rows, given, judges[kind])
    return out


def _named_too(row: Row, facts: Mapping[str, Sequence[Row]]) -> Row:
    """A row with the other names of the post or body that it names by its label."""
    given = {name(str(row[key])) for key in ("post", "post_label", "of_whom") if row.get(key)}
    if not given:
        return row
    known = [names(each) for kind in ("posts", "organisations") for each in facts.get(kind, ())]
    also = sorted({other for each in known if given & each for other in each})
    old = {key: row.get(key) or () for key in ("post_aliases", "of_whom_aliases")}
    return {**row, **{key: [*values, *also] for key, values in old.items()}}


def match(kind: str, gold: Sequence[Row], given: Sequence[Row], judge: Judge) -> KindScore:
    """Greedy one-to-one matching, best pair first."""
    pairs = [
        (mark, i, j)
        for i, wanted in enumerate(gold)
        for j, row in enumerate(given)
        if (mark := judge(wanted, row)) > 0
    ]
    result = KindScore(kind, len(gold), len(given))
    used_gold: set[int] = set()
    used_given: set[int] = set()
    for mark, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if i in used_gold or j in used_given:
            continue
        used_gold.add(i)
        used_given.add(j)
        result.marks += min(mark, 1.0)
        if mark < 1:
            result.partial.append((gold[i], given[j], mark))
    result.missed = [row for i, row in enumerate(gold) if i not in used_gold]
    result.extra = [row for j, row in enumerate(given) if j not in used_given]
    return result


def _counts(row: Row) -> bool:
    """Whether a gold row counts for recall: of contradictions the hard and resolvable ones."""
    return row.get("severity", "hard") in ("hard", "resolvable")


def _traps(gold: Sequence[Row], given: Sequence[Row], judge: Judge) -> list[Row]:
    traps = [row for row in gold if row.get("severity") == "trap"]
    return [trap for trap in traps if any(judge(trap, row) for row in given)]


def _judges(gold: Mapping[str, Sequence[Row]]) -> dict[str, Judge]:
    known = {row["id"]: row for rows in gold.values() for row in rows if "id" in row}
    return {
        "documents": _document,
        "events": _event,
        "judgements": lambda wanted, row: _judgement(wanted, row, known),
        "posts": _named,
        "organisations": _named,
        "tenures": lambda wanted, row: _tenure(wanted, row, known),
        "commitments": lambda wanted, row: _commitment(wanted, row, known),
        "figures": _figure,
        "disagreements": _disagreement,
        "explicit_repeats": lambda wanted, row: _repeat(wanted, row, known),
    }


def _kind(kind: str | None) -> str:
    kind = kind or ""
    return family(FAMILIES.get(kind, kind))


def _document(gold: Row, row: Row) -> float:
    right = (
        _kind(gold["kind"]) == _kind(row.get("kind"))
        and (not row.get("publisher") or name(row["publisher"]) in name(gold["publisher"]))
        and same_date(gold["date_of_document"], row.get("date"))
    )
    return float(right and gold["doc"] in matching.files_of(row))


def _event(gold: Row, row: Row) -> float:
    if _kind(gold["kind"]) != _kind(row.get("kind")):
        return 0.0
    shared = best_overlap(gold, row)
    if gold.get("date") and row.get("date"):
        return (1.0 + shared) * same_date(gold["date"], row["date"])
    return (1.0 + shared) * (shared >= QUOTED)


def _judgement(gold: Row, row: Row, known: Mapping[str, Row]) -> float:
    event = known.get(gold.get("event") or "", {})
    start = row.get("inspection_start") or row.get("date")
    dated = same_date(event.get("date"), start) or best_overlap(gold, row) >= QUOTED
    return float(
        dated
        and _same_domain(gold, row)
        and name(gold["grade"] or "") == _grade(row.get("grade") or "")
    )


def _same_domain(gold: Row, row: Row) -> bool:
    """One domain; where the gold has none of a framework's, the quotation says what was graded."""
    wanted = _domain(gold["domain"])
    said = wanted not in DOMAINS and best_overlap(gold, row) >= QUOTED
    return said or wanted == _domain(row.get("domain") or "")


def _domain(text: str) -> str:
    plain = name(text)
    tests = {
        "overall": "overall_effectiveness",
        "leaders": "leadership_and_management",
        "help": "help_and_protection",
        "care": "children_in_care",
        "looked after": "children_in_care",
    }
    return next((domain for word, domain in tests.items() if word in plain), plain)


def _grade(text: str) -> str:
    return name(text).removesuffix(" to be good")


def _named(gold: Row, row: Row) -> float:
    return float(bool(names(gold) & names(row)))


def _tenure(gold: Row, row: Row, known: Mapping[str, Row]) -> float:
    if not _is_post(gold["post"], row, known) or not _overlaps(gold, row) or not _mode(gold, row):
        return 0.0
    return 0.5 * (_edge(gold, row, "start") + _edge(gold, row, "end"))


def _is_post(post: str, row: Row, known: Mapping[str, Row]) -> bool:
    wanted = names(known[post]) if post in known else frozenset({name(post)})
    given = names(
        {"label": row.get("post_label") or row.get("post"), "aliases": row.get("post_aliases")}
    )
    return bool(wanted & given)


def _overlaps(gold: Row, row: Row) -> bool:
    def reach(each: Row) -> tuple[str, str]:
        start = earliest(each["start"]) if each.get("start") else "0000"
        return start, (latest(each["end"]) if each.get("end") else "9999") or "9999"

    (a, b), (c, d) = reach(gold), reach(row)
    return a <= d and c <= b


def _edge(gold: Row, row: Row, side: str) -> bool:
    return same_date(gold.get(side), row.get(side))


def _mode(gold: Row, row: Row) -> bool:
    wanted, given = gold.get("status") or gold.get("mode"), row.get("mode")
    unmarked = given in (None, "", "unknown") and wanted == "permanent"
    return not wanted or wanted == given or unmarked


def _commitment(gold: Row, row: Row, known: Mapping[str, Row]) -> float:
    shared = best_overlap(gold, row)
    if shared < QUOTED or gold["doc"] not in matching.files_of(row):
        return 0.0
    kind = _kind(gold["kind"]).split("-")[-1] == _kind(row.get("kind"))
    return (1.0 + shared + 0.5 * kind) * _of_whom(gold, row, known)


def _of_whom(gold: Row, row: Row, known: Mapping[str, Row]) -> bool:
    wanted, given = gold.get("of_whom"), row.get("of_whom")
    if not wanted or not given:
        return not wanted
    accepted = names(known[wanted]) if wanted in known else frozenset(map(name, wanted.split("|")))
    given = {name(given), *map(name, row.get("of_whom_aliases") or ())}
    return bool(accepted & given) or any(
        a in b or b in a for a in accepted for b in given if wanted not in known
    )


def _figure(gold: Row, row: Row) -> float:
    if str(gold.get("value")) != str(row.get("value")) and gold.get("value") != _number(
        row.get("value")
    ):
        return 0.0
    measured = name(str(gold.get("measure") or "")) == name(str(row.get("measure") or ""))
    shared = best_overlap(gold, row)
    dated = not gold.get("date") or same_date(gold["date"], row.get("date"))
    return (1.0 + shared + measured) * (dated and (measured or shared >= QUOTED))


def _number(value: object) -> float | None:
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        return None


def _disagreement(gold: Row, row: Row) -> float:
    sides = [side.get("quote") or "" for side in row.get("sides") or ()]
    wanted = [gold.get("quote") or "", gold.get("quote_b") or ""]
    covered = [
        max((matching.overlap(quote, side) for side in sides), default=0.0) for quote in wanted
    ]
    return sum(covered) / 2 if min(covered) >= QUOTED else 0.0


def _repeat(gold: Row, row: Row, known: Mapping[str, Row]) -> float:
    if best_overlap(gold, row) < QUOTED:
        return 0.0
    earlier = gold.get("earlier_event")
    wanted = [earlier] if isinstance(earlier, str) else earlier or []
    dates = [known[each].get("date") for each in wanted if each in known]
    return float(not dates or any(same_date(date, row.get("earlier_date")) for date in dates))
