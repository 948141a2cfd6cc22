"""The composition root: builds every object of the router once and hands it on.

Router ── Engine ── Pipeline ── Preparation (parse, validate, plan, compile; cached)
                        └────── Executor ── Service per subgraph ── Transport
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from router.auth.jwt import Issuer, JWTAuthenticator
from router.config import RouterConfig, SubgraphConfig
from router.errors import ConfigError, RequestError, SupergraphError
from router.executor.errors import ErrorPolicy
from router.executor.execution import Service
from router.executor.hidden import hidden_from_clients
from router.executor.possible_types import possible_types
from router.pipeline.decode import request_of
from router.pipeline.engine import Authenticator, Engine
from router.pipeline.execute import Executor
from router.pipeline.override_labels import LabelHook, OverrideLabels
from router.pipeline.pipeline import Pipeline
from router.pipeline.prepare import Planner, Preparation
from router.pipeline.propagate_headers import HeaderRules
from router.transport.base import Transport
from router.transport.factory import SubgraphSource, make_transport

if TYPE_CHECKING:
    from starlette.applications import Starlette

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Routing:
    """Everything that belongs to one supergraph. `sources` are what each transport was made from."""

    pipeline: Pipeline
    transports: Mapping[str, Transport]
    sources: Mapping[str, tuple[SubgraphSource, SubgraphConfig]]


class Router:
    """Routes operations over a supergraph.

    `subgraphs` maps names to a URL, an ASGI application, a Strawberry schema or an object with `execute`;
    a subgraph left out is reached at the URL in the supergraph. `label_hook` turns custom `@override`
    labels on per request. `authenticator` replaces the one the configuration describes. Raises
    `SupergraphError` and `ConfigError`.
    """

    def __init__(
        self,
        supergraph_sdl: str,
        subgraphs: Mapping[str, SubgraphSource] | None = None,
        *,
        config: RouterConfig | None = None,
        label_hook: LabelHook | None = None,
        authenticator: Authenticator | None = None,
    ) -> None:
        self.config = config or RouterConfig()
        self._subgraphs = dict(subgraphs or {})
        self._label_hook = label_hook
        self._started: set[int] = set()
        self._starting = asyncio.Lock()
        self._retiring: list[tuple[asyncio.TimerHandle, _Routing]] = []
        self._routing = self._build(supergraph_sdl, None)
        self.engine = Engine(
            self._routing.pipeline, self.config, authenticator or _authenticator(self.config)
        )

    @classmethod
    def from_subgraphs(
        cls,
        subgraphs: Mapping[str, SubgraphSource],
        *,
        config: RouterConfig | None = None,
        label_hook: LabelHook | None = None,
        authenticator: Authenticator | None = None,
    ) -> Router:
        """Asks every subgraph for its SDL, composes, and routes. Raises `schema.CompositionError` too."""
        from router.composition import compose_subgraphs

        supergraph_sdl = compose_subgraphs(subgraphs)
        return cls(
            supergraph_sdl, subgraphs, config=config, label_hook=label_hook, authenticator=authenticator
        )

    async def execute(
        self, request: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """A GraphQL request in (`query`, `variables`, `operationName`), a GraphQL response out."""
        lowered = {name.lower(): value for name, value in (headers or {}).items()}
        try:
            await self.start()
            context = await self.engine.context(lowered)
            response = await self.engine.run(request_of(dict(request)), context)
        except RequestError as error:
            return {"errors": error.errors}
        return response.to_dict()

    def asgi(self) -> Starlette:
        """The HTTP application; its lifespan starts and stops the router."""
        from router.http.application import application

        return application(self.engine, self.config, self.start, self.aclose)

    async def start(self) -> None:
        """Starts the transports that are not yet running; the router is ready after it."""
        if self.engine.is_ready:
            return
        async with self._starting:
            await self._start_transports(self._routing)
            self.engine.is_ready = True

    async def aclose(self) -> None:
        self.engine.is_ready = False
        routings = [self._routing]
        for timer, routing in self._retiring:
            timer.cancel()
            routings.append(routing)
        self._retiring.clear()
        for routing in routings:
            routing.pipeline.preparation.close()
            await self._stop_transports(routing, {})

    async def __aenter__(self) -> Router:
        await self.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def replace_supergraph(self, supergraph_sdl: str) -> None:
        """Puts another supergraph in force; running requests finish on the old one.

        Raises `SupergraphError`, and then nothing has changed. Transports of unchanged subgraphs stay.
        """
        old = self._routing
        new = await asyncio.to_thread(self._build, supergraph_sdl, old)
        await self._start_transports(new)
        self._routing = new
        self.engine.pipeline = new.pipeline
        self._retire_later(old)

    def _retire_later(self, old: _Routing) -> None:
        """Operations that began on it have until the operation timeout."""
        timer = asyncio.get_running_loop().call_later(
            self.config.execution.operation_timeout_seconds, self._retire, old
        )
        self._retiring.append((timer, old))

    def _retire(self, old: _Routing) -> None:
        self._retiring = [(timer, routing) for timer, routing in self._retiring if routing is not old]
        old.pipeline.preparation.close()
        self._retirement = asyncio.ensure_future(self._stop_transports(old, self._routing.transports))

    async def _start_transports(self, routing: _Routing) -> None:
        for transport in routing.transports.values():
            if id(transport) not in self._started:
                self._started.add(id(transport))
                await transport.start()

    async def _stop_transports(self, routing: _Routing, kept: Mapping[str, Transport]) -> None:
        for name, transport in routing.transports.items():
            if kept.get(name) is not transport and id(transport) in self._started:
                self._started.discard(id(transport))
                await transport.aclose()

    def _build(self, supergraph_sdl: str, previous: _Routing | None) -> _Routing:
        from router.planner import QueryPlanner
        from schema.api_schema import api_schema
        from schema.errors import CompositionError
        from schema.supergraph import Supergraph
        from schema.supergraph import SupergraphError as UnreadableSupergraph

        try:
            supergraph = Supergraph.parse(supergraph_sdl)
            client_schema = api_schema(supergraph.document)
            planner = QueryPlanner(supergraph_sdl)
        except (UnreadableSupergraph, CompositionError, GraphQLError) as error:
            raise SupergraphError(f"The supergraph cannot be used: {error}") from error
        urls = {subgraph.name: subgraph.url for subgraph in supergraph.subgraphs}
        sources = self._sources(urls)
        transports = self._transports(sources, previous)
        preparation = Preparation(
            client_schema,
            possible_types(supergraph.document),
            hidden_from_clients(supergraph.document, client_schema),
            planner,
            capacity=self.config.cache.prepared_operations,
            introspection=self.config.introspection.enabled,
        )
        return _Routing(self._pipeline(planner, preparation, transports), transports, sources)

    def _sources(self, urls: Mapping[str, str]) -> dict[str, tuple[SubgraphSource, SubgraphConfig]]:
        """Configuration over what was given in Python over the supergraph; no address is no transport."""
        by_name = self.config.subgraphs.by_name
        unknown = (set(self._subgraphs) | set(by_name)) - set(urls)
        if unknown:
            names, known = ", ".join(sorted(unknown)), ", ".join(sorted(urls))
            raise ConfigError(f"Not in the supergraph: subgraph {names} (known: {known})")
        sources = {}
        for name, url in urls.items():
            own = by_name.get(name, SubgraphConfig())
            source = own.url or self._subgraphs.get(name, url)
            if source:
                sources[name] = (source, own)
        return sources

    def _transports(
        self, sources: Mapping[str, tuple[SubgraphSource, SubgraphConfig]], previous: _Routing | None
    ) -> dict[str, Transport]:
        transports = {}
        for name, (source, own) in sources.items():
            known = previous.sources.get(name) if previous is not None else None
            if (previous is not None and known is not None and known[0] is source) or known == (source, own):
                assert previous is not None
                transports[name] = previous.transports[name]
            else:
                transports[name] = make_transport(name, source, own, self.config.subgraphs.defaults)
        return transports

    def _pipeline(
        self, planner: Planner, preparation: Preparation, transports: Mapping[str, Transport]
    ) -> Pipeline:
        config = self.config
        by_name, defaults = config.subgraphs.by_name, config.subgraphs.defaults
        services = {
            name: Service(
                name,
                transport,
                by_name.get(name, SubgraphConfig()).timeout_seconds or defaults.timeout_seconds,
            )
            for name, transport in transports.items()
        }
        executor = Executor(
            services,
            HeaderRules.of(config.headers),
            _error_policy(config),
            config.execution.operation_timeout_seconds,
            config.execution.max_fetches,
            config.execution.max_response_bytes,
            config.execution.max_answer_bytes,
        )
        labels = OverrideLabels.of(
            getattr(planner, "override_labels", ()), config.overrides.labels, self._label_hook
        )
        return Pipeline(labels, preparation, executor)


def _error_policy(config: RouterConfig) -> ErrorPolicy:
    errors = config.errors
    shown = None if errors.show_subgraph_errors else frozenset(errors.show_subgraphs)
    return ErrorPolicy(shown, frozenset(errors.client_error_codes))


def _authenticator(config: RouterConfig) -> JWTAuthenticator | None:
    jwt = config.authentication.jwt
    if not jwt.jwks:
        return None
    issuers = [Issuer.of(jwks) for jwks in jwt.jwks]
    return JWTAuthenticator(jwt, issuers, remembered=config.cache.verified_tokens)
