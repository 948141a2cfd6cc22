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
from router.executor.deadlines import Deadlines
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


class Execution(msgspec.Struct, eq=False):
    """The state of one request. What its store holds and `errors` are the outcome.

    `deadline` is of the loop's clock. A `Struct`, whose two dozen attributes are set in C.
    """

    graph: StepGraph
    store: Store
    services: Mapping[str, Service]
    given: Mapping[str, Any]
    variables: Mapping[str, Any]
    has_files: bool
    headers: Callable[[str], Headers]
    deadlines: Deadlines
    deadline: float
    bytes_left: int
    max_fetches: int
    fetches: int = 0
    """How many requests were made."""
    is_heavy: bool = False
    """So much was received that work on the data would hold up other operations: it is done in a thread."""
    in_flight: list[InFlight] = []
    errors: list[SubgraphError] = []
    gaps: list[Gap] = []
    lacks_keys: bool = False
    received: tuple[tuple[str, Headers], ...] = ()
    """Headers of answers that their transports kept, each with its subgraph, as they came."""
    bytes_received: int = 0
    payload_bytes: int = 0
    is_measured: bool = True
    lock: asyncio.Lock | None = None
    most_places: int = 1

    async def apart(self, function: Callable[..., T], *args: Any) -> T:
        """Calls the function in a thread, for an operation that `is_heavy`. Only one at a time, so no step
        sees half of another's merge.
        """
        if self.lock is None:
            self.lock = asyncio.Lock()
        async with self.lock:
            return await asyncio.to_thread(function, *args)

    def is_larger_than(self, limit: int) -> bool:
        """Whether encoding the data would take more bytes. What it stores is looked at only when what was
        received could make so much with the places that share it. O(data) then.
        """
        places = self.most_places
        if places == 1:
            return False
        received = self.bytes_received + self.payload_bytes
        if self.is_measured and received * places <= limit:
            return False
        return encoded_size(self.store.root) > limit

    def in_dicts(self) -> dict[str, Any]:
        self.store = self.store.in_dicts(self.in_flight)
        data: dict[str, Any] = self.store.root
        return data

    def all_errors(self, answer: Any) -> tuple[list[SubgraphError], list[Gap]]:
        """What went wrong, told at every null of the answer that it left, and the gaps. O(data)."""
        gaps = self.gaps + entity_gaps(self.graph.steps, self.in_dicts(), self.errors, self.gaps)
        if gaps:
            self.errors += untold(gaps, msgspec.to_builtins(answer), self.errors)
        return self.errors, gaps

    def absent_places(self) -> frozenset[ResponsePath]:
        """Where the objects are that a subgraph says do not exist. O(data) when there are any."""
        data = self.in_dicts()
        return places_of(self.graph.steps, data, self.store.absent)

    async def send(
        self, service_name: str, document: SubgraphDocument, variables: Mapping[str, Any]
    ) -> SubgraphResponse:
        """Raises `TransportError`."""
        service = self.services.get(service_name)
        if service is None:
            raise TransportError("The subgraph has no address.")
        if self.fetches >= self.max_fetches:
            raise FetchLimitExceeded("The operation takes more subgraph requests than are allowed.")
        self.fetches += 1
        now = self.deadlines.now()
        deadline = now + service.timeout
        if deadline > self.deadline:
            deadline = self.deadline
            if deadline <= now:
                raise SubgraphTimeout("The operation ran out of time before the subgraph was asked.")
        bytes_left = self.bytes_left if self.bytes_left > 0 else 0
        request = SubgraphRequest(document, variables, self.headers(service_name), bytes_left)
        if self.has_files:
            request.files = files_in(variables)
        try:
            response = await self.deadlines.within(deadline, service.transport.send(request))
        except TimeoutError as error:
            raise SubgraphTimeout(f"The subgraph did not answer within {deadline - now:.3g} s.") from error
        if response.headers:
            self.received = (*self.received, (service_name, response.headers))
        if response.body is None:
            self._measure(response.payload)
        else:
            size = len(response.body)
            self.bytes_received += size
            self.bytes_left -= size
            if self.bytes_received >= HEAVY_BYTES:
                self.is_heavy = True
            if self.bytes_left < 0:
                raise ResponseTooLarge("The subgraphs' answers are larger than one operation may take.")
        return response

    def _measure(self, payload: Any) -> None:
        """What it would be as JSON: encoding is C, and looking at each value when all are merged is not. Not
        where an answer cannot become more than was received.
        """
        if len(self.graph.steps) == 1:
            return
        try:
            self.payload_bytes += len(dumps(payload))
        except (TypeError, RecursionError):  # of a subgraph that is somebody else's code
            self.is_measured = False

    def variables_for(self, usages: VariableUsages) -> dict[str, Any]:
        given, variables = self.given, self.variables
        return {
            name: variables[name]
            for name in usages.names
            if name in given or (name in variables and name not in usages.defaulted)
        }


class Steps:
    """The steps of an operation that takes several, as they set each other free. `places[i]` is in how many
    places what step i gets stands at most.
    """

    __slots__ = ("_execution", "_graph", "_tasks", "_waiting", "places")

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._graph = execution.graph
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = list(self._graph.dependency_counts)
        self.places = [1] * len(self._graph.steps)

    async def run(self) -> int:
        """The most places of any step."""
        roots = self._graph.roots
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
        return max(self.places)

    def _start(self, index: int) -> None:
        self._tasks.add(asyncio.create_task(self._follow(index)))

    async def _follow(self, index: int) -> None:
        """Runs a step and, in the same task, the first of those it sets free; the others get tasks."""
        graph, waiting, all_places = self._graph, self._waiting, self.places
        following: int | None = index
        while following is not None:
            places = all_places[following] * await graph.steps[following].run(self._execution)
            all_places[following] = places
            dependents = graph.dependents[following]
            following = None
            for dependent in dependents:
                waiting[dependent] -= 1
                if places > all_places[dependent]:
                    all_places[dependent] = places
                if waiting[dependent] == 0:
                    if following is None:
                        following = dependent
                    else:
                        self._start(dependent)
