"""The gate against the engine: whatever passes must not make the engine call out.

The engine runs in the pool's worker; it refuses port 1 without opening a socket and says so,
which is how a SERVICE clause that was evaluated is known.
"""

from __future__ import annotations

import contextlib
import time

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from server.sparql.errors import GateRefusal, QueryFailure
from server.sparql.gate import check, decoded
from server.sparql.pool import QueryPool

CALL = "SERVICE <http://127.0.0.1:1/> {}"
PIECES = st.sampled_from(
    [
        CALL,
        "service silent<http://127.0.0.1:1/>{}",
        "SERVICE:x{}",
        "ex:.SERVICE:x{}",
        "?a ?b true",
        "?a ?b 1",
        "?a ?b ?c.",
        "?a ?b ex:c.",
        "?a ?b <http://e/#>.",
        "?a ?b <http://e/\\u0041'#>.",
        "?a ?b ex:x\\'.",
        "?a ?b ex:x\\#.",
        "?a ?b 'x'@en.",
        "OPTIONAL{",
        "{",
        "}",
        "UNION{}",
        "FILTER(1<2#>",
        "FILTER(1<'>')",
        "FILTER(1<2)",
        "FILTER(?a<?b&&?c>?d)",
        "BIND(1<2||1<3#>",
        "AS ?x)",
        ")",
        "VALUES ?v {1}",
        '"""',
        "'''",
        '"',
        "'",
        "\\",
        "\\'",
        "#",
        "\n",
        "\r",
        " ",
        "<",
        ">",
        "\\u0027",
        "\\u0053ERVICE <http://127.0.0.1:1/> {}",
    ]
)
PROLOGUE = "PREFIX : <http://127.0.0.1:1/> PREFIX ex: <http://e/> "
FUZZ = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def calls_out(pool: QueryPool, text: str) -> bool:
    """Whether the engine evaluates a SERVICE clause of the text."""
    try:
        pool.query(text).read()
    except QueryFailure as error:
        return "The port 1 is not allowed" in error.why
    return False


def test_the_oracle_sees_a_call(pool: QueryPool) -> None:
    assert calls_out(pool, f"SELECT * {{ {CALL} }}")
    assert calls_out(pool, PROLOGUE + "SELECT * { SERVICE:x{} }")
    assert calls_out(pool, f'SELECT * {{ FILTER(1<2#>"""\n) {CALL} #"""\n }}')
    assert not calls_out(pool, f"SELECT * {{ }} # {CALL}")


@FUZZ
@given(st.lists(PIECES, min_size=1, max_size=12))
@example(['FILTER(1<2#>"""\n)', CALL, '#"""\n'])
@example(["FILTER(1<'>')", CALL, "#'\n"])
def test_what_passes_does_not_call_out(pool: QueryPool, pieces: list[str]) -> None:
    text = PROLOGUE + "SELECT * { " + "".join(pieces) + " }"
    try:
        check(text)
    except GateRefusal:
        return
    assert not calls_out(pool, text), text


@FUZZ
@given(st.lists(PIECES, max_size=6), st.lists(PIECES, max_size=6))
def test_a_call_amid_anything_does_not_pass_and_run(
    pool: QueryPool, before: list[str], after: list[str]
) -> None:
    inner = "".join(before) + "\n" + CALL + "".join(after)
    text = PROLOGUE + "SELECT * { " + inner + " }"
    try:
        check(text)
    except GateRefusal:
        return
    assert not calls_out(pool, text), text


@given(st.text(max_size=400))
def test_any_text_passes_or_is_refused(text: str) -> None:
    try:
        gated = check(text)
    except GateRefusal:
        return
    assert gated.text == text


@given(st.binary(max_size=400))
def test_any_bytes_pass_or_are_refused(data: bytes) -> None:
    try:
        check(data.decode("latin-1"))
    except GateRefusal:
        return


@given(st.text())
def test_decoding_never_fails(text: str) -> None:
    decoded(text).encode("utf-8", "surrogatepass")


def test_the_gate_is_linear_in_what_it_reads() -> None:
    """No text of the largest size takes long, whatever it repeats."""
    unit = ['"', "'", '"""a\\', "'''", "<", "<a", "a-", "a:", "\\", "#", "@a-", "?a", "1.", "{<'#"]
    for piece in unit:
        text = (piece * (64 * 1024))[: 63 * 1024]
        start = time.perf_counter()
        with contextlib.suppress(GateRefusal):
            check(text + " service")
        assert time.perf_counter() - start < 1.0, piece
