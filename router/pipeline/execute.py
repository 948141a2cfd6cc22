"""Execute: run the steps, add introspection, project to the client's shape, say what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from router.errors import FetchLimitExceeded, GraphQLErrorDict, RefusedOperation
from router.executor.errors import (
    CompletionError,
    ErrorPolicy,
    SubgraphError,
    format_completion,
    unexplained,
)
from router.executor.execution import Execution, Service, Variables
from router.executor.projection import ResponseData
from router.executor.steps import StepGraph, holds
from router.pipeline.log_errors import log_masked
from router.pipeline.prepare import PreparedOperation
from router.pipeline.propagate_headers import HeaderRules
from router.pipeline.request import RequestContext

TOO_MANY_ERRORS = "TOO_MANY_ERRORS"


@dataclass(frozen=True, slots=True)
class Executed:
    """`encoded` is the response as it is sent, when executing made it on the way."""

    data: ResponseData
    errors: list[GraphQLErrorDict]
    encoded: bytes | None = None


@dataclass(frozen=True, slots=True)
class Executor:
    """Executes prepared operations on these services. Times are in seconds."""

    services: Mapping[str, Service]
    header_rules: HeaderRules
    error_policy: ErrorPolicy
    operation_timeout: float
    max_fetches: int
    max_response_bytes: int
    max_answer_bytes: int
    max_errors: int

    def deadline(self) -> float:
        """Of the loop's clock, for an operation that begins now: preparing it counts."""
        return asyncio.get_running_loop().time() + self.operation_timeout

    async def execute(
        self, operation: PreparedOperation, variables: Variables, context: RequestContext, deadline: float
    ) -> Executed:
        """Raises `RefusedOperation` when the operation would take too many fetches."""
        self._check_fetches(operation.steps, variables)
        typed = operation.typed
        execution = Execution(
            typed.graph if typed is not None else operation.steps,
            self.services,
            variables,
            self.header_rules.for_request(context.headers),
            deadline=deadline,
            max_bytes=self.max_response_bytes,
            max_fetches=self.max_fetches,
            typed=typed.root() if typed is not None else None,
        )
        await execution.run()
        if await execution.work(execution.is_larger_than, self.max_answer_bytes):
            return Executed(None, [self._too_large()])
        if typed is not None and execution.typed is not None:
            encoded = None
            if not execution.lacks_keys:
                encoded = await execution.work(typed.encode, execution.typed)
            if encoded is not None:
                return Executed(execution.typed, [], encoded)
            execution.demote()
        if operation.introspection is not None:
            execution.data.update(await operation.introspection.answer(variables.values))
        data, completion = await execution.work(
            operation.projection.project, execution.data, variables.values
        )
        if not execution.errors and not completion and not execution.lacks_keys:
            return Executed(data, [])
        told, gaps = execution.all_errors(operation.steps, data)
        log_masked(told, self.error_policy, operation.name, context.headers.get("x-request-id"))
        return Executed(data, self._told(told, unexplained(completion, told, gaps)))

    def _told(
        self, reported: Sequence[SubgraphError], completion: list[CompletionError]
    ) -> list[GraphQLErrorDict]:
        """At most `max_errors`; then a last one says how many more there are."""
        most, count = self.max_errors, len(reported) + len(completion)
        told = [self.error_policy.format(error) for error in reported[:most]]
        told += [format_completion(error) for error in completion[: most - len(told)]]
        if count > most:
            message = f"There are {count - most} more errors than are told."
            told.append({"message": message, "extensions": {"code": TOO_MANY_ERRORS}})
        return told

    def _too_large(self) -> GraphQLErrorDict:
        message = f"The answer takes more than {self.max_answer_bytes} bytes. Ask for fewer levels."
        return {"message": message, "extensions": {"code": "ANSWER_TOO_LARGE"}}

    def _check_fetches(self, steps: StepGraph, variables: Variables) -> None:
        if len(steps.steps) <= self.max_fetches:
            return
        needed = sum(holds(step.conditions, variables.values) for step in steps.steps)
        if needed > self.max_fetches:
            raise RefusedOperation(
                f"The operation takes {needed} subgraph requests; at most {self.max_fetches} are allowed.",
                code=FetchLimitExceeded.code,
            )
