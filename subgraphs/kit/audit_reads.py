"""Who read whose personal data: one statement for however many people a page shows.

    await record_reads(session, actor, "student", ids, "phone")

In a transaction that is committed before the data is answered: what could not be noted is not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert

from db.postgres import WriteSession
from subgraphs.kit.audit import Actor, audit


async def record_reads(
    session: WriteSession, actor: Actor, entity: str, ids: Sequence[UUID], *fields: str
) -> None:
    request_id = None if actor.request_id is None else actor.request_id[:200]
    told = {"actor": actor.id, "tenant": actor.tenant, "request_id": request_id, "action": "read"}
    rows = [
        {**told, "entity": entity, "entity_id": str(one), "changes": {"read": list(fields)}} for one in ids
    ]
    if rows:
        await session.execute(insert(audit).values(rows))
