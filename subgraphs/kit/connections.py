"""Relay's connection types over `Page`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

import strawberry
from strawberry import federation

from subgraphs.kit.pages import Page

Node = TypeVar("Node")
Item = TypeVar("Item")

First = Annotated[
    int | None, strawberry.argument(description="At most this many, from the start. Up to 100; 20 if absent.")
]
After = Annotated[str | None, strawberry.argument(description="Only what comes after this cursor.")]
Last = Annotated[int | None, strawberry.argument(description="At most this many, from the end. Up to 100.")]
Before = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor.")]


@federation.type(shareable=True, description="Where a page is in its list.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="A place in a list and what is there.")
class Edge(Generic[Node]):
    cursor: str
    node: Node


@strawberry.type(description="A page of a list.")
class Connection(Generic[Node]):
    edges: list[Edge[Node]]
    nodes: list[Node]
    page_info: PageInfo


def connection(
    page: Page[Item], node: Callable[[Item], Node], cursor: Callable[[Item], str]
) -> Connection[Node]:
    """A page of domain values as GraphQL nodes, with a cursor each."""
    nodes = [node(item) for item in page.items]
    cursors = [cursor(item) for item in page.items]
    return Connection(
        edges=[Edge(cursor=at, node=what) for at, what in zip(cursors, nodes, strict=True)],
        nodes=nodes,
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        ),
    )
