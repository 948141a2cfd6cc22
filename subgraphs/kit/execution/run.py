"""One execution of a program: what it waits for, and what failed."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult, Executor, GraphQLError, GraphQLResolveInfo
from graphql.pyutils import Path

from subgraphs.kit.execution.budget import Budget, GivenUp
from subgraphs.kit.execution.failures import Failure, Placement
from subgraphs.kit.execution.watching import WATCH
from subgraphs.kit.loading import Asked, batches_of, values_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from subgraphs.kit.execution.fields import Call, Field
    from subgraphs.kit.execution.programs import Operation, Program
    from subgraphs.kit.execution.selection import Selection

Work = tuple[Sequence[Any], Callable[[list[Any]], None]]
"""Values, some of which are awaitables, and what takes them when they are known."""
NESTED = "The operation is nested too deeply."


async def execute(operation: Operation, variables: Mapping[str, Any], context: object) -> ExecutionResult:
    """Never raises: what went wrong is in the result. Variables that do not fit, and an answer that was given
    up, are errors without a path.
    """
    values = operation.coerce(variables)
    if isinstance(values, list):
        return ExecutionResult(None, values)
    try:
        run = Run(operation.program(values), values, context)
        return await run.result()
    except GivenUp as given_up:
        return ExecutionResult(None, [given_up.error])
    except RecursionError:
        return ExecutionResult(None, [GraphQLError(NESTED)])


class _Awaitable(dict[type, bool]):
    """Whether values of a type can be awaited: asked once per type."""

    def __missing__(self, kind: type) -> bool:
        return self.setdefault(kind, issubclass(kind, Awaitable))


AWAITABLE = _Awaitable()
ASKED = {Asked}


class Run:
    """Of one operation. Not for two."""

    _executor: Executor[Any] | None = None
    _has_failures = False

    def __init__(self, program: Program, variables: Any, context: object) -> None:
        self._program = program
        self.context = context
        self._infos: dict[Field, GraphQLResolveInfo[Any]] = {}
        self.calls: dict[Field, Call] = {}
        """What is called for each object of a field, by the field."""
        self._pending: list[Work] = []
        self._works: list[Work] = []
        self._tasks: list[asyncio.Task[Any]] = []
        self._abstract: list[tuple[Selection, list[dict[str, Any]]]] = []
        self.watch = WATCH.get()
        self.begun: list[Coroutine[Any, Any, Any]] = []
        """What resolvers returned, where they are watched: closed when the answer is given up."""
        self.variables = variables
        self.schema = program.executor.schema
        self.type_resolver = program.executor.type_resolver
        self.budget = Budget()

    async def result(self) -> ExecutionResult:
        """Raises GivenUp."""
        try:
            answer = await self._answer()
        except BaseException:
            await self._abandon()
            raise
        if not self._has_failures:
            return ExecutionResult(answer, None)
        kinds = {id(each): selection for selection, answers in self._abstract for each in answers}
        placement = Placement(kinds)
        return ExecutionResult(placement.root(self._program.root, answer), placement.errors)

    async def _answer(self) -> dict[str, Any]:
        """Mutations come one after the other, each with all that is asked of it (section 6.2.2)."""
        root, source = self._program.root, (None,)
        answers = root.begin(self, source)
        for field in root.others:
            field.fill(self, source, answers)
            if self._program.is_serial:
                await self._all(self._taken())
        await self._all(self._taken())
        return answers[0]

    def failure(self, error: Exception) -> Failure:
        """What stands in the answer until everything is there."""
        if isinstance(error, GivenUp):
            raise error
        self._has_failures = True
        return Failure(error)

    def note_kinds(self, selection: Selection, answers: list[dict[str, Any]]) -> None:
        self._abstract.append((selection, answers))

    def info_of(self, field: Field) -> GraphQLResolveInfo[Any]:
        """The same for all objects: its path names the field, and no place in the answer."""
        info = self._infos.get(field)
        if info is None:
            executor = self._executor or self._begin()
            path = Path(None, field.key, field.parent)
            info = self._infos[field] = executor.build_resolve_info(
                field.definition, list(field.nodes), field.parent_type, path
            )
        return info

    def _begin(self) -> Executor[Any]:
        executor = self._executor = copy(self._program.executor)
        executor.variable_values, executor.context_value = self.variables, self.context
        return executor

    def waits(self, values: Sequence[Any]) -> bool:
        """Whether one of the values is still to come."""
        if len(values) == 1:
            return AWAITABLE[type(values[0])]
        return any(map(AWAITABLE.__getitem__, set(map(type, values))))

    def when(self, values: Sequence[Any], then: Callable[[list[Any]], None]) -> None:
        self._pending.append((values, then))

    def _taken(self) -> list[Work]:
        taken, self._pending = self._pending, []
        self._works += taken
        return taken

    async def _all(self, works: list[Work]) -> None:
        """At once; a task for each but the last."""
        if not works:
            return
        if len(works) == 1:
            await self._follow(*works[0])
            return
        *others, last = works
        tasks = [self._task(self._follow(*work)) for work in others]
        await self._follow(*last)
        for task in tasks:
            await task

    async def _follow(self, values: Sequence[Any], then: Callable[[list[Any]], None]) -> None:
        """What comes of the values, and of what comes of them."""
        then(await self._known(values))
        await self._all(self._taken())

    async def _known(self, values: Sequence[Any]) -> list[Any]:
        """Coroutines run together; loaders are waited for once per batch, and futures need no task."""
        if set(map(type, values)) == ASKED:
            return await self._answered(values)
        known = list(values)
        waiting = [index for index, value in enumerate(known) if AWAITABLE[type(value)]]
        if len(waiting) > 1:
            for index in waiting:
                if inspect.iscoroutine(known[index]):
                    known[index] = self._task(known[index])
        for index in waiting:
            value = known[index]
            try:
                known[index] = await value
            except Exception as error:  # noqa: BLE001 -- whatever it is, it has a place in the answer
                known[index] = self.failure(error)
        return known

    async def _answered(self, asked: Sequence[Asked]) -> list[Any]:
        """What loaders answer, together where nothing failed."""
        if len(asked) == 1:
            batch = asked[0].entry.batch
            if not batch.is_answered:
                await batch.answered()
            return [self._one(asked[0])]
        has_failed = False
        for batch in batches_of(asked):
            if not batch.is_answered:
                await batch.answered()
            has_failed = has_failed or batch.error is not None
        if not has_failed:
            try:
                return values_of(asked)
            except Exception:  # noqa: BLE001, S110 -- found again below, where it belongs
                pass
        return list(map(self._one, asked))

    def _one(self, asked: Asked) -> Any:
        error = asked.entry.batch.error
        if error is not None:
            return self.failure(error)
        try:
            return asked.value()
        except Exception as failed:  # noqa: BLE001 -- whatever it is, it has a place in the answer
            return self.failure(failed)

    def _task(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.append(task)
        return task

    async def _abandon(self) -> None:
        """Nothing goes on behind an answer that nobody gets."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for values, _ in (*self._works, *self._pending):
            for value in values:
                if inspect.iscoroutine(value):
                    value.close()
        for begun in self.begun:
            begun.close()
