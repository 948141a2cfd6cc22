"""Clients on kept connections that ask one operation after the other and judge each answer."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.gateways.shop import CASES, customer
from benchmarks.soak.judge import Judge
from router.errors import TransportError
from router.transport.connection import Connection

MAX_BYTES = 100_000_000
PATIENCE_SECONDS = 30.0
HEAD = "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
TEXTS = 3000
"""Different operations, more than are kept prepared."""


@dataclass(frozen=True, slots=True)
class Question:
    case: str
    message: bytes


def message(body: dict[str, Any]) -> bytes:
    text = json.dumps(body).encode()
    head = f"{HEAD}content-length: {len(text)}\r\n\r\n"
    return head.encode() + text


def fixed_questions() -> list[Question]:
    """The gateways' cases but the widest."""
    return [
        Question(case.name, message({"query": case.query, "variables": case.variables}))
        for case in CASES
        if case.name != "wide"
    ]


def own_question(number: int) -> tuple[Question, Any]:
    """An operation that nobody else asks, and its data."""
    wanted = customer(1 + number % 20)
    query = f'query Own{number} {{ k{number}: customer(id: "{wanted["id"]}") {{ id name handle }} }}'
    data = {f"k{number}": {name: wanted[name] for name in ("id", "name", "handle")}}
    return Question(f"own {number}", message({"query": query})), data


class Clients:
    """`count` at a time, until `stop`. Each asks one of all, and then what nobody else may have asked."""

    def __init__(
        self, port: int, judge: Judge, common: list[Question], rare: list[Question], seed: int
    ) -> None:
        self._port = port
        self._judge = judge
        self._common = common
        self._rare = rare
        self._random = random.Random(seed)
        self._is_over = False
        self.disconnected = 0

    async def run(self, count: int) -> None:
        await asyncio.gather(*(self._client() for _ in range(count)))

    def stop(self) -> None:
        self._is_over = True

    async def _client(self) -> None:
        connection: Connection | None = None
        for question in self._endless():
            if connection is None or not connection.is_open:
                connection = await connect(self._port)
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    answer = await connection.request(question.message, MAX_BYTES)
            except TransportError:
                self.disconnected += 1
                continue
            self._judge.judge(question.case, answer.status, answer.body)
        if connection is not None:
            connection.close()

    def _endless(self) -> Iterator[Question]:
        while not self._is_over:
            yield self._random.choice(self._common)
            yield self._random.choice(self._rare)


async def connect(port: int) -> Connection:
    """To a router that may still be starting."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                _, connection = await loop.create_connection(Connection, "127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                return connection
