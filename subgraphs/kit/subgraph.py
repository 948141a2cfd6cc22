"""A subgraph that is ready to answer: its name, its SDL, and two ways in.

    await subgraph.execute(query, variables, operation_name, headers)   a dict, no socket and no JSON text
    subgraph.asgi                                                        the same over HTTP

`build` assembles one from a schema and a function that makes the context of a request (its services and
loaders).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import ExecutionResult, GraphQLError
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from db.errors import StoreUnavailable
from db.freshness import request_scope
from subgraphs.kit.auth import TokenVerifier, Viewer
from subgraphs.kit.execution.budget import LIST_LIMIT, given_up
from subgraphs.kit.federation import FederatedSchema
from subgraphs.kit.http import asgi_app
from subgraphs.kit.jwks import KeysUnavailable
from subgraphs.kit.present import present, present_document
from subgraphs.kit.request import Request
from subgraphs.kit.wakeup import STORES

log = logging.getLogger("plait.subgraph")
Answer = dict[str, Any]


class OperationWatch(Protocol):
    def operation(
        self, headers: Mapping[str, str], name: str | None
    ) -> AbstractContextManager[Callable[[Answer], None]]:
        """Around one operation; what is given is told its answer."""


@dataclass(frozen=True, slots=True)
class Subgraph:
    name: str
    schema: FederatedSchema
    verifier: TokenVerifier
    context: Callable[[Request], object]
    """Called once per request: services, and loaders that live as long as it."""
    ready: Callable[[], Awaitable[None]]
    """Raises when the store cannot be reached."""
    unavailable: tuple[type[Exception], ...] = ()
    """Exceptions that mean the store is away, shown as SERVICE_UNAVAILABLE."""
    routes: Sequence[BaseRoute] = ()
    watch: OperationWatch | None = None
    """Told of each operation, its resolvers and its statements (`kit/telemetry`)."""

    @property
    def sdl(self) -> str:
        return self.schema.as_str()

    @property
    def asgi(self) -> ASGIApp:
        return asgi_app(self, self.routes)

    async def execute(
        self,
        query: str | None,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        peer: str | None = None,
    ) -> Answer:
        """A GraphQL response: `data`, and `errors` when there are any. Never raises for what a client can
        do.
        """
        if self.watch is None:
            return await self._execute(query, variables, operation_name, headers, peer)
        with self.watch.operation(headers or {}, operation_name) as told:
            answer = await self._execute(query, variables, operation_name, headers, peer)
            told(answer)
        return answer

    async def _execute(
        self,
        query: str | None,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        headers: Mapping[str, str] | None,
        peer: str | None,
    ) -> Answer:
        if not query or not query.strip():
            return _refusal("The request has no query.", "BAD_REQUEST")
        prepared = self.schema.documents.get(query)
        if prepared.errors:
            return {"data": None, "errors": [present_document(error) for error in prepared.errors]}
        if problem := _unresolved(prepared.operations, operation_name):
            return _refusal(problem, "OPERATION_RESOLUTION_FAILURE")
        lowered = _lowered(headers or {})
        writes = prepared.operation(operation_name).is_mutation
        try:
            identity = await self.verifier.identify(lowered.get("authorization"), for_writing=writes)
        except (KeysUnavailable, StoreUnavailable) as error:
            log.error("%s: tokens cannot be checked: %s", self.name, error)
            return _refusal("The service is not available at the moment.", "SERVICE_UNAVAILABLE")
        if writes and isinstance(identity, Viewer) and not identity.may_write:
            return _refusal("This token may not write: it has no scope for it.", "FORBIDDEN")
        context = self.context(Request(lowered, identity, peer))
        with request_scope():
            result = await self.schema.run(prepared, variables or {}, operation_name, context)
        if writes:
            STORES[self.name].signal()
        return self._answer(result)

    def _answer(self, result: ExecutionResult) -> Answer:
        answer: Answer = {"data": result.data}
        errors: list[GraphQLError] = result.errors or []
        if too_large := given_up(errors):
            return _refusal(too_large.message, LIST_LIMIT)
        if errors:
            answer["errors"] = [present(error, self.name, self.unavailable) for error in errors]
        if result.extensions:
            answer["extensions"] = result.extensions
        return answer


def _lowered(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Nearly always they are."""
    if all(map(str.islower, headers)):
        return headers
    return {name.lower(): value for name, value in headers.items()}


def _refusal(message: str, code: str) -> Answer:
    return {"data": None, "errors": [{"message": message, "extensions": {"code": code}}]}


def _unresolved(operations: Collection[str | None], name: str | None) -> str | None:
    """Why it is not clear which operation to run; None when it is."""
    if not operations:
        return "The document has no operation."
    if name is None:
        return (
            None
            if len(operations) == 1
            else "The document has several operations: name one in operationName."
        )
    return None if name in operations else f"The document has no operation named {name}."
