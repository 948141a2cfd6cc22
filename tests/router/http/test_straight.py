"""The endpoint on a connection with nobody between: no messages, and who leaves is heard of at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.config import ServerConfig
from router.http.cycle import Cycle, straight
from router.http.exchange import ClientLeft
from router.http.server import make_server
from tests.router.http.test_cycle import Recording

POST = b"POST /graphql HTTP/1.1\r\nhost: x\r\n"
LINES = b"content-type: application/json\r\n"


class Served:
    """One connection to an application that works on the cycle itself."""

    def __init__(self, work: Any) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                cycle = straight(receive)
                assert cycle is not None
                assert straight(send) is cycle
                await work(cycle, receive)

        server = make_server(app, ServerConfig(), lifespan="auto")
        server.config.load()
        made: Any = server.config.http_protocol_class
        self.protocol = made(config=server.config, server_state=server.server_state, app_state={})
        self.transport = Recording()
        self.protocol.connection_made(self.transport)

    async def rest(self) -> None:
        while self.protocol.tasks:
            await asyncio.gather(*self.protocol.tasks, return_exceptions=True)


async def echo(cycle: Cycle, receive: Any) -> None:
    taken = cycle.take_body()
    while taken is None:
        message = await receive()
        taken = message["body"] if not message["more_body"] else None
    assert cycle.write_whole(200, LINES, taken)


async def test_a_body_that_has_come_is_taken_and_answered_in_one_write() -> None:
    served = Served(echo)
    served.protocol.data_received(POST + b"content-length: 4\r\n\r\nbody")
    await served.rest()
    assert served.transport.writes == [
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\nbody"
    ]


async def test_a_body_whose_end_is_still_to_come_is_received() -> None:
    served = Served(echo)
    served.protocol.data_received(POST + b"content-length: 4\r\n\r\n")
    await asyncio.sleep(0)
    served.protocol.data_received(b"body")
    await served.rest()
    assert served.transport.writes[0].endswith(b"\r\n\r\nbody")


@pytest.mark.parametrize("head", [POST.replace(b"POST", b"HEAD"), POST + b"connection: close\r\n"])
async def test_what_uvicorn_must_send_is_not_written_whole(head: bytes) -> None:
    answers: list[bool] = []

    async def work(cycle: Cycle, receive: Any) -> None:
        answers.append(cycle.write_whole(200, LINES, b"data"))

    served = Served(work)
    served.protocol.data_received(head + b"\r\n")
    await served.rest()
    assert answers == [False]
    assert not any(b"data" in write for write in served.transport.writes)


async def test_who_leaves_ends_the_work_at_once_and_others_go_on() -> None:
    begun, ended = asyncio.Event(), []

    async def work(cycle: Cycle, receive: Any) -> None:
        cycle.take_body()
        begun.set()
        try:
            await cycle.unless_client_leaves(asyncio.Event().wait(), receive)
        except ClientLeft:
            ended.append("left")

    gone, stays = Served(work), Served(work)
    for served in (gone, stays):
        served.protocol.data_received(POST + b"\r\n")
    await begun.wait()
    await asyncio.sleep(0)
    gone.protocol.connection_lost(None)
    await gone.rest()
    assert ended == ["left"]
    (task,) = stays.protocol.tasks
    assert not task.done()
    stays.protocol.connection_lost(None)
    await stays.rest()


async def test_who_leaves_with_a_second_request_sent_ahead_ends_the_first() -> None:
    ended = []

    async def work(cycle: Cycle, receive: Any) -> None:
        try:
            await cycle.unless_client_leaves(asyncio.Event().wait(), receive)
        except ClientLeft:
            ended.append(cycle)

    served = Served(work)
    served.protocol.data_received((POST + b"\r\n") * 2)
    await asyncio.sleep(0)
    served.protocol.connection_lost(None)
    await served.rest()
    assert len(ended) == 1


async def test_a_task_that_somebody_else_cancels_is_cancelled_and_nobody_left() -> None:
    ended: list[type] = []

    async def work(cycle: Cycle, receive: Any) -> None:
        try:
            await cycle.unless_client_leaves(asyncio.Event().wait(), receive)
        except (asyncio.CancelledError, ClientLeft) as error:
            ended.append(type(error))

    served = Served(work)
    served.protocol.data_received(POST + b"\r\n")
    await asyncio.sleep(0)
    (task,) = served.protocol.tasks
    task.cancel()
    await served.rest()
    assert ended == [asyncio.CancelledError]


async def test_who_receives_after_the_body_was_taken_hears_when_the_client_leaves() -> None:
    heard: list[str] = []

    async def work(cycle: Cycle, receive: Any) -> None:
        assert cycle.take_body() == b"body"
        heard.append((await receive())["type"])

    served = Served(work)
    served.protocol.data_received(POST + b"content-length: 4\r\n\r\nbody")
    await asyncio.sleep(0)
    assert heard == []
    served.protocol.connection_lost(None)
    await served.rest()
    assert heard == ["http.disconnect"]


async def test_what_a_middleware_wrapped_is_not_straight() -> None:
    async def wrapped() -> dict[str, Any]:
        return {}

    assert straight(wrapped) is None
    assert straight(asyncio.Event().wait) is None  # type: ignore[arg-type]
