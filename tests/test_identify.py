"""What a document is, from its content alone."""

from __future__ import annotations

import msgspec
import pytest

from kg.identify import identify, slug
from kg.kinds import kinds
from kg.model import Document, Identity, Stated
from tests.identity_cases import NAMES, document, expected


def plain(text: str) -> Document:
    return Document("", "any.txt", "0" * 64, "text/plain", text, ())


@pytest.mark.parametrize("name", NAMES)
def test_identity(name: str) -> None:
    identity = document(name).identity
    given = {
        field: value.value if isinstance(value, Stated) else value
        for field, value in msgspec.structs.asdict(identity).items()
        if value
    }
    assert given == expected(name)["identity"]


@pytest.mark.parametrize("name", NAMES)
def test_every_value_bounds_words_of_the_document(name: str) -> None:
    for value in msgspec.structs.astuple(document(name).identity):
        if isinstance(value, Stated):
            words = document(name).quote(value.start, value.end)
            assert words
            assert words == words.strip()


def test_every_kind_but_other_has_a_case() -> None:
    covered = {expected(name)["identity"]["kind"] for name in NAMES}
    assert covered >= {record.id for record in kinds().documents} - {"re-inspection"}


def test_a_reinspection_is_told_from_an_inspection() -> None:
    text = (
        "Bury Council\nRe-inspection of services for children in need of help and protection, "
        "children looked after and care leavers\nInspection date: 3 May 2017 - 19 May 2017\n"
    )
    assert identify(plain(text)).kind == "re-inspection"


def test_an_article_that_mentions_a_council_is_not_about_it() -> None:
    identity = document("article").identity
    assert (identity.kind, identity.authority) == ("other", None)


def test_surnames_of_councillors_are_no_places() -> None:
    identity = document("minutes-no-council").identity
    assert (identity.authority, identity.publisher) == (None, None)


def test_a_senders_address_is_not_what_a_letter_is_about() -> None:
    text = "Ofsted\nPiccadilly Gate\nStore Street\nManchester\nM1 2WD\n\n2 May 2019\n\nDear all\n"
    letter = text + "\nMonitoring visit of children's services\n\nThis letter summarises the "
    assert identify(plain(letter + "findings of the monitoring visit.")).authority is None


def test_an_empty_text_is_unknown_and_no_error() -> None:
    assert identify(plain("")) == Identity()


def test_a_slug_is_readable_and_depends_on_the_file() -> None:
    case = document("direction")
    assert case.id == f"northamptonshire/2019-10-02-statutory-direction-{case.sha256[:8]}"
    assert slug(plain("x"), Identity()) == "unknown/undated-other-00000000"
    assert document("guidance").id.startswith("national/2014-01-other-")
