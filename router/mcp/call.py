"""A call of a tool: an operation by its id, through the same stages as over `/graphql`."""

from __future__ import annotations

from typing import Any

from mcp import types

from router.described.operation import DescribedOperation
from router.errors import RequestError
from router.json import dumps, loads
from router.mcp.callers import Caller
from router.pipeline.engine import Engine
from router.pipeline.facts import codes_of
from router.pipeline.request import GraphQLRequest


async def call(
    engine: Engine, caller: Caller, operation: DescribedOperation, arguments: dict[str, Any]
) -> types.CallToolResult:
    """The GraphQL response as structured content. With any error in it the result is one: `data` may be
    beside them, partly.
    """
    request = GraphQLRequest("", operation.operation_name, arguments, document_id=operation.id)
    facts = caller.observed.operation() if caller.observed is not None else None
    try:
        response = await engine.run(request, caller.context, facts)
    except RequestError as error:
        if facts is not None:
            facts.codes = codes_of(error.errors)
        return _result(dumps({"errors": error.errors}), is_error=True)
    return _result(response.to_bytes(), is_error=bool(response.errors))


def _result(answer: bytes, *, is_error: bool) -> types.CallToolResult:
    """As text too, for clients that know no structured content."""
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=answer.decode())],
        structured_content=loads(answer),
        is_error=is_error,
    )
