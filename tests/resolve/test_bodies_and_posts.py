"""One entity for many names, and two for two: bodies, posts and their holders across documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from kg.model import (
    Claim,
    Document,
    Identity,
    OrganisationClaim,
    PostClaim,
    Record,
    Stated,
    TenureClaim,
)
from kg.quads.ids import claim_id
from kg.resolve.keys import body_key, post_key
from kg.resolve.organisations import Organisations
from kg.resolve.posts import Posts
from kg.resolve.tenures import Tenures

MADE: dict[str, Any] = {"extractor": "test@1"}


def _record(ident: str, *claims: Claim, authority: str = "leeds") -> Record:
    document = Document(
        id=ident,
        file=f"{ident}.txt",
        sha256="0" * 64,
        media_type="text/plain",
        text="",
        blocks=(),
        identity=Identity(authority=Stated(authority, 0, 1), date=Stated("2022-01-10", 0, 1)),
    )
    return Record(document, (), claims)


def _body(name: str, printed: str = "", at: int = 0, **more: Any) -> OrganisationClaim:
    more = {"type": "board", **more}
    return OrganisationClaim(
        start=at, end=at + 1, name=name, printed=printed or name, **more, **MADE
    )


def _post(post: str, at: int = 0, **more: Any) -> PostClaim:
    return PostClaim(start=at, end=at + 1, post=post, printed=post, **more, **MADE)


def _tenure(at: int, **more: Any) -> TenureClaim:
    more = {"post": "Director of Children's Services", **more}
    return TenureClaim(start=at, end=at + 1, **more, **MADE)


def _bodies(*records: Record) -> dict[str, str]:
    """The id that each name means, by document and name."""
    resolver = Organisations()
    for record in records:
        resolver.see(record)
    found = resolver.settle()
    return {
        f"{record.document.id}:{claim.name}": found.ids[body_key(claim.name, record.document)]
        for record in records
        for claim in record.claims
        if isinstance(claim, OrganisationClaim)
    }


def test_a_council_is_its_authority_under_every_name() -> None:
    ids = _bodies(
        _record("a", _body("Leeds City Council", authority="leeds")),
        _record("b", _body("Leeds City Council"), authority="bradford"),
    )
    assert set(ids.values()) == {"organisation/leeds"}


def test_a_national_body_is_one_everywhere() -> None:
    ids = _bodies(
        _record("a", _body("Ofsted")), _record("b", _body("Ofsted"), authority="bradford")
    )
    assert set(ids.values()) == {"organisation/ofsted"}


def test_each_authority_has_its_own_improvement_board() -> None:
    ids = _bodies(
        _record("a", _body("Improvement Board", authority="leeds")),
        _record("b", _body("Improvement Board", authority="bradford"), authority="bradford"),
    )
    assert len(set(ids.values())) == 2


def test_a_board_named_with_its_place_is_the_local_one() -> None:
    ids = _bodies(
        _record("a", _body("Improvement Board", authority="leeds")),
        _record("b", _body("Leeds Improvement Board"), authority="bradford"),
    )
    assert set(ids.values()) == {"organisation/leeds/improvement-board"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Safeguarding Adults Board", "Local Safeguarding Children Board"),
        ("Improvement Board", "Education Improvement Board"),
        ("Children's Trust", "Leeds Teaching Hospitals Trust"),
        ("Integrated Front Door", "Multi-Agency Safeguarding Hub"),
    ],
)
def test_bodies_of_like_name_stay_apart(one: str, other: str) -> None:
    ids = _bodies(_record("a", _body(one), _body(other, at=2)))
    assert len(set(ids.values())) == 2


def _posts(*records: Record) -> dict[str, str]:
    resolver = Posts()
    for record in records:
        resolver.see(record)
    found = resolver.settle()
    return {
        f"{record.document.id}:{claim.post}": found.ids[
            post_key(claim.post, claim.organisation, record.document)
        ]
        for record in records
        for claim in record.claims
        if isinstance(claim, PostClaim)
    }


def test_a_shorter_title_joins_the_one_fuller_title_of_its_rank() -> None:
    ids = _posts(
        _record("a", _post("Deputy Director for Education")),
        _record("b", _post("Deputy Director for Education and Learning")),
    )
    assert len(set(ids.values())) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deputy Director for Education", "Assistant Director for Education"),
        ("Deputy Director for Social Care", "Deputy Director for Education"),
        ("Chief Executive", "Chief Executive of the Children's Trust"),
        ("Children's Services Commissioner", "Executive Commissioner"),
        ("Assistant Directors", "Assistant Director for Early Help"),
    ],
)
def test_posts_of_like_title_stay_apart(one: str, other: str) -> None:
    ids = _posts(_record("a", _post(one), _post(other, at=2)))
    assert len(set(ids.values())) == 2


def test_chairs_are_told_apart_by_what_they_chair() -> None:
    ids = _posts(
        _record(
            "a",
            _post("Chair of the Board", organisation="Improvement Board"),
            _post("Chair of the Improvement Board", at=2, organisation="Improvement Board"),
            _post("Chair of the Adults Board", at=4, organisation="Safeguarding Adults Board"),
        )
    )
    assert len(set(ids.values())) == 2


def test_the_minister_is_one_for_all_authorities() -> None:
    label = "Secretary of State for Education"
    ids = _posts(_record("a", _post(label)), _record("b", _post(label), authority="bradford"))
    assert len(set(ids.values())) == 1


def _tenures(*records: Record) -> list[tuple[str | None, str | None, str]]:
    resolver = Tenures()
    for record in records:
        resolver.see(record)
    found = resolver.settle()
    said = [claim_id(r.document.id, c) for r in records for c in r.claims]
    assert {found.ids[each] for each in said} == set(found.entities)
    return sorted(
        ((t.since, t.until, t.mode) for t in found.entities.values()), key=lambda t: str(t)
    )


def test_an_acting_and_an_interim_director_of_one_time_are_one_holder() -> None:
    claims = [
        _tenure(0, since="2021-11", mode="acting"),
        _tenure(2, on="2022-01-10", mode="interim"),
        _tenure(4, since="2021-11-03"),
    ]
    assert _tenures(_record("a", *claims)) == [("2021-11-03", None, "acting")]


def test_a_leaving_ends_the_tenure_that_was_open() -> None:
    claims = [
        _tenure(0, since="2018-11", mode="interim"),
        _tenure(2, until="2019-06", mode="interim"),
        _tenure(4, since="2019-07", mode="permanent"),
        _tenure(6, until="2021-10"),
    ]
    assert _tenures(_record("a", *claims)) == [
        ("2018-11", "2019-06", "interim"),
        ("2019-07", "2021-10", "permanent"),
    ]


def test_most_statements_decide_a_disputed_month() -> None:
    claims = [_tenure(i, since=since) for i, since in enumerate(["2019-06", "2019-07", "2019-07"])]
    assert _tenures(_record("a", *claims)) == [("2019-07", None, "unknown")]


def test_an_interim_and_a_permanent_start_stay_apart() -> None:
    claims = [
        _tenure(0, since="2019-05", mode="interim"),
        _tenure(2, since="2019-06", mode="permanent"),
    ]
    assert len(_tenures(_record("a", *claims))) == 2


def test_inspectors_are_told_apart_by_name() -> None:
    hmi = {"post": "His Majesty's Inspector", "organisation": "Ofsted", "on": "2022-01-10"}
    named = [
        _tenure(i, name=Stated(n, 0, 1), **hmi)
        for i, n in enumerate(["A Holm", "B Lund", "A Holm"])
    ]
    assert len(_tenures(_record("a", *named))) == 2


def test_neighbours_in_time_succeed_one_another() -> None:
    resolver = Tenures()
    resolver.see(
        _record("a", _tenure(0, since="2018", until="2019-06"), _tenure(2, since="2019-07"))
    )
    first, second = sorted(resolver.settle().entities.values(), key=lambda t: t.since or "")
    assert (first.successor, second.predecessor) == (second.id, first.id)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_of_documents_does_not_matter(order: Iterable[int]) -> None:
    records = [
        _record("a", _tenure(0, since="2018-11", mode="interim")),
        _record("b", _tenure(0, until="2019-06")),
        _record("c", _tenure(0, since="2019-07", mode="permanent")),
    ]
    assert _tenures(*[records[i] for i in order]) == _tenures(*records)
