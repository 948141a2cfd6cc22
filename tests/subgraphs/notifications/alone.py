"""The notifications domain by itself: a test says what the others tell, and what the clock says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from db.clients import Stores, open_clients
from db.config import DomainStore
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.jobs import Queue
from subgraphs.kit.mail import FileMailer, Mailer
from subgraphs.kit.outbox import Message
from subgraphs.kit.push import FilePusher, Pusher
from subgraphs.kit.subgraph import Subgraph
from subgraphs.kit.telegram_bot import FileBot, TelegramBot
from subgraphs.notifications.delivering import Deliver
from subgraphs.notifications.repository import DELIVER, RECOUNT, Hearing, UnreadCounts
from subgraphs.registry import USES, build_domain
from tests.subgraphs.support import Person, act, config_in, data

# Later than the store's clock, so that a job for later is one.
NOON = datetime(2036, 3, 2, 12, tzinfo=UTC)
LIST = """query($first: Int, $after: String, $last: Int, $before: String, $filter: NotificationFilter) {
    notifications(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { id kind title text actorCount happenedAt readAt actors { id } post { id } comment { id } } }
    unreadNotificationCount }"""


@dataclass
class Alone:
    subgraph: Subgraph
    stores: Stores
    config: SubgraphConfig
    folder: Path
    mailer: Mailer
    bot: TelegramBot
    pusher: Pusher
    now: datetime = NOON
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = Person(self.config)
        return self.people[name]

    def id(self, name: str) -> str:
        return str(self.person(name).id)

    async def know(self, name: str, *, telegram: int | None = None, **liked: str) -> Person:
        """Users has told of them: their name, a proven address, what they like."""
        who = self.id(name)
        contact = {"email": f"{name}@plait.example", "is_verified": True, "telegram_id": telegram}
        await self.rows("users.names", "NamesTold", {"id": who, "username": name})
        await self.rows("users.contacts", "ContactsTold", {"id": who, **contact})
        likes = {"language": "EN", "timezone": "UTC"} | liked
        await self.rows("users.settings", "SettingsTold", {"user_id": who, **likes})
        return self.person(name)

    async def rows(self, topic: str, kind: str, *rows: Mapping[str, Any], gone: Any = ()) -> None:
        await self.tell(topic, topic, kind, rows=[dict(row) for row in rows], gone=list(gone))

    async def post(self, author: str, visibility: str = "PUBLIC", post: UUID | None = None) -> UUID:
        post = post or uuid4()
        row = {"id": str(post), "author_id": self.id(author), "visibility": visibility}
        await self.rows("posts.posts", "PostsTold", row)
        return post

    async def like(self, post: UUID, by: str, author: str, kind: str = "PostLiked") -> None:
        facts = {"user_id": self.id(by), "author_id": self.id(author)}
        await self.tell("interactions.post", post, kind, **facts)

    async def comment(
        self, post: UUID, by: str, author: str, parent: UUID | None = None, answered: str | None = None
    ) -> UUID:
        comment = uuid4()
        facts = {
            "comment_id": str(comment),
            "parent_id": None if parent is None else str(parent),
            "user_id": self.id(by),
            "author_id": self.id(author),
            "parent_author_id": None if answered is None else self.id(answered),
        }
        await self.tell("interactions.post", post, "CommentAdded", **facts)
        return comment

    async def tell(self, topic: str, key: object, kind: str, **payload: Any) -> Message:
        """Heard as a consumer hears it: through JSON, in a transaction."""
        message = Message(topic, str(key), kind, json.loads(json.dumps(payload)))
        await self.hear(message)
        return message

    async def hear(self, message: Message) -> None:
        async with self.stores.postgres.write() as session:
            await Hearing(lambda: self.now).hear(session, message)

    async def run(self, name: str = RECOUNT) -> None:
        """The jobs that wait, whenever they are due: what they do goes by the test's clock."""
        await self.sql("UPDATE jobs SET due_at = now() - interval '1 hour'")
        handle = (
            UnreadCounts(self.stores.postgres, self.stores.redis).dropped
            if name == RECOUNT
            else Deliver(self.mailer, self.bot, self.pusher, None, lambda: self.now).handle
        )
        queue = Queue(name, handle, self.stores.postgres)
        ((waiting,),) = await self.sql("SELECT count(*) FROM jobs WHERE queue = :name", name=name)
        for _ in range(waiting):
            await queue.step()

    async def deliver(self, now: datetime | None = None) -> None:
        self.now = now or self.now
        await self.run(DELIVER)

    async def sql(self, statement: str, **given: Any) -> list[Any]:
        async with self.stores.postgres.write() as session:
            result = await session.execute(text(statement), given)
            return [tuple(row) for row in result] if result.returns_rows else []

    async def page(self, name: str, **window: Any) -> Any:
        await self.run()
        return (await data(self.subgraph, LIST, self.person(name).headers, **window))["notifications"]

    async def nodes(self, name: str, **window: Any) -> Any:
        return (await self.page(name, **window))["nodes"]

    async def texts(self, name: str, **window: Any) -> list[str]:
        return [each["text"] for each in await self.nodes(name, **window)]

    async def unread(self, name: str) -> int:
        asked = "{ unreadNotificationCount }"
        told = await data(self.subgraph, asked, self.person(name).headers)
        return int(told["unreadNotificationCount"])

    async def act(self, name: str, mutation: str, selection: str = "", **given: Any) -> Any:
        payload = await act(self.subgraph, mutation, self.person(name).headers, selection, **given)
        assert payload["errors"] == [], payload["errors"]
        return payload

    def mails(self) -> list[tuple[str, str, str]]:
        """To whom, about what, and what it says; in the order of their names."""
        found = [message_from_bytes(path.read_bytes(), policy=default) for path in self.folder.glob("*.eml")]
        return sorted((str(each["To"]), str(each["Subject"]), each.get_content().strip()) for each in found)

    def said(self) -> list[tuple[int, str]]:
        found = [json.loads(path.read_text()) for path in sorted(self.folder.glob("telegram-*.json"))]
        return sorted((each["chat_id"], each["text"]) for each in found)

    def pushed(self) -> list[tuple[str, str, str]]:
        """To which address, about what, and what it says."""
        found = [json.loads(path.read_text()) for path in sorted(self.folder.glob("push-*.json"))]
        return sorted((each["address"], each["title"], each["body"]) for each in found)


@asynccontextmanager
async def notifications_alone(stores: Mapping[str, DomainStore], folder: Path) -> AsyncIterator[Alone]:
    config, store = config_in(folder), stores["notifications"]
    outbox = folder / "outbox"
    mailer = FileMailer(outbox, "Plait <no-reply@plait.example>")
    async with (
        build_domain("notifications", config, store) as subgraph,
        open_clients(store, USES["notifications"]) as opened,
    ):
        yield Alone(subgraph, opened, config, outbox, mailer, FileBot(outbox), FilePusher(outbox))
