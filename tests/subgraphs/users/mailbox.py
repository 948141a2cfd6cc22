"""The mails that the worker sends, read from where its file adapter puts them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from db.clients import open_clients
from db.config import DomainStore
from subgraphs.kit.config import MailConfig, SubgraphConfig
from subgraphs.kit.jobs import Queue
from subgraphs.users.worker import tasks


@dataclass(frozen=True)
class Mailbox:
    store: DomainStore
    folder: Path

    async def work(self) -> None:
        """Every job that waits."""
        config = SubgraphConfig(tokens=None, mail=MailConfig(self.folder))  # type: ignore[arg-type]
        async with open_clients(self.store, {"redis"}) as clients:
            for task in tasks(config, clients):
                while isinstance(task, Queue) and await task.step():
                    pass

    async def collect(self) -> list[EmailMessage]:
        """The mails sent since the last time."""
        await self.work()
        mails = []
        for path in sorted(self.folder.glob("*.eml")) if self.folder.exists() else ():
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(message, EmailMessage)
            mails.append(message)
            path.unlink()
        return mails

    async def token(self, to: str, subject: str = "") -> str:
        """The token in the one mail to an address."""
        (mail,) = [each for each in await self.collect() if each["To"] == to and subject in each["Subject"]]
        found = re.search(r"^([\w-]{43})$", mail.get_content(), re.MULTILINE)
        assert found is not None, mail.get_content()
        return found[1]

    async def subjects(self) -> list[tuple[str, str]]:
        return sorted((mail["To"], mail["Subject"]) for mail in await self.collect())
