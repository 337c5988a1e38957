"""Questions with labelled answers: right, wrong, refused, and whether the evidence is cited.

By the rules of the gold's README: an answer is right when it, or its values, hold an alias
of every required element; for passages, when the citations hold the evidence.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from kg.dates import find
from search.ask.records import Answer
from search.evaluate.matching import words
from search.evaluate.report import Measure, Miss, Outcome
from search.words import STOPWORDS

Row = Mapping[str, Any]
Ask = Callable[[str], Answer]
Text = Callable[[str], str | None]

FIRST_WORDS = 60
LONG_ALIAS = 4
LONG_KINDS = frozenset({"passage", "list", "comparison"})
GOALS = {"right": 0.80, "wrong": 0.06, "refused": 0.90, "evidence": 0.95}


class Marked(msgspec.Struct, frozen=True):
    """One question with its mark: right, wrong or refused; ``evidence`` of answers, 0 to 1."""

    id: str
    type: str
    answerable: bool
    mark: str
    evidence: float | None
    answer: Answer
    wanted: str


def score(rows: Sequence[Row], ask: Ask, text_of: Text) -> Outcome:
    """Ask every question and mark the answers; ``text_of`` gives a passage's words by id."""
    marked = [mark(row, ask(row["question"]), text_of) for row in rows]
    able = [m for m in marked if m.answerable]
    unable = [m for m in marked if not m.answerable]
    answered = [m for m in able if m.evidence is not None]
    measures = (
        Measure("answerable right", _share(m.mark == "right" for m in able), GOALS["right"]),
        Measure("wrong of all", _share(m.mark == "wrong" for m in marked), GOALS["wrong"], True),
        Measure(
            "unanswerable refused", _share(m.mark == "right" for m in unable), GOALS["refused"]
        ),
        Measure(
            "answers with evidence", _mean(m.evidence or 0.0 for m in answered), GOALS["evidence"]
        ),
        *_by_type(marked),
    )
    misses = tuple(
        Miss(f"{m.id} {m.type}: {m.mark}", m.wanted, shown(m.answer))
        for m in marked
        if m.mark != "right"
    )
    return Outcome("questions", measures, {"questions": len(marked)}, misses)


def _by_type(marked: Sequence[Marked]) -> Iterable[Measure]:
    types: dict[str, list[Marked]] = defaultdict(list)
    for each in marked:
        types[each.type].append(each)
    for name, rows in sorted(types.items()):
        counts = Counter(m.mark for m in rows)
        said = ", ".join(f"{counts[k]} {k}" for k in ("right", "wrong", "refused") if counts[k])
        yield Measure(f"{name}: {said}", counts["right"] / len(rows))


def shown(answer: Answer) -> str:
    """An answer or refusal on one line, shortened."""
    return (answer.answer if answer.answered else f"REFUSED: {answer.reason}")[:300]


def mark(row: Row, answer: Answer, text_of: Text) -> Marked:
    """The mark of one answer."""
    right = row["answerable"] == answer.answered and (
        not answer.answered or _right(row, answer, text_of)
    )
    refused = row["answerable"] and not answer.answered
    return Marked(
        id=row["id"],
        type=row["type"],
        answerable=row["answerable"],
        mark="right" if right else "refused" if refused else "wrong",
        evidence=_support(row, answer, text_of) if answer.answered else None,
        answer=answer,
        wanted=str(row["answer"])[:300],
    )


def _right(row: Row, answer: Answer, text_of: Text) -> bool:
    if row["answer_kind"] == "passage":
        return _support(row, answer, text_of) >= (1.0 if "ev=any" in row["note"] else 0.5)
    said = answer.answer.split()
    if row["answer_kind"] not in LONG_KINDS:
        said = said[:FIRST_WORDS]
    whole = normal(" ".join((" ".join(said), " | ", " | ".join(answer.values))))
    return holds(row["answer"], whole)


def holds(elements: Sequence[Any], said: str) -> bool:
    """Whether what is said has an alias of each element; strings alone are all aliases."""
    if all(isinstance(each, str) for each in elements):
        return any(_alias(alias, said) for alias in elements)
    return all(holds([each] if isinstance(each, str) else each, said) for each in elements)


def _alias(alias: str, said: str) -> bool:
    """Whether an alias is said: its words in one run, or, of a long one, nearly all of them;
    a date also by a more precise one."""
    wanted = normal(alias)
    if not wanted:
        return False
    if re.search(rf"(?<![\w-]){re.escape(wanted)}(?!\w)", said):
        return True
    tokens = {w for w in wanted.split() if w not in STOPWORDS}
    return len(tokens) >= LONG_ALIAS and len(tokens & set(said.split())) >= 0.75 * len(tokens)


def normal(text: str) -> str:
    """Lower case, no punctuation, dates as ISO, numbers as digits."""
    for span in reversed(find(text)):
        text = f"{text[: span.start]} {span.edtf} {text[span.end :]}"
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text.lower())
    return " ".join(re.findall(r"[a-z0-9]+(?:[.-]\d+)*", text))


def _support(row: Row, answer: Answer, text_of: Text) -> float:
    """The share of the evidence that is cited, or whether any is."""
    given = [words(q) for q in _cited(answer, text_of)]
    found = [any(covers(words(e["quote"]), g) for g in given) for e in row["evidence"]]
    if not found:
        return 0.0
    return float(any(found)) if "ev=any" in row["note"] else sum(found) / len(found)


def _cited(answer: Answer, text_of: Text) -> Iterable[str]:
    for citation in answer.citations:
        yield citation.quote
        if citation.passage:
            yield text_of(citation.passage) or ""


def covers(wanted: Sequence[str], given: Sequence[str]) -> bool:
    """Whether at least half of a quotation's words come in order in what is given."""
    held = [0] * (len(given) + 1)
    for word in wanted:
        before = 0
        for at, other in enumerate(given, 1):
            above = held[at]
            held[at] = before + 1 if word == other else max(above, held[at - 1])
            before = above
    return bool(wanted) and held[-1] >= len(wanted) / 2


def _share(flags: Iterable[bool]) -> float:
    return _mean(float(flag) for flag in flags)


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else 0.0
