"""The composition root: builds every object of the router once and hands it on.

Router ── Engine ── Pipeline ── Preparation (parse, validate, plan, compile; cached)
                        └────── Executor ── Service per subgraph ── Transport
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLSchema

from router.auth.sources import TokenSources
from router.authorization.grant import Grants
from router.authorization.policies import Policy
from router.authorization.requirements import Requirements, requirements_of
from router.cache.single_flight import SingleFlight
from router.config import DemandConfig, RouterConfig, SubgraphConfig, SubgraphDefaults
from router.demand.check import Demand
from router.demand.costs import Costs
from router.described.catalogue import Catalogues
from router.errors import ConfigError, RequestError, SupergraphError
from router.executor.errors import ErrorPolicy
from router.executor.execution import Service
from router.executor.hidden import hidden_from_clients
from router.executor.possible_types import possible_types
from router.kept import Kept
from router.limits.check import OperationLimits
from router.partners.caller import PartnerCaller
from router.partners.partner import Partner
from router.partners.registry import Partners
from router.persisted.lists import OperationLists
from router.persisted.prepare import prepare_published
from router.pipeline.authorize import Authorization
from router.pipeline.contracts import Contracts
from router.pipeline.decode import request_of
from router.pipeline.engine import Authenticator, Engine
from router.pipeline.execute import Executor
from router.pipeline.override_labels import LabelHook, OverrideLabels
from router.pipeline.pipeline import Pipeline
from router.pipeline.prepare import Guard, Planner, Preparation
from router.pipeline.propagate_headers import HeaderRules
from router.pipeline.return_headers import ReturnRules
from router.transport.base import Kept as KeptHeaders
from router.transport.base import Transport
from router.transport.client_context import CLIENT_CONTEXT, ContextOf
from router.transport.factory import SubgraphSource, make_transport
from router.transport.in_process import is_strawberry_schema

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.routing import BaseRoute

    from router.http.client_context import ContextGetter
    from router.mcp.at_need import ToolsAtNeed
    from router.mcp.endpoint import MCPEndpoint
    from router.mcp.oauth import ToolOAuth
    from schema.supergraph import Supergraph

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _MadeFrom:
    """All that decides what a transport is: with the same, the one that runs is as good as a new one."""

    source: SubgraphSource
    own: SubgraphConfig
    defaults: SubgraphDefaults
    kept: KeptHeaders

    def is_as(self, other: _MadeFrom | None) -> bool:
        """Addresses are alike when they are equal, what was given in Python when it is the same."""
        if other is None or (self.own, self.defaults, self.kept) != (other.own, other.defaults, other.kept):
            return False
        is_address = isinstance(self.source, str)
        return self.source is other.source or (is_address and bool(self.source == other.source))


@dataclass(frozen=True, slots=True, eq=False)
class _Routing:
    """Everything that belongs to one supergraph under one configuration."""

    supergraph: Supergraph
    pipeline: Pipeline
    transports: Mapping[str, Transport]
    made_from: Mapping[str, _MadeFrom]


class Router:
    """Routes operations over a supergraph: its text, or one that composition made or that was read before.

    `subgraphs` maps names to a URL, an ASGI application, a Strawberry schema or an object with `execute`;
    a subgraph left out is reached at the URL in the supergraph. `label_hook` turns custom `@override`
    labels on per request. `authenticator` replaces the one the configuration describes. `policies` are the
    answers to `@policy`, by name (`router/authorization/policies.py`).
    `context_getter(request, response)` makes the context of Strawberry schemas in this process, as
    Strawberry's own `get_context` does; without one it is a dict of `request`, `response` and `headers`.
    Raises `SupergraphError` and `ConfigError`.
    """

    def __init__(
        self,
        supergraph_sdl: str | Supergraph,
        subgraphs: Mapping[str, SubgraphSource] | None = None,
        *,
        config: RouterConfig | None = None,
        label_hook: LabelHook | None = None,
        authenticator: Authenticator | None = None,
        context_getter: ContextGetter | None = None,
        policies: Mapping[str, Policy] | None = None,
        _kept: Kept | None = None,
        _before: _Routing | None = None,
    ) -> None:
        self.config = config or RouterConfig()
        self._return_rules = ReturnRules.of(
            self.config.headers, merges_lifetimes=self.config.cache_control.enabled
        )
        self._kept = _kept or Kept.of(self.config, authenticator)
        self.telemetry = self._kept.telemetry
        self._subgraphs = dict(subgraphs or {})
        self._policies = dict(policies or {})
        self._label_hook = label_hook
        self._context_getter = context_getter
        self._given_authenticator = authenticator
        self._starting: SingleFlight[str, None] = SingleFlight()
        self._retiring: list[tuple[asyncio.TimerHandle, _Routing]] = []
        self._retirements: set[asyncio.Task[None]] = set()
        self._routing = self._build(supergraph_sdl, _before)
        self._persisted = self._kept.persisted
        self._tools: ToolsAtNeed | None = None
        self._catalogues = Catalogues()
        self.engine = Engine(
            self._routing.pipeline,
            self.config,
            self._kept.authenticator,
            self._persisted,
            TokenSources.of(self.config.authentication.jwt),
            self._kept.rates,
            self._kept.problems,
            self._kept.partners,
            self.telemetry.metrics.queued if self.telemetry.metrics is not None else None,
        )

    @classmethod
    def from_subgraphs(
        cls,
        subgraphs: Mapping[str, SubgraphSource],
        *,
        config: RouterConfig | None = None,
        label_hook: LabelHook | None = None,
        authenticator: Authenticator | None = None,
        context_getter: ContextGetter | None = None,
        policies: Mapping[str, Policy] | None = None,
    ) -> Router:
        """Asks every subgraph for its SDL, composes, and routes. Raises `schema.CompositionError` too."""
        from router.composition import compose_subgraphs

        return cls(
            compose_subgraphs(subgraphs),
            subgraphs,
            config=config,
            label_hook=label_hook,
            authenticator=authenticator,
            context_getter=context_getter,
            policies=policies,
        )

    def with_config(self, config: RouterConfig) -> Router:
        """Another router over the supergraph in force and the same subgraphs; this one goes on.

        What `Kept` has is shared where it is configured alike, and so are the transports of subgraphs: an
        issuer that is away just now is no reason to refuse tokens, who used up a rate limit has used it up,
        and a subgraph that fails is not tried anew. Raises `ConfigError`, `ManifestError`.
        """
        return Router(
            self._routing.supergraph,
            self._subgraphs,
            config=config,
            label_hook=self._label_hook,
            authenticator=self._given_authenticator,
            context_getter=self._context_getter,
            policies=self._policies,
            _kept=self._kept.under(config, self._given_authenticator),
            _before=self._routing,
        )

    async def execute(
        self,
        request: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
        *,
        context: Any = None,
    ) -> dict[str, Any]:
        """A GraphQL request in (`query`, `variables`, `operationName`), a GraphQL response out.

        `context` is what Strawberry schemas in this process get as theirs; without it they get what the
        application would give them, with a request that has these headers.
        """
        lowered = {name.lower(): value for name, value in (headers or {}).items()}
        token = CLIENT_CONTEXT.set(self._context_of(lowered, context))
        try:
            await self.start()
            about = await self.engine.context(lowered)
            response = await self.engine.run(request_of(dict(request)), about)
        except RequestError as error:
            return {"errors": error.errors}
        finally:
            CLIENT_CONTEXT.reset(token)
        return response.to_dict()

    def asgi(self) -> Starlette:
        """The HTTP application; its lifespan starts and stops the router."""
        from router.http.application import RouterApplication
        from router.http.graphql import GraphQLEndpoint
        from router.http.partner_pages import PartnerPages

        partners = self.partners
        endpoint = GraphQLEndpoint(
            self.engine,
            self.config,
            in_process=self._has_schemas(),
            context_getter=self._context_getter,
            observer=self.telemetry.observer,
            keys=None if partners is None else partners.sources,
        )
        pages = None if partners is None else PartnerPages(partners, self.config.cors)
        beside = [*self._tool_routes(), *self._portal_routes()]
        return RouterApplication(self.engine, self.config, endpoint, self.start, self.aclose, pages, beside)

    def _portal_routes(self) -> list[BaseRoute]:
        from router.http.portal import Portal

        if self.partners is None or not self.config.partners.portal:
            return []
        return Portal(self.engine, self.partners, self._catalogues, self.config).routes()

    def _tool_routes(self) -> list[BaseRoute]:
        """Raises `ConfigError` where the SDK is not installed."""
        from starlette.routing import Route

        if not self.config.mcp.enabled:
            return []
        from router.http.tool_metadata import metadata_routes
        from router.mcp.at_need import ToolsAtNeed

        if self._tools is None:
            self._tools = ToolsAtNeed(self._tool_endpoint)
        oauth = self._tool_oauth()
        metadata = [] if oauth is None else metadata_routes(oauth.metadata_paths, oauth.metadata())
        return [Route(self.config.mcp.path, self._tools), *metadata]

    def _tool_oauth(self) -> ToolOAuth | None:
        from router.mcp.oauth import ToolOAuth

        config = self.config.mcp.oauth
        if not config.authorization_servers:
            return None
        return ToolOAuth(config, self.config.authorization.scopes_claims)

    def _tool_endpoint(self, make: type[MCPEndpoint]) -> MCPEndpoint:
        from router.mcp.callers import Callers

        oauth = self._tool_oauth()
        return make(
            self.engine,
            self.config,
            Callers(self.engine, lambda: self._persisted.lists, self.config.mcp.callers, oauth),
            self._catalogues,
            in_process=self._has_schemas(),
            context_getter=self._context_getter,
            observer=self.telemetry.observer,
            oauth=oauth,
        )

    async def _tell_tools_changed(self) -> None:
        self._catalogues.forget()
        if self._tools is not None:
            await self._tools.tools_changed()

    def admin(self) -> Starlette | None:
        """The application for the admin address (`telemetry.metrics.listen`), where metrics are on."""
        from router.http.admin import admin_application

        return admin_application(self.engine, self.telemetry) if self.telemetry.metrics is not None else None

    @property
    def partners(self) -> Partners | None:
        """Who may call with a key, where `partners.store` is configured."""
        return self._kept.partners

    async def contract_schema(self, partner: Partner) -> GraphQLSchema:
        """What a partner sees of the graph in force. Raises `schema.CompositionError`."""
        contracts = self._routing.pipeline.contracts
        if contracts is None:
            raise ConfigError("There are no partners without partners.store.")
        return (await contracts.view(partner.contract.cut)).schema

    def _count_prepared(self) -> int:
        return len(self._routing.pipeline.preparation)

    def _has_schemas(self) -> bool:
        return any(map(is_strawberry_schema, self._subgraphs.values()))

    def _context_of(self, headers: Mapping[str, str], context: Any) -> ContextOf | None:
        if not self._has_schemas():
            return None
        from router.http.client_context import ClientContext, given, request_without_connection

        if context is not None:
            return given(context)
        if self.partners is not None and self.partners.sources.carries(headers):
            headers = self.partners.sources.without(headers)
        request = request_without_connection(headers, self.config.server.graphql_path)
        return ClientContext(request, self._context_getter).of

    async def start(self) -> None:
        """Starts the transports that are not yet running; the router is ready after it.

        A router that was closed may be started again, in another event loop as well.
        """
        if not self.engine.is_ready:
            await self._starting.run("start", self._start)

    async def _start(self) -> None:
        self._kept.use(self)
        self.telemetry.prepared.add(self._count_prepared)
        self.telemetry.start()
        await self._start_transports(self._routing)
        await prepare_published(self._persisted.lists, self._routing.pipeline)
        if self.partners is not None:
            await self._cover(self.partners.callers.values())
            self.partners.covers.add(self._cover)
            self.partners.followers.add(self._tell_tools_changed)
            await self.partners.start()
        self.engine.is_ready, self.engine.is_stopped = True, False

    async def aclose(self) -> None:
        """Stops every transport, those of supergraphs no longer in force included."""
        self.engine.is_ready, self.engine.is_stopped = False, True
        if self._tools is not None:
            await self._tools.aclose()
        await asyncio.gather(*self._retirements)
        routings = [self._routing]
        for timer, routing in self._retiring:
            timer.cancel()
            routings.append(routing)
        self._retiring.clear()
        for routing in routings:
            _close_preparations(routing.pipeline)
            await self._stop_transports(routing)
        self.telemetry.prepared.discard(self._count_prepared)
        if self.partners is not None:
            self.partners.covers.discard(self._cover)
            self.partners.followers.discard(self._tell_tools_changed)
        await self._kept.leave(self)

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

    async def replace_supergraph(self, supergraph_sdl: str | Supergraph) -> None:
        """Puts another supergraph in force; running requests finish on the old one.

        Raises `SupergraphError`, and then nothing has changed. Transports of unchanged subgraphs stay.
        """
        old = self._routing
        new = await asyncio.to_thread(self._build, supergraph_sdl, old)
        await self._start_transports(new)
        await prepare_published(self._persisted.lists, new.pipeline)
        if self.partners is not None:
            await self._cover(self.partners.callers.values(), new.pipeline)
        self._routing = new
        self.engine.pipeline = new.pipeline
        old.pipeline.preparation.forget()
        if old.pipeline.contracts is not None:
            old.pipeline.contracts.forget()
        self._retire_later(old)
        await self._tell_tools_changed()

    async def replace_operations(self, lists: OperationLists) -> None:
        """Puts other published operations in force, once they are prepared."""
        await prepare_published(lists, self._routing.pipeline)
        self._persisted.replace(lists)
        await self._tell_tools_changed()

    async def _cover(self, callers: Iterable[PartnerCaller], pipeline: Pipeline | None = None) -> None:
        """Contracts and plans of these partners are made before their first requests. What does not fit the
        graph is in the log, and told to the partner.
        """
        for caller in tuple(callers):
            try:
                own = await caller.pipeline(pipeline or self._routing.pipeline)
            except RequestError as error:
                logger.error(
                    "The contract of partner %s does not fit the graph: %s", caller.name, error.__cause__
                )
                continue
            await prepare_published(caller.lists, own)

    def _retire_later(self, old: _Routing) -> None:
        """Operations that began on it have until the operation timeout."""
        timer = asyncio.get_running_loop().call_later(
            self.config.execution.operation_timeout_seconds, self._retire, old
        )
        self._retiring.append((timer, old))

    def _retire(self, old: _Routing) -> None:
        self._retiring = [(timer, routing) for timer, routing in self._retiring if routing is not old]
        _close_preparations(old.pipeline)
        retirement = asyncio.ensure_future(self._stop_transports(old))
        self._retirements.add(retirement)
        retirement.add_done_callback(self._retirements.discard)

    async def _start_transports(self, routing: _Routing) -> None:
        await self._kept.transports.use(routing, routing.transports)

    async def _stop_transports(self, routing: _Routing) -> None:
        """Those that nobody uses any more."""
        await self._kept.transports.leave(routing, routing.transports)

    def _build(self, supergraph_sdl: str | Supergraph, previous: _Routing | None) -> _Routing:
        from router.planner import QueryPlanner
        from schema.api_schema import api_schema
        from schema.report.errors import CompositionError
        from schema.supergraph import Supergraph, UnsupportedLinkError
        from schema.supergraph import SupergraphError as UnreadableSupergraph

        try:
            supergraph = (
                Supergraph.parse(supergraph_sdl) if isinstance(supergraph_sdl, str) else supergraph_sdl
            )
            client_schema = api_schema(supergraph)
            planner = QueryPlanner(supergraph)
            requirements = requirements_of(supergraph)
        except UnsupportedLinkError as error:
            raise SupergraphError(
                f"The supergraph cannot be used: {error}", code="UNSUPPORTED_LINKED_FEATURE"
            ) from error
        except (UnreadableSupergraph, CompositionError, GraphQLError) as error:
            raise SupergraphError(f"The supergraph cannot be used: {error}") from error
        except RecursionError as error:
            raise SupergraphError("The supergraph cannot be used: it nests too deeply.") from error
        urls = {subgraph.name: subgraph.url for subgraph in supergraph.subgraphs}
        made_from = self._sources(urls)
        transports = self._transports(made_from, previous)
        limits = OperationLimits(self.config.limits)
        demand = _demand(supergraph, self.config.demand)
        possible, guard = possible_types(supergraph.schema), _guard(requirements, self.config)

        def prepare(schema: GraphQLSchema, demand: Demand | None, *, introspection: bool) -> Preparation:
            return Preparation(
                schema,
                possible,
                hidden_from_clients(supergraph.schema, schema),
                planner,
                capacity=self.config.cache.prepared_operations,
                max_bytes=self.config.cache.prepared_operations_max_bytes,
                timeout=self.config.execution.preparation_timeout_seconds,
                introspection=introspection,
                suggestions=_suggests(self.config),
                guard=guard,
                limits=limits,
                demand=demand,
                tells_used_fields=self.telemetry.field_usage is not None,
            )

        authorization = self._authorization(requirements)
        shown = self.config.introspection.enabled
        preparation = prepare(client_schema, demand, introspection=shown)
        pipeline = self._pipeline(planner, preparation, authorization, limits, demand, transports)
        if self.partners is not None:
            costs = demand or _only_estimating(supergraph, self.config.demand)
            shown = shown or self.config.partners.introspection
            view = partial(prepare, demand=costs, introspection=shown)
            contracts = Contracts(supergraph.schema, client_schema, costs, view)
            pipeline = replace(pipeline, contracts=contracts)
        return _Routing(supergraph, pipeline, transports, made_from)

    def _authorization(self, requirements: Requirements | None) -> Authorization:
        config = self.config.authorization
        if requirements is None:
            return Authorization(None)
        unknown = requirements.policies() - self._policies.keys()
        if unknown and not config.policies_claims:
            names = ", ".join(sorted(unknown))
            logger.warning("Nobody answers for these policies, so they are never granted: %s", names)
        return Authorization(Grants(requirements, self._policies, config), config.on_denied)

    def _sources(self, urls: Mapping[str, str]) -> dict[str, _MadeFrom]:
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
                sources[name] = _MadeFrom(
                    source, own, self.config.subgraphs.defaults, self._return_rules.kept
                )
        return sources

    def _transports(
        self, sources: Mapping[str, _MadeFrom], previous: _Routing | None
    ) -> dict[str, Transport]:
        return {
            name: previous.transports[name]
            if previous is not None and made_from.is_as(previous.made_from.get(name))
            else make_transport(name, made_from.source, made_from.own, made_from.defaults, made_from.kept)
            for name, made_from in sources.items()
        }

    def _pipeline(
        self,
        planner: Planner,
        preparation: Preparation,
        authorization: Authorization,
        limits: OperationLimits,
        demand: Demand | None,
        transports: Mapping[str, Transport],
    ) -> Pipeline:
        config = self.config
        by_name, defaults = config.subgraphs.by_name, config.subgraphs.defaults
        services = {
            name: Service(
                name,
                self.telemetry.watched(name, transport),
                by_name.get(name, SubgraphConfig()).timeout_seconds or defaults.timeout_seconds,
            )
            for name, transport in transports.items()
        }
        executor = Executor(
            services,
            HeaderRules.of(config.headers),
            self._return_rules,
            _error_policy(config),
            config.execution.operation_timeout_seconds,
            config.execution.max_fetches,
            config.execution.max_response_bytes,
            config.execution.max_answer_bytes,
            config.errors.max_errors,
        )
        labels = OverrideLabels.of(
            getattr(planner, "override_labels", ()), config.overrides.labels, self._label_hook
        )
        variable_limits = limits if limits.limits_variables else None
        return Pipeline(labels, preparation, executor, authorization, variable_limits, demand)


def _close_preparations(pipeline: Pipeline) -> None:
    pipeline.preparation.close()
    if pipeline.contracts is not None:
        pipeline.contracts.close()


def _demand(supergraph: Supergraph, config: DemandConfig) -> Demand | None:
    """Raises `ConfigError` for a limit of a subgraph that is not there."""
    unknown = config.max_cost_by_subgraph.keys() - supergraph.subgraph_by_name.keys()
    if unknown:
        names = ", ".join(sorted(unknown))
        raise ConfigError(f"demand.max_cost_by_subgraph: not in the supergraph: {names}")
    return None if config.mode == "off" else Demand(Costs(supergraph, config.list_size), config)


def _only_estimating(supergraph: Supergraph, config: DemandConfig) -> Demand:
    """For callers with limits of their own where nobody else has any."""
    return Demand(Costs(supergraph, config.list_size), DemandConfig(list_size=config.list_size))


def _suggests(config: RouterConfig) -> bool:
    """Suggestions would tell the names that introspection does not."""
    shown = config.introspection
    return shown.enabled and shown.suggestions and not config.authorization.filter_introspection


def _guard(requirements: Requirements | None, config: RouterConfig) -> Guard | None:
    if requirements is None:
        return None
    authorization = config.authorization
    return Guard(requirements, authorization.on_denied != "log", authorization.filter_introspection)


def _error_policy(config: RouterConfig) -> ErrorPolicy:
    errors = config.errors
    shown = None if errors.show_subgraph_errors else frozenset(errors.show_subgraphs)
    return ErrorPolicy(shown, frozenset(errors.client_error_codes))
