"""Who calls for tools, and what may be called: the seam between partners, tokens and this package."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema

from router.config import MCPCallers
from router.errors import RequestError
from router.mcp.oauth import ToolOAuth
from router.partners.caller import PartnerCaller
from router.persisted.lists import OperationLists
from router.persisted.manifest import PersistedOperation
from router.pipeline.engine import Engine
from router.pipeline.request import RequestContext
from router.telemetry.observer import Observed

CLIENT_NAMES = ("apollographql-client-name", "graphql-client-name")


class CallerUnknown(RequestError):
    code = "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__(
            "Tools are served to known callers: send a partner key or a token as `Authorization: Bearer …`.",
            status=401,
            headers=[("www-authenticate", "Bearer")],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Caller:
    """One request's. `identity` is whose sessions it may use. `operations` and `schema` make its tools; the
    same ones are the same objects while nothing changes.
    """

    context: RequestContext
    identity: str | None
    operations: tuple[PersistedOperation, ...]
    schema: GraphQLSchema
    observed: Observed | None = None


class Callers:
    """`lists` are the operations that are in force for whoever is no partner."""

    def __init__(
        self,
        engine: Engine,
        lists: Callable[[], OperationLists],
        served: MCPCallers,
        oauth: ToolOAuth | None = None,
    ) -> None:
        self._engine = engine
        self._oauth = oauth
        self._lists = lists
        self._served = served

    async def of(self, headers: Mapping[str, str], observed: Observed | None) -> Caller:
        """Raises `RequestError`: 401 for who is not known, and what bad keys and tokens get; 403 for a token
        without the scopes.
        """
        context = await self._engine.context(headers)
        if isinstance(context.caller, PartnerCaller):
            return await self._partner(context.caller, context, observed)
        if self._served == "partners" or (self._served == "authenticated" and context.claims is None):
            raise CallerUnknown
        if self._oauth is not None and context.claims is not None:
            self._oauth.check_scopes(context.claims)
        operations = self._lists().of_client(next(_client_names(headers), None))
        schema = self._engine.pipeline.preparation.schema
        return Caller(context, _identity(context.claims), operations, schema, observed)

    async def _partner(
        self, partner: PartnerCaller, context: RequestContext, observed: Observed | None
    ) -> Caller:
        """Its own operations, over what its contract shows of the graph."""
        if observed is not None:
            observed.partner = partner.name
        pipeline = await partner.pipeline(self._engine.pipeline)
        schema = pipeline.preparation.schema
        return Caller(context, f"partner {partner.name}", partner.lists.of_client(None), schema, observed)


def _identity(claims: Mapping[str, Any] | None) -> str | None:
    return None if claims is None else f"token {claims.get('iss')} {claims.get('sub')}"


def _client_names(headers: Mapping[str, str]) -> Iterator[str]:
    return (headers[name] for name in CLIENT_NAMES if name in headers)
