"""The life of an operation, from a decoded request to a response. docs/pipeline.md has the whole of it.

decode                      (decode.py, by the HTTP layer)
authenticate                who sends it (router/auth)
persisted operation         an id becomes a text (router/persisted)
override labels             which `@override`s are on for this request
prepare                     cached: parse → limits → validate → select → what it requires → plan → compile
authorize                   what this client is granted → prepare for that, cached too
coerce variables            and the lengths of their lists
demand                      what it will cost with these variables
execute                     fetch, merge, project
restore                     nulls where something was not granted
expose plan, cost
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import perf_counter

from router.demand.check import Demand
from router.errors import RequestError
from router.executor.execution import Variables
from router.limits.check import OperationLimits
from router.pipeline.authorize import Authorization, unshared
from router.pipeline.contracts import Contracts
from router.pipeline.demand import actual_cost, cost_extensions, estimated_cost
from router.pipeline.execute import Executed, Executor
from router.pipeline.expose_plan import plan_extensions
from router.pipeline.facts import OperationFacts, codes_of
from router.pipeline.override_labels import OverrideLabels
from router.pipeline.prepare import Preparation, PreparedOperation
from router.pipeline.request import GraphQLRequest, GraphQLResponse, PlanMode, RequestContext

Charge = Callable[[GraphQLRequest, float | None], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages for one supergraph; a new supergraph gets a new pipeline."""

    labels: OverrideLabels
    preparation: Preparation
    executor: Executor
    authorization: Authorization
    variable_limits: OperationLimits | None = None
    demand: Demand | None = None
    contracts: Contracts | None = None
    """Where somebody sees only a part of the graph."""
    charge: Charge | None = None
    """Told what is about to be run, and what it is estimated to cost; raises `RequestError` to refuse it."""

    async def prepare(
        self,
        request: GraphQLRequest,
        context: RequestContext,
        deadline: float,
        facts: OperationFacts | None = None,
    ) -> PreparedOperation:
        """The operation for what this client is granted. Raises `RequestError` when there is none to run.

        `facts` are filled in for who watches, here and by `run`.
        """
        if facts is not None:
            facts.text = request.query
        labels = self.labels.active(context)
        found = self.preparation.known(request, labels)
        if found is None:
            found = await self.preparation.get(request, labels, deadline)
        if not isinstance(found, PreparedOperation):
            granted = await self.authorization.granted(found.required, context)
            found = await self.preparation.get_granted(request, labels, granted, deadline)
        if facts is not None:
            facts.operation, facts.prepared = found, perf_counter()
        return found

    async def run(
        self,
        operation: PreparedOperation,
        request: GraphQLRequest,
        context: RequestContext,
        deadline: float,
        facts: OperationFacts | None = None,
    ) -> GraphQLResponse:
        """Raises `RequestError` when the operation is not run."""
        if context.is_get and operation.kind == "mutation":
            raise RequestError(
                "Mutations are sent with POST.",
                code="METHOD_NOT_ALLOWED",
                status=405,
                headers=[("allow", "POST")],
            )
        if request.has_files and operation.kind != "mutation":
            raise RequestError("Files can be sent with a mutation only.", code="UPLOADS_NEED_A_MUTATION")
        if self.variable_limits is not None and request.variables:
            self.variable_limits.check_variables(request.variables, operation.name)
        variables = operation.variables.coerce(request.variables, has_files=request.has_files)
        estimated = estimated_cost(self.demand, operation, variables, facts)
        if self.charge is not None:
            await self.charge(request, estimated)
        if context.plan_mode is PlanMode.DRY_RUN:
            return GraphQLResponse(extensions=plan_extensions(operation.plan))
        if operation.denial is None:
            done = await self.executor.execute(operation, variables, context, deadline)
        else:
            done = await self._execute_permitted(operation, variables, context, deadline)
        if facts is not None:
            facts.executed, facts.fetches, facts.codes = perf_counter(), done.fetches, codes_of(done.errors)
        extensions = None
        if self.demand is not None and estimated is not None:
            actual = actual_cost(self.demand, operation, variables, done.data)
            extensions = cost_extensions(self.demand, context, estimated, actual)
            if facts is not None:
                facts.actual_cost = actual
        if context.plan_mode is PlanMode.EXPOSED:
            extensions = {**(extensions or {}), **plan_extensions(operation.plan)}
        headers = unshared(done.headers) if operation.is_guarded else done.headers
        if extensions is not None:
            return GraphQLResponse(done.data, done.errors, extensions, headers=headers)
        return GraphQLResponse(done.data, done.errors, encoded=done.encoded, headers=headers)

    async def _execute_permitted(
        self, operation: PreparedOperation, variables: Variables, context: RequestContext, deadline: float
    ) -> Executed:
        """Of an operation of which not everything is granted."""
        assert operation.denial is not None
        denied = await operation.denial.variant(variables.values)
        lacking = self.authorization.settle(denied, operation.name, context.headers.get("x-request-id"))
        done = await self.executor.execute(operation, variables, context, deadline)
        return done if lacking is None else done.lacking(lacking)
