"""Execute: the executor's outcome as a client may see it: errors masked, counted and logged."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from router.authorization.restore import DenialVariant
from router.errors import GraphQLErrorDict
from router.executor.errors import CompletionError, ErrorPolicy, SubgraphError, format_completion
from router.executor.execute import AnswerTooLarge, Limits, execute
from router.executor.execution import Service, Variables
from router.executor.projection import ResponseData
from router.pipeline.insert_header import Asking
from router.pipeline.log_errors import log_masked
from router.pipeline.prepare import PreparedOperation
from router.pipeline.propagate_headers import HeaderRules
from router.pipeline.request import RequestContext
from router.pipeline.return_headers import RawHeaders, ReturnRules

TOO_MANY_ERRORS = "TOO_MANY_ERRORS"


class Executed(msgspec.Struct, frozen=True):
    """`encoded` is the response as it is sent, when executing made it on the way."""

    data: ResponseData
    errors: list[GraphQLErrorDict]
    encoded: bytes | None = None
    headers: RawHeaders = ()
    fetches: int = 0

    def lacking(self, denied: DenialVariant) -> Executed:
        """With nulls and errors for what was not granted."""
        data = self.data
        if isinstance(data, msgspec.Struct):
            data = msgspec.to_builtins(data)
        errors = [*self.errors, *denied.errors]
        return replace(self, data=denied.restore(data), errors=errors, encoded=None)


@dataclass(frozen=True, slots=True)
class Executor:
    """Executes prepared operations on these services. Times are in seconds."""

    services: Mapping[str, Service]
    header_rules: HeaderRules
    return_rules: ReturnRules
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
        partner = None if context.caller is None else context.caller.name
        sent = self.header_rules.for_request(
            Asking(context.headers, context.claims, operation.name, operation.kind, partner)
        )
        limits = Limits(deadline, self.max_fetches, self.max_response_bytes, self.max_answer_bytes)
        try:
            outcome = await execute(operation.executable, self.services, variables, sent, limits)
        except AnswerTooLarge as error:
            return Executed(None, [{"message": error.message, "extensions": {"code": error.code}}])
        if not outcome.errors and not outcome.completion:
            received, fetches = outcome.received, outcome.fetches
            returned = self.return_rules.for_client(received, fetches, ()) if received else ()
            return Executed(outcome.data, [], outcome.encoded, returned, fetches)
        log_masked(outcome.errors, self.error_policy, operation.name, context.headers.get("x-request-id"))
        errors = self._told(outcome.errors, outcome.completion)
        returned = self.return_rules.for_client(outcome.received, outcome.fetches, errors)
        return Executed(outcome.data, errors, outcome.encoded, returned, outcome.fetches)

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
