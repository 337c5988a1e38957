"""The pages: each view reads the request, calls what the API calls too, and renders."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("pages", __name__)

from server.pages import (  # noqa: E402
    commitments,
    compare,
    council,
    disagreements,
    documents,
    feeds,
    figures,
    home,
    inspections,
    lists,
    organisations,
    pack,
    posts,
    quality,
    repeated,
    search,
    text,
)

__all__ = [
    "blueprint",
    "commitments",
    "compare",
    "council",
    "disagreements",
    "documents",
    "feeds",
    "figures",
    "home",
    "inspections",
    "lists",
    "organisations",
    "pack",
    "posts",
    "quality",
    "repeated",
    "search",
    "text",
]
