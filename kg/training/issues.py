"""``python -m kg.training.issues``: weights of the likeness of two weaknesses.

Pairs of findings of different documents of one authority are positive when a reader put both
in one recurring issue, negative when in two. The threshold is the one at which clustering
finds most of a reader's issues and joins fewest that are two. Each authority is held out in
turn for the figures that are printed; the weights written are of all.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from kg.cache import RecordCache
from kg.collect import Collector, stream
from kg.embed import PACKAGED, open_embedder
from kg.files import SourceFile
from kg.model import FindingClaim, Record
from kg.progress import Quiet
from kg.resolve.issues import RAISES
from kg.resolve.issues.cluster import clusters, recurring
from kg.resolve.issues.mentions import mentions
from kg.resolve.issues.similarity import MEASURES, Laid, Weights, measures
from kg.resolve.issues.space import ProblemSpace
from kg.resolve.issues.weakness import Mention
from kg.tools import standard
from kg.training.quotes import covers
from kg.versions import reading_version

WEIGHTS = Path(__file__).parents[1] / "resolve" / "issues" / "weights.json"
THRESHOLDS = tuple(round(0.01 * step, 2) for step in range(6, 31))
"""Lower ones would find more and join what a reader keeps apart."""

LINK = 0.9
Labels = dict[str, frozenset[str]]


class Authority(NamedTuple):
    """One authority's weaknesses, and the labelled issues and pairs that each stands in."""

    mentions: list[Mention]
    issues: Labels
    apart: list[tuple[frozenset[str], frozenset[str]]]


class Figures(NamedTuple):
    """Share of labelled issues found, of clusters right, and of different pairs kept apart."""

    found: float
    right: float
    apart: float

    @property
    def mean(self) -> float:
        """What the threshold is chosen by: all three count alike."""
        return (self.found + self.right + self.apart) / 3


def main(arguments: list[str] | None = None) -> int:
    """Read, hold out each authority in turn, train on all, write."""
    parser = argparse.ArgumentParser(prog="python -m kg.training.issues", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of documents")
    parser.add_argument("--gold", type=Path, required=True, help="folder with recurrence.jsonl")
    parser.add_argument("--work", type=Path, default=Path("data/training"), help="cache")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    chosen = parser.parse_args(arguments)
    data = authorities(chosen.corpus, chosen.gold, chosen.work)
    for name in data:
        rest = [other for key, other in data.items() if key != name]
        print(name, "held out:", figures(data[name], fit(rest)), file=sys.stderr)
    weights = fit(list(data.values()))
    for name, authority in data.items():
        print(name, "in training:", figures(authority, weights), file=sys.stderr)
    chosen.out.write_bytes(msgspec.json.format(msgspec.json.encode(weights), indent=1) + b"\n")
    return 0


def authorities(corpus: Path, gold: Path, work: Path) -> dict[str, Authority]:
    """The labelled authorities with their findings, as the pipeline extracts them."""
    lines = (gold / "recurrence.jsonl").read_text(encoding="utf-8").splitlines()
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in filter(str.strip, lines):
        row = json.loads(line)
        rows[row["authority"]].append(row)
    return {name: _authority(corpus, found, work) for name, found in rows.items()}


def fit(data: Sequence[Authority]) -> Weights:
    """Weights and threshold that suit these authorities."""
    inputs, targets = (np.concatenate(part) for part in zip(*map(_pairs, data), strict=True))
    spread = inputs.std(axis=0) + 1e-6
    model = LogisticRegression(C=0.5, max_iter=2000)
    model.fit(inputs / spread, targets)
    weights = tuple(round(float(w), 4) for w in model.coef_[0] / spread)
    constant = round(float(model.intercept_[0]), 4)
    return max(
        (Weights(weights, constant, threshold, LINK) for threshold in THRESHOLDS),
        key=lambda tried: sum(figures(authority, tried).mean for authority in data),
    )


def figures(authority: Authority, weights: Weights) -> Figures:
    """How clustering with these weights agrees with the labels."""
    found: set[str] = set()
    touching = right = 0
    joined = set()
    for whole in clusters(authority.mentions, weights):
        cluster = recurring(whole, weights)
        if cluster is None:
            continue
        documents: dict[str, set[str]] = defaultdict(set)
        for mention in cluster.members:
            for issue in authority.issues.get(mention.id, ()):
                documents[issue].add(mention.document)
        several = {issue for issue, where in documents.items() if len(where) > 1}
        touching, right = touching + bool(documents), right + bool(several)
        found |= several
        ids = {mention.id for mention in cluster.members}
        joined |= {n for n, (a, b) in enumerate(authority.apart) if ids & a and ids & b}
    issues = {issue for labels in authority.issues.values() for issue in labels}
    return Figures(
        len(found) / max(1, len(issues)),
        right / max(1, touching),
        1 - len(joined) / max(1, len(authority.apart)),
    )


def _pairs(authority: Authority) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Measures and labels of all labelled pairs across documents."""
    labelled = [m for m in authority.mentions if m.id in authority.issues]
    laid = Laid(labelled)
    measured = measures(laid, laid)
    inputs, targets = [], []
    for (i, one), (j, other) in combinations(enumerate(labelled), 2):
        if one.document != other.document:
            inputs.append(measured[:, i, j])
            targets.append(bool(authority.issues[one.id] & authority.issues[other.id]))
    return np.array(inputs, np.float32).reshape(-1, len(MEASURES)), np.array(targets, np.int64)


def _authority(corpus: Path, rows: list[dict[str, Any]], work: Path) -> Authority:
    files = sorted({part["doc"] for row in rows for part in _parts(row)})
    space = ProblemSpace(open_embedder(PACKAGED))
    found = [m for record in _records(corpus, files, work) for m in _weaknesses(record, space)]
    issues: dict[str, set[str]] = defaultdict(set)
    apart = []
    for row in rows:
        hits = [_hits(part, found) for part in _parts(row)]
        if "quotes" in row:
            apart.append((hits[0], hits[1]))
        else:
            for ident in frozenset[str]().union(*hits):
                issues[ident].add(row["id"])
    return Authority(found, {k: frozenset(v) for k, v in issues.items()}, apart)


def _parts(row: dict[str, Any]) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = row.get("occurrences") or row["quotes"]
    return parts


def _hits(part: dict[str, Any], mentions: Sequence[Mention]) -> frozenset[str]:
    same = (mention for mention in mentions if mention.event == part["doc"])
    return frozenset(mention.id for mention in same if covers(mention.quote, part["quote"]))


def _records(corpus: Path, files: Sequence[str], work: Path) -> Iterator[Record]:
    tools = standard(PACKAGED, work)
    cache = RecordCache(work / "records", f"{reading_version()} {PACKAGED}")
    sources = [SourceFile(corpus / file, file) for file in files]
    collection = Collector(tools, cache, Quiet()).collect(sources)
    return stream(collection.sources.values(), cache)


def _weaknesses(record: Record, space: ProblemSpace) -> Iterator[Mention]:
    """The findings of a document that raise problems; its file stands for its event."""
    weak = [
        claim
        for claim in record.claims
        if isinstance(claim, FindingClaim) and claim.polarity in RAISES
    ]
    for mention in mentions(record, weak, space):
        yield replace(mention, event=record.document.file)


if __name__ == "__main__":
    sys.exit(main())
