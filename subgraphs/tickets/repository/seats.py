"""Changes of registrations inside a transaction, whoever opened it: a request, a consumer, a job.

Each locks the ticket type before the registration (`lock_types`), so that two never wait for each other, and
tells what came of it. A seat that is given back goes to who waits first, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, update

from db.arrays import among
from db.postgres import WriteSession
from subgraphs.kit import audit, outbox
from subgraphs.kit.audit import Actor
from subgraphs.tickets.models import events, registrations
from subgraphs.tickets.repository.messages import became, refund_due
from subgraphs.tickets.repository.rows import registration_of
from subgraphs.tickets.values import Reason, Registration, RegistrationStatus, TicketTypeId

PROMOTED_HOLD = timedelta(hours=24)
"""Who waited does not sit before the screen: they have a day to pay."""
ACTIVE = among(registrations.c.status, ["WAITLISTED", "PENDING", "CONFIRMED"])
ENDED = frozenset({RegistrationStatus.CANCELLED, RegistrationStatus.EXPIRED})


async def lock_types(session: WriteSession, kind: UUID | None = None, event: UUID | None = None) -> None:
    await session.execute(select(func.lock_ticket_types(kind, event)))


async def end(
    session: WriteSession,
    which: ColumnElement[bool],
    status: RegistrationStatus,
    reason: Reason,
    actor: Actor,
    *,
    percent: int = 100,
) -> list[Registration]:
    """Those of `which` that have not ended, ended. Their types are locked already. `percent` of what was paid
    goes back.
    """
    before = registrations.alias("before")
    ending = (
        update(registrations)
        .where(which, ACTIVE, registrations.c.id == before.c.id)
        .values(status=status.value, reason=reason.value)
        .returning(registrations, before.c.status.label("was"))
    )
    rows = (await session.execute(ending)).all()
    ended = [registration_of(row) for row in rows]
    was = {row.id: RegistrationStatus(row.was) for row in rows}
    hosts = await _hosts(session, ended)
    await outbox.add(
        session,
        *(
            became(
                each,
                hosts[each.event_id],
                was=was[each.id],
                refund=each.price_minor * percent // 100 if each.payment_id is not None else 0,
            )
            for each in ended
        ),
    )
    for each in ended:
        told = {"status": [was[each.id].value, status.value], "reason": reason.value}
        await audit.record(session, actor, "end", "registration", each.id, told)
    return ended


async def promote(session: WriteSession, kinds: Sequence[TicketTypeId], actor: Actor) -> list[Registration]:
    """Free seats of the types go to who waits, in the order of the queue."""
    promoted: list[Registration] = []
    given = text("SELECT * FROM promote_waiting(:kind, :hold)")
    for kind in sorted(set(kinds)):
        rows = await session.execute(given, {"kind": kind, "hold": PROMOTED_HOLD})
        promoted += [registration_of(row) for row in rows]
    if promoted:
        await tell(session, promoted, was=RegistrationStatus.WAITLISTED)
        for each in promoted:
            told = {"status": ["WAITLISTED", each.status.value]}
            await audit.record(session, actor, "promote", "registration", each.id, told)
    return promoted


async def tell(
    session: WriteSession, changed: Sequence[Registration], *, was: RegistrationStatus | None = None
) -> None:
    hosts = await _hosts(session, changed)
    await outbox.add(session, *(became(each, hosts[each.event_id], was=was) for each in changed))


async def confirm_paid(session: WriteSession, registration: UUID, payment: UUID, actor: Actor) -> None:
    """A payment succeeded. One that came after the registration had ended goes back."""
    found = await get_locked(session, registration)
    if found is None or (found.status is RegistrationStatus.CONFIRMED and found.payment_id == payment):
        return
    if found.status is not RegistrationStatus.PENDING:
        await outbox.add(session, refund_due(found, str(payment)))
        return
    confirmed = (
        update(registrations)
        .where(registrations.c.id == registration)
        .values(status="CONFIRMED", payment_id=payment, held_until=None)
        .returning(registrations)
    )
    row = (await session.execute(confirmed)).one()
    await tell(session, [registration_of(row)], was=found.status)
    told = {"status": [found.status.value, "CONFIRMED"], "payment_id": payment}
    await audit.record(session, actor, "confirm", "registration", registration, told)


async def payment_failed(session: WriteSession, registration: UUID, actor: Actor) -> None:
    found = await get_locked(session, registration)
    if found is None or found.status is not RegistrationStatus.PENDING:
        return
    which = registrations.c.id == registration
    await end(session, which, RegistrationStatus.CANCELLED, Reason.PAYMENT_FAILED, actor)
    await promote(session, [found.ticket_type_id], actor)


async def expire_held(session: WriteSession, most: int, actor: Actor) -> int:
    """Seats that were held long enough are free again; of how many. At most `most` at once."""
    late = registrations.c.held_until < func.now()
    waiting = select(registrations.c.ticket_type_id).where(registrations.c.status == "PENDING", late)
    kinds = sorted(set((await session.execute(waiting.limit(most))).scalars()))
    ended = 0
    for kind in kinds:
        await lock_types(session, kind)
        which = (registrations.c.ticket_type_id == kind) & (registrations.c.status == "PENDING") & late
        expired = RegistrationStatus.EXPIRED
        ended += len(await end(session, which, expired, Reason.NOT_PAID_IN_TIME, actor))
        await promote(session, [kind], actor)
    return ended


async def get_locked(session: WriteSession, registration: UUID) -> Registration | None:
    """With its type locked before it."""
    which = registrations.c.id == registration
    kind = (await session.execute(select(registrations.c.ticket_type_id).where(which))).scalar()
    if kind is None:
        return None
    await lock_types(session, kind)
    row = (await session.execute(select(registrations).where(which).with_for_update())).first()
    return None if row is None else registration_of(row)


async def _hosts(session: WriteSession, of: Sequence[Registration]) -> dict[Any, Any]:
    if not of:
        return {}
    ids = {each.event_id for each in of}
    rows = await session.execute(select(events.c.id, events.c.host_id).where(among(events.c.id, ids)))
    return {row.id: row.host_id for row in rows}
