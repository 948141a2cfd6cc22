"""Devices: whose they are, what they are told, and when they are forgotten."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import httpx2 as httpx
import pytest

from db.errors import StoreUnavailable
from subgraphs.kit import push
from subgraphs.kit.push import BadDevice, BadPush, GatewayPusher, Push
from subgraphs.notifications.repository.tidying import forget_person
from tests.subgraphs.notifications.alone import Alone
from tests.subgraphs.notifications.test_deliveries import lesson
from tests.subgraphs.support import act, data, refused

DEVICES = """query($r: [_Any!]!) { _entities(representations: $r) { ... on User {
    pushDevices { id name } } } }"""
STATES = "SELECT status FROM notification_deliveries WHERE channel = 'PUSH' ORDER BY created_at"


@dataclass
class Gateway:
    """Says to each address what it is told to say."""

    errors: dict[str, Exception] = field(default_factory=dict)
    taken: list[Push] = field(default_factory=list)

    async def push(self, given: Push) -> None:
        if (error := self.errors.get(given.address)) is not None:
            raise error
        self.taken.append(given)


async def register(alone: Alone, who: str, address: str, called: str = "Phone") -> str:
    own = alone.person(who).headers
    given = {"address": address, "name": called}
    made = await act(alone.subgraph, "registerPushDevice", own, "device { id }", **given)
    assert made["errors"] == []
    return str(made["device"]["id"])


async def listed(alone: Alone, whose: str, reader: str) -> list[str] | None:
    asked = [{"__typename": "User", "id": alone.id(whose)}]
    (found,) = (await data(alone.subgraph, DEVICES, alone.person(reader).headers, r=asked))["_entities"]
    return None if found["pushDevices"] is None else [each["name"] for each in found["pushDevices"]]


async def test_a_device_is_one_persons_who_lists_and_removes_it_and_twenty_are_kept(alone: Alone) -> None:
    await alone.know("ada")
    first = await register(alone, "ada", "a1", "Old phone")
    await register(alone, "ada", "a2", "Tablet")
    assert await listed(alone, "ada", "ada") == ["Tablet", "Old phone"]
    assert await listed(alone, "ada", "eve") is None
    own = alone.person("eve").headers
    not_hers = await refused(alone.subgraph, "removePushDevice", own, deviceId=first)
    assert not_hers == [("NOT_FOUND", "deviceId")]
    for wrong in ("", "x" * 1001, "ключ"):
        given = {"address": wrong, "name": "x"}
        bad = await refused(alone.subgraph, "registerPushDevice", own, **given)
        assert bad == [("INVALID_INPUT", "address")]
    await register(alone, "eve", "a2", "Her tablet")
    assert await listed(alone, "ada", "ada") == ["Old phone"], "who logs in there last has it"
    await alone.act("ada", "removePushDevice", deviceId=first)
    for number in range(22):
        await register(alone, "ada", f"b{number}", f"Phone {number}")
    await register(alone, "ada", "b2", "Phone 2 again")
    names = await listed(alone, "ada", "ada")
    assert names == ["Phone 2 again", *(f"Phone {n}" for n in range(21, 2, -1))]
    told = await data(alone.subgraph, "{ notificationExport }", alone.person("ada").headers)
    assert len(told["notificationExport"]["devices"]) == 20
    assert "'a2'" not in str(told)
    done = await alone.sql("SELECT action FROM audit WHERE entity = 'push device' ORDER BY id LIMIT 4")
    assert [action for (action,) in done] == ["register", "register", "register", "remove"]


async def test_what_is_due_is_told_on_every_device_and_nowhere_else(alone: Alone) -> None:
    for name, number in (("ada", 201), ("eve", 202), ("grace", 203)):
        await alone.know(name, telegram=number)
    await register(alone, "ada", "a1")
    await register(alone, "ada", "a2")
    await register(alone, "eve", "e1")
    off = {"kind": "LESSON_SCHEDULED", "channel": "PUSH", "isOn": False}
    await alone.act("eve", "updateNotificationSettings", choices=[off])
    await lesson(alone, 201, 202, 203)
    await alone.deliver()
    said = ("A new lesson", "English begins at 2036-03-03 12:00.")
    assert alone.pushed() == [("a1", *said), ("a2", *said)]
    assert await alone.sql(STATES) == [("SENT",)], "who has no device waits for none"


async def test_a_device_that_is_gone_is_forgotten_and_the_others_are_told(alone: Alone) -> None:
    gateway = Gateway({"a1": BadDevice("HTTP 410")})
    alone.pusher = gateway
    await alone.know("ada", telegram=201)
    await register(alone, "ada", "a1", "Lost")
    await register(alone, "ada", "a2", "Kept")
    await lesson(alone, 201)
    await alone.deliver()
    assert [each.address for each in gateway.taken] == ["a2"]
    assert await listed(alone, "ada", "ada") == ["Kept"]
    assert await alone.sql(STATES) == [("SENT",)]
    gateway.errors["a2"] = BadDevice("HTTP 404")
    await lesson(alone, 201)
    await alone.deliver()
    assert await listed(alone, "ada", "ada") == []
    assert await alone.sql(STATES) == [("SENT",), ("DEAD",)]
    await lesson(alone, 201)
    assert len(await alone.sql(STATES)) == 2, "nothing waits for who has no device"


async def test_a_gateway_that_is_away_is_tried_again_by_the_same_ids_and_a_refusal_is_not(
    alone: Alone,
) -> None:
    gateway = Gateway({"a1": StoreUnavailable("gateway", "HTTP 503", "the push gateway")})
    alone.pusher = gateway
    await alone.know("ada", telegram=201)
    await register(alone, "ada", "a1")
    await register(alone, "ada", "a2")
    await lesson(alone, 201)
    await alone.deliver()
    assert await alone.sql(STATES) == [("WAITING",)]
    gateway.errors.clear()
    await alone.sql("UPDATE notification_deliveries SET due_at = created_at")
    await alone.deliver()
    assert await alone.sql(STATES) == [("SENT",)]
    ids = [each.id for each in gateway.taken if each.address == "a2"]
    assert (len(ids), len(set(ids))) == (2, 1)
    gateway.errors |= {"a1": BadPush("HTTP 413"), "a2": BadPush("HTTP 413")}
    await lesson(alone, 201)
    await alone.deliver()
    assert await alone.sql(STATES) == [("SENT",), ("DEAD",)]
    assert await listed(alone, "ada", "ada") == ["Phone", "Phone"]


async def test_who_is_gone_has_no_device(alone: Alone) -> None:
    await alone.know("ada")
    await register(alone, "ada", "a1")
    async with alone.stores.postgres.write() as session:
        await forget_person(session, alone.person("ada").id)
    assert await alone.sql("SELECT 1 FROM push_devices") == []


ANSWERS = {200: None, 202: None, 404: BadDevice, 410: BadDevice, 400: BadPush, 413: BadPush}
"""Whatever else it says, it is away."""


@pytest.mark.parametrize("status", [*ANSWERS, 429, 500, 0])
async def test_what_a_gateway_answers_is_told_apart_and_no_secret_is_said(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if status == 0:
            raise httpx.ConnectError("nobody at secret-address")
        return httpx.Response(status)

    client = httpx.AsyncClient
    monkeypatch.setattr(
        push.httpx, "AsyncClient", lambda **given: client(transport=httpx.MockTransport(answer), **given)
    )
    gateway = GatewayPusher("https://push.example/say", "secret-key")
    given = Push("secret-address", "A lesson", "At noon.", "n 1")
    expected = ANSWERS.get(status, StoreUnavailable)
    if expected is None:
        await gateway.push(given)
    else:
        with pytest.raises(expected) as caught:
            await gateway.push(given)
        assert "secret" not in str(caught.value)
    assert asked[0].headers["authorization"] == "Bearer secret-key"
    assert json.loads(asked[0].content) == {
        "address": "secret-address",
        "title": "A lesson",
        "body": "At noon.",
        "id": "n 1",
    }
    assert "secret" not in repr((gateway, given))
