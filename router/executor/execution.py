"""Running a step graph: every step starts as soon as the steps it depends on are done.

One `Execution` serves one request, its data in structures or in dicts (`executor/store`). A step prepares its
request, waits for its subgraph, and merges the answer; everything but the waiting is synchronous, so no step
ever sees half of another's merge. A failing subgraph becomes errors beside the data the others gave; only a
fault of our own stops the execution.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from router.errors import FetchLimitExceeded, ResponseTooLarge, SubgraphTimeout, TransportError
from router.executor.deadlines import running_deadlines
from router.executor.errors import Gap, SubgraphError
from router.executor.gaps import entity_gaps, places_of, untold
from router.executor.in_flight import InFlight
from router.executor.paths import ResponsePath
from router.executor.size import encoded_size
from router.executor.steps import StepGraph, VariableUsages
from router.executor.store.protocol import Store
from router.json import dumps
from router.transport.base import Headers, SubgraphDocument, SubgraphRequest, SubgraphResponse, Transport
from router.transport.uploads import files_in

T = TypeVar("T")
HEAVY_BYTES = 1_000_000
"""Of answers received: from there on the work on an operation's data is done in a thread."""


@dataclass(frozen=True, slots=True)
class Service:
    """A subgraph as the executor knows it. `timeout` is in seconds."""

    name: str
    transport: Transport
    timeout: float


class Variables(msgspec.Struct, frozen=True):
    """`given` are the client's own values, untouched; `values` are those and the operation's defaults.

    `has_files`: some of them are uploads.
    """

    given: Mapping[str, Any]
    values: Mapping[str, Any]
    has_files: bool = False


class Execution:
    """The state of one request. What its store holds and `errors` are the outcome."""

    __slots__ = (
        "_bytes_left",
        "_bytes_received",
        "_deadline",
        "_deadlines",
        "_fetches_left",
        "_given",
        "_graph",
        "_has_files",
        "_headers",
        "_is_measured",
        "_lock",
        "_max_fetches",
        "_payload_bytes",
        "_places",
        "_services",
        "_tasks",
        "_waiting",
        "errors",
        "gaps",
        "in_flight",
        "lacks_keys",
        "received",
        "store",
        "variables",
    )

    def __init__(
        self,
        graph: StepGraph,
        store: Store,
        services: Mapping[str, Service],
        variables: Variables,
        headers: Callable[[str], Headers],
        *,
        deadline: float,
        max_bytes: int,
        max_fetches: int,
    ) -> None:
        self._graph = graph
        self._services = services
        self._given = variables.given
        self.variables = variables.values
        self._has_files = variables.has_files
        self._headers = headers
        self._deadline = deadline
        self._deadlines = running_deadlines()
        self._bytes_left = max_bytes
        self._max_fetches = self._fetches_left = max_fetches
        self._bytes_received = 0
        self._payload_bytes = 0
        self._is_measured = True
        self._lock: asyncio.Lock | None = None
        self._places = [1] * len(graph.steps)
        self._waiting = list(graph.dependency_counts)
        self._tasks: set[asyncio.Task[None]] = set()
        self.store = store
        self.in_flight: list[InFlight] = []
        self.errors: list[SubgraphError] = []
        self.gaps: list[Gap] = []
        self.lacks_keys = False
        self.received: tuple[tuple[str, Headers], ...] = ()
        """Headers of answers that their transports kept, each with its subgraph, as they came."""

    @property
    def fetches(self) -> int:
        """How many requests were made."""
        return self._max_fetches - self._fetches_left

    async def run(self) -> None:
        roots = self._graph.roots
        if not roots:
            return
        if len(self._places) == 1:
            self._places[0] = await self._graph.steps[0].run(self)
            return
        try:
            for index in roots[1:]:
                self._start(index)
            await self._follow(roots[0])
            while self._tasks:
                done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_EXCEPTION)
                self._tasks -= done
                for task in done:
                    task.result()
        finally:
            for task in self._tasks:
                task.cancel()

    def _start(self, index: int) -> None:
        self._tasks.add(asyncio.create_task(self._follow(index)))

    async def _follow(self, index: int) -> None:
        """Runs a step and, in the same task, the first of those it sets free; the others get tasks."""
        graph, waiting = self._graph, self._waiting
        following: int | None = index
        while following is not None:
            step = graph.steps[following]
            self._places[following] *= await step.run(self)
            places, dependents = self._places[following], graph.dependents[following]
            following = None
            for dependent in dependents:
                waiting[dependent] -= 1
                self._places[dependent] = max(self._places[dependent], places)
                if waiting[dependent] == 0:
                    if following is None:
                        following = dependent
                    else:
                        self._start(dependent)

    async def work(self, function: Callable[..., T], *args: Any) -> T:
        """Calls the function: here, or in a thread once this operation's data is so much that it would hold
        up the others. Only one at a time, so no step sees half of another's merge.
        """
        if self._bytes_received < HEAVY_BYTES:
            return function(*args)
        if self._lock is None:
            self._lock = asyncio.Lock()
        async with self._lock:
            return await asyncio.to_thread(function, *args)

    def is_larger_than(self, limit: int) -> bool:
        """Whether encoding the data would take more bytes. What it stores is looked at only when what was
        received could make so much with the places that share it. O(data) then.
        """
        places = max(self._places, default=1)
        received = self._bytes_received + self._payload_bytes
        if places == 1 or (self._is_measured and received * places <= limit):
            return False
        return encoded_size(self.store.root) > limit

    def in_dicts(self) -> dict[str, Any]:
        self.store = self.store.in_dicts(self.in_flight)
        data: dict[str, Any] = self.store.root
        return data

    def all_errors(self, answer: Any) -> tuple[list[SubgraphError], list[Gap]]:
        """What went wrong, told at every null of the answer that it left, and the gaps. O(data)."""
        gaps = self.gaps + entity_gaps(self._graph.steps, self.in_dicts(), self.errors, self.gaps)
        if gaps:
            self.errors += untold(gaps, msgspec.to_builtins(answer), self.errors)
        return self.errors, gaps

    def absent_places(self) -> frozenset[ResponsePath]:
        """Where the objects are that a subgraph says do not exist. O(data) when there are any."""
        data = self.in_dicts()
        return places_of(self._graph.steps, data, self.store.absent)

    async def send(
        self, service_name: str, document: SubgraphDocument, variables: Mapping[str, Any]
    ) -> SubgraphResponse:
        """Raises `TransportError`."""
        service = self._services.get(service_name)
        if service is None:
            raise TransportError("The subgraph has no address.")
        self._fetches_left -= 1
        if self._fetches_left < 0:
            raise FetchLimitExceeded("The operation takes more subgraph requests than are allowed.")
        now = self._deadlines.now()
        deadline = min(self._deadline, now + service.timeout)
        if deadline <= now:
            raise SubgraphTimeout("The operation ran out of time before the subgraph was asked.")
        request = SubgraphRequest(document, variables, self._headers(service_name), max(self._bytes_left, 0))
        if self._has_files:
            request.files = files_in(variables)
        try:
            response = await self._deadlines.within(deadline, service.transport.send(request))
        except TimeoutError as error:
            raise SubgraphTimeout(f"The subgraph did not answer within {deadline - now:.3g} s.") from error
        if response.headers:
            self.received = (*self.received, (service_name, response.headers))
        if response.body is None:
            self._measure(response.payload)
        else:
            self._bytes_received += len(response.body)
            self._bytes_left -= len(response.body)
            if self._bytes_left < 0:
                raise ResponseTooLarge("The subgraphs' answers are larger than one operation may take.")
        return response

    def _measure(self, payload: Any) -> None:
        """What it would be as JSON: encoding is C, and looking at each value when all are merged is not. Not
        where an answer cannot become more than was received.
        """
        if len(self._places) == 1:
            return
        try:
            self._payload_bytes += len(dumps(payload))
        except (TypeError, RecursionError):  # of a subgraph that is somebody else's code
            self._is_measured = False

    def variables_for(self, usages: VariableUsages) -> dict[str, Any]:
        given, variables = self._given, self.variables
        return {
            name: variables[name]
            for name in usages.names
            if name in given or (name in variables and name not in usages.defaulted)
        }
