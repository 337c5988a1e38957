"""The lists that must be the same wherever the graph lives: one a query file."""

from __future__ import annotations

from importlib.resources import files

OF_ONE = {"cited_by", "cites", "mentions"}
"""Queries about given things; the lists run them."""

LISTS = sorted(
    name
    for path in (files("search") / "queries").iterdir()
    if path.name.endswith(".rq") and (name := path.name.removesuffix(".rq")) not in OF_ONE
)
