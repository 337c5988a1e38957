"""The protocol for assistants, spoken with a real client over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

TOOLS = ["search", "ask", "repeated", "sparql", "document"]
Call = Callable[..., Awaitable[Any]]


def _speak(home: Path, talk: Callable[[Client], Awaitable[None]]) -> None:
    server = StdioServerParameters(
        command=str(Path(sys.executable).with_name("findings")),
        args=["mcp", "--data", str(home), "--model", "hashing"],
        env=dict(os.environ),
    )

    async def run() -> None:
        async with Client(server, read_timeout_seconds=60) as client:
            await talk(client)

    asyncio.run(run())


async def _call(client: Client, tool: str, **arguments: object) -> Any:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    (content,) = result.content
    return json.loads(content.text)  # type: ignore[union-attr]


async def _refused(client: Client, tool: str, **arguments: object) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return " ".join(part.text for part in result.content)  # type: ignore[union-attr]


def test_an_assistant_reads_and_cannot_write(home: Path) -> None:
    async def talk(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == TOOLS
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
        await _searching(client)
        await _querying(client)
        await _reading(client)

    _speak(home, talk)


async def _searching(client: Client) -> None:
    found = await _call(client, "search", text="supervision", limit=2)
    assert 1 <= len(found["results"]) <= 2
    assert all(result["quoted_source_text"] for result in found["results"])
    issues = await _call(client, "repeated")
    assert issues["total"] == 1
    assert issues["issues"][0]["occurrences"][0]["quoted_source_text"]
    answer = await _call(client, "ask", question="Who was queen of Atlantis?")
    assert answer["answered"] is False
    assert answer["reason"]
    assert "Nowhere" in await _refused(client, "search", text="x", authority="Nowhere")


async def _querying(client: Client) -> None:
    rows = await _call(client, "sparql", query="SELECT (COUNT(*) AS ?n) { ?f a fg:Finding }")
    assert rows == {"rows": [{"n": "4"}]}
    assert await _call(client, "sparql", query="ASK { ?f a fg:Finding }") == {"boolean": True}
    shown = await _call(client, "sparql", query="examples")
    assert len(shown["examples"]) >= 25
    for hostile in (
        "DROP ALL",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o",
        "SELECT * { ?a ?b ?c . ?d ?e ?f }",
        "SELECT * { " + "{" * 5_000,
    ):
        assert await _refused(client, "sparql", query=hostile)
    assert await _call(client, "sparql", query="ASK {}") == {"boolean": True}


async def _reading(client: Client) -> None:
    (first, *_) = (await _call(client, "document", id=""))["documents"]
    read = await _call(client, "document", id=first["id"])
    assert read["next"] is None
    assert read["quoted_source_text"]
    later = await _call(client, "document", id=first["id"], start=5)
    assert read["quoted_source_text"][5:] == later["quoted_source_text"]
    for wrong in ("../../etc/passwd", "nothing"):
        assert "no document" in await _refused(client, "document", id=wrong)


@pytest.mark.parametrize("tool", TOOLS)
def test_descriptions_hold_no_words_of_documents(home: Path, tool: str) -> None:
    from server.assistant import Tools

    told = getattr(Tools, tool).__doc__
    assert told
    assert "Kelland" not in told
