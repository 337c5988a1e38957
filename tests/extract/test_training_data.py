"""The labelled data of the findings classifier and the weights made from it."""

from __future__ import annotations

from importlib.resources import files

import msgspec
import pytest

from kg.extract.findings.heads import load, suited
from kg.extract.findings.lexicon import theme_words, themes
from kg.training.data import Invented, Label, digest, invented

DATA = files("kg.training").joinpath("data")


def rows(name: str, kind: type) -> list[Label | Invented]:
    lines = DATA.joinpath(name).read_bytes().splitlines()
    return [msgspec.json.decode(line, type=kind) for line in lines]


@pytest.mark.parametrize(("name", "kind"), [("labels.jsonl", Label), ("invented.jsonl", Invented)])
def test_findings_alone_have_themes_and_all_are_of_the_scheme(name: str, kind: type) -> None:
    for row in rows(name, kind):
        assert (row.polarity is None) == (not row.themes), row
        assert set(row.themes) <= set(themes()), row


def test_no_sentence_is_labelled_twice() -> None:
    labelled = [row.sentence for row in rows("labels.jsonl", Label)]
    composed = [digest(example.place.text) for example in invented()]
    assert len({*labelled, *composed}) == len(labelled) + len(composed)


def test_a_digest_ignores_marks_and_breaks() -> None:
    assert digest("Re-\nfer him’s.") == digest("Refer hims")


def test_every_theme_has_words() -> None:
    assert set(theme_words()) == set(themes())


@pytest.mark.parametrize("name", ["vector", "plain"])
def test_weights_are_small_and_know_the_themes(name: str) -> None:
    weights = files("kg.extract.findings").joinpath("weights", f"{name}.safetensors")
    assert len(weights.read_bytes()) < 1_000_000
    assert load(name).card.heads["themes"].classes == themes()


def test_vectors_of_another_model_are_not_used() -> None:
    assert suited("hashing-256").card.embedder == ""
    assert suited("all-MiniLM-L6-v2@53aa51172d14").card.embedder == "all-MiniLM-L6-v2"
