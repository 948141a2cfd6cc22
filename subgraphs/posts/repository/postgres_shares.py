"""Shares in PostgreSQL: one row each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, func, insert, select

from db.arrays import among
from db.postgres import Database
from db.statements import per_shape
from subgraphs.kit import repeats
from subgraphs.kit.enums import known
from subgraphs.kit.repeats import Attempt
from subgraphs.posts.models import posts, shares
from subgraphs.posts.repository.statements import POSTS, post_of, visible_to
from subgraphs.posts.values import AuthorId, Post, PostId, Reader, ShareTarget


class PostgresShareRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def share(
        self, reader: Reader, user: AuthorId, post_id: PostId, target: ShareTarget, attempt: Attempt | None
    ) -> Post | None:
        """One statement looks whether the post may be seen and keeps it from going away meanwhile."""
        seen = POSTS.where(posts.c.id == post_id, *visible_to(reader))
        new = uuid4()
        async with self._database.write() as session:
            row = (await session.execute(seen.with_for_update(key_share=True, read=True))).first()
            if row is not None and await repeats.earlier(session, attempt, new) is None:
                values = {"id": new, "user_id": user, "post_id": post_id, "target": target.value}
                await session.execute(insert(shares).values(values))
        return None if row is None else post_of(row)

    async def count(self, post_ids: Sequence[PostId]) -> Mapping[PostId, Mapping[ShareTarget, int]]:
        """A target that only a newer version knows is left out."""
        counted: dict[PostId, dict[ShareTarget, int]] = defaultdict(dict)
        async with self._database.read() as session:
            for row in await session.fetch(_counts(post_ids)):
                for target in known(ShareTarget, [row.target]):
                    counted[row.post_id][target] = row.number
        return counted


@per_shape
def _counts(post_ids: Sequence[PostId]) -> Select[Any]:
    counted = select(shares.c.post_id, shares.c.target, func.count().label("number"))
    return counted.where(among(shares.c.post_id, post_ids)).group_by(shares.c.post_id, shares.c.target)
