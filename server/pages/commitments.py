"""Commitments: who was told or promised what, due when, and how it stood on a chosen day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import msgspec
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.dates import earliest, latest
from search.commitments import STATES, Standing, State, evidence, later_findings, made_by
from search.facts import Fact, Filters, every
from search.opened import Opened
from server import searching, words
from server.csvs import csv_response
from server.library import opened
from server.pages import blueprint
from server.pages.day import AskedDay, asked_day
from server.pages.filtering import authority_filter, values
from server.paging import PER_PAGE, Paging, address_without, links, page_number

FIELDS = (
    "Kind", "Council", "Of whom", "Due", "How it stood", "On", "Words", "Later evidence",
    "Document", "Id",
)  # fmt: skip

STATE_NAMES: dict[State, str] = {
    "done": "Reported done",
    "superseded": "Superseded",
    "due": "Not yet due",
    "later": "Date passed, later evidence",
    "none": "Date passed, no later evidence",
    "unknown": "Date passed, cannot be matched",
    "undated": "No date set",
}

CHANGE_NAMES = {
    "fulfilled": "Reported done",
    "revoked": "Revoked",
    "superseded": "Put in the place of this",
}
"""What the statement that settles a commitment says of it."""

MOST_NAMED = 60
"""Names in the choice of whom."""


class Line(msgspec.Struct, frozen=True):
    """A commitment, how it stood, and the rows of later findings once they are read."""

    fact: Fact
    standing: Standing
    later: tuple[Fact, ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """What the request asks for. ``day`` is the ISO day on which standings are told."""

    written: AskedDay
    day: str
    since: str
    until: str


def asked() -> Asked:
    """The day and the period of the request; without a day, today."""
    written = asked_day()
    day = latest(written.edtf) if written.edtf and not written.mistake else ""
    since, until = (searching.date_of(request.args, name) or "" for name in ("since", "until"))
    return Asked(written, day or date.today().isoformat(), since, until)


@blueprint.get("/commitments")
def commitments() -> ResponseReturnValue:
    """The list under its filters, what is due soonest or was due latest first."""
    generation, wanted = opened(), asked()
    known = _known(generation, wanted)
    lines = _lines(generation, known, wanted)
    paging = Paging(page_number(), len(lines))
    councils, chips = authority_filter(generation)
    query = request.query_string.decode("ascii", "ignore")
    shown = lines[paging.offset : paging.offset + PER_PAGE]
    page = render_template(
        "commitments.html",
        lines=_with_later(generation, shown),
        filters=[*councils, _kinds(generation, known), _states()],
        whom=_whom(known),
        chips=chips + _chips(generation),
        asked=wanted,
        chosen={"since": wanted.since, "until": wanted.until},
        hidden={part: value for part, value in wanted.written.written.items() if value},
        kept=[(k, v) for k, v in request.args.items(multi=True) if k not in _DAY and v],
        state_names=STATE_NAMES,
        change_names=CHANGE_NAMES,
        paging=paging,
        pagination=links(paging),
        csv=f"{url_for('pages.commitments_csv')}?{query}",
    )
    return page, 400 if wanted.written.mistake else 200


_DAY = ("day", "month", "year", "page")


def lines_of(generation: Opened) -> list[Line]:
    """The commitments of the request, latest date first, those without one last."""
    wanted = asked()
    return _lines(generation, _known(generation, wanted), wanted)


def _with_later(generation: Opened, lines: list[Line]) -> list[Line]:
    """The lines with the findings that they name, read for all of them at once."""
    rows = later_findings(generation.facts, (line.standing for line in lines))
    return [
        msgspec.structs.replace(line, later=tuple(rows[iri] for iri in line.standing.later))
        for line in lines
    ]


@blueprint.get("/commitments.csv")
def commitments_csv() -> ResponseReturnValue:
    """The same list for a spreadsheet."""
    generation, wanted = opened(), asked()
    lines = _with_later(generation, _lines(generation, _known(generation, wanted), wanted))
    return csv_response("commitments", FIELDS, (_row(generation, one, wanted) for one in lines))


def _row(generation: Opened, one: Line, wanted: Asked) -> dict[str, Any]:
    fact = one.fact
    authority = fact["authority"]
    evidence_rows = [*([one.standing.said] if one.standing.said else []), *one.later]
    later = "; ".join(f"{row['date']}: {row['quote']}" for row in evidence_rows)
    told = (
        fact["label"],
        searching.label(generation, "authority", authority) if authority else "",
        fact["of_whom"],
        fact["due"],
        STATE_NAMES[one.standing.state],
        wanted.day,
        fact["quote"],
        later,
        fact["document"]["title"],
        fact["id"],
    )
    return dict(zip(FIELDS, told, strict=True))


def _known(generation: Opened, wanted: Asked) -> list[Fact]:
    """The commitments of the chosen councils and documents that were made by the day."""
    only = Filters(authority=tuple(values("authority")), document=tuple(values("document")))
    name = f"commitments {only.authority} {only.document}"
    rows = generation.facts.remembered(
        name, lambda: _once(every(generation.facts, "commitments", only))
    )
    return made_by(rows, wanted.day)


def _once(rows: Iterable[Fact]) -> list[Fact]:
    """Each once: one with two values of a field comes as two rows."""
    return list({row["id"]: row for row in rows}.values())


def _lines(generation: Opened, known: list[Fact], wanted: Asked) -> list[Line]:
    """The commitments under all filters, latest date first, those without one last."""
    kinds, whom, states = (set(values(name)) for name in ("kind", "whom", "state"))
    fit = [
        row
        for row in known
        if (not kinds or row["kind"] in kinds)
        and (not whom or row["of_whom"] in whom)
        and _in_period(row["due"], wanted)
    ]
    told = evidence(generation.facts)
    lines = [Line(row, told.standing(row, wanted.day)) for row in fit]
    kept = [line for line in lines if not states or line.standing.state in states]
    return sorted(kept, key=_order, reverse=True)


def _order(line: Line) -> tuple[str, str, str]:
    due = line.fact["due"]
    return earliest(due) if due else "", line.fact["published_on"] or "", line.fact["id"]


def _in_period(due: str | None, wanted: Asked) -> bool:
    if not (wanted.since or wanted.until):
        return True
    if not due:
        return False
    starts = not wanted.until or earliest(due) <= latest(wanted.until)
    return starts and (not wanted.since or latest(due) >= earliest(wanted.since))


def _kinds(generation: Opened, known: list[Fact]) -> dict[str, Any]:
    """Checkboxes of kinds with how many there are of each."""
    counts = Counter(row["kind"] for row in known)
    options = [
        {
            "value": kind,
            "text": f"{searching.label(generation, 'commitment-kind', kind)} ({counts[kind]})",
            "checked": kind in values("kind"),
        }
        for kind in sorted({*counts, *values("kind")})
    ]
    return {"name": "kind", "title": "Kind", "options": options}


def _states() -> dict[str, Any]:
    options = [
        {"value": state, "text": STATE_NAMES[state], "checked": state in values("state")}
        for state in STATES
    ]
    return {"name": "state", "title": "How it stood", "options": options}


def _whom(known: list[Fact]) -> dict[str, Any]:
    """The choice of whom, those with most commitments."""
    counts = Counter(row["of_whom"] for row in known if row["of_whom"])
    named = {name for name, _ in counts.most_common(MOST_NAMED)} | set(values("whom"))
    options = [
        {"value": name, "text": f"{name} ({counts[name]})", "selected": name in values("whom")}
        for name in sorted(named, key=lambda name: (name.lower(), name))
    ]
    first = {"value": "", "text": "Anybody"}
    return {"name": "whom", "title": "Of whom", "options": [first, *options]}


def _chips(generation: Opened) -> list[dict[str, str]]:
    """Links that take away one filter other than that by council."""
    texts: dict[str, Callable[[str], str]] = {
        "document": lambda v: searching.label(generation, "document", v),
        "kind": lambda v: searching.label(generation, "commitment-kind", v),
        "whom": lambda v: f"Of whom: {v}",
        "state": lambda v: next((n for s, n in STATE_NAMES.items() if s == v), v),
        "since": lambda v: f"Due from: {words.date_words(v)}",
        "until": lambda v: f"Due up to: {words.date_words(v)}",
    }
    return [
        {"text": text(value), "href": address_without(name, value)}
        for name, text in texts.items()
        for value in values(name)
    ]
