"""The SDK's own client over a real socket: what it is told, what it calls, what it gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mcp import types
from mcp.shared.exceptions import MCPError

from tests.support.federation import Subgraph, users
from tests.support.tools import client, config, served

pytestmark = pytest.mark.parametrize("mode", ["auto", "legacy"])


def text_of(result: types.CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return content.text


async def test_published_operations_are_tools_with_words_types_and_hints(tmp_path: Path, mode: str) -> None:
    async with served(config(tmp_path)) as (url, _), client(url, mode) as tools:
        listed = {tool.name: tool for tool in (await tools.list_tools()).tools}
    assert list(listed) == ["Me", "User", "Find", "Rename"]
    assert listed["Me"].description == "Who is asking."
    assert listed["User"].input_schema["required"] == ["id"]
    assert listed["User"].input_schema["properties"]["mood"]["default"] == "GOOD"
    assert listed["Find"].input_schema["$defs"]["By"]["properties"]["limit"]["type"] == ["integer", "null"]
    hints = {name: tool.annotations for name, tool in listed.items()}
    reads = types.ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    assert hints["User"] == reads
    assert hints["Rename"] is not None
    assert (hints["Rename"].read_only_hint, hints["Rename"].destructive_hint) == (False, True)


async def test_a_call_runs_the_operation_with_its_arguments(tmp_path: Path, mode: str) -> None:
    watched = users()
    async with served(config(tmp_path), users=watched) as (url, _), client(url, mode) as tools:
        result = await tools.call_tool("User", {"id": "1", "mood": "BAD"})
    expected = {"data": {"user": {"id": "1", "name": "Ada", "posts": [{"title": "T"}]}}}
    assert result.structured_content == expected
    assert text_of(result) == '{"data":{"user":{"id":"1","name":"Ada","posts":[{"title":"T"}]}}}'
    assert not result.is_error
    assert watched.requests[0][1] == {"id": "1", "mood": "BAD"}


async def test_a_mutation_is_a_tool_like_any_other(tmp_path: Path, mode: str) -> None:
    async with served(config(tmp_path)) as (url, _), client(url, mode) as tools:
        result = await tools.call_tool("Rename", {"name": "Ada"})
    assert result.structured_content == {"data": {"rename": {"name": "Ada"}}}


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [
        ("User", {}, "VALIDATION_INVALID_TYPE_VARIABLE"),
        ("User", {"id": "1", "mood": "ODD"}, "VALIDATION_INVALID_TYPE_VARIABLE"),
        ("Find", {"by": {"nmae": "A"}}, "VALIDATION_INVALID_TYPE_VARIABLE"),
    ],
)
async def test_arguments_that_do_not_fit_are_an_error_of_the_tool_with_a_code(
    tmp_path: Path, mode: str, tool: str, arguments: dict[str, Any], code: str
) -> None:
    async with served(config(tmp_path)) as (url, _), client(url, mode) as tools:
        result = await tools.call_tool(tool, arguments)
    assert result.is_error
    assert [error["extensions"]["code"] for error in result.structured_content["errors"]] == [code]


async def test_what_could_be_had_is_beside_the_errors(tmp_path: Path, mode: str) -> None:
    broken = Subgraph({"_entities": [None]})
    async with served(config(tmp_path), posts=broken) as (url, _), client(url, mode) as tools:
        broken.answer = {"_entities": lambda: 1 / 0}
        result = await tools.call_tool("User", {"id": "1"})
    assert result.is_error
    assert result.structured_content["data"]["user"]["name"] == "Ada"
    assert result.structured_content["errors"][0]["extensions"]["service"] == "posts"


async def test_there_is_no_other_tool(tmp_path: Path, mode: str) -> None:
    async with served(config(tmp_path)) as (url, _), client(url, mode) as tools:
        with pytest.raises(MCPError, match="There is no tool 'Delete' for you"):
            await tools.call_tool("Delete", {})
