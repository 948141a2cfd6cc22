"""Who read whose personal data: one statement for all that a level of an operation shows, however many people
that is.

    noted = noting(ReadNotes(database), request)                       # a loader of the request's context
    await noted.load(Read("student", str(student.id), "phone"))        # the resolver, before it answers

A note is committed before the data is answered: what could not be noted is not shown. Reading what is one's
own is nobody's business, so the resolver asks first whose it is; where services know people by their number
alone that is `subgraphs/kit/number_reads.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import text

from db.postgres import Database
from subgraphs.kit.audit import REQUEST_ID_CHARACTERS, Actor
from subgraphs.kit.loading import Loader, loader
from subgraphs.kit.request import Request

NOTED = "Reading another's is noted."
"""For the description of a field whose reading is."""

ADD = text("""
    INSERT INTO audit (actor, tenant, request_id, action, entity, entity_id, changes)
    SELECT CAST(:actor AS text), CAST(:tenant AS text), CAST(:request_id AS text), 'read',
        entity, whose, jsonb_build_object('read', jsonb_agg(field ORDER BY field))
    FROM unnest(CAST(:entities AS text[]), CAST(:whose AS text[]), CAST(:fields AS text[]))
        AS reads (entity, whose, field)
    GROUP BY entity, whose""")
"""A record for each person, with what was read of them. Arrays: prepared once, whatever their number."""


@dataclass(frozen=True, slots=True)
class Read:
    """That somebody is shown a field of somebody else's."""

    entity: str
    whose: str
    """Their id; their number on Telegram where a service knows nothing else."""
    field: str


@dataclass(frozen=True, slots=True)
class ReadNotes:
    database: Database

    async def add(self, reads: Sequence[Read], actor: Actor) -> None:
        """Committed when it returns."""
        request_id = None if actor.request_id is None else actor.request_id[:REQUEST_ID_CHARACTERS]
        who = {"actor": actor.id, "tenant": actor.tenant, "request_id": request_id}
        what = {
            "entities": [each.entity for each in reads],
            "whose": [each.whose for each in reads],
            "fields": [each.field for each in reads],
        }
        async with self.database.write() as session:
            await session.execute(ADD, {**who, **what})


Noting: TypeAlias = Loader[Read, bool | None]
"""Loading a read notes it: once in a request, together with those that are loaded at the same time."""


def noting(notes: ReadNotes, request: Request) -> Noting:
    async def noted(reads: Sequence[Read]) -> Mapping[Read, bool]:
        await notes.add(reads, request.actor)
        return dict.fromkeys(reads, True)

    return loader(noted)
