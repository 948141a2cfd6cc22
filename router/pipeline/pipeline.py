"""The life of an operation, from a decoded request to a response.

decode                      (decode.py, by the HTTP layer)
authenticate                who sends it (router/auth)
persisted operation         an id becomes a text (router/persisted)
override labels             which `@override`s are on for this request
prepare                     cached: parse → validate → select → plan → compile
[limits, cost, scopes]      what may be refused knowing operation and client comes here
coerce variables
execute                     fetch, merge, project
expose plan
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from router.errors import RequestError
from router.pipeline.execute import Executor
from router.pipeline.expose_plan import plan_extensions
from router.pipeline.facts import OperationFacts, codes_of
from router.pipeline.override_labels import OverrideLabels
from router.pipeline.prepare import Preparation
from router.pipeline.request import GraphQLRequest, GraphQLResponse, PlanMode, RequestContext


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages for one supergraph; a new supergraph gets a new pipeline."""

    labels: OverrideLabels
    preparation: Preparation
    executor: Executor

    async def run(
        self, request: GraphQLRequest, context: RequestContext, facts: OperationFacts | None = None
    ) -> GraphQLResponse:
        """Raises `RequestError` when the operation is not run. `facts` are filled in for who watches."""
        deadline = self.executor.deadline()
        if facts is not None:
            facts.text = request.query
        operation = await self.preparation.get(request, self.labels.active(context), deadline)
        if facts is not None:
            facts.operation, facts.prepared = operation, perf_counter()
        if context.is_get and operation.kind == "mutation":
            raise RequestError(
                "Mutations are sent with POST.",
                code="METHOD_NOT_ALLOWED",
                status=405,
                headers=[("allow", "POST")],
            )
        if request.has_files and operation.kind != "mutation":
            raise RequestError("Files can be sent with a mutation only.", code="UPLOADS_NEED_A_MUTATION")
        variables = operation.variables.coerce(request.variables, has_files=request.has_files)
        if context.plan_mode is PlanMode.DRY_RUN:
            return GraphQLResponse(extensions=plan_extensions(operation.plan))
        done = await self.executor.execute(operation, variables, context, deadline)
        if facts is not None:
            facts.executed, facts.fetches, facts.codes = perf_counter(), done.fetches, codes_of(done.errors)
        if context.plan_mode is PlanMode.EXPOSED:
            extensions = plan_extensions(operation.plan)
            return GraphQLResponse(done.data, done.errors, extensions, headers=done.headers)
        return GraphQLResponse(done.data, done.errors, encoded=done.encoded, headers=done.headers)

    async def is_query(self, request: GraphQLRequest, context: RequestContext) -> bool:
        """Raises `RequestError` when the request has no operation to run."""
        labels = self.labels.active(context)
        operation = await self.preparation.get(request, labels, self.executor.deadline())
        return operation.kind == "query"
