"""Who sees what others say about an event and who is there: conditions that statements share. What is looked
up for each row is a scalar subquery: EXISTS would be joined or hashed.

    whose it is     always
    moderators      everything
    the event's own what is hidden too, if it is theirs to decide about (`staff_sees_hidden`)
    anybody else    what is not hidden, and of nobody across a block
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Select, Table, and_, false, func, literal_column, or_, select
from sqlalchemy.sql.elements import BindParameter

from subgraphs.events.models import blocks, events
from subgraphs.events.values import Reader


def apart(reader: Reader, theirs: ColumnElement[Any], listed: Table) -> list[ColumnElement[bool]]:
    """Nobody blocks anybody between the reader and `theirs`, a column of `listed`."""
    return [
        ~there(listed, blocks.c.blocker_id == reader.user_id, blocks.c.blocked_id == theirs),
        ~there(listed, blocks.c.blocked_id == reader.user_id, blocks.c.blocker_id == theirs),
    ]


def there(listed: Table, *row: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is such a row, looked up for each of `listed`."""
    found: Select[Any] = select(literal_column("true")).where(*row)
    return func.coalesce(found.correlate(listed).scalar_subquery(), false(), type_=Boolean())


def said_to(
    reader: Reader, said: Table, author: ColumnElement[Any], *, staff_sees_hidden: bool
) -> Iterator[ColumnElement[bool]]:
    """Rows of `said`, which has `event_id` and `hidden_at`, that the reader is shown."""
    shown: ColumnElement[bool] = said.c.hidden_at.is_(None)
    if reader.is_moderator:
        return
    if reader.user_id is None:
        yield shown
        return
    staff = there(said, events.c.id == said.c.event_id, is_run_by(reader))
    of_staff = staff if staff_sees_hidden else and_(shown, staff)
    yield or_(author == reader.user_id, and_(shown, *apart(reader, author, said)), of_staff)


def is_run_by(reader: Reader) -> ColumnElement[bool]:
    """Events that the reader hosts, or whose organization they act for."""
    hosted: ColumnElement[bool] = events.c.host_id == reader.user_id
    if reader.tenant is None:
        return hosted
    return or_(hosted, and_(events.c.tenant_id.is_not(None), events.c.tenant_id == _uuid(reader.tenant)))


def _uuid(tenant: str | BindParameter[Any]) -> Any:
    return tenant if isinstance(tenant, BindParameter) else UUID(tenant)
