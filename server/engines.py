"""What runs visitors' queries over a generation: confined processes, or a store behind a URL."""

from __future__ import annotations

from ontology.terms import PREFIXES
from search.opened import Opened
from server.sparql.limits import QueryLimits
from server.sparql.pool import QueryPool
from server.sparql.remote import RemotePool


def engine(opened: Opened, sizes: QueryLimits) -> QueryPool | RemotePool:
    """The engine for where the generation's graph lives; a context that ends what it started."""
    if opened.stores.settings.remote_graph:
        graph = opened.stores.remote_graph(opened.base)
        return RemotePool(graph, sizes, generation=opened.name)
    prefixes = {str(name): iri for name, iri in PREFIXES.items()}
    return QueryPool(opened.generation.store, sizes, generation=opened.name, prefixes=prefixes)
