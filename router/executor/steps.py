"""The plan as the executor runs it: a graph of steps, each one request, with everything decided beforehand.

A step starts when the steps it depends on are done. What it depends on comes from what it reads and
what they write (`dependencies.py`), not from the stages of the plan, so a slow subgraph holds up only
those who need its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from router.executor.errors import Gap, SubgraphError
from router.executor.in_flight import InFlight
from router.executor.store.protocol import Store
from router.transport.base import SubgraphDocument, SubgraphResponse

T = TypeVar("T")
Conditions: TypeAlias = tuple[tuple[str, bool], ...]
"""Variables and the value each must have for the step to run."""


@dataclass(frozen=True, slots=True)
class VariableUsages:
    """The client's variables a fetch uses. `defaulted` have a default in the fetch's own text.

    Those are sent only when the client gave them; the others always, with the operation's default.
    """

    names: tuple[str, ...]
    defaulted: frozenset[str]


class RequestState(Protocol):
    """What a step sees of the request it runs for.

    `in_flight` are the requests to subgraphs that are not answered; `gaps` are places that have no data
    because of an error elsewhere; `lacks_keys` says that some object cannot be asked for. `is_heavy`: work on
    the data is done `apart`; else it is called, which costs no coroutine.
    """

    store: Store
    in_flight: list[InFlight]
    errors: list[SubgraphError]
    gaps: list[Gap]
    lacks_keys: bool
    is_heavy: bool
    variables: Mapping[str, Any]

    async def send(
        self, service_name: str, document: SubgraphDocument, variables: Mapping[str, Any]
    ) -> SubgraphResponse: ...

    async def apart(self, function: Callable[..., T], *args: Any) -> T:
        """Calls the function in a thread."""
        ...

    def in_dicts(self) -> dict[str, Any]:
        """The data in dicts, where it is from now on; the objects of `in_flight` are dicts then too."""
        ...

    def variables_for(self, usages: VariableUsages) -> dict[str, Any]: ...


class Step(Protocol):
    @property
    def variables(self) -> VariableUsages: ...

    async def run(self, state: RequestState) -> int:
        """In how many places at most one answer stands."""
        ...

    def use_dicts(self) -> None:
        """Compiles the code for dicts now. Else it is when there is trouble for the first time."""
        ...


@dataclass(frozen=True, slots=True)
class StepGraph:
    """`dependents[i]` start when all `dependency_counts[i]` of theirs are done. Acyclic by construction."""

    steps: tuple[Step, ...]
    dependents: tuple[tuple[int, ...], ...]
    dependency_counts: tuple[int, ...]
    roots: tuple[int, ...]


def holds(conditions: Conditions, variables: Mapping[str, Any]) -> bool:
    return all(variables.get(name) is wanted for name, wanted in conditions)
