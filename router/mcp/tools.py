"""Operations as tools, worked out once per list and schema."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from graphql import GraphQLSchema
from mcp import types

from router.cache.lru import LRU
from router.cache.single_flight import SingleFlight
from router.described.operation import DescribedOperation, described
from router.mcp.callers import Caller
from router.persisted.manifest import PersistedOperation

MAX_KEPT = 200
"""Lists of tools: one for each partner that calls, and one for all others."""

Key = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Toolbox:
    """`tools` in the order of publication. `made_of` are held, so that nothing else can be at their
    address.
    """

    operations: Mapping[str, DescribedOperation]
    tools: tuple[types.Tool, ...]
    made_of: tuple[tuple[PersistedOperation, ...], GraphQLSchema]


class Toolboxes:
    """A list of operations and a schema are known by their identity: both are replaced, never changed."""

    def __init__(self) -> None:
        self._kept: LRU[Key, Toolbox] = LRU(MAX_KEPT)
        self._flights: SingleFlight[Key, Toolbox] = SingleFlight()

    async def of(self, caller: Caller) -> Toolbox:
        """O(validation of all its operations) when it calls first, in a thread."""
        key = (id(caller.operations), id(caller.schema))
        kept = self._kept.find(key)
        if kept is not None:
            return kept
        made, _ = await self._flights.run(key, lambda: asyncio.to_thread(_toolbox, caller))
        self._kept.put(key, made)
        return made

    def forget(self) -> None:
        """What tools are made of has changed; the old schema must not be held by them."""
        self._kept.clear()


def _toolbox(caller: Caller) -> Toolbox:
    found = [one for one in described(caller.operations, caller.schema) if not one.takes_files]
    return Toolbox(
        {one.name: one for one in found}, tuple(map(tool_of, found)), (caller.operations, caller.schema)
    )


def tool_of(operation: DescribedOperation) -> types.Tool:
    """What a mutation destroys is not known, so the hint is the careful one."""
    reads = operation.kind == "query"
    return types.Tool(
        name=operation.name,
        description=operation.description,
        input_schema=operation.variables,
        output_schema=operation.answer,
        annotations=types.ToolAnnotations(
            read_only_hint=reads, destructive_hint=not reads, idempotent_hint=reads, open_world_hint=False
        ),
    )
