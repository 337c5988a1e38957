"""English authorities and the ways in which documents name them."""

from __future__ import annotations

import pytest

from kg import gazetteer


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("City of Bradford Metropolitan District \nCouncil", "bradford"),
        ("CITY OF BRADFORD METROPOLITAN DISTRICT COUNCIL", "bradford"),
        ("Wakefield District Metropolitan Council", "wakefield"),
        (
            "Bournemouth, \nChristchurch and Poole local authority",
            "bournemouth-christchurch-and-poole",
        ),
        ("BCP Council", "bournemouth-christchurch-and-poole"),
        ("Poole Borough Council", "poole"),
        ("Council of the Isles of Scilly", "isles-of-scilly"),
        ("Royal Borough of Windsor & Maidenhead", "windsor-and-maidenhead"),
        ("Hull City Council", "kingston-upon-hull"),
        ("Stoke on Trent", "stoke-on-trent"),
        ("St. Helens Council", "st-helens"),
        ("Derbyshire County Council", "derbyshire"),
        ("Derby City Council", "derby"),
        ("North East Lincolnshire", "north-east-lincolnshire"),
        ("Northamptonshire County Council", "northamptonshire"),
        ("West Northamptonshire Council", "west-northamptonshire"),
        ("County Durham", "durham"),
        ("Metropolitan Borough Council of Dudley", "dudley"),
        ("Corporation of London", "city-of-london"),
    ],
)
def test_a_name_is_found_whole_in_every_form(text: str, slug: str) -> None:
    assert [(m.slug, text[m.start : m.end]) for m in gazetteer.find(text)] == [(slug, text)]


def test_a_common_word_is_no_place() -> None:
    assert gazetteer.find("They were reading, to bury the matter.") == []


def test_naming_a_council_is_formal_and_naming_a_place_is_not() -> None:
    council, place = gazetteer.find("Bury Council serves Bury.")
    assert (council.formal, place.formal) == (True, False)


def test_neighbours_and_successors_are_authorities() -> None:
    known = gazetteer.authorities()
    for authority in known.values():
        assert set(authority.neighbours) | set(authority.successors) <= known.keys()
        assert authority.slug not in authority.neighbours


def test_codes_are_unique_and_every_authority_has_its_own() -> None:
    known = gazetteer.authorities().values()
    assert len({authority.gss for authority in known}) == len(known)
    assert len({authority.la_code for authority in known}) == len(known)


def test_an_ended_authority_says_when_and_who_came_after() -> None:
    ended = gazetteer.authorities()["northamptonshire"]
    assert ended.valid_until == "2021-03-31"
    assert ended.successors == ("north-northamptonshire", "west-northamptonshire")
