"""The pipeline in service: who sends a request, which pipeline is in force, and what must never escape."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from router.cache.single_flight import SingleFlight
from router.config import RouterConfig
from router.errors import RequestError
from router.json import dumps
from router.pipeline.cache_control import for_one_client
from router.pipeline.caller import Caller, Callers
from router.pipeline.expose_plan import plan_mode
from router.pipeline.facts import OperationFacts, codes_of
from router.pipeline.pipeline import Pipeline
from router.pipeline.request import Claims, GraphQLRequest, GraphQLResponse, RequestContext
from router.pipeline.shedding import LoadShedder
from router.rates.limits import RateLimits
from router.transport.client_context import CLIENT_CONTEXT

logger = logging.getLogger(__name__)


class Authenticator(Protocol):
    """The claims of a client, None for an anonymous one. Raises `RequestError`: 401 for a bad token."""

    async def authenticate(self, headers: Mapping[str, str]) -> Claims | None: ...


class Credentials(Protocol):
    """Where tokens come from: which headers, and what is left of a request without them."""

    headers: tuple[str, ...]

    def without(self, headers: Mapping[str, str]) -> Mapping[str, str]: ...


class Persisted(Protocol):
    """The stage of persisted operations (router/persisted). `sees_all`: texts without an id as well."""

    sees_all: bool

    def published(self, request: GraphQLRequest, headers: Mapping[str, str]) -> GraphQLRequest | None:
        """As `resolve`, where nothing is to be waited for or refused; None says nothing."""

    async def resolve(self, request: GraphQLRequest, headers: Mapping[str, str]) -> GraphQLRequest: ...

    async def accepted(self, request: GraphQLRequest) -> None: ...


class AuthenticationRequired(RequestError):
    """Anonymous clients are not served."""

    code = "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__(
            "Send a token: anonymous requests are not served here.",
            status=401,
            headers=[("www-authenticate", "Bearer")],
        )


class Engine:
    """`pipeline` is replaced as a whole when the supergraph changes; running requests keep theirs.

    `queued` hears how many seconds work waits for its turn.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        config: RouterConfig,
        authenticator: Authenticator | None,
        persisted: Persisted,
        credentials: Credentials,
        rates: RateLimits | None = None,
        problems: dict[str, str] | None = None,
        callers: Callers | None = None,
        queued: Callable[[float], None] | None = None,
    ) -> None:
        self._persisted = persisted
        self._sees_all = persisted.sees_all
        self.pipeline = pipeline
        self.is_ready = False
        self.problems = {} if problems is None else problems
        """What could not be taken over while running, by what it was; the one before is in force."""
        self.is_stopped = False
        """Somebody closed the router; requests do not start it again."""
        self._config = config
        self.authenticator = authenticator
        deduplication = config.execution.deduplicate_operations
        self._deduplicates = deduplication.enabled
        names = (name.lower() for name in deduplication.headers)
        self._key_headers = tuple(dict.fromkeys((*names, *credentials.headers)))
        self._credentials = credentials
        self._rates = rates
        self._callers = callers
        required = config.authorization.require_authentication
        self._asks_who = callers is not None or authenticator is not None or required
        self._shows_plans = config.execution.expose_query_plan
        max_queue = config.server.max_queue_seconds
        self._shedder = None
        if max_queue is not None or queued is not None:
            self._shedder = LoadShedder(max_queue, queued or (lambda seconds: None))
        self._flights: SingleFlight[tuple[object, ...], GraphQLResponse] = SingleFlight()

    def context_of_anybody(
        self, headers: Mapping[str, str], *, is_get: bool = False
    ) -> RequestContext | None:
        """Where nobody is asked who they are; None where `context` has to find out."""
        if self._asks_who:
            return None
        return RequestContext(headers, is_get, None, plan_mode(headers, allowed=self._shows_plans))

    async def context(self, headers: Mapping[str, str], *, is_get: bool = False) -> RequestContext:
        """Raises `RequestError` for a client whose key or token is not accepted."""
        claims, caller = None, None
        if self._callers is not None and (admitted := await self._callers.admit(headers)) is not None:
            caller, headers = admitted
        if self.authenticator is not None:
            try:
                claims = await self.authenticator.authenticate(headers)
            except RequestError as error:
                headers = self._as_anonymous(headers, error)
        if claims is None and caller is None and self._config.authorization.require_authentication:
            raise AuthenticationRequired
        # A plan tells what a contract hides.
        shows_plans = self._shows_plans and caller is None
        return RequestContext(headers, is_get, claims, plan_mode(headers, allowed=shows_plans), caller)

    def _as_anonymous(self, headers: Mapping[str, str], error: RequestError) -> Mapping[str, str]:
        """The headers without the bad token: subgraphs that trust the router must not take it for good."""
        jwt = self._config.authentication.jwt
        if jwt.on_error == "reject" or error.status != 401:
            raise error
        return self._credentials.without(headers)

    async def run(
        self, request: GraphQLRequest, context: RequestContext, facts: OperationFacts | None = None
    ) -> GraphQLResponse:
        """Raises `RequestError` when the request is refused; our own faults are logged and masked."""
        try:
            if self._shedder is not None:
                self._shedder.admit()
            if context.caller is not None:
                return await self._run_for(context.caller, request, context, facts)
            if self._rates is not None:
                await self._rates.take(context.headers, context.claims)
            if self._sees_all or request.document_id is not None or request.query_hash is not None:
                return await self._run_persisted(request, context, facts)
            if self._deduplicates and not request.has_files and CLIENT_CONTEXT.get() is None:
                return await self._run_once(request, context, facts)
            return await self._run_alone(request, context, facts)
        except RequestError:
            raise
        except Exception as error:
            logger.exception("An operation failed inside the router.")
            raise RequestError(
                "The router failed to run the operation.", code="INTERNAL_SERVER_ERROR", status=500
            ) from error

    async def _run_for(
        self, caller: Caller, request: GraphQLRequest, context: RequestContext, facts: OperationFacts | None
    ) -> GraphQLResponse:
        """Each is run and counted for itself, and no cache on the way may give its answer to anybody else."""
        codes: tuple[str, ...] = ()
        try:
            if self._rates is not None and not caller.has_own_rate:
                await self._rates.take(context.headers, context.claims)
            resolved = await caller.resolve(request)
            pipeline = await caller.pipeline(self.pipeline)
            response = await self._run_alone(resolved, context, facts, pipeline)
            response.headers = for_one_client(response.headers)
            codes = codes_of(response.errors)
        except RequestError as error:
            codes = codes_of(error.errors)
            raise
        finally:
            caller.ended(codes)
        return response

    async def _run_persisted(
        self, request: GraphQLRequest, context: RequestContext, facts: OperationFacts | None
    ) -> GraphQLResponse:
        resolved = self._persisted.published(request, context.headers)
        if resolved is None:
            resolved = await self._persisted.resolve(request, context.headers)
        if self._deduplicates and not request.has_files and CLIENT_CONTEXT.get() is None:
            response = await self._run_once(resolved, context, facts)
        else:
            response = await self._run_alone(resolved, context, facts)
        if request.query_hash is not None and request.query:
            await self._persisted.accepted(request)
        return response

    async def _run_alone(
        self,
        request: GraphQLRequest,
        context: RequestContext,
        facts: OperationFacts | None,
        pipeline: Pipeline | None = None,
    ) -> GraphQLResponse:
        pipeline = pipeline or self.pipeline
        deadline = pipeline.executor.deadline()
        operation = await pipeline.prepare(request, context, deadline, facts)
        return await pipeline.run(operation, request, context, deadline, facts)

    async def _run_once(
        self, request: GraphQLRequest, context: RequestContext, facts: OperationFacts | None
    ) -> GraphQLResponse:
        """Identical queries in flight are run once. What starts as a mutation is never shared."""
        pipeline = self.pipeline
        deadline = pipeline.executor.deadline()
        operation = await pipeline.prepare(request, context, deadline, facts)
        if operation.kind != "query":
            return await pipeline.run(operation, request, context, deadline, facts)
        key = (
            operation,  # of one supergraph, document, name, set of labels and grant
            dumps(request.variables),
            context.plan_mode,
            id(context.claims),  # Header rules may send them on. Alive as long as the request.
            *(context.headers.get(name) for name in self._key_headers),
        )
        response, shared = await self._flights.run(
            key, lambda: pipeline.run(operation, request, context, deadline, facts)
        )
        if facts is not None and shared and facts.executed is None:  # Another's run answered this one too.
            facts.codes = codes_of(response.errors)
        return response
