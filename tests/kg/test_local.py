"""The operator's graphs outlive every build and change nothing else."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from kg import local
from kg.errors import FindingsError
from kg.generations import check
from kg.pipeline import BuildSettings
from kg.republish import change_local
from ontology.iris import DEFAULT_BASE
from tests.kg import toy
from tests.kg.conftest import House

OWN, MADE = f"{DEFAULT_BASE}graph/local/notes", f"{DEFAULT_BASE}graph/document/kelland/x"


def put(house: House, text: str) -> None:
    change_local(house.home, lambda base: text.encode())


LINE = f'<http://e/s> <http://e/p> "mine" <{OWN}> .\n'


def test_every_later_build_carries_them(house: House) -> None:
    house.write("1.txt", toy.letter(1))
    house.build()
    put(house, LINE)
    assert not house.build().published, "nothing changed but what was published already"
    house.write("2.txt", toy.letter(2))
    assert house.build().published
    assert sum("mine" in quad for quad in house.quads()) == 1
    house.build(BuildSettings(names="none"))
    assert sum("mine" in quad for quad in house.quads()) == 1


def test_a_generation_with_them_is_what_a_build_would_make(house: House) -> None:
    house.write("1.txt", toy.letter(1))
    house.build()
    put(house, LINE)
    revised = house.quads()
    fresh = House(house.files, house.home.with_name("fresh"))
    fresh.home.mkdir()
    (fresh.home / local.FILE).write_text(LINE)
    fresh.build()
    assert fresh.quads() == revised
    put(house, "")
    assert not any("mine" in quad for quad in house.quads())


@pytest.mark.parametrize("text", ["no quads", LINE.replace(OWN, MADE)])
def test_a_file_changed_by_hand_is_checked(house: House, text: str) -> None:
    house.write("1.txt", toy.letter(1))
    (house.home).mkdir()
    (house.home / local.FILE).write_text(text)
    with pytest.raises(FindingsError, match=local.FILE):
        house.build()


def test_nothing_is_shared_but_bytes(house: House) -> None:
    """The older generation stays whole when the newer one is changed."""
    house.write("1.txt", toy.letter(1))
    house.build()
    first = house.generation.path
    put(house, LINE)
    assert check(first, full=True).generation == first.name
    assert "mine" not in str(list(Store.read_only(str(first / "store"))))
