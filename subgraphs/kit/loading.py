"""Loaders over services: a mapping for many keys becomes a `DataLoader` for one.

A loader lives as long as its request. Keys of list fields are `(parent, page)`: parents that ask for the same
page share a statement, whatever their number.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from strawberry.dataloader import DataLoader

from subgraphs.kit.pages import Page, PageRequest

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
BATCH = 1000


def loader(load: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Value]]]) -> DataLoader[Key, Value | None]:
    """None for a key that the service has nothing for."""

    async def load_many(keys: list[Key]) -> list[Value | None]:
        found = await load(keys)
        return [found.get(key) for key in keys]

    return DataLoader(load_fn=load_many, max_batch_size=BATCH)


def page_loader(
    load: Callable[[Sequence[Key], PageRequest], Awaitable[Mapping[Key, Page[Value]]]],
) -> DataLoader[tuple[Key, PageRequest], Page[Value]]:
    """One call for each distinct page that is asked for (usually one, however many parents)."""

    async def load_many(keys: list[tuple[Key, PageRequest]]) -> list[Page[Value]]:
        parents: dict[PageRequest, list[Key]] = {}
        for parent, page in keys:
            parents.setdefault(page, []).append(parent)
        if len(parents) == 1:
            ((only, group),) = parents.items()
            pages = await load(group, only)
            return [pages[parent] for parent in group]
        answers = await asyncio.gather(*(load(group, page) for page, group in parents.items()))
        found = dict(zip(parents, answers, strict=True))
        return [found[page][parent] for parent, page in keys]

    return DataLoader(load_fn=load_many, max_batch_size=BATCH)
