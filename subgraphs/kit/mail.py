"""Mail, through a port: files while developing, SMTP in production.

    mailer = mailer_from("smtp://user:password@host:587", sender="Plait <no-reply@plait.example>", folder=…)
    await mailer.send(Mail(to="ann@plait.example", subject="…", text="…", id=f"verify-{token_id}"))

Send from a job or a message's handler, not inside a request: SMTP takes seconds and fails. A mail has an
id, made of what it is about; tried again it keeps its Message-ID, and mail servers and the file adapter
keep one.
"""

from __future__ import annotations

import asyncio
import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from db.errors import StoreUnavailable
from subgraphs.kit.written_files import write_whole

ANSWER_SECONDS = 20.0


class BadMail(Exception):
    """It can never be sent: trying again is no use."""

    code = "BAD_MAIL"


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    text: str
    id: str


class Mailer(Protocol):
    async def send(self, mail: Mail) -> None:
        """Raises BadMail, or StoreUnavailable when it may be tried again."""


@dataclass(frozen=True, slots=True)
class FileMailer:
    """Each mail a file that mail programs open: `<folder>/<id>.eml`."""

    folder: Path
    sender: str

    async def send(self, mail: Mail) -> None:
        message = compose(mail, self.sender)
        told = {"suffix": ".eml", "kind": "the folder of mails"}
        await asyncio.to_thread(write_whole, self.folder, mail.id, bytes(message), **told)


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """The standard library's client in a thread: a connection for each mail. `smtps` encrypts from the start;
    `smtp` by STARTTLS when there is a password, and where the server offers it.
    """

    url: str
    sender: str

    async def send(self, mail: Mail) -> None:
        message = compose(mail, self.sender)
        try:
            await asyncio.to_thread(self._send, message)
        except smtplib.SMTPRecipientsRefused as error:
            code = max((code for code, _ in error.recipients.values()), default=0)
            if 500 <= code < 600:
                raise BadMail(f"the address is refused ({code})") from error
            raise self._away(error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise self._away(error) from error

    def _send(self, message: EmailMessage) -> None:
        parts = urlsplit(self.url)
        secure, host = parts.scheme == "smtps", parts.hostname or "localhost"
        context = ssl.create_default_context()
        with (
            smtplib.SMTP_SSL(host, parts.port or 465, timeout=ANSWER_SECONDS, context=context)
            if secure
            else smtplib.SMTP(host, parts.port or 25, timeout=ANSWER_SECONDS) as client
        ):
            client.ehlo()
            if not secure and (parts.password or client.has_extn("starttls")):
                client.starttls(context=context)
            if parts.username and parts.password:
                client.login(unquote(parts.username), unquote(parts.password))
            client.send_message(message)

    def _away(self, error: Exception) -> StoreUnavailable:
        parts = urlsplit(self.url)
        return StoreUnavailable(f"{parts.hostname}:{parts.port or 25}", type(error).__name__, "SMTP")


def mailer_from(url: str | None, *, sender: str, folder: Path) -> Mailer:
    """Without a URL: files in `folder`."""
    return FileMailer(folder, sender) if url is None else SmtpMailer(url, sender)


def compose(mail: Mail, sender: str) -> EmailMessage:
    """Raises BadMail for what would be another header, another recipient, or no address."""
    message = EmailMessage()
    name, address = parseaddr(sender)
    try:
        if any(character in mail.to for character in "\r\n,;<>"):
            raise ValueError(mail.to)
        message["To"] = Address(addr_spec=mail.to)
        message["From"] = Address(name, addr_spec=address)
        message["Subject"] = mail.subject
    except (ValueError, IndexError) as error:
        raise BadMail("the address or the subject is not one") from error
    host = address.rpartition("@")[2]
    message["Message-ID"] = f"<{hashlib.sha256(mail.id.encode()).hexdigest()[:32]}@{host}>"
    message.set_content(mail.text)
    return message
