"""The mails of this domain: what is enqueued with a write, and what the job makes of it.

A token is made when its mail is written, in the job: no store ever holds its text. What a mail says is
decided there too (is the address proven by somebody else, is there an account at all), so that whoever asked
cannot tell by the answer or its time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from db.postgres import WriteSession
from subgraphs.kit import jobs
from subgraphs.kit.mail import Mail
from subgraphs.users.values import ProofKind

QUEUE = "mail"
ADDRESS_IN_USE, EMAIL_CHANGED, PASSWORD_CHANGED = "ADDRESS_IN_USE", "EMAIL_CHANGED", "PASSWORD_CHANGED"
INVITATION = "INVITATION"
LIFETIMES = {
    ProofKind.VERIFY_EMAIL: timedelta(days=2),
    ProofKind.CHANGE_EMAIL: timedelta(days=2),
    ProofKind.RESET_PASSWORD: timedelta(hours=1),
}


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    body: str
    page: str = ""
    """Where in the application a token is taken to."""


TEXTS = {
    "VERIFY_EMAIL": Text(
        "Is this your address?",
        "Somebody made an account with this address. If it was you, confirm it within two days:",
        "verify-email",
    ),
    "CHANGE_EMAIL": Text(
        "Confirm your new address",
        "Your account is to have this address from now on. Confirm it within two days:",
        "verify-email",
    ),
    "RESET_PASSWORD": Text(
        "A new password",
        "Somebody asked for a new password for your account. If it was you, choose one within the hour:",
        "reset-password",
    ),
    "ADDRESS_IN_USE": Text(
        "You have an account already",
        "Somebody wanted to use this address for an account. It is yours already, and nothing has changed. "
        "If it was you: log in, or ask for a new password.",
    ),
    "EMAIL_CHANGED": Text(
        "Your address was changed",
        "Your account has another address now, and this one is no longer part of it. If it was not you, "
        "answer this mail at once.",
    ),
    "INVITATION": Text(
        "You are invited",
        "{organization} invites you to work together. Log in, or sign up, and accept within two weeks:",
        "invitation",
    ),
    "PASSWORD_CHANGED": Text(
        "Your password was changed",
        "Your account has a new password, and other devices are logged out. If it was not you, ask for a new "
        "password at once.",
    ),
}


async def enqueue_mail(
    session: WriteSession, kind: str, address: str, user_id: UUID | None = None, **facts: str
) -> None:
    """With the write that wants it. One that waits already to be sent is not doubled."""
    payload: dict[str, Any] = {"kind": kind, "address": address, "id": str(uuid4()), **facts}
    if user_id is not None:
        payload["user"] = str(user_id)
    key = f"{kind} {user_id or ''} {facts.get('about', '')} {address.lower()}"
    await jobs.enqueue(session, QUEUE, payload, unique_key=key[:200])


def written(
    payload: Mapping[str, Any], kind: str, token: str | None = None, app_url: str | None = None
) -> Mail:
    """The mail of a job. Without the application's address a token is shown as it is."""
    text = TEXTS[kind]
    lines = [text.body.format_map(payload)]
    if token is not None:
        lines.append(token if app_url is None else f"{app_url}/{text.page}?token={quote(token)}")
        lines.append("If it was not you, forget this mail.")
    return Mail(payload["address"], text.subject, "\n\n".join(lines) + "\n", id=f"{kind} {payload['id']}")
