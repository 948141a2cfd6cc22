"""An events subgraph and the people who talk about its events, each by a token: what the tests of questions,
reviews and galleries share.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from db.config import DomainStore
from db.postgres import Database, connect
from subgraphs.kit.acting import OFFICE, writing
from subgraphs.kit.subgraph import Subgraph
from tests.subgraphs.support import Person, build_over, config_in, mutation_text

OURS, THEIRS = uuid4(), uuid4()
EVERYBODY = ("nobody", "host", "staff", "ada", "grace", "eve", "moderator", "admin")
"""host and staff act for the event's organization; eve has blocked ada."""


@dataclass(frozen=True)
class Talk:
    events: Subgraph
    database: Database
    people: Mapping[str, Person]

    def id(self, who: str) -> UUID:
        return self.people[who].id

    async def ask(self, who: str, query: str, **variables: Any) -> Any:
        headers = None if who == "nobody" else self.people[who].headers
        answer = await self.events.execute(query, variables, headers=headers)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def act(self, who: str, mutation: str, selection: str, /, **given: Any) -> Any:
        payload = (await self.ask(who, mutation_text(mutation, selection), input=given))[mutation]
        assert payload["errors"] == [], payload["errors"]
        return payload

    async def code(self, who: str, mutation: str, /, **given: Any) -> str:
        """Of what it was refused for, or of the GraphQL error; "" when it was done."""
        headers = None if who == "nobody" else self.people[who].headers
        answer = await self.events.execute(mutation_text(mutation), {"input": given}, headers=headers)
        if "errors" in answer:
            return str(answer["errors"][0]["extensions"]["code"])
        refused = answer["data"][mutation]["errors"]
        return str(refused[0]["code"]) if refused else ""

    async def event(self, host: str = "host", **given: Any) -> str:
        starts = datetime.now(UTC) + timedelta(hours=1)
        times = {"startsAt": starts.isoformat(), "endsAt": (starts + timedelta(hours=2)).isoformat()}
        made = await self.act(host, "createEvent", "event { id }", title="Concert", **times, **given)
        return str(made["event"]["id"])

    async def run(self, statement: str, **given: Any) -> list[Any]:
        async with writing(self.database, OFFICE) as session:
            result = await session.execute(text(statement), given)
            return [tuple(row) for row in result] if result.returns_rows else []

    async def audited(self, entity: str) -> list[str]:
        """What was done to things of a kind, in order."""
        rows = await self.run("SELECT action FROM audit WHERE entity = :entity ORDER BY id", entity=entity)
        return [action for (action,) in rows]

    async def told(self, topic: str) -> list[str]:
        rows = await self.run("SELECT type FROM outbox WHERE topic = :topic ORDER BY id", topic=topic)
        return [kind for (kind,) in rows]

    async def end(self, event: str) -> None:
        """It was yesterday."""
        await self.run(
            """UPDATE events SET starts_at = now() - interval '25 h', ends_at = now() - interval '1 day',
                status = 'COMPLETED' WHERE id = :event""",
            event=event,
        )


@asynccontextmanager
async def talking(stores: Mapping[str, DomainStore], folder: Path) -> AsyncIterator[Talk]:
    config = config_in(folder)
    roles = {"moderator": "ROLE_MODERATOR", "admin": "ROLE_ADMIN"}
    people = {
        name: Person(
            config,
            roles=frozenset({"ROLE_USER", roles.get(name, "ROLE_USER")}),
            tenant={"host": OURS, "staff": OURS, "grace": THEIRS}.get(name),
        )
        for name in EVERYBODY[1:]
    }
    database = connect(stores["events"])
    talk = Talk(build_over(database, "events", config), database, people)
    blocks = "INSERT INTO blocks (blocker_id, blocked_id) VALUES (:eve, :ada)"
    await talk.run(blocks, eve=talk.id("eve"), ada=talk.id("ada"))
    yield talk
    await database.close()
