"""Look at a query's text before any engine sees it.

A parser of our own would be a second opinion that is wrong now and then, and what it lets
through, the engine runs. So this is only a tokenizer, which must never take for a string, an
IRI or a comment what the engine takes for code. Where the grammar leaves that open (`<` may
begin an IRI or be "less than") and the text has the word SERVICE in it, the query is refused.

>>> check("SELECT * { ?s ?p ?o }").form
'SELECT'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from server.sparql.errors import (
    GateRefusal,
    QueryTooLong,
    QueryTooNested,
    ServiceForbidden,
    UpdateForbidden,
)

_TOKEN = re.compile(
    r"""
    (?P<blank>     (?> (?: [\x20\t\r\n]+ | \#[^\r\n]* )* ) )
    (?: (?P<iri>     < (?: [^<>"{}|^`\\\x00-\x20] | \\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8} )* > )
    | (?P<string>  \"{3} (?: \"{0,2} (?: [^"\\] | \\[\s\S] ) )* \"{3}
                 | '{3} (?: '{0,2} (?: [^'\\] | \\[\s\S] ) )* '{3}
                 | " (?: [^"\\\r\n] | \\. )* "
                 | ' (?: [^'\\\r\n] | \\. )* ' )
    | (?P<var>     [?$] \w+ )
    | (?P<lang>    @ [A-Za-z]+ (?: -+ [A-Za-z0-9]+ )* )
    | (?P<run>     (?: [\w.:%·‿⁀-] | \\. )+ )
    | (?P<punct>   \^\^ | && | \|\| | [<>!]= | << | >> | [\s\S] )
    | \Z )
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_GLUED = re.compile(r"\.SERVICE(SILENT)?$")

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATES = frozenset(
    "INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD WITH".split()  # noqa: SIM905
)
CHANGING = frozenset({"NOW", "RAND", "UUID", "STRUUID"})
CHAINS = frozenset({"UNION", "||", "&&", "OPTIONAL", "MINUS"})
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_PROLOGUE = frozenset({"BASE", "PREFIX", "VERSION"})


class Token(NamedTuple):
    """A piece of a query; ``kind`` is iri, string, var, lang, run or punct."""

    kind: str
    text: str
    spaced: bool


@dataclass(frozen=True)
class GateLimits:
    """How much query one may send."""

    bytes: int = 64 * 1024
    depth: int = 128
    tokens: int = 20_000
    chain: int = 1_000


@dataclass(frozen=True)
class Gated:
    """A query that passed: its text, its form, and what the cache must know of it.

    ``normal`` is the text with white space and comments reduced; equal ``normal`` means the
    same query. ``lasting`` is false where two runs may differ (NOW, RAND, UUID and the like).
    """

    text: str
    form: str
    normal: str
    lasting: bool
    own_dataset: bool


def tokens(text: str) -> Iterator[Token]:
    """The text in pieces, without white space and comments; never fails."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind != "blank":
            start, end = match.span(kind)  # type: ignore[arg-type]
            yield Token(kind, text[start:end], match.start() < start)  # type: ignore[arg-type]


def decoded(text: str) -> str:
    r"""The text with ``\uXXXX`` and ``\UXXXXXXXX`` replaced by what they stand for."""

    def character(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        return "\ufffd" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)

    return _ESCAPE.sub(character, text)


def folded(text: str) -> str:
    """Upper case, with look-alike forms of letters made plain."""
    return unicodedata.normalize("NFKC", text).upper()


def _service_at(pieces: list[Token], at: int) -> bool:
    """Whether the run at ``at`` can be the keyword.

    The engine needs no space around it: ``SERVICE:x{…}`` and ``trueSERVICE<…>{…}`` both call
    out, while ``ex:service`` is a name like any other.
    """
    run = folded(pieces[at].text)
    if "SERVICE" not in run:
        return False
    if ":" not in run:
        return True
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    if following is None:
        return False
    if following.text == "{":
        before = pieces[at - 1].text.upper() if at else ""
        return before not in {"GRAPH", "FROM", "NAMED", "DESCRIBE"}
    return following.kind in {"iri", "var", "run"} and _GLUED.search(run) is not None


def _allowed(pieces: list[Token], at: int, allowed: frozenset[str]) -> bool:
    rest = [piece.text for piece in pieces[at : at + 3]]
    if rest[0].upper() != "SERVICE":
        return False
    target = rest[2:3] if rest[1:2] and rest[1].upper() == "SILENT" else rest[1:2]
    return bool(target) and target[0][1:-1] in allowed and target[0][0] == "<"


def _ambiguous(pieces: list[Token], at: int, innermost: str) -> bool:
    """Whether the engine may see "less than" where we see an IRI, and then other code.

    Only an expression in brackets can compare; there, an IRI that follows an operand and holds
    a character that opens a comment or a string is in doubt: ``FILTER(1<2#>…``.
    """
    piece = pieces[at]
    if piece.kind != "iri" or innermost != "(" or not set(piece.text) & {"#", "'"}:
        return False
    before = pieces[at - 1]
    return before.kind != "punct" or before.text in _CLOSE


def check_services(text: str, allowed: frozenset[str]) -> None:
    """Refuse SERVICE in any spelling, save for the services that are allowed."""
    if "SERVICE" not in folded(text):
        return
    pieces = list(tokens(text))
    brackets: list[str] = []
    for at, piece in enumerate(pieces):
        if piece.kind == "run":
            if _service_at(pieces, at) and not _allowed(pieces, at, allowed):
                raise _no_service()
        elif _ambiguous(pieces, at, brackets[-1] if brackets else ""):
            raise _no_service("A comparison could hide one here; put spaces around '<'.")
        elif piece.text in _OPEN:
            brackets.append(piece.text)
        elif piece.text in _CLOSE and brackets:
            brackets.pop()


def _no_service(why: str = "") -> ServiceForbidden:
    return ServiceForbidden(
        "SERVICE is not allowed here.",
        why=why or "Queries may not make this service call another address.",
        cure="Fetch the other data from your own side and join it there.",
    )


def check_size(text: str, limits: GateLimits) -> None:
    """Refuse what has more bytes than it may have."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise GateRefusal("The text has half a character, which is not Unicode.") from None
    if size > limits.bytes:
        raise QueryTooLong(
            f"The text has {size:,} bytes; the most is {limits.bytes:,}.",
            limit=("query bytes", limits.bytes),
        )


def check_shape(pieces: list[Token], limits: GateLimits) -> None:
    """Refuse what is nested, long or chained beyond the limits."""
    depth = deepest = 0
    count = len(pieces)
    chains = dict.fromkeys(CHAINS, 0)
    for kind, text, _ in pieces:
        if text in _OPEN:
            depth += 1
            deepest = max(deepest, depth)
        elif text in _CLOSE:
            depth -= 1
        elif kind == "run":
            # "1-1-1" is one run and five tokens; "-" belongs to a name only after its colon.
            count += 2 * text.partition(":")[0].count("-")
            word = text.upper()
            if word in CHAINS:
                chains[word] += 1
        elif text in CHAINS:
            chains[text] += 1
    _bound("bracket depth", deepest, limits.depth)
    _bound("number of tokens", count, limits.tokens)
    for word, times in chains.items():
        _bound(f"number of {word}", times, limits.chain)


def _bound(what: str, value: int, limit: int) -> None:
    if value > limit:
        raise QueryTooNested(
            f"The query's {what} is over the limit of {limit:,}.",
            cure="Split it into smaller queries, or use VALUES for long lists.",
            limit=(what, limit),
        )


def _form(words: list[str]) -> str:
    return next((word for word in words if ":" not in word and word not in _PROLOGUE), "")


def joined(pieces: list[Token]) -> str:
    """The pieces as text again, white space and comments reduced."""
    return "".join([" " + text if spaced else text for _, text, spaced in pieces]).strip()


def check(
    text: str,
    limits: GateLimits = GateLimits(),
    allowed_services: frozenset[str] = frozenset(),
) -> Gated:
    """Let a query pass, or raise GateRefusal with the reason and the limit."""
    check_size(text, limits)
    if not text.strip():
        raise GateRefusal("The query is empty.", cure="Send a SPARQL query in 'query'.")
    pieces = list(islice(tokens(text), limits.tokens + 1))
    words = [text.upper() for kind, text, _ in pieces if kind == "run"]
    form = _form(words)
    if form in UPDATES:
        raise UpdateForbidden(
            f"{form} is not a query.",
            why="Queries only read.",
            cure="Whoever runs this service can send it as 'update'.",
        )
    check_shape(pieces, limits)
    check_services(text, allowed_services)
    if "\\u" in text or "\\U" in text:
        check_services(decoded(text), allowed_services)
    return Gated(text, form, joined(pieces), CHANGING.isdisjoint(words), "FROM" in words)
