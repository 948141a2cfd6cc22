"""The job that writes and sends a mail: what it says depends on what is true when it is sent."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.postgres import WriteSession
from subgraphs.kit.mail import BadMail, Mailer
from subgraphs.users.mail import ADDRESS_IN_USE, INVITATION, LIFETIMES, written
from subgraphs.users.repository.postgres_credentials import add_proof
from subgraphs.users.repository.postgres_jobs import find_by_proven_address, find_user
from subgraphs.users.repository.postgres_organizations import set_invitation_token
from subgraphs.users.tokens import new_refresh_token, refresh_token_hash
from subgraphs.users.values import ProofKind

log = logging.getLogger("plait.users")


@dataclass(frozen=True, slots=True)
class MailJob:
    mailer: Mailer
    app_url: str | None = None

    async def handle(self, session: WriteSession, payload: Mapping[str, Any]) -> None:
        """Tried again it makes another token: that of a mail that was sent and not committed is no good."""
        kind = str(payload["kind"])
        proof = next((each for each in ProofKind if each.value == kind), None)
        token = None
        if proof is not None:
            whose = await self._whose(session, proof, payload)
            if whose is None:
                return
            holder = await find_by_proven_address(session, payload["address"])
            if holder not in {None, whose}:
                kind = ADDRESS_IN_USE
            else:
                token = new_refresh_token()
                hashed, lifetime = refresh_token_hash(token), LIFETIMES[proof]
                await add_proof(session, whose, proof, payload["address"], hashed, lifetime)
        if kind == INVITATION:
            token = new_refresh_token()
            about, hashed = UUID(payload["about"]), refresh_token_hash(token)
            if not await set_invitation_token(session, payload["tenant"], about, hashed):
                return
        try:
            await self.mailer.send(written(payload, kind, token, self.app_url))
        except BadMail as error:
            log.warning("a mail (%s) cannot be sent: %s", kind, error)

    async def _whose(
        self, session: WriteSession, proof: ProofKind, payload: Mapping[str, Any]
    ) -> UUID | None:
        """None: there is no such account, or no longer."""
        if proof is ProofKind.RESET_PASSWORD:
            return await find_by_proven_address(session, payload["address"])
        return await find_user(session, UUID(payload["user"]))
