"""Who may change anything: whoever has the token that the service was started with.

There are no accounts. Without ``FINDINGS_OPERATOR_TOKEN`` nothing can be changed over HTTP at
all. With it, a program sends ``Authorization: Bearer …`` and a page's form has a field for it.

    no token set        403   changes are not open here
    no token sent       401   with WWW-Authenticate
    wrong token         401
    from another site   403   a browser says where a form came from (Origin)
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from flask import current_app, request
from pydantic import SecretStr

from server.errors import Problem, Refused
from server.settings import Settings

FIELD = "operator_token"
"""Name of the field that a page's form sends the token in."""

_CLOSED = Problem(
    403,
    "Changes are not open here.",
    "This service was started without an operator's token.",
    "Whoever runs it can set FINDINGS_OPERATOR_TOKEN and start it again.",
)
_MISSING = Problem(
    401,
    "This needs the operator's token.",
    cure="Send it as 'Authorization: Bearer …'.",
)
_WRONG = Problem(401, "This is not the operator's token.")
_ELSEWHERE = Problem(
    403,
    "The request came from another site's page.",
    "Only this service's own pages, and programs, may make changes.",
)


class Operator:
    """Tells whether a request is the operator's; without a token none is."""

    def __init__(self, token: SecretStr | None = None) -> None:
        self._token = token.get_secret_value().encode() if token else b""

    @property
    def open(self) -> bool:
        """Whether a token is set, so that changes can be made at all."""
        return bool(self._token)

    def check(self, token: str, origin: str, host: str) -> None:
        """Pass, or raise Refused with 401 or 403; takes as long for any wrong token.

        ``origin`` is the request's Origin header ("" from programs), ``host`` its Host header.
        """
        if not self.open:
            raise Refused(_CLOSED)
        if origin and urlsplit(origin).netloc != host:
            raise Refused(_ELSEWHERE)
        if not token:
            raise Refused(_MISSING, {"WWW-Authenticate": "Bearer"})
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self._token):
            raise Refused(_WRONG, {"WWW-Authenticate": 'Bearer error="invalid_token"'})


def bearer(authorization: str) -> str:
    """The token of an Authorization header; "" where it carries none."""
    scheme, _, token = authorization.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def operator() -> Operator:
    """The operator of this application, by its settings."""
    settings: Settings = current_app.config["SETTINGS"]
    return Operator(settings.operator_token)


def require_operator() -> None:
    """For a view that changes something: pass, or raise Refused."""
    sent = bearer(request.headers.get("Authorization", "")) or request.form.get(FIELD, "")
    operator().check(sent, request.headers.get("Origin", ""), request.host)
