"""Bodies and posts in one column, what is part of another under it, relations as arcs beside.

A column keeps every name readable and the drawing the same from build to build, which a
network laid out by forces does not. An arc leads from the first body or post to the second
and carries the number that the relation has in the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, pi, sin

import msgspec

from search.facts import Fact
from server.charts.axes import WIDE

MOST = 60
"""Bodies that a drawing shows; those that stand in a relation come first."""

WIDTH, ROW, TOP, INDENT, LEFT = 900.0, 26.0, 14.0, 20.0, 8.0
PLACES = (0.5, 0.38, 0.62, 0.27, 0.73, 0.16, 0.84)
"""Where along its arc a number may stand, best first."""

APART = 24.0


class Node(msgspec.Struct, frozen=True):
    """A body or post; ``under`` is where the line to what it is part of begins."""

    x: float
    y: float
    name: str
    end: float
    under: tuple[float, float] | None = None


class Arc(msgspec.Struct, frozen=True):
    """A relation: its curve, the arrow at its end, and its number."""

    path: str
    arrow: str
    x: float
    y: float
    number: int


class NetworkChart(msgspec.Struct, frozen=True):
    """The whole drawing; ``left_out`` bodies are in the table of bodies alone."""

    width: float
    height: float
    spine: float
    nodes: tuple[Node, ...]
    arcs: tuple[Arc, ...]
    left_out: int
    summary: str


def numbered(relations: Iterable[Fact]) -> list[tuple[int, Fact]]:
    """Relations with their numbers; the same relation stated again keeps its number."""
    numbers: dict[tuple[str, str, str], int] = {}
    return [(numbers.setdefault(_triple(r), len(numbers) + 1), r) for r in relations]


def _triple(relation: Fact) -> tuple[str, str, str]:
    return relation["subject_iri"], relation["relation"], relation["object_iri"]


def network_chart(organisations: list[Fact], relations: list[Fact]) -> NetworkChart | None:
    """The drawing of all relations, and of bodies that are part of another while there is
    room; None where no body stands to any other."""
    names, parents = _names(organisations, relations), _parents(organisations)
    related = dict.fromkeys(r[end] for r in relations for end in ("subject_iri", "object_iri"))
    kept = _with_parents(related, parents)
    tied = [iri for iri in names if iri in parents or iri in parents.values()]
    for iri in tied:
        if len(kept | _with_parents([iri], parents)) <= MOST:
            kept |= _with_parents([iri], parents)
    if len(kept) < 2:
        return None
    order = _tree(kept, names, parents)
    spine = max(LEFT + INDENT * depth + WIDE * len(names[iri]) for iri, depth in order) + 20
    nodes = _nodes(order, names, parents)
    arcs = tuple(_arcs(relations, nodes, spine))
    return NetworkChart(
        WIDTH,
        TOP * 2 + ROW * len(nodes),
        spine,
        tuple(nodes.values()),
        arcs,
        len({*related, *tied} - kept),
        f"{len(nodes)} bodies and posts, {len(arcs)} relations between them. "
        "Every relation is in the table.",
    )


def _names(organisations: list[Fact], relations: list[Fact]) -> dict[str, str]:
    found = {org["iri"]: str(org["label"]) for org in organisations}
    for relation in relations:
        for end in ("subject", "object"):
            found.setdefault(relation[f"{end}_iri"], relation[end])
    return found


def _parents(organisations: list[Fact]) -> dict[str, str]:
    known = {org["iri"] for org in organisations}
    return {o["iri"]: o["part_of_iri"] for o in organisations if o["part_of_iri"] in known}


def _with_parents(iris: Iterable[str], parents: dict[str, str]) -> set[str]:
    found: set[str] = set()
    for iri in iris:
        at: str | None = iri
        while at and at not in found:
            found.add(at)
            at = parents.get(at)
    return found


def _tree(kept: set[str], names: dict[str, str], parents: dict[str, str]) -> list[tuple[str, int]]:
    """Bodies with their depth, each after what it is part of; the largest tree first."""
    children: dict[str | None, list[str]] = {}
    for iri in sorted(kept, key=lambda iri: (names[iri].lower(), iri)):
        children.setdefault(parents.get(iri), []).append(iri)

    def below(iri: str, depth: int) -> list[tuple[str, int]]:
        inner = [pair for child in children.get(iri, []) for pair in below(child, depth + 1)]
        return [(iri, depth), *inner]

    trees = [below(root, 0) for root in children.get(None, [])]
    return [pair for tree in sorted(trees, key=len, reverse=True) for pair in tree]


def _nodes(
    order: list[tuple[str, int]], names: dict[str, str], parents: dict[str, str]
) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for row, (iri, depth) in enumerate(order):
        x, y = LEFT + INDENT * depth, TOP + ROW * (row + 0.5)
        over = found.get(parents.get(iri, ""))
        under = (over.x + 5, over.y + 8) if over else None
        found[iri] = Node(x, y, names[iri], x + WIDE * len(names[iri]), under)
    return found


def _arcs(relations: list[Fact], nodes: dict[str, Node], spine: float) -> Iterable[Arc]:
    taken: list[tuple[float, float]] = []
    drawn: set[int] = set()
    longest = max((_apart(r, nodes) for r in relations), default=1.0)
    for number, relation in numbered(relations):
        if number in drawn:
            continue
        drawn.add(number)
        y1, y2 = nodes[relation["subject_iri"]].y, nodes[relation["object_iri"]].y
        wide = 40 + (WIDTH - spine - 70) * _apart(relation, nodes) / longest
        x, y = _free(spine, y1, y2, wide, taken)
        taken.append((x, y))
        sweep = int(y2 > y1)
        radii = f"{wide:.1f},{abs(y2 - y1) / 2:.1f}"
        path = f"M{spine:.1f},{y1:.1f} A{radii} 0 0 {sweep} {spine:.1f},{y2:.1f}"
        arrow = f"M{spine + 9:.1f},{y2 - 5:.1f} L{spine:.1f},{y2:.1f} L{spine + 9:.1f},{y2 + 5:.1f}"
        yield Arc(path, arrow, x, y, number)


def _apart(relation: Fact, nodes: dict[str, Node]) -> float:
    return abs(nodes[relation["subject_iri"]].y - nodes[relation["object_iri"]].y) or 1.0


def _free(
    spine: float, y1: float, y2: float, wide: float, taken: list[tuple[float, float]]
) -> tuple[float, float]:
    """A place on the arc where a number covers no other."""
    middle, half = (y1 + y2) / 2, (y2 - y1) / 2
    spots = [
        (round(spine + wide * sin(pi * part), 1), round(middle - half * cos(pi * part), 1))
        for part in PLACES
    ]
    free = (
        (x, y) for x, y in spots if all(abs(x - a) > APART or abs(y - b) > APART for a, b in taken)
    )
    return next(free, spots[0])
