"""Described operations, worked out once per list and schema."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from graphql import GraphQLSchema

from router.cache.lru import LRU
from router.cache.single_flight import SingleFlight
from router.described.operation import DescribedOperation, described
from router.persisted.manifest import PersistedOperation

MAX_KEPT = 200
"""A catalogue for each partner that asks, and one for everybody else."""

Operations = tuple[PersistedOperation, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """By name, in the order of publication. `made_of` is held, so that nothing else can be at its address."""

    operations: Mapping[str, DescribedOperation]
    made_of: tuple[Operations, GraphQLSchema]


class Catalogues:
    """A list of operations and a schema are known by their identity: both are replaced, never changed."""

    def __init__(self) -> None:
        self._kept: LRU[tuple[int, int], Catalogue] = LRU(MAX_KEPT)
        self._flights: SingleFlight[tuple[int, int], Catalogue] = SingleFlight()

    async def of(self, operations: Operations, schema: GraphQLSchema) -> Catalogue:
        """O(validation of all operations) when they are asked for first, in a thread."""
        key = (id(operations), id(schema))
        kept = self._kept.find(key)
        if kept is None:
            kept, _ = await self._flights.run(key, lambda: asyncio.to_thread(_catalogue, operations, schema))
            self._kept.put(key, kept)
        return kept

    def forget(self) -> None:
        """What they are made of has changed; an old schema must not be held by them."""
        self._kept.clear()


def _catalogue(operations: Operations, schema: GraphQLSchema) -> Catalogue:
    return Catalogue({one.name: one for one in described(operations, schema)}, (operations, schema))
