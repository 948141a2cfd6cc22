"""Relay's connection types over `Page`.

`Connection[X]` and `Edge[X]` serve lists whose edges carry nothing more. A list whose edges do (since when,
with which permissions) has an edge of its own in its domain, and a connection that is `Paged`.

    @strawberry.field(description="Who follows them.")
    @paged
    def followers(self, info: UsersInfo, asked: PageArguments) -> FollowConnection | None:
        window = asked.of(values.NEWEST_FOLLOWS)

`paged` gives the field Relay's four arguments, after those it has.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from inspect import Parameter, signature
from typing import Annotated, Any, Generic, Protocol, Self, TypeAlias, TypeVar, cast

import strawberry
from strawberry import federation

from subgraphs.kit.pages import Ordering, Page, PageRequest, page_request
from subgraphs.kit.partner import PARTNER

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

Node = TypeVar("Node")


class Placed(Protocol):
    """An edge: a place in a list and what is there, with what is known about that."""

    @property
    def cursor(self) -> str: ...

    @property
    def node(self) -> Any: ...


Place = TypeVar("Place", bound=Placed)
Item = TypeVar("Item")
Answer = TypeVar("Answer")

First = Annotated[
    int | None, strawberry.argument(description="At most this many, from the start. Up to 100; 20 if absent.")
]
After = Annotated[str | None, strawberry.argument(description="Only what comes after this cursor.")]
Last = Annotated[int | None, strawberry.argument(description="At most this many, from the end. Up to 100.")]
Before = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor.")]


@dataclass(frozen=True, slots=True)
class PageArguments:
    """Relay's four arguments, as they were given."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None
    _last: list[tuple[Ordering, PageRequest]] = field(default_factory=list, repr=False, compare=False)

    def of(self, ordering: Ordering) -> PageRequest:
        """Raises BadUserInput, listing everything wrong with them. Worked out once for all of a field."""
        if self._last and self._last[0][0] is ordering:
            return self._last[0][1]
        window = page_request(
            ordering, first=self.first, after=self.after, last=self.last, before=self.before
        )
        self._last[:] = [(ordering, window)]
        return window


_first_page = lru_cache(maxsize=256)(PageArguments)


def _arguments(first: int | None, after: str | None, last: int | None, before: str | None) -> PageArguments:
    """One value for all objects of a field that ask for the same. Cursors, of any length, are not kept."""
    if after is None and before is None:
        return _first_page(first, None, last)
    return PageArguments(first, after, last, before)


ARGUMENTS = {"first": First, "after": After, "last": Last, "before": Before}
ASKED = "asked"


def paged(resolve: Callable[..., Answer]) -> Callable[..., Answer]:
    """A resolver that takes `asked: PageArguments`, as one with the four arguments in its place."""

    @wraps(resolve)
    def listed(
        *args: Any,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        **others: Any,
    ) -> Answer:
        return resolve(*args, asked=_arguments(first, after, last, before), **others)

    written = signature(resolve)
    kept = [each for name, each in written.parameters.items() if name != ASKED]
    added = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in ARGUMENTS.items()
    ]
    made: Any = listed
    made.__signature__ = written.replace(parameters=[*kept, *added])
    return listed


Counter: TypeAlias = Callable[[], Awaitable[int | None]]
"""Counts a whole list; called when somebody asks for totalCount, and not before."""

CURSOR = "Where it is in the list, for after and before."
EDGES = "The places of this page, with what is known about each."
NODES = "What is at the places of this page, for when the edges do not matter."
PAGE_INFO = "Whether there is more, and from where."
TOTAL = "How many there are in the whole list. Counted when asked for: leave it out where it is not shown."


@federation.type(shareable=True, tags=[PARTNER], description="Where a page is in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more comes after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there is something before this page.")
    start_cursor: str | None = strawberry.field(description="The first cursor of this page.")
    end_cursor: str | None = strawberry.field(description="The last cursor of this page: give it as after.")


@strawberry.type(description="A place in a list and what is there.")
class Edge(Generic[Node]):
    cursor: str = strawberry.field(description=CURSOR)
    node: Node = strawberry.field(description="What is there.")


@strawberry.type
class Paged(Generic[Place, Node]):
    """What a connection whose edges carry facts has beside them:

    @strawberry.type(description="A page of people who follow somebody.")
    class FollowConnection(Paged[FollowEdge, LazyUser]): ...

    FollowConnection.of(map(follow_edge, page.items), page, counter)
    """

    counter: strawberry.Private[Counter]
    edges: list[Place] = strawberry.field(description=EDGES)
    nodes: list[Node] = strawberry.field(description=NODES)
    page_info: PageInfo = strawberry.field(description=PAGE_INFO)

    @strawberry.field(description=TOTAL)
    async def total_count(self) -> int:
        return await self.counter() or 0

    @classmethod
    def of(cls, places: Iterable[Place], page: Page[Any], counter: Counter) -> Self:
        """`places` are those of the page's items, in their order."""
        edges = list(places)
        info = page_info(page, [edge.cursor for edge in edges])
        return cls(counter=counter, edges=edges, nodes=[edge.node for edge in edges], page_info=info)


@strawberry.type(description="A page of a list.")
class Connection(Generic[Node]):
    counter: strawberry.Private[Counter]
    edges: list[Edge[Node]] = strawberry.field(description=EDGES)
    nodes: list[Node] = strawberry.field(description=NODES)
    page_info: PageInfo = strawberry.field(description=PAGE_INFO)

    @strawberry.field(description=TOTAL)
    async def total_count(self) -> int:
        return await self.counter() or 0


class _Listed(Generic[Item, Node]):
    """A `Connection` of which only that is made which is asked for: most ask for nodes and no cursor."""

    __slots__ = ("_cursor", "_node", "_nodes", "_page", "counter")

    def __init__(
        self, page: Page[Item], node: Callable[[Item], Node], cursor: Callable[[Item], str], counter: Counter
    ) -> None:
        self.counter = counter
        self._page, self._node, self._cursor = page, node, cursor
        self._nodes: list[Node] | None = None

    @property
    def nodes(self) -> list[Node]:
        if self._nodes is None:
            self._nodes = list(map(self._node, self._page.items))
        return self._nodes

    @property
    def edges(self) -> list[Edge[Node]]:
        cursors = map(self._cursor, self._page.items)
        return [Edge(cursor=at, node=what) for at, what in zip(cursors, self.nodes, strict=True)]

    @property
    def page_info(self) -> PageInfo:
        items = self._page.items
        return page_info(self._page, [self._cursor(item) for item in (*items[:1], *items[-1:])])


def connection(
    page: Page[Item], node: Callable[[Item], Node], cursor: Callable[[Item], str], counter: Counter
) -> Connection[Node]:
    """A page of domain values as GraphQL nodes, with a cursor each."""
    return cast(Connection[Node], _Listed(page, node, cursor, counter))


def page_info(page: Page[Item], cursors: list[str]) -> PageInfo:
    """`cursors` are those of the items, of which the first and the last count."""
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
