"""Posts across documents: one entity whichever title is printed.

Two titles of one rank in one authority are one post when the words of the one portfolio are
among those of just one other ("Deputy Director for Education", "… for Education and
Learning"). Chairs are one post when they chair one body. Ministers and inspectors are the
same everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

import msgspec
from msgspec.structs import replace

from kg.extract.lexicon import posts as lexicon
from kg.extract.posts import rank_of, words_of
from kg.model import PostClaim, Record
from kg.resolve import Directory
from kg.resolve.entities import Post
from kg.resolve.keys import PostKey, post_key
from kg.resolve.organisations import identify
from kg.resolve.references import post_keys
from kg.resolve.states import State
from ontology.iris import slugify


class Titles(State):
    """The titles that are used, and all ways of printing each."""

    printed: dict[PostKey, set[str]] = msgspec.field(default_factory=dict)


class Posts:
    """Resolves the titles of posts; see the module."""

    def __init__(self) -> None:
        self.state = Titles()

    def see(self, record: Record) -> None:
        """Take in the posts that a document names."""
        for key in post_keys(record):
            self.state.printed.setdefault(key, set())
        for claim in record.claims:
            if isinstance(claim, PostClaim):
                key = post_key(claim.post, claim.organisation, record.document)
                self.state.printed[key].add(" ".join(claim.printed.split()))

    def settle(self) -> Directory[PostKey, Post]:
        """The posts, and the post that each title means."""
        entities: dict[str, Post] = {}
        ids: dict[PostKey, str] = {}
        places: dict[str | None, list[PostKey]] = {}
        for key in sorted(self.state.printed, key=str):
            places.setdefault(key.authority, []).append(key)
        labels = {place: _fullest(keys) for place, keys in places.items()}
        for key in sorted(self.state.printed, key=str):
            label = labels[key.authority].get(key, key.post)
            post = self._post(key, label)
            ids[key] = post.id
            old = entities.get(post.id)
            aliases = {*post.aliases, *(old.aliases if old else ()), key.post} - {label}
            entities[post.id] = replace(post, aliases=tuple(sorted(aliases)))
        return Directory(entities, ids)

    def _post(self, key: PostKey, label: str) -> Post:
        place = "england" if key.post in _national() else key.authority or "unplaced"
        body = (
            identify(key.organisation, key.authority, local=False)[0] if key.organisation else None
        )
        aliases = tuple(sorted(self.state.printed[key]))
        return Post(f"post/{place}/{slugify(label) or 'unnamed'}", label, aliases, body)


def _fullest(keys: Sequence[PostKey]) -> dict[PostKey, str]:
    """For every key of one place, in order, the fullest title of the same post.

    Titles that are not alike are of one rank, so that only those are compared.
    """
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        for group in (("title", key.post), ("rank", rank_of(key.post))):
            alike[group].append(at)
    out: dict[PostKey, str] = {}
    for key in keys:
        places = {*alike["title", key.post], *alike["rank", rank_of(key.post)]}
        same = [keys[at] for at in sorted(places) if _same(key, keys[at])]
        fullest = max(same, key=lambda other: (len(words_of(other.post)), other.post))
        bigger = {words_of(other.post) for other in same}
        if all(words <= words_of(fullest.post) for words in bigger):
            out[key] = fullest.post
    return out


def _same(key: PostKey, other: PostKey) -> bool:
    if key.post == other.post:
        return True
    rank = rank_of(key.post)
    if {key.post, other.post} & _classes() or not rank or rank != rank_of(other.post):
        return False
    if rank.endswith("Chair"):
        return key.organisation == other.organisation
    return words_of(key.post) <= words_of(other.post)


@cache
def _national() -> frozenset[str]:
    return frozenset(form.label for form in lexicon().posts if form.national)


@cache
def _classes() -> frozenset[str]:
    return frozenset(form.label for form in lexicon().posts if form.class_)
