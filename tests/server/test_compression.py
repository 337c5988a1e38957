"""Answers are packed for those who can unpack them, and not sent to those who have them."""

from __future__ import annotations

import gzip

import brotli
import pytest
from flask.testing import FlaskClient

UNPACK = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}
PACKED = ["/", "/figures", "/findings.csv", "/api/v1/findings", "/api/v1/openapi.json"]


@pytest.mark.parametrize("address", PACKED)
def test_text_is_packed_as_the_client_takes_it(client: FlaskClient, address: str) -> None:
    plain = client.get(address)
    assert "Content-Encoding" not in plain.headers
    for name, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        packed = client.get(address, headers={"Accept-Encoding": name})
        assert packed.headers["Content-Encoding"] == name
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert unpack(packed.data) == plain.data
        assert len(packed.data) < len(plain.data) / 2


def test_what_is_packed_already_is_left_alone(client: FlaskClient) -> None:
    asked = {"Accept-Encoding": "gzip, br"}
    with client.get("/pack.docx?authority=kelland", headers=asked) as document:
        assert document.data[:2] == b"PK"
        assert "Content-Encoding" not in document.headers


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
@pytest.mark.parametrize("address", ["/", "/doc/organisation/kelland", "/api/v1/status"])
def test_a_page_that_the_client_has_is_not_sent_again(
    client: FlaskClient, address: str, encoding: str
) -> None:
    asked = {"Accept-Encoding": encoding}
    first = client.get(address, headers=asked)
    again = client.get(address, headers={**asked, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(address, headers={**asked, "If-None-Match": '"another"'})
    unpack = UNPACK[first.headers.get("Content-Encoding")]  # gzip tells the second it packed in
    assert unpack(other.data) == unpack(first.data)


def test_a_mistake_has_no_tag(client: FlaskClient) -> None:
    assert "ETag" not in client.get("/nowhere").headers
