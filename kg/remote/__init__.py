"""Beyond one machine: the graph in any SPARQL 1.1 store, reached by URL.

settings ──▶ http ──▶ graph (queries, graph store protocol) ──▶ push (a generation, resumable)
"""
