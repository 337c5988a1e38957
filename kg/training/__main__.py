"""``python -m kg.training``: weights from labelled sentences, with what they measure."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec
import numpy as np
from safetensors.numpy import save_file

from kg.embed import PACKAGED, open_embedder
from kg.extract.findings.features import features
from kg.extract.findings.heads import Model
from kg.training.data import Example, examples
from kg.training.fit import Rows, train
from kg.training.measure import held_out
from kg.training.report import figures

WEIGHTS = Path(__file__).parents[1] / "extract" / "findings" / "weights"


def main(arguments: list[str] | None = None) -> int:
    """Read, cross-validate, train on everything, write."""
    parser = argparse.ArgumentParser(prog="python -m kg.training", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of documents")
    parser.add_argument("--gold", type=Path, required=True, help="folder with sentences.jsonl")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    chosen = parser.parse_args(arguments)
    rows = _rows(examples(chosen.corpus, chosen.gold))
    for name, embedder in (("vector", PACKAGED), ("plain", "")):
        tested, scores = held_out(rows, lambda part, e=embedder: train(part, e))  # type: ignore[misc]
        measured = figures(tested.examples, scores)
        print(name, *(f"{key}={value:.3f}" for key, value in measured.items()))
        _write(chosen.out / name, train(rows, embedder), measured)
    return 0


def _rows(found: list[Example]) -> Rows:
    print(f"{len(found)} labelled sentences", file=sys.stderr)
    places = [example.place for example in found]
    vectors = open_embedder(PACKAGED).encode([place.text for place in places])
    return Rows(found, features(places), vectors)


def _write(path: Path, model: Model, measured: dict[str, float]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    halves = {key: np.ascontiguousarray(v, np.float16) for key, v in model.weights.items()}
    save_file(halves, path.with_suffix(".safetensors"))
    path.with_suffix(".safetensors").chmod(0o644)
    card = msgspec.structs.replace(
        model.card, measured={key: round(value, 4) for key, value in measured.items()}
    )
    written = msgspec.json.format(msgspec.json.encode(card), indent=1)
    path.with_suffix(".json").write_bytes(written + b"\n")


if __name__ == "__main__":
    sys.exit(main())
