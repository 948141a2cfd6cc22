"""Taking comments out of their threads, in PostgreSQL: one with answers keeps its place, without text and
author; when the last answer under it goes, it goes too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Row,
    Table,
    Uuid,
    bindparam,
    delete,
    func,
    select,
    update,
)

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.interactions.models import comments, likes, post_counts

REMOVED: ColumnElement[bool] = comments.c.author_id.is_(None)


async def take_out(session: WriteSession, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Those that `which` picks and that were not removed before; counts of posts go with them. Whoever adds
    or removes comments of a post holds the post's counts before any comment.
    """
    await _hold_counts(session, which)
    nothing: dict[str, Any] = {"author_id": None, "document": {}, "like_count": 0}
    emptied = update(comments).where(which, ~REMOVED).values(nothing)
    told = (comments.c.id, comments.c.post_id, comments.c.parent_id)
    gone = (await session.execute(emptied.returning(*told))).all()
    if gone:
        await session.execute(delete(likes).where(among(likes.c.target_id, [row.id for row in gone])))
        per_post = Counter(row.post_id for row in gone)
        counted = {"comment_count": -1, "revision": 1}
        await add_to(session, post_counts, "post_id", per_post, counted)
        await _prune(session, list(per_post))
    return gone


async def _hold_counts(session: WriteSession, which: ColumnElement[bool]) -> None:
    posts = select(comments.c.post_id).where(which, ~REMOVED)
    held = select(post_counts.c.post_id).where(post_counts.c.post_id.in_(posts))
    await session.execute(held.order_by(post_counts.c.post_id).with_for_update())


async def _prune(session: WriteSession, posts: Sequence[UUID]) -> None:
    """At most as many rounds as a thread is deep."""
    bare = (among(comments.c.post_id, posts), REMOVED, comments.c.reply_count == 0)
    while True:
        pruned = (await session.execute(delete(comments).where(*bare).returning(comments.c.parent_id))).all()
        parents = Counter(row.parent_id for row in pruned if row.parent_id is not None)
        if not parents:
            return
        await add_to(session, comments, "id", parents, {"reply_count": -1})


async def add_to(
    session: WriteSession, table: Table, key: str, per_key: Mapping[UUID, int], columns: Mapping[str, int]
) -> None:
    """Adds to `columns` of each row as often as `per_key` says. One statement."""
    keys, numbers = list(per_key), list(per_key.values())
    change = func.unnest(
        bindparam(None, keys, ARRAY(Uuid), unique=True), bindparam(None, numbers, ARRAY(Integer), unique=True)
    )
    each = change.table_valued("key", "number").render_derived()
    values = {name: table.c[name] + one * each.c.number for name, one in columns.items()}
    await session.execute(update(table).where(table.c[key] == each.c.key).values(values))
