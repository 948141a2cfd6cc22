"""Devices that people are told on, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from db.postgres import Database, ReadSession
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.notifications.models import push_devices
from subgraphs.notifications.values import MOST_DEVICES, Device, DeviceId, NewDevice, PersonId

OWN = push_devices.c
COLUMNS = [OWN[name] for name in Device.__dataclass_fields__]
ENTITY = "push device"


async def devices_of(session: ReadSession, user: PersonId) -> tuple[Device, ...]:
    """The one that was registered last first."""
    found = select(*COLUMNS).where(OWN.user_id == user).order_by(OWN.registered_at.desc(), OWN.id)
    return tuple(map(_device, (await session.execute(found)).all()))


async def forget_device(session: ReadSession, device: Device) -> None:
    """One that there is no more, unless it has registered again since."""
    same = and_(OWN.id == device.id, OWN.registered_at == device.registered_at)
    await session.execute(delete(push_devices).where(same))


class PostgresDeviceRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_own(self, user: PersonId) -> Sequence[Device]:
        async with self._database.read() as session:
            return await devices_of(session, user)

    async def register(self, new: NewDevice, actor: Actor) -> Device:
        """Again, or by somebody else who logs in there: it is theirs now, as another device. Of more than
        MOST_DEVICES the one that registered longest ago is forgotten.
        """
        values = {name: getattr(new, name) for name in NewDevice.__dataclass_fields__}
        added = insert(push_devices).values(values)
        kept = {**values, "registered_at": func.clock_timestamp()}
        kept["id"] = added.excluded.id
        async with self._database.write() as session:
            upserted = added.on_conflict_do_update(index_elements=["address"], set_=kept)
            device = _device((await session.execute(upserted.returning(*COLUMNS))).one())
            newest = select(OWN.id).where(OWN.user_id == new.user_id)
            others = newest.order_by(OWN.registered_at.desc(), OWN.id).offset(MOST_DEVICES)
            await session.execute(delete(push_devices).where(OWN.id.in_(others)))
            await audit.record(session, actor, "register", ENTITY, device.id)
            return device

    async def remove(self, user: PersonId, device: DeviceId, actor: Actor) -> bool:
        async with self._database.write() as session:
            gone = delete(push_devices).where(OWN.id == device, OWN.user_id == user).returning(OWN.id)
            found: UUID | None = (await session.execute(gone)).scalar()
            if found is not None:
                await audit.record(session, actor, "remove", ENTITY, device)
            return found is not None


def _device(row: Any) -> Device:
    return Device(**row._mapping)
