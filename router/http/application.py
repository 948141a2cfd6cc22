"""The HTTP application: Starlette for what people and orchestrators ask, a straight way in for operations."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from router.config import RouterConfig
from router.http.answering import DOCUMENT_ID
from router.http.cors import cors_middleware
from router.http.graphql import GraphQLEndpoint
from router.http.health import health_routes
from router.http.partner_pages import PartnerPages
from router.http.studio import studio_routes
from router.pipeline.engine import Engine

Act = Callable[[], Awaitable[None]]


class RouterApplication(Starlette):
    """Operations skip Starlette's routing, unless a middleware has to see them: CORS, or one the user added.

    Mounted in another application it gets no lifespan; then the first request starts the router. `beside` are
    routes of others: tools for assistants.
    """

    def __init__(
        self,
        engine: Engine,
        config: RouterConfig,
        graphql: GraphQLEndpoint,
        start: Act,
        stop: Act,
        partner_pages: PartnerPages | None = None,
        beside: Sequence[BaseRoute] = (),
    ) -> None:
        self._partner_pages = partner_pages
        self._engine = engine
        self._graphql = graphql
        self._graphql_path = config.server.graphql_path
        self._start = start
        self._has_lifespan = False
        by_id = f"{self._graphql_path.rstrip('/')}/{{{DOCUMENT_ID}}}"
        routes = [
            Route(self._graphql_path, self._graphql),
            *health_routes(engine),
        ]
        routes_by_id = [Route(by_id, self._graphql)]
        studio = (
            studio_routes(self._graphql_path, first_operation=config.studio.first_operation)
            if config.studio.enabled
            else []
        )

        @asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            self._has_lifespan = True
            await start()
            try:
                yield
            finally:
                await stop()

        super().__init__(
            routes=[*routes, *beside, *studio, *routes_by_id],
            middleware=cors_middleware(config.cors),
            lifespan=lifespan,
        )
        self.router.redirect_slashes = False  # It would send people to whatever Host the client named.

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        engine = self._engine
        if not (engine.is_ready or engine.is_stopped or self._has_lifespan):
            await self._start()
        if self._partner_pages is not None:
            if await self._partner_pages.answered(scope, send):
                return
            send = self._partner_pages.showing(scope, send)
        if scope["path"] == self._graphql_path and not self.user_middleware:
            await self._graphql(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
