"""A subgraph in this process: no socket and no JSON text.

What runs it is either a Strawberry schema, known by its shape so that Strawberry need not be installed, or
any object with `execute` as in `ExecutableSubgraph`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from router.errors import TransportError
from router.transport.base import SubgraphRequest, SubgraphResponse
from router.transport.client_context import CLIENT_CONTEXT

logger = logging.getLogger(__name__)


@runtime_checkable
class ExecutableSubgraph(Protocol):
    """Answers a GraphQL request with `{"data", "errors"?}`. Names of `headers` are lower case.

    The answer becomes the router's: it is merged into, so it must be made anew for every request.
    """

    async def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        headers: Mapping[str, str],
    ) -> Mapping[str, Any]: ...


class StrawberrySubgraph:
    """A `strawberry.Schema`. Resolvers find in `info.context` what the client's request is given as
    (`client_context.py`), else `headers`, those sent on to this subgraph.
    """

    def __init__(self, schema: Any) -> None:
        self._schema = schema

    async def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        headers: Mapping[str, str],
    ) -> Mapping[str, Any]:
        context_of = CLIENT_CONTEXT.get()
        context = {"headers": headers} if context_of is None else await context_of(headers)
        result = await self._schema.execute(
            query,
            variable_values=dict(variables or {}),
            operation_name=operation_name,
            context_value=context,
        )
        response: dict[str, Any] = {"data": result.data}
        if result.errors:
            response["errors"] = [error.formatted for error in result.errors]
        return response


def is_strawberry_schema(subgraph: object) -> bool:
    return all(hasattr(subgraph, name) for name in ("execute", "execute_sync", "as_str", "get_type_by_name"))


class InProcessTransport:
    def __init__(self, subgraph: ExecutableSubgraph) -> None:
        self._subgraph = subgraph

    async def start(self) -> None:
        """The subgraph's own start and stop are its owner's."""

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        document = request.document
        for _, upload in request.files:
            await upload.opened()
        try:
            payload = await self._subgraph.execute(
                document.text, request.variables, document.operation_name, dict(request.headers)
            )
        except Exception as error:
            logger.exception("A subgraph in this process failed outside its resolvers.")
            raise TransportError("The subgraph failed.") from error
        return SubgraphResponse(payload=payload)

    async def aclose(self) -> None:
        """The subgraph's own start and stop are its owner's."""
