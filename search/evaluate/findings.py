"""Score findings against labelled sentences: finding or not, polarity, themes.

A labelled sentence is matched by its letters within its document. It is a finding of the
system when the sentence listed with it is one; a sentence that the system parts otherwise
is looked for in what it contains. Rows that the labellers found hard are left out of the
strict figures and counted in those that begin with "all".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from kg.extract.findings.heads import suited
from search.evaluate.report import Measure, Miss, Outcome
from search.listing import all_sentences
from search.opened import Opened

Row = Mapping[str, Any]
Pair = tuple[Row, Row | None]

_GOALS = {
    "finding F1": 0.94,
    "finding MCC": 0.70,
    "polarity right": 0.88,
    "main theme is the first listed": 0.68,
    "main theme is among the listed": 0.78,
    "first listed theme among three": 0.88,
}


def evaluate(opened: Opened, gold: Path) -> Iterator[Outcome]:
    """Score what is served against ``sentences.jsonl`` of a folder of labelled data.

    The models were trained on the development sentences, so for those the figures that tell
    are the ones of the card: each document judged by a model that did not see it.
    """
    lines = (gold / "sentences.jsonl").read_bytes().splitlines()
    rows = [msgspec.json.decode(line) for line in lines if line.strip()]
    files = {row["doc"] for row in rows}
    named = [one.id for one in opened.catalogue.documents() if one.file in files]
    yield score(rows, (row for ident in named for row in all_sentences(opened, ident)))
    yield _held_out(opened.embedder.name)


def _held_out(embedder: str) -> Outcome:
    """What was measured on documents held out when the models were trained."""
    measured = suited(embedder).card.measured
    names = ("f1", "mcc", "polarity", "main_first", "main_listed", "first_in_three")
    measures = [
        Measure(name, measured[key], goal)
        for key, (name, goal) in zip(names, _GOALS.items(), strict=True)
    ]
    return Outcome("findings, cross-validated in training", tuple(measures))


def score(gold: Sequence[Row], sentences: Iterable[Row]) -> Outcome:
    """Compare gold rows with every sentence of the documents, as ``list --all-sentences``."""
    pairs = _paired(gold, sentences)
    strict = [pair for pair in pairs if not pair[0].get("hard")]
    measures = [Measure(name, value, _GOALS[name]) for name, value in _figures(strict)]
    measures += [Measure(f"all: {name}", value) for name, value in _figures(pairs)]
    counts = {
        "sentences": len(pairs),
        "hard": len(pairs) - len(strict),
        "not found": sum(found is None for _, found in pairs),
    }
    return Outcome("findings", tuple(measures), counts, tuple(_misses(strict)))


def letters(text: str) -> str:
    """Letters and digits alone, in lower case: what survives of a sentence everywhere."""
    return re.sub(r"<[^>]+>|[^a-z0-9]", "", text.lower())


def agreement(pairs: Iterable[tuple[bool, bool]]) -> tuple[float, float]:
    """F1 and Matthews' correlation of (true, said)."""
    count: dict[tuple[bool, bool], int] = defaultdict(int)
    for pair in pairs:
        count[pair] += 1
    both, missed = count[True, True], count[True, False]
    extra, neither = count[False, True], count[False, False]
    product = (both + extra) * (both + missed) * (neither + extra) * (neither + missed)
    f1 = 2 * both / ((2 * both + extra + missed) or 1)
    return f1, (both * neither - extra * missed) / float((product or 1) ** 0.5)


def _paired(gold: Sequence[Row], sentences: Iterable[Row]) -> list[Pair]:
    """Each gold row with the system's sentence, the one that shares most when none is equal."""
    files = {row["doc"] for row in gold}
    said: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for row in sentences:
        if row["document"]["file"] in files:
            said[row["document"]["file"]].append((letters(row["text"]), row))
    return [(row, _match(letters(row["sentence"]), said[row["doc"]])) for row in gold]


def _match(wanted: str, said: list[tuple[str, Row]]) -> Row | None:
    for text, row in said:
        if text == wanted:
            return row
    inside = [(len(text), row) for text, row in said if text and (text in wanted or wanted in text)]
    return max(inside, key=lambda each: each[0])[1] if inside else None


def _figures(pairs: Sequence[Pair]) -> list[tuple[str, float]]:
    f1, mcc = agreement((bool(gold["is_finding"]), _found(said)) for gold, said in pairs)
    true = [(gold, said or {}) for gold, said in pairs if gold["is_finding"]]

    def share(right: Callable[[Row, Row], bool]) -> float:
        return sum(right(gold, said) for gold, said in true) / (len(true) or 1)

    values = (
        f1,
        mcc,
        share(lambda gold, said: said.get("polarity") == gold["polarity"]),
        share(lambda gold, said: _main(said) == gold["themes"][0]),
        share(lambda gold, said: _main(said) in gold["themes"]),
        share(lambda gold, said: gold["themes"][0] in (said.get("themes") or ())[:3]),
    )
    return list(zip(_GOALS, values, strict=True))


def _found(said: Row | None) -> bool:
    return bool(said and said["is_finding"])


def _main(said: Row) -> str | None:
    themes = said.get("themes") or ()
    return themes[0] if themes else None


def _misses(pairs: Sequence[Pair]) -> Iterable[Miss]:
    for gold, said in pairs:
        wanted, given = _shown(gold), _shown(said or {})
        if wanted != given:
            yield Miss(f"{gold['doc']}: {gold['sentence'][:160]}", wanted, given)


def _shown(row: Row) -> str:
    if not row.get("is_finding"):
        return "no finding"
    return f"{row.get('polarity')} · {(row.get('themes') or ('',))[0]}"
