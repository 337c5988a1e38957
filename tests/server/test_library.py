"""Which generation is served, and what happens without one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.errors import GenerationError, StoreUnavailable
from kg.generations import Generation, open_generation
from search.stores import Stores
from server.app import create_app
from server.library import GenerationLibrary
from server.settings import Settings, from_env
from tests.server.sample import publish, records


def test_without_a_generation_pages_and_programs_are_told(tmp_path: Path) -> None:
    client = create_app(Settings(data=tmp_path, model="hashing")).test_client()
    assert client.get("/healthz").status_code == 200
    for address in ("/", "/documents", "/readyz", "/api/v1/status"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "30"
        assert "findings build" in answer.text
    assert client.get("/about").status_code == 200


def test_a_new_generation_is_taken_up_and_the_old_still_answers(tmp_path: Path) -> None:
    publish(tmp_path, records()[:1])
    library = GenerationLibrary(tmp_path, "hashing")
    old = library.current()
    publish(tmp_path, records())
    new = library.current()
    assert (old.name, new.name) == ("000001", "000002")
    assert len(old.facts.list("documents")) == 1
    assert len(new.facts.list("documents")) == 2
    assert library.current() is new


def test_a_damaged_new_generation_leaves_the_old_one_serving(tmp_path: Path) -> None:
    publish(tmp_path, records()[:1])
    library = GenerationLibrary(tmp_path, "hashing")
    old = library.current()
    broken = publish(tmp_path, records())
    shutil.rmtree(broken / "terms")
    assert library.current().generation.path == old.generation.path


def test_one_altered_byte_of_an_index_is_noticed_before_it_serves(tmp_path: Path) -> None:
    publish(tmp_path, records()[:1])
    library = GenerationLibrary(tmp_path, "hashing")
    old = library.current()
    index = publish(tmp_path, records()) / "vectors" / "passages.faiss"
    data = bytearray(index.read_bytes())
    data[-1] ^= 1
    index.unlink()
    index.write_bytes(data)
    assert library.current().generation.path == old.generation.path


class Silent(Stores):
    """Remote stores that no longer say what is published."""

    remote, lost = True, False

    def published(self) -> str | None:
        if self.lost:
            raise StoreUnavailable("The store is lost.")
        return "000001"

    def generation(self) -> Generation:
        return open_generation(self.home)


def test_a_store_that_does_not_say_leaves_what_is_served(tmp_path: Path) -> None:
    publish(tmp_path, records()[:1])
    stores = Silent(tmp_path)
    library = GenerationLibrary(tmp_path, "hashing", stores)
    served = library.current()
    stores.lost = True
    library.look_again()
    assert library.current() is served


def test_the_wrong_model_is_refused_with_a_cure(tmp_path: Path) -> None:
    publish(tmp_path, records()[:1])
    index = GenerationLibrary(tmp_path, str(tmp_path / "no-model"))
    with pytest.raises(GenerationError):
        index.current()


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINDINGS_PORT", "9123")
    monkeypatch.setenv("FINDINGS_DATA", "elsewhere")
    assert (from_env().port, from_env().data) == (9123, Path("elsewhere"))
    assert Settings(port=1).port == 1


def test_every_setting_has_its_sentence() -> None:
    assert len(Settings.model_fields) <= 19
    for field in Settings.model_fields.values():
        assert (field.description or "").endswith(".")
