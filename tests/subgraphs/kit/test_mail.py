"""Mail: a file that a mail program opens, or a real SMTP conversation."""

from __future__ import annotations

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import policy
from pathlib import Path

import pytest

from db.errors import StoreUnavailable
from subgraphs.kit.mail import BadMail, FileMailer, Mail, SmtpMailer, compose, mailer_from

SENDER = "Plait <no-reply@plait.example>"
MAIL = Mail("ann@plait.example", "Bestätigen – подтвердите", "Hello Ann\n.\nпривет", "verify-1")


async def test_without_a_server_a_mail_is_a_file_and_the_same_mail_one_file(tmp_path: Path) -> None:
    mailer = mailer_from(None, sender=SENDER, folder=tmp_path / "outbox")
    await mailer.send(MAIL)
    await mailer.send(MAIL)
    (file,) = (tmp_path / "outbox").iterdir()
    read = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (read["to"], read["from"], read["subject"]) == (MAIL.to, SENDER, MAIL.subject)
    assert read.get_content() == MAIL.text + "\n"
    assert file.suffix == ".eml"


async def test_a_folder_that_cannot_be_written_may_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="the folder of mails"):
        await FileMailer(tmp_path / "file", SENDER).send(MAIL)


@pytest.mark.parametrize(
    "mail",
    [
        Mail("ann@plait.example\r\nBcc: all@plait.example", "x", "x", "1"),
        Mail("ann@plait.example, bob@plait.example", "x", "x", "1"),
        Mail("ann@plait.example", "x\r\nBcc: all@plait.example", "x", "1"),
        Mail("ann", "x", "x", "1"),
        Mail("", "x", "x", "1"),
    ],
)
def test_no_input_becomes_a_header_or_another_recipient(mail: Mail) -> None:
    with pytest.raises(BadMail):
        compose(mail, SENDER)


def test_tried_again_a_mail_keeps_its_id() -> None:
    assert compose(MAIL, SENDER)["Message-ID"] == compose(MAIL, SENDER)["Message-ID"]


@asynccontextmanager
async def smtp_server(answer_to_recipient: str = "250 ok") -> AsyncIterator[tuple[str, list[bytes]]]:
    """Enough of RFC 5321 for one mail; what it was sent."""
    received: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            received.append(line)
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                received.append(await reader.readuntil(b"\r\n.\r\n"))
            elif verb == b"QUIT":
                break
            writer.write(answer_to_recipient.encode() + b"\r\n" if verb == b"RCPT" else b"250 ok\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", received


async def test_smtp_carries_the_mail_to_its_one_recipient() -> None:
    async with smtp_server() as (url, received):
        await SmtpMailer(url, SENDER).send(MAIL)
    assert b"rcpt TO:<ann@plait.example>\r\n" in received
    read = email.message_from_bytes(max(received, key=len)[:-3], policy=policy.default)
    assert read["subject"] == MAIL.subject


async def test_an_address_that_is_refused_for_good_is_not_tried_again() -> None:
    async with smtp_server("550 no such user") as (url, _):
        with pytest.raises(BadMail, match="550"):
            await SmtpMailer(url, SENDER).send(MAIL)


async def test_an_address_that_is_refused_for_now_is_tried_again() -> None:
    async with smtp_server("450 busy") as (url, _):
        with pytest.raises(StoreUnavailable):
            await SmtpMailer(url, SENDER).send(MAIL)


async def test_a_server_that_is_away_is_named_without_its_password() -> None:
    with pytest.raises(StoreUnavailable, match=r"cannot reach SMTP at 127\.0\.0\.1:1") as caught:
        await SmtpMailer("smtp://user:secret@127.0.0.1:1", SENDER).send(MAIL)
    assert "secret" not in str(caught.value)
