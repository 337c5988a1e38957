"""Look at an update's text before any engine sees it, as :mod:`server.sparql.gate` does.

Which graphs an update changes is seen from what it did, in a copy (``update_worker``). Here is
refused what would reach out (LOAD, SERVICE) or is too large, and the protocol's dataset is put in.
"""

from __future__ import annotations

from itertools import islice

from server.sparql import gate
from server.sparql.errors import BadRequest, GateRefusal, UpdateForbidden
from server.sparql.gate import GateLimits, Token

TAKING_AWAY = ("DELETE", "CLEAR", "DROP", "COPY", "MOVE")
_BEFORE_A_NAME = {"PREFIX", "GRAPH", "WITH", "TO", "USING", "NAMED", "ADD", "COPY", "MOVE"}
_OPEN, _CLOSE = {"{", "(", "["}, {"}", ")", "]"}


def check(
    text: str, limits: GateLimits, using: tuple[str, ...] = (), using_named: tuple[str, ...] = ()
) -> str:
    """The update as it is to be run, or a GateRefusal or BadRequest.

    ``using`` and ``using_named`` are the graphs that the protocol's ``using-graph-uri`` and
    ``using-named-graph-uri`` give: the same as USING in each of its operations.
    """
    gate.check_size(text, limits)
    if not text.strip():
        raise GateRefusal("The update is empty.", cure="Send a SPARQL update in 'update'.")
    pieces = list(islice(gate.tokens(text), limits.tokens + 1))
    gate.check_shape(pieces, limits)
    for reading in {text, gate.decoded(text)}:
        gate.check_services(reading, frozenset())
        _check_load(list(gate.tokens(reading)))
    if not using and not using_named:
        return text
    return _with_dataset(pieces, using, using_named)


def takes_away(text: str) -> bool:
    """Whether the update may take statements away, and not only add some."""
    folded = gate.folded(text)
    return any(word in folded for word in TAKING_AWAY)


def _check_load(pieces: list[Token]) -> None:
    """Refuse the word wherever an operation can begin; a name has a colon or stands inside."""
    depth, before = 0, ""
    for piece in pieces:
        depth += (piece.text in _OPEN) - (piece.text in _CLOSE)
        word = gate.folded(piece.text) if piece.kind == "run" else ""
        is_name = ":" in word and (depth > 0 or before in _BEFORE_A_NAME)
        if word.startswith("LOAD") and not is_name:
            raise UpdateForbidden(
                "LOAD is not allowed here.",
                why="Updates may not make this service call another address.",
                cure="Fetch the data from your own side and send it with INSERT DATA.",
            )
        before = piece.text.upper()


def _with_dataset(pieces: list[Token], using: tuple[str, ...], using_named: tuple[str, ...]) -> str:
    clauses = [*(f"USING <{iri}>" for iri in using)]
    clauses += [f"USING NAMED <{iri}>" for iri in using_named]
    dataset = Token("run", " ".join(clauses), True)
    made: list[Token] = []
    depth = 0
    for piece in pieces:
        depth += (piece.text in _OPEN) - (piece.text in _CLOSE)
        word = piece.text.upper() if piece.kind == "run" and not depth else ""
        if word in {"USING", "WITH"}:
            raise BadRequest(
                f"The dataset is given by {word} and by the request.", cure="Give it once."
            )
        if word == "WHERE":
            if made and made[-1].text.upper() == "DELETE":
                raise BadRequest(
                    "DELETE WHERE takes no dataset.", cure="Write DELETE { … } WHERE { … }."
                )
            made += [dataset, piece._replace(spaced=True)]
        else:
            made.append(piece)
    return gate.joined(made)
