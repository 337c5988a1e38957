"""Changes over HTTP need the operator's token, and cannot be made from another site's page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from server import errors
from server.operator import FIELD, Operator, bearer, require_operator
from server.settings import Settings

TOKEN = "a-token-of-the-tests"  # noqa: S105 - opens nothing


def app_with(**settings: str) -> Flask:
    app = Flask("operator-test")
    app.config["SETTINGS"] = Settings(**settings)
    errors.init_app(app)

    @app.post("/api/change")
    def change() -> ResponseReturnValue:
        require_operator()
        return "changed"

    return app


def post(app: Flask, token: str = "", **headers: str) -> int:
    sent = {"Authorization": f"Bearer {token}"} if token else {}
    return app.test_client().post("/api/change", headers={**sent, **headers}).status_code


def test_without_a_token_set_nothing_is_open() -> None:
    app = app_with()
    assert post(app, TOKEN) == 403
    response = app.test_client().post("/api/change")
    assert response.content_type == "application/problem+json"
    assert "FINDINGS_OPERATOR_TOKEN" in response.get_data(as_text=True)


def test_only_the_token_opens() -> None:
    app = app_with(operator_token=TOKEN)
    assert post(app, TOKEN) == 200
    assert post(app, TOKEN + "x") == 401
    assert post(app, "naïve-ßtoken-here") == 401
    response = app.test_client().post("/api/change")
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_form_may_carry_the_token() -> None:
    client = app_with(operator_token=TOKEN).test_client()
    assert client.post("/api/change", data={FIELD: TOKEN}).status_code == 200
    assert client.post("/api/change", data={FIELD: "wrong"}).status_code == 401


def test_another_sites_page_is_refused_even_with_the_token() -> None:
    app = app_with(operator_token=TOKEN)
    assert post(app, TOKEN, Origin="https://elsewhere.example") == 403
    assert post(app, TOKEN, Origin="null") == 403
    assert post(app, TOKEN, Origin="http://localhost") == 200


def test_a_token_has_at_least_sixteen_characters_and_is_not_printed() -> None:
    with pytest.raises(ValidationError):
        Settings(operator_token="short")  # noqa: S106
    assert TOKEN not in repr(Settings(operator_token=TOKEN))


@pytest.mark.parametrize(
    ("header", "token"),
    [("Bearer x", "x"), ("bearer  x ", "x"), ("Basic x", ""), ("", ""), ("Bearer", "")],
)
def test_bearer(header: str, token: str) -> None:
    assert bearer(header) == token


def test_an_operator_without_a_token_is_closed() -> None:
    assert not Operator().open
