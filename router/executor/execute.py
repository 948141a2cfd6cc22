"""Execute a prepared operation: what subgraphs answered, in the client's shape, and what went wrong.

The one way to run an operation: the pipeline, the tests and the replay of recordings call it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from router.errors import FetchLimitExceeded, RefusedOperation, RouterError
from router.executor.deadlines import running_deadlines
from router.executor.errors import unexplained, without_absent
from router.executor.execution import Execution, Service, Steps, Variables
from router.executor.operation import ExecutableOperation, Variant
from router.executor.outcome import Outcome
from router.executor.steps import StepGraph
from router.operation.errors import OperationError
from router.transport.base import Headers
from router.transport.uploads import files_in


class AnswerTooLarge(RouterError):
    """The operation was run, and its answer is not made."""

    code = "ANSWER_TOO_LARGE"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The answer takes more than {limit} bytes. Ask for fewer levels.")


class Limits(msgspec.Struct, frozen=True):
    """For one operation. `deadline` is of the loop's clock."""

    deadline: float
    max_fetches: int
    max_response_bytes: int
    max_answer_bytes: int


async def execute(
    operation: ExecutableOperation,
    services: Mapping[str, Service],
    variables: Variables,
    headers: Callable[[str], Headers],
    limits: Limits,
) -> Outcome:
    """Raises `RefusedOperation` before anything is fetched, and `AnswerTooLarge`."""
    variant = operation.known_variant(variables.values) or await _new_variant(operation, variables)
    _refuse_too_many_fetches(variant, limits)
    introspected: dict[str, Any] = {}
    if operation.introspection is not None:
        introspected = await operation.introspection.answer(variables.values)
    if variables.has_files:
        _hold_what_several_ask_for(variant.steps, variables)
    execution = Execution(
        variant.steps,
        variant.new_store(),
        services,
        variables.given,
        variables.values,
        variables.has_files,
        headers,
        running_deadlines(),
        limits.deadline,
        limits.max_response_bytes,
        limits.max_fetches,
    )
    steps = variant.steps.steps
    if len(steps) == 1:
        execution.most_places = await steps[0].run(execution)
    elif steps:
        execution.most_places = await Steps(execution).run()
    if execution.is_heavy:
        return await execution.apart(_outcome, execution, introspected, limits.max_answer_bytes)
    return _outcome(execution, introspected, limits.max_answer_bytes)


def _hold_what_several_ask_for(graph: StepGraph, variables: Variables) -> None:
    """A file can be read once, unless it was said before that more will ask for it."""
    for name, value in variables.given.items():
        requests = sum(name in step.variables.names for step in graph.steps)
        if requests > 1:
            for _, upload in files_in({name: value}):
                upload.hold()


async def _new_variant(operation: ExecutableOperation, variables: Variables) -> Variant:
    try:
        return await operation.variant(variables.values)
    except OperationError as error:
        raise RefusedOperation(error.message, code=error.code) from error


def _refuse_too_many_fetches(variant: Variant, limits: Limits) -> None:
    fetches = len(variant.steps.steps)
    if fetches > limits.max_fetches:
        raise RefusedOperation(
            f"The operation takes {fetches} subgraph requests; at most {limits.max_fetches} are allowed.",
            code=FetchLimitExceeded.code,
        )


def _outcome(execution: Execution, introspected: dict[str, Any], max_bytes: int) -> Outcome:
    """What the store makes of its data; from dicts when something is missing, to find out why.

    Raises `AnswerTooLarge`.
    """
    if execution.is_larger_than(max_bytes):
        raise AnswerTooLarge(max_bytes)
    outcome = None if execution.lacks_keys else execution.store.finish(introspected)
    if outcome is None:
        execution.in_dicts()
        outcome = execution.store.finish(introspected)
        assert outcome is not None, "dicts make an answer of anything"
    if execution.errors or outcome.completion or execution.lacks_keys:
        outcome.errors, gaps = execution.all_errors(outcome.data)
        outcome.completion = unexplained(outcome.completion, outcome.errors, gaps)
    if outcome.completion:
        outcome.completion = without_absent(outcome.completion, execution.absent_places())
    outcome.received, outcome.fetches = execution.received, execution.fetches
    return outcome
