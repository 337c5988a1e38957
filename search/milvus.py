"""Vectors in Milvus: the same client for a cluster and for Milvus Lite, a file.

{prefix}_passages    id, document, vector
{prefix}_sentences   id (passage#place), passage, document, vector
{prefix}_state       settings, the digest of each document, the stamp of the generation
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import msgspec
import numpy as np

from kg.embed import Vectors
from kg.errors import FindingsError, GenerationError, StoreUnavailable
from kg.remote.push import Stamp
from kg.remote.settings import StoreSettings
from search.vectors import Entry, Kind, Made, Where

FORMAT = 1
SECONDS = 10.0
LONGEST_ID = 1024
MOST = 16_384
"""Rows that one search of Milvus can give."""

BATCH = 500
STAMP, SETTINGS, DOCUMENT = "stamp", "settings", "document:"
SHARDS = "0123456789abcdef"
"""Digests of documents are asked for in so many parts, each below what a query may give."""


class MilvusStore:
    """Three collections of a Milvus; threads may share it."""

    def __init__(self, settings: StoreSettings) -> None:
        if find_spec("pymilvus") is None:
            raise FindingsError(
                "The client of Milvus is not installed.",
                cure="Run `pip install 'findings-graph[milvus]'`.",
            )
        from pymilvus import MilvusClient

        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # we tell it ourselves
        self._settings, self._prefix = settings, settings.milvus_collection
        token = settings.milvus_token.get_secret_value()
        with self._told():
            self._client: Any = MilvusClient(settings.milvus_uri, token=token, timeout=SECONDS)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what goes wrong as a StoreUnavailable, without the token."""
        from pymilvus.exceptions import MilvusException

        try:
            yield
        except (MilvusException, OSError) as error:
            raise StoreUnavailable(
                "The vector store cannot be used.",
                why=str(getattr(error, "message", "") or error)[:200],
                cure="Check that Milvus runs and that FINDINGS_MILVUS_URI is right.",
            ) from error

    # --- what it was made with -------------------------------------------------------------

    def require(self, made: Made) -> None:
        """Refuse vectors that do not compare with the stored ones.

        :raises GenerationError: when the collections hold others, or none.
        """
        held = self._value(SETTINGS)
        if held is None:
            raise GenerationError(
                "Nothing is published to the vector store.", cure="Run `findings push`."
            )
        if held != self._told_settings(made):
            raise GenerationError(
                f"The collections {self._prefix}_… hold other vectors: {held}.",
                why=f"These are {self._told_settings(made)}, which do not compare with them.",
                cure="Name other collections in FINDINGS_MILVUS_COLLECTION, then `findings push`.",
            )

    def create(self, made: Made) -> None:
        """Make the collections where there are none, for vectors made in this way."""
        with self._told():
            if not self._client.has_collection(self._name("state")):
                self._create("passages", made.dimension, ("document",))
                self._create("sentences", made.dimension, ("passage", "document"))
                self._create("state", 2, ("value",))
                self._put({SETTINGS: self._told_settings(made)})
        self.require(made)

    @staticmethod
    def _told_settings(made: Made) -> str:
        return msgspec.json.encode([FORMAT, made.model, made.dimension, made.precision]).decode()

    def _name(self, what: str) -> str:
        return f"{self._prefix}_{what}"

    def _create(self, what: str, dimension: int, fields: tuple[str, ...]) -> None:
        from pymilvus import DataType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=LONGEST_ID)
        for field in fields:
            schema.add_field(field, DataType.VARCHAR, max_length=LONGEST_ID)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        index = self._client.prepare_index_params()
        index.add_index("vector", index_type=self._settings.milvus_index, metric_type="IP")
        self._client.create_collection(
            self._name(what), schema=schema, index_params=index, consistency_level="Strong"
        )

    # --- vectors ---------------------------------------------------------------------------

    def search(
        self, kind: Kind, query: Vectors, limit: int, where: Where | None = None
    ) -> list[tuple[str, float]]:
        """The nearest by id with their cosines, best first."""
        with self._told():
            found = self._client.search(
                self._name(kind),
                [query],
                limit=min(limit, MOST),
                filter=_condition(kind, where),
                output_fields=["id"],
                timeout=SECONDS,
            )
        return [(hit["id"], float(hit["distance"])) for hit in found[0]]

    def vector(self, passage: str) -> Vectors | None:
        """The vector of one passage."""
        with self._told():
            rows = self._client.query(
                self._name("passages"), ids=[passage], output_fields=["vector"], timeout=SECONDS
            )
        return np.asarray(rows[0]["vector"], dtype=np.float32) if rows else None

    def upsert(self, kind: Kind, document: str, entries: Sequence[Entry]) -> None:
        """Add vectors of a document, or exchange those of the same id."""
        rows = [{"document": document, **_row(kind, entry)} for entry in entries]
        with self._told():
            for start in range(0, len(rows), BATCH):
                self._client.upsert(self._name(kind), rows[start : start + BATCH])

    def delete(self, document: str, keep: Iterable[str] = ()) -> None:
        """Take away the vectors of a document, save those of some passages."""
        kept = _listed(keep)
        for kind, field in (("passages", "id"), ("sentences", "passage")):
            only = f" and {field} not in {kept}" if kept != "[]" else ""
            condition = f"document == {json.dumps(document)}{only}"
            with self._told():
                self._client.delete(self._name(kind), filter=condition)

    # --- state -----------------------------------------------------------------------------

    def digests(self) -> dict[str, str]:
        """The digest of every document that is stored completely."""
        found: dict[str, str] = {}
        for shard in SHARDS:
            found |= self._state(f'id like "{DOCUMENT}{shard}:%"')
        return {name.split(":", 2)[2]: value for name, value in found.items()}

    def note(self, document: str, digest: str | None) -> None:
        """Keep the digest of a document, or forget it."""
        name = f"{DOCUMENT}{hashlib.sha256(document.encode()).hexdigest()[0]}:{document}"
        with self._told():
            if digest is None:
                self._client.delete(self._name("state"), ids=[name])
            else:
                self._put({name: digest})

    def stamp(self) -> Stamp | None:
        """Which generation is stored completely."""
        held = self._value(STAMP)
        return msgspec.json.decode(held, type=Stamp) if held else None

    def finish(self, stamp: Stamp) -> None:
        """Say that a generation is stored completely."""
        with self._told():
            self._put({STAMP: msgspec.json.encode(stamp).decode()})

    def _put(self, values: dict[str, str]) -> None:
        rows = [{"id": k, "value": v, "vector": [0.0, 0.0]} for k, v in values.items()]
        self._client.upsert(self._name("state"), rows)

    def _state(self, condition: str) -> dict[str, str]:
        with self._told():
            if not self._client.has_collection(self._name("state")):
                return {}
            rows = self._client.query(
                self._name("state"),
                filter=condition,
                output_fields=["value"],
                limit=MOST,
                timeout=SECONDS,
            )
        return {row["id"]: row["value"] for row in rows}

    def _value(self, name: str) -> str | None:
        return self._state(f'id == "{name}"').get(name)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def _row(kind: Kind, entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"id": entry.id, "vector": entry.vector}
    return row if kind == "passages" else {**row, "passage": entry.passage}


def _condition(kind: Kind, where: Where | None) -> str:
    if where is None:
        return ""
    field = "id" if kind == "passages" else "passage"
    parts = [
        f"{name} in {_listed(values)}"
        for name, values in (("document", where.documents), (field, where.passages))
        if values
    ]
    return " or ".join(parts) or 'id == ""'


def _listed(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
