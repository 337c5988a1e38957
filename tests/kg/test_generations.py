"""A generation is whole or not there; damage is named, and the one before it serves."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kg.errors import GenerationError
from kg.generations import MANIFEST, check, open_generation
from kg.pipeline import BuildSettings
from kg.verify import contents, verify
from tests.kg import toy
from tests.kg.conftest import House


@pytest.fixture
def two(house: House) -> House:
    """A house with two generations."""
    for number in (1, 2):
        house.write(f"{number}.txt", toy.letter(number))
        house.build()
    return house


def flip(path: Path) -> None:
    """Change one byte in the middle, in a copy: hard links share their bytes."""
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(flipped(data, len(data) // 2))


def flipped(data: bytes, place: int) -> bytes:
    """The same bytes but for one bit."""
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


def test_current_names_the_last_generation(two: House) -> None:
    assert os.readlink(two.home / "current") == "generations/000002"
    assert two.generation.warning == ""
    assert two.generation.manifest.counts["documents"] == 2


def test_only_the_last_two_are_kept(two: House) -> None:
    two.write("3.txt", toy.letter(3))
    two.build()
    names = sorted(path.name for path in (two.home / "generations").iterdir())
    assert names == ["000002", "000003"]


def test_any_flipped_byte_is_named_and_the_older_generation_serves(two: House) -> None:
    path = two.generation.path
    for name in sorted(two.generation.manifest.files):
        whole = (path / name).read_bytes()
        if not whole:
            continue
        flip(path / name)
        with pytest.raises(GenerationError, match=name):
            check(path)
        (path / name).write_bytes(whole)
    manifest = (path / "manifest.json").read_bytes()
    for place in range(0, len(manifest), 97):
        (path / "manifest.json").write_bytes(flipped(manifest, place))
        with pytest.raises(GenerationError, match="manifest"):
            check(path, full=False)
    (path / "manifest.json").write_bytes(manifest)
    flip(path / "documents.sqlite")
    with capture_logs() as logs:
        served = open_generation(two.home, full=True)
    assert served.path.name == "000001"
    assert "documents.sqlite" in served.warning
    assert [entry["log_level"] for entry in logs] == ["warning"]


@pytest.mark.parametrize("harm", ["missing", "extra", "cut", "manifest", "format"])
def test_harm_to_the_files_is_named(two: House, harm: str) -> None:
    path = two.generation.path
    if harm == "missing":
        (path / "documents.sqlite").unlink()
    elif harm == "extra":
        (path / "store/extra").write_text("x")
    elif harm == "cut":
        whole = (path / "documents.sqlite").read_bytes()
        (path / "documents.sqlite").unlink()
        (path / "documents.sqlite").write_bytes(whole[:-1])
    elif harm == "manifest":
        (path / MANIFEST).write_text("{")
    else:
        text = (path / MANIFEST).read_text()
        (path / MANIFEST).write_text(text.replace('"format": 2', '"format": 99'))
    with pytest.raises(GenerationError, match="000002 is damaged"):
        check(path, full=False)


def test_nothing_to_serve_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="findings build"):
        open_generation(tmp_path)


def test_a_damaged_generation_is_built_again(two: House) -> None:
    path = two.generation.path
    flip(next(path.glob("store/*.sst")))
    report = two.build()
    assert report.published
    assert two.generation.path.name == "000003"
    assert verify(two.generation.path).documents == 2


def test_a_damaged_current_is_not_mistaken_for_unchanged(two: House) -> None:
    (two.generation.path / "documents.sqlite").unlink()
    with capture_logs():
        report = two.build()
    assert report.published
    assert two.generation.manifest.counts["documents"] == 2


def test_verify_counts_what_it_checked(two: House) -> None:
    checked = verify(two.generation.path)
    assert (checked.documents, checked.passages) == (2, 6)
    assert checked.spans > 10
    assert checked.quads == two.generation.manifest.counts["quads"]


class Miscounting(toy.Index):
    """An index that says it holds nothing."""

    def assemble(self, generation: Path, parts: Iterable[bytes]) -> None:
        (generation / "vectors").mkdir()
        (generation / "vectors/settings.json").write_text('{"documents": 0, "passages": 0}')


def test_parts_that_do_not_agree_are_not_published(two: House) -> None:
    two.write("3.txt", toy.letter(3))
    with pytest.raises(GenerationError, match="0 index documents, but the manifest counts 3"):
        two.build(indexers=[Miscounting()])
    assert two.generation.path.name == "000002"


def test_a_quotation_that_is_not_in_its_text_is_named(two: House) -> None:
    """Though all files are as the manifest says: `findings verify` reads them too."""
    path, manifest = two.generation.path, two.generation.manifest
    with sqlite3.connect(path / "documents.sqlite") as catalogue:
        catalogue.execute("UPDATE document SET text = upper(text)")
    catalogue.close()
    with pytest.raises(GenerationError, match="A quotation of kelland/"):
        contents(path, manifest)


def test_keep_is_a_setting(two: House) -> None:
    two.write("3.txt", toy.letter(3))
    two.build(BuildSettings(keep=1))
    assert [path.name for path in (two.home / "generations").iterdir()] == ["000003"]
