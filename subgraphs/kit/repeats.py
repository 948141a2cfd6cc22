"""A mutation that makes something and is sent again makes nothing more: the same answer comes again.

    class CreatePostInput:                       # the input, whose sender names the attempt
        idempotency_key: str | None = idempotency_key()

    attempt = attempt_of(viewer.id, input, checks)                   # the mutation
    async with database.write() as session:                          # the repository, before it makes it
        made = await repeats.earlier(session, attempt, new.id)       # None: nobody has, go on
        if made is not None: return what has the id `made`

Who does not hear the answer to a COMMIT cannot know whether it happened. A key is one person's, good for a
day, and for the same input: another input under it is refused. Of two at once the second waits for the first
one's transaction. The note is part of that transaction: what was rolled back was not attempted. The table is
`db.migrations.messaging.ATTEMPTS`; `forgetting(database)` is the worker's task.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import Column, DateTime, LargeBinary, MetaData, String, Table, Uuid, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from db.postgres import Database, WriteSession
from subgraphs.kit.errors import Refused
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.user_errors import conflict, not_found
from subgraphs.kit.validation import Checks

FIELD, PLACE = "idempotency_key", "idempotencyKey"
MOST_CHARACTERS = 100
REMEMBERED = timedelta(days=1)
DESCRIPTION = (
    "A text of your choice, up to 100 characters, the same when you send the same again: for a day nothing "
    "more is made, and the answer is the one of the first time."
)
ANOTHER = "This key was given to something else within the last day. Choose another one."

attempts = Table(
    "attempts",
    MetaData(),
    Column("person_id", Uuid, primary_key=True),
    Column("key", String, primary_key=True),
    Column("digest", LargeBinary),
    Column("made_id", Uuid),
    Column("made_at", DateTime(timezone=True)),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody calls their try to make something, and what exactly they asked for."""

    person: UUID
    key: str
    digest: bytes


def idempotency_key() -> Any:
    """The field of an input whose mutation makes something."""
    return strawberry.field(default=None, description=DESCRIPTION)


def attempt_of(person: UUID, input: object, checks: Checks) -> Attempt | None:
    """None when the sender gave it no key."""
    given = dict(vars(input))
    key = checks.line(given.pop(FIELD), PLACE, "The key", least=1, most=MOST_CHARACTERS)
    if key is None:
        return None
    asked = f"{type(input).__name__} {sorted(given.items())!r}"
    return Attempt(person, key, hashlib.sha256(asked.encode(errors="replace")).digest())


async def earlier(session: WriteSession, attempt: Attempt | None, new: UUID) -> UUID | None:
    """What this attempt has made before; None, and noted that it makes `new`, when it has not. Raises Refused
    (Conflict) when it was another attempt that was called so.
    """
    if attempt is None:
        return None
    who = {"person_id": attempt.person, "key": attempt.key}
    noted = insert(attempts).values(**who, digest=attempt.digest, made_id=new)
    first = noted.on_conflict_do_nothing().returning(attempts.c.key)
    if (await session.execute(first)).first() is not None:
        return None
    found = select(attempts.c.digest, attempts.c.made_id).filter_by(**who)
    row = (await session.execute(found)).first()
    if row is None or row.digest != attempt.digest:
        raise Refused(conflict(ANOTHER, PLACE))
    made: UUID = row.made_id
    return made


async def release(session: WriteSession, attempt: Attempt | None) -> None:
    """Nothing was made after all, and the transaction goes on."""
    if attempt is not None:
        mine = delete(attempts).filter_by(person_id=attempt.person, key=attempt.key)
        await session.execute(mine)


def gone(kind: str) -> Refused:
    """What an earlier attempt made is not there any more: it is not made again."""
    return Refused(not_found(kind, PLACE))


def forgetting(database: Database) -> Periodic:
    async def forget(session: WriteSession) -> None:
        await session.execute(delete(attempts).where(attempts.c.made_at < func.now() - REMEMBERED))

    return Periodic("attempts", timedelta(hours=1), forget, database)
