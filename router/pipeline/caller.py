"""A caller with operations, limits and a view of the graph of its own, as the engine knows it.

Who they are is no matter of the pipeline: `router/partners` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from router.pipeline.pipeline import Pipeline
    from router.pipeline.request import GraphQLRequest


class Caller(Protocol):
    @property
    def name(self) -> str:
        """One of few: it is a label of metrics."""
        ...

    @property
    def has_own_rate(self) -> bool:
        """Whether the limits of everybody else's requests are not this one's."""
        ...

    async def resolve(self, request: GraphQLRequest) -> GraphQLRequest:
        """The request with the text to run. Raises `RequestError` for what this caller may not run now."""
        ...

    async def pipeline(self, everybodys: Pipeline) -> Pipeline:
        """The same graph as this caller sees it. Raises `RequestError`."""
        ...

    def ended(self, codes: tuple[str, ...]) -> None:
        """A request was answered or refused, with errors of these codes."""
        ...


class Callers(Protocol):
    """Those that are known by a key in a request's headers."""

    async def admit(self, headers: Mapping[str, str]) -> tuple[Caller, Mapping[str, str]] | None:
        """Who sends it, and its headers without the key; None for anybody else. Raises `RequestError`."""
        ...
