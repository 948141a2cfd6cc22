"""Asking another domain over GraphQL: the only way but messages to what it knows.

    peers = Peers({"users": HttpPeer(client, "http://users:4001/graphql")}, asking="posts")
    data = await peers.ask("users", QUERY, {"id": …}, request_id=…, authorization=…)

A question has a deadline. A query that did not arrive, or was answered with 502, 503 or 504, is asked again
while there is time and budget; a mutation never is: whether it was done is unknown. The budget is a tenth
of what is asked, so that a peer in trouble does not get twice its load. Each question is one log line with
the peer, the outcome and how long it took.

`plait up` has the peers in its own process (`InProcessPeer`): no socket, the same answers.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol
from uuid import uuid4

import httpx2 as httpx
import msgspec
import orjson
from graphql import GraphQLSyntaxError, OperationType, get_operation_ast, parse

from db.errors import StoreUnavailable
from db.watching import begin_call
from subgraphs.kit.subgraph import Subgraph

log = logging.getLogger("plait.peers")
DEADLINE_SECONDS = 3.0
ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.05
BUDGET, BUDGET_PER_QUESTION = 10.0, 0.1
AGAIN = frozenset({502, 503, 504})
LARGEST_ANSWER = 10_000_000


class PeerUnavailable(StoreUnavailable):
    """It did not answer in time, or not with GraphQL. Shown as any store that is away."""

    code = "PEER_UNAVAILABLE"

    def __init__(self, peer: str, reason: str) -> None:
        super().__init__(peer, reason, "the subgraph")


class PeerRefused(Exception):
    """It answered with errors and no data: the question was wrong, or not allowed."""

    code = "PEER_REFUSED"

    def __init__(self, peer: str, errors: list[Any]) -> None:
        first = errors[0] if errors and isinstance(errors[0], dict) else {}
        super().__init__(f"{peer}: {str(first.get('message'))[:200]}")
        self.peer = peer
        self.errors = errors


class NotDelivered(Exception):
    """One attempt failed in a way that a query may be repeated after."""


@dataclass(frozen=True, slots=True)
class Question:
    query: str
    variables: Mapping[str, Any]
    headers: Mapping[str, str]


class Peer(Protocol):
    async def send(self, question: Question) -> dict[str, Any]:
        """The answer, decoded. Raises NotDelivered. The caller bounds the time."""


@dataclass(frozen=True, slots=True)
class HttpPeer:
    """`client` is shared and kept: its connections are."""

    client: httpx.AsyncClient
    url: str

    async def send(self, question: Question) -> dict[str, Any]:
        body = orjson.dumps({"query": question.query, "variables": dict(question.variables)})
        headers = {**question.headers, "content-type": "application/json", "accept": "application/json"}
        try:
            async with self.client.stream("POST", self.url, content=body, headers=headers) as response:
                if response.status_code in AGAIN:
                    raise NotDelivered(f"status {response.status_code}")
                return _decoded(await _bounded(response))
        except httpx.HTTPError as error:
            raise NotDelivered(type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class InProcessPeer:
    subgraph: Subgraph

    async def send(self, question: Question) -> dict[str, Any]:
        return await self.subgraph.execute(question.query, question.variables, headers=question.headers)


@dataclass(slots=True)
class Peers:
    peers: Mapping[str, Peer]
    asking: str
    """The domain that asks: for the log, and `user-agent`."""
    deadline_seconds: float = field(default_factory=lambda: DEADLINE_SECONDS)
    _budget: float = field(default=BUDGET, init=False)

    async def ask(
        self,
        peer: str,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        request_id: str | None = None,
        authorization: str | None = None,
        whole: bool = False,
    ) -> dict[str, Any]:
        """Its data, with null where it had errors beside data. Raises PeerUnavailable or PeerRefused. With
        `whole`, any error is PeerUnavailable: for where null means that there is no such thing.

        `request_id` is the one of the request that is being answered (a new one is made without it);
        `authorization` passes on who asks: without it the peer shows what everybody sees.
        """
        correlation = request_id or str(uuid4())
        headers = {"x-request-id": correlation, "user-agent": f"plait-{self.asking}"}
        if authorization is not None:
            headers["authorization"] = authorization
        started, outcome = time.monotonic(), "cancelled"
        span = begin_call("graphql", peer)
        if span is not None:
            headers.update(span.carried)
        try:
            question = Question(query, variables or {}, headers)
            answer = await self._within_deadline(peer, question)
            outcome = "errors" if answer.get("errors") else "ok"
        except PeerUnavailable as error:
            outcome = str(error)
            raise
        finally:
            if span is not None:
                span.end(None if outcome == "ok" else outcome)
            took = (time.monotonic() - started) * 1000
            log.info("%s asked %s: %s, %.0f ms, request %s", self.asking, peer, outcome, took, correlation)
        data = answer.get("data")
        if whole and answer.get("errors"):
            raise PeerUnavailable(peer, "errors in its answer")
        if not isinstance(data, dict):
            raise PeerRefused(peer, answer.get("errors") or [])
        return data

    async def _within_deadline(self, name: str, question: Question) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self.deadline_seconds):
                return await self._send(name, question, ATTEMPTS if _is_query(question.query) else 1)
        except TimeoutError:
            raise PeerUnavailable(name, f"no answer within {self.deadline_seconds} s") from None
        except NotDelivered as error:
            raise PeerUnavailable(name, str(error)) from error

    async def _send(self, name: str, question: Question, attempts: int) -> dict[str, Any]:
        self._budget = min(BUDGET, self._budget + BUDGET_PER_QUESTION)
        if name not in self.peers:
            raise NotDelivered("nobody said where it is")
        for attempt in range(1, attempts + 1):
            try:
                return await self.peers[name].send(question)
            except NotDelivered:
                if attempt == attempts or self._budget < 1:
                    raise
                self._budget -= 1
                await asyncio.sleep(FIRST_PAUSE_SECONDS * 2**attempt)
        raise AssertionError("the last attempt returns or raises")


@lru_cache(maxsize=256)
def _is_query(text: str) -> bool:
    try:
        operation = get_operation_ast(parse(text))
    except GraphQLSyntaxError:
        return False
    return operation is not None and operation.operation is OperationType.QUERY


async def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > LARGEST_ANSWER:
            raise NotDelivered(f"an answer of more than {LARGEST_ANSWER} bytes")
    return bytes(body)


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotDelivered("an answer that is not GraphQL") from error
