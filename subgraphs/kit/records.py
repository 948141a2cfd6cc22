"""What a domain keeps of somebody, told to themselves: its part of the users domain's `accountExport`.

    lists = {"likes": lambda user: select(likes).where(likes.c.user_id == user)}
    records = partial(records_of, database, lists)
    class Query(RecordQueries): …                       the context has `records`

`accountRecords` is of no use to clients and not in the supergraph's API: users asks each domain for it, in
the name of who exports. A list that is longer than MOST is cut, and says so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias
from uuid import UUID

import strawberry
from sqlalchemy import Select
from strawberry import federation
from strawberry.types import Info

from db.postgres import Database
from subgraphs.kit.request import Request
from subgraphs.kit.scalars import JSON

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

MOST = 10_000
CUT = "cut"
"""The key under which the names of lists are that are longer."""

Records: TypeAlias = Callable[[UUID], Awaitable[Mapping[str, Any]]]
Rows: TypeAlias = Callable[[UUID], Select[Any]]


class HasRecords(Protocol):
    @property
    def request(self) -> Request: ...
    @property
    def records(self) -> Records: ...


@strawberry.type
class RecordQueries:
    @federation.field(
        shareable=True,
        inaccessible=True,
        description="What is kept of you here, for accountExport. Null when you are not logged in.",
    )
    async def account_records(self, info: Info[HasRecords, None]) -> JSON | None:
        viewer = info.context.request.viewer
        return None if viewer is None else JSON(await info.context.records(viewer.id))


async def records_of(database: Database, lists: Mapping[str, Rows], user: UUID) -> dict[str, Any]:
    """The rows of each list, by its name."""
    found: dict[str, Sequence[Any]] = {}
    async with database.write() as session:  # what one has just done is in it
        for name, rows in lists.items():
            result = await session.execute(rows(user).limit(MOST + 1))
            found[name] = [told(row._mapping) for row in result]
    return cut(found)


def cut(lists: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    longer = [name for name, rows in lists.items() if len(rows) > MOST]
    kept: dict[str, Any] = {name: rows[:MOST] for name, rows in lists.items()}
    return {**kept, CUT: longer} if longer else kept


def told(row: Mapping[Any, Any]) -> dict[str, Any]:
    """As JSON has it."""
    plain = (type(None), bool, int, float, str, dict, list)
    return {name: value if isinstance(value, plain) else str(value) for name, value in row.items()}
