"""All domains together, for tests of what one tells another: a router over them, and their workers' tasks,
which run when a test says so.
"""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import text

from db.clients import Stores, open_clients
from db.config import DomainStore
from router import Router
from schema import Supergraph
from subgraphs.kit.config import MailConfig
from subgraphs.kit.jobs import Periodic, Queue
from subgraphs.kit.peers import InProcessPeer, Peer
from subgraphs.kit.subgraph import Subgraph
from subgraphs.kit.worker import Task
from subgraphs.registry import DOMAINS, USES, build_domain
from tests.subgraphs.support import config_in

SUPERGRAPH = Path(__file__).parents[2] / "schema" / "supergraph.graphql"
MOST_ROUNDS = 20
SIGN_UP = """mutation($input: SignUpInput!) { signUp(input: $input) {
    login { accessToken user { id } } errors { code } } }"""

LOG_IN = """mutation($input: LoginInput!) { login(input: $input) {
    login { accessToken user { id } } errors { code } } }"""


@dataclass(frozen=True)
class Person:
    mesh: Mesh
    id: str
    access: str

    async def ask(self, query: str, /, **variables: Any) -> Any:
        """The data of an operation without errors."""
        headers = {"authorization": f"Bearer {self.access}"}
        return await self.mesh.ask(query, headers, **variables)

    async def act(self, mutation: str, selection: str, /, **given: Any) -> Any:
        """The outcome of a mutation that was not refused."""
        payload = await self.try_to(mutation, selection, **given)
        assert payload["errors"] == [], payload["errors"]
        return payload

    async def try_to(self, mutation: str, selection: str = "", /, **given: Any) -> Any:
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        answer = f"{{ {selection} errors {{ code path }} }}"
        query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {answer} }}"
        return (await self.ask(query, input=given))[mutation]

    async def refused(self, mutation: str, /, **given: Any) -> list[tuple[str, str]]:
        payload = await self.try_to(mutation, **given)
        return [(error["code"], ".".join(error["path"])) for error in payload["errors"]]

    async def publish(self, title: str = "Concert", days: int = 1, **given: Any) -> str:
        """A published event, so many days from now; its id."""
        starts = datetime.now(UTC) + timedelta(days=days)
        times = {"startsAt": starts.isoformat(), "endsAt": (starts + timedelta(hours=2)).isoformat()}
        made = await self.act("createEvent", "event { id }", title=title, **times, **given)
        return str(made["event"]["id"])


@dataclass(frozen=True)
class Mesh:
    router: Router
    stores: Mapping[str, Stores]
    tasks: Mapping[str, list[Task]]
    subgraphs: Mapping[str, Subgraph]
    peers: dict[str, Peer]
    """Whom the domains ask; a test puts another in somebody's place."""

    async def ask(self, query: str, headers: Mapping[str, str] | None = None, /, **variables: Any) -> Any:
        answer = await self.router.execute(
            {"query": query, "variables": variables}, headers=dict(headers or {})
        )
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def sign_up(self, name: str) -> Person:
        given = {"username": name, "email": f"{name}@plait.example", "password": "correct horse"}
        login = (await self.ask(SIGN_UP, input=given))["signUp"]["login"]
        return Person(self, login["user"]["id"], login["accessToken"])

    async def log_in(self, name: str) -> Person:
        """With the roles they have now."""
        given = {"usernameOrEmail": name, "password": "correct horse"}
        login = (await self.ask(LOG_IN, input=given))["login"]["login"]
        return Person(self, login["user"]["id"], login["accessToken"])

    async def settle(self) -> None:
        """Until everybody has heard everything: all in turn had nothing to do since somebody last had."""
        tasks = [
            task for each in self.tasks.values() for task in each if not isinstance(task, Periodic | Queue)
        ]
        idle = 0
        for task in islice(cycle(tasks), MOST_ROUNDS * len(tasks)):
            idle += 1
            while await task.step():
                idle = 0
            if idle == len(tasks):
                return
        raise AssertionError("the domains never come to rest")

    async def run(self, domain: str, statement: str, **given: Any) -> list[Any]:
        """SQL as the domain's service."""
        async with self.stores[domain].postgres.write() as session:
            result = await session.execute(text(statement), given)
            return [tuple(row) for row in result] if result.returns_rows else []


@asynccontextmanager
async def meshed(stores: Mapping[str, DomainStore], folder: Path, **given: Any) -> AsyncIterator[Mesh]:
    """`given` are settings of `SubgraphConfig`. Mails and messages are files in `folder`/outbox."""
    peers: dict[str, Peer] = {}
    mail = MailConfig(folder / "outbox")
    config = replace(config_in(folder), peers=peers, **{"mail": mail, **given})
    async with AsyncExitStack() as stack:
        subgraphs = {
            name: await stack.enter_async_context(build_domain(name, config, stores[name]))
            for name in DOMAINS
        }
        peers.update({name: InProcessPeer(subgraph) for name, subgraph in subgraphs.items()})
        opened = {
            name: await stack.enter_async_context(open_clients(stores[name], USES[name])) for name in DOMAINS
        }
        tasks = {
            name: list(importlib.import_module(f"subgraphs.{name}.worker").tasks(config, opened[name]))
            for name in DOMAINS
        }
        router = Router(supergraph(), subgraphs=subgraphs)
        yield Mesh(await stack.enter_async_context(router), opened, tasks, subgraphs, peers)


@cache
def supergraph() -> Supergraph:
    return Supergraph.parse(SUPERGRAPH.read_text(encoding="utf-8"))
