"""Where graph and vectors live: the one place that chooses between embedded and remote.

Without a URL in the settings both are files of the generation. With one, a build publishes to
the store behind it, and readers serve the generation that the store holds completely.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from kg import generations
from kg.errors import GenerationError
from kg.generations import Generation, Manifest, open_generation
from kg.graphs import Graph
from kg.remote.graph import RemoteGraph
from kg.remote.push import Pushed, Stamp, push, pushing, stamp
from kg.remote.settings import StoreSettings, from_env
from kg.store import GraphStore
from search.index import Index
from search.milvus import MilvusStore
from search.remote import RemoteDense
from search.remote import push as push_vectors
from search.vectors import DenseVectors


class Stores:
    """The stores of one data directory, by settings; without any, by the environment."""

    def __init__(self, home: Path, settings: StoreSettings | None = None) -> None:
        self.home, self.settings = home, settings or from_env()
        self._remotes: dict[str, RemoteGraph] = {}

    @property
    def remote(self) -> bool:
        """Whether anything lives elsewhere."""
        return self.settings.remote_graph or self.settings.remote_vectors

    def graph(self, generation: Generation) -> Graph:
        """The graph of a generation, opened for reading."""
        if self.settings.remote_graph:
            return self.remote_graph(generation.manifest.base)
        return GraphStore(generation.store)

    def vectors(self, index: Index) -> DenseVectors:
        """The vectors of a generation's index."""
        return (
            RemoteDense(self._vector_store, index) if self.settings.remote_vectors else index.local
        )

    @cached_property
    def _vector_store(self) -> MilvusStore:
        return MilvusStore(self.settings)

    def remote_graph(self, base: str) -> RemoteGraph:
        """The graphs of one base in the SPARQL store."""
        if base not in self._remotes:
            self._remotes[base] = RemoteGraph(self.settings, base)
        return self._remotes[base]

    def published(self) -> str | None:
        """What tells one published generation from the next, asked quickly; None before any.

        :raises StoreUnavailable: when a remote store does not say.
        """
        if self.remote:
            held = self._stamp(open_generation(self.home).manifest.base)
            return f"{held.name} {held.inputs}" if held else None
        try:
            return os.readlink(self.home / "current")
        except OSError:
            return None

    def generation(self) -> Generation:
        """The generation to serve: the current one, or the one that the stores hold completely.

        :raises GenerationError: when there is none.
        :raises StoreUnavailable: when a remote store does not say.
        """
        current = open_generation(self.home)
        if not self.remote:
            return current
        held = self._stamp(current.manifest.base)
        if held is None:
            raise GenerationError(
                "Nothing is published to the stores.", cure="Run `findings push`."
            )
        if held == _stamp_of(current.manifest):
            return current
        return self._older(held)

    def _older(self, held: Stamp) -> Generation:
        """The generation kept on disk that a store still holds."""
        path = self.home / "generations" / held.name
        try:
            manifest = generations.check(path, full=False)
        except GenerationError as error:
            raise _other(held) from error
        if _stamp_of(manifest) != held:
            raise _other(held)
        return Generation(
            path,
            manifest,
            f"Generation {held.name} is served until the next is "
            "published completely; see `findings push`.",
        )

    def _stamp(self, base: str) -> Stamp | None:
        """Where both are remote, the graph tells: its stamp is the last that a push sets."""
        if self.settings.remote_graph:
            return stamp(self.remote_graph(base))
        return self._vector_store.stamp()

    def check(self) -> None:
        """Ask the remote stores whether they answer, quickly; StoreUnavailable if one does not."""
        if self.remote:
            self.published()

    def push(self, step: Callable[[], None] = lambda: None) -> list[Pushed]:
        """Publish the current generation to the remote stores, of which there may be none.

        :raises StoreUnavailable: when one is lost on the way; the next call goes on from there.
        """
        if not self.remote:
            return []
        with pushing(self.home):
            generation = open_generation(self.home)
            made, done = _stamp_of(generation.manifest), []
            if self.settings.remote_vectors:
                pushed, finish = push_vectors(
                    Index(generation.path), self._vector_store, made, step
                )
                done.append(pushed)
            if self.settings.remote_graph:
                target = self.remote_graph(generation.manifest.base)
                done.append(push(GraphStore(generation.store), target, made, step))
            if self.settings.remote_vectors:
                finish()
            return done

    def close(self) -> None:
        """Close all connections."""
        for graph in self._remotes.values():
            graph.close()
        if "_vector_store" in self.__dict__:
            self._vector_store.close()


def _stamp_of(manifest: Manifest) -> Stamp:
    return Stamp(manifest.generation, manifest.inputs)


def _other(held: Stamp) -> GenerationError:
    return GenerationError(
        f"The stores hold generation {held.name}, which is not in this data directory.",
        why="Another data directory was published there, or this one was built many times since.",
        cure="Run `findings push`.",
    )
