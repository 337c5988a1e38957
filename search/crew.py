"""A worker of a build (:mod:`kg.crew`) that prepares what it reads for the search index."""

from __future__ import annotations

from kg.crew import serve
from search.index import Indexer

if __name__ == "__main__":
    serve(lambda embedder: [Indexer(embedder)])
