"""The devices that one is told on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks
from subgraphs.notifications.repository import PostgresDeviceRepository
from subgraphs.notifications.values import Device, DeviceId, NewDevice, PersonId

MOST_ADDRESS, MOST_NAME = 1000, 100


@dataclass(frozen=True, slots=True)
class Devices:
    devices: PostgresDeviceRepository

    async def list_own(self, viewer: Viewer) -> Sequence[Device]:
        return await self.devices.list_own(PersonId(viewer.id))

    async def register(self, viewer: Viewer, address: str, name: str, checks: Checks, actor: Actor) -> Device:
        """Raises Refused (InvalidInput)."""
        kept = checks.line(address, "address", "The device's address", least=1, most=MOST_ADDRESS)
        checks.require(kept.isascii(), "address", "The device's address is of ASCII characters.")
        called = checks.line(name, "name", "The device's name", least=1, most=MOST_NAME)
        checks.done()
        new = NewDevice(DeviceId(uuid4()), PersonId(viewer.id), kept, called)
        return await self.devices.register(new, actor)

    async def remove(self, viewer: Viewer, device_id: DeviceId, checks: Checks, actor: Actor) -> DeviceId:
        """Raises Refused (InvalidInput, NotFound)."""
        checks.done()
        if not await self.devices.remove(PersonId(viewer.id), device_id, actor):
            raise Refused(not_found("device", "deviceId"))
        return device_id
