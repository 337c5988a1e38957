"""``python -m kg.training.problems``: weights that tell which known problem a finding reports.

Findings of the corpus whose problems a reader named (``data/problems.jsonl``) and the
sentences of ``ontology/problems.yaml`` are the examples. Authorities are held out, a fifth of
them at a time, for the figures that are printed; the weights written are of all.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from kg.cache import RecordCache
from kg.collect import Collector, stream
from kg.embed import PACKAGED, open_embedder
from kg.extract.findings.heads import gram_values, inverse_frequency
from kg.files import discover
from kg.model import FindingClaim, Record
from kg.progress import Quiet
from kg.resolve.issues.mentions import statements
from kg.resolve.issues.naming import VECTOR_SCALE, Card, NamingModel, Rows, Seen, aligned
from kg.resolve.issues.space import ProblemSpace, Statement
from kg.tools import standard
from kg.training.data import digest, named
from kg.versions import reading_version
from ontology.problems import problems

WEIGHTS = Path(__file__).parents[1] / "resolve" / "issues" / "weights"
FOLDS = 5
SHRINK = 3e-4
STEPS = 80
LEAST, MOST = 3, 2500
"""The fewest findings that a word must stand in, and the most words kept."""

MAIN = 0.7
"""The part of a finding's weight that its first problem has where it reports several."""


class Example(NamedTuple):
    """A finding, its authority, and the problems that a reader named; none: no known one."""

    statement: Statement
    authority: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Examples as the model sees them, with what it should say."""

    examples: list[Example]
    seen: Seen
    target: Rows

    def pick(self, keep: Sequence[int]) -> Table:
        """Some of the rows."""
        rows = list(keep)
        seen = self.seen
        return Table(
            [self.examples[i] for i in rows],
            Seen(
                seen.vector[rows],
                seen.whole[rows],
                seen.near[rows],
                seen.themes[rows],
                [seen.grams[i] for i in rows],
            ),
            self.target[rows],
        )


def main(arguments: list[str] | None = None) -> int:
    """Read, hold out authorities in turn, train on all, write."""
    parser = argparse.ArgumentParser(prog="python -m kg.training.problems", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of documents")
    parser.add_argument("--work", type=Path, default=Path("data/training"), help="cache")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    chosen = parser.parse_args(arguments)
    table = tabled([*composed(), *examples(records(chosen.corpus, chosen.work))])
    print(f"{len(table.examples)} findings and sentences", file=sys.stderr)
    for name, embedder in (("vector", PACKAGED), ("plain", "")):
        measured = held_out(table, embedder)
        print(name, *(f"{key}={value:.3f}" for key, value in measured.items()))
        write(chosen.out / name, fit(table, embedder), measured)
    return 0


def records(corpus: Path, work: Path) -> Iterator[Record]:
    """Every document of a corpus as the pipeline reads it."""
    tools = standard(PACKAGED, work)
    cache = RecordCache(work / "records", f"{reading_version()} {PACKAGED}")
    collection = Collector(tools, cache, Quiet()).collect(discover([corpus]))
    return stream(collection.sources.values(), cache)


def examples(found: Iterator[Record]) -> Iterator[Example]:
    """The findings that a reader named the problems of, weaknesses and mixed ones alone."""
    labels = named()
    for record in found:
        authority = record.document.identity.authority
        claims = [claim for claim in record.claims if isinstance(claim, FindingClaim)]
        for statement in statements(record.document, claims):
            label = labels.get(digest(statement.text))
            if authority and label and label.polarity in ("weakness", "mixed"):
                yield Example(statement, authority.value, label.problems)


def composed() -> Iterator[Example]:
    """The sentences of the known problems themselves, of no authority."""
    for problem in problems():
        for text in (*problem.says, problem.label.replace(":", "")):
            yield Example(Statement(text, (), (problem.theme,)), "", (problem.id,))


def tabled(found: list[Example]) -> Table:
    """Examples with their features and targets."""
    space = ProblemSpace(open_embedder(PACKAGED))
    column = {problem.id: place for place, problem in enumerate(problems())}
    target = np.zeros((len(found), len(column) + 1), np.float32)
    for row, example in zip(target, found, strict=True):
        for place, name in enumerate(example.problems):
            row[column[name]] += _part(place, len(example.problems))
        row[-1] = 1 - row[:-1].sum()
    return Table(found, space.look([example.statement for example in found]), target)


def _part(place: int, count: int) -> float:
    if count == 1:
        return 1.0
    return MAIN if place == 0 else (1 - MAIN) / (count - 1)


def held_out(table: Table, embedder: str) -> dict[str, float]:
    """How well problems are told at authorities that were not trained on."""
    authorities = sorted({example.authority for example in table.examples} - {""})
    right, sure, sure_right, count = 0, 0, 0, 0
    for fold in range(FOLDS):
        out = set(authorities[fold::FOLDS])
        inside = [i for i, e in enumerate(table.examples) if e.authority in out]
        outside = [i for i, e in enumerate(table.examples) if e.authority not in out]
        tested = table.pick(inside)
        shares = fit(table.pick(outside), embedder).shares(tested.seen)
        told = tested.target[np.arange(len(inside)), shares.argmax(axis=1)] > 0
        certain = shares.max(axis=1) >= 0.5
        right, count = right + int(told.sum()), count + len(inside)
        sure, sure_right = sure + int(certain.sum()), sure_right + int(told[certain].sum())
    return {"first": right / count, "sure": sure / count, "sure_right": sure_right / sure}


def fit(table: Table, embedder: str) -> NamingModel:
    """Softmax regression with shrinkage, by L-BFGS from zeros: deterministic on one machine."""
    idf = inverse_frequency(table.seen.grams, LEAST, MOST)
    weigh = np.array(list(idf.values()), np.float32)
    words = gram_values(table.seen.grams, {gram: i for i, gram in enumerate(idf)}, weigh)
    blocks = {"grams": torch.from_numpy(words).to_sparse()}
    if embedder:
        blocks["vector"] = torch.from_numpy(table.seen.vector * VECTOR_SCALE)
        blocks["whole"] = torch.from_numpy(table.seen.whole * VECTOR_SCALE)
    near = aligned(table.seen)
    if not embedder:
        near[:, :, 0] = 0
    fitted = _fitted(blocks, torch.from_numpy(near), torch.from_numpy(table.target))
    card = Card(embedder, tuple(p.id for p in problems()), tuple(idf), len(table.examples), {})
    return NamingModel(card, {**fitted, "grams.idf": weigh})


def _fitted(
    blocks: dict[str, torch.Tensor], near: torch.Tensor, target: torch.Tensor
) -> dict[str, NDArray[np.float32]]:
    classes = target.shape[1]
    weights = {
        name: torch.zeros(values.shape[1], classes, requires_grad=True)
        for name, values in blocks.items()
    }
    bias = torch.zeros(classes, requires_grad=True)
    pull = torch.zeros(near.shape[2], requires_grad=True)
    best = torch.optim.LBFGS(
        [*weights.values(), bias, pull], max_iter=STEPS, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        best.zero_grad()
        total = bias + sum(values @ weights[name] for name, values in blocks.items())
        total = total + torch.nn.functional.pad(near @ pull, (0, 1))
        value = -(target * torch.log_softmax(total, dim=1)).sum(dim=1).mean()
        value = value + SHRINK * sum((each**2).sum() for each in weights.values())
        value.backward()  # type: ignore[no-untyped-call]
        return value

    best.step(loss)  # type: ignore[no-untyped-call]
    found = {name: values.detach().numpy() for name, values in weights.items()}
    return {**found, "bias": bias.detach().numpy(), "aligned": pull.detach().numpy()}


def write(path: Path, model: NamingModel, measured: dict[str, float]) -> None:
    """Weights as safetensors, the card beside them as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    halves = {key: np.ascontiguousarray(v, np.float16) for key, v in model.weights.items()}
    save_file(halves, path.with_suffix(".safetensors"))
    path.with_suffix(".safetensors").chmod(0o644)
    rounded = {key: round(value, 4) for key, value in measured.items()}
    card = msgspec.structs.replace(model.card, measured=rounded)
    written = msgspec.json.format(msgspec.json.encode(card), indent=1)
    path.with_suffix(".json").write_bytes(written + b"\n")


if __name__ == "__main__":
    sys.exit(main())
