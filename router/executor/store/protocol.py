"""What the steps of a plan ask of the store that holds a request's data.

A store has its own code for every step, made when the operation is compiled: a step holds both (`Codes`), and
the store of the request says which is run. What a store cannot merge changes nothing in it; then the
request's data is turned into dicts, once, and with it the objects that requests in flight were made for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from router.executor.in_flight import Asked, InFlight
from router.executor.outcome import Outcome
from router.transport.base import SubgraphResponse

C = TypeVar("C")


class RootCode(Protocol):
    """A fetch of root fields on one store's data."""

    def has_objects(self, root: Any) -> bool:
        """Whether there is an object to fill."""
        ...

    def merge(self, root: Any, response: SubgraphResponse) -> bool:
        """False, and nothing merged, when the answer needs care."""
        ...


class EntityCode(Protocol):
    """A fetch of entities on one store's data. `compile` does at once what is else done at the first use."""

    def compile(self) -> None: ...

    def gather(self, root: Any) -> list[InFlight]:
        """The requests to make: one, or one for each set of values of context arguments."""
        ...

    def merge(self, asked: list[Asked], response: SubgraphResponse, absent: list[Any]) -> bool:
        """False, and nothing merged, when the answer needs care. `absent` gets the objects whose entity is
        null.
        """
        ...


@dataclass(frozen=True, slots=True)
class Codes(Generic[C]):
    """A step's code for either store; None where the operation has no structures."""

    dicts: C
    structures: C | None = None


class Store(Protocol):
    """The data of one request. `root` is what the fetches of root fields fill.

    `absent` are the objects that a subgraph says do not exist: their entity was answered null without an
    error.
    """

    root: Any
    absent: list[Any]

    def code(self, codes: Codes[C]) -> C: ...

    def in_dicts(self, in_flight: Iterable[InFlight]) -> Store:
        """The same data in dicts, for the requests in flight too. The store itself when it is of dicts."""
        ...

    def finish(self, introspected: dict[str, Any]) -> Outcome | None:
        """The answer; None when that takes dicts. `introspected` are the values of introspection fields."""
        ...
