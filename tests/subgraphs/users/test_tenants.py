"""Row-level security of organizations, tried as the service's own role with no condition in the statement at
all: it is the second lock, and must hold when the first is forgotten.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.postgres import Database, WriteSession
from subgraphs.users.organization_values import Acting
from subgraphs.users.repository.postgres_organizations import acting
from subgraphs.users.values import UserId

OURS, THEIRS = UUID(int=1), UUID(int=2)
ADA, GRACE, EVE = UUID(int=11), UUID(int=12), UUID(int=13)
TOKEN = "a" * 64
JOIN = "INSERT INTO organization_members (organization_id, user_id, role) VALUES"
TABLES = ("organizations", "organization_members", "organization_invitations")
WRITES = {
    "organizations": "UPDATE organizations SET name = 'mine'",
    "organization_members": "UPDATE organization_members SET role = 'MEMBER'",
    "organization_invitations": "UPDATE organization_invitations SET email = 'eve@plait.example'",
}


@asynccontextmanager
async def as_(
    database: Database, user: UUID | None = None, tenant: UUID | None = None, token: str | None = None
) -> AsyncIterator[WriteSession]:
    who = Acting(None if user is None else UserId(user), None if tenant is None else str(tenant), token)
    async with acting(database, who) as session:
        yield session


@pytest.fixture
async def filled(database: Database) -> Database:
    """Ada's organization with Grace in it and an invitation; Eve's, alone."""
    async with as_(database) as session:
        for number, user in enumerate((ADA, GRACE, EVE)):
            await session.execute(
                text(
                    "INSERT INTO users (id, username, email, password_hash) VALUES (:id, :name, :name, 'x')"
                ),
                {"id": user, "name": f"user{number}"},
            )
    for owner, organization in ((ADA, OURS), (EVE, THEIRS)):
        async with as_(database, owner, organization) as session:
            given = {"id": organization, "owner": owner, "slug": f"slug{organization.int}"}
            for statement in (
                "INSERT INTO organizations (id, owner_id, name, slug) VALUES (:id, :owner, 'x', :slug)",
                f"{JOIN} (:id, :owner, 'OWNER')",
            ):
                used = {name: value for name, value in given.items() if f":{name}" in statement}
                await session.execute(text(statement), used)
    async with as_(database, ADA, OURS, TOKEN) as session:
        await session.execute(
            text("""
            INSERT INTO organization_invitations
                (organization_id, email, role, token_hash, expires_at, status)
            VALUES (:id, 'grace@plait.example', 'MEMBER', :token, now() + interval '1 day', 'ACCEPTED')"""),
            {"id": OURS, "token": TOKEN},
        )
    async with as_(database, GRACE, None, TOKEN) as session:
        joined = f"{JOIN} (:id, :user, 'MEMBER')"
        await session.execute(text(joined), {"id": OURS, "user": GRACE})
    return database


@pytest.mark.parametrize(
    ("user", "tenant", "token", "seen", "written"),
    [
        (None, None, None, (2, 0, 0), (0, 0, 0)),
        (None, None, TOKEN, (2, 0, 1), (0, 0, 1)),
        (GRACE, None, None, (2, 1, 0), (0, 0, 0)),
        (EVE, THEIRS, None, (2, 1, 0), (1, 1, 0)),
        (GRACE, THEIRS, None, (2, 2, 0), (1, 1, 0)),
        (GRACE, OURS, None, (2, 2, 1), (1, 2, 1)),
    ],
)
async def test_a_role_that_forgets_every_condition_sees_and_writes_only_its_own(
    filled: Database,
    user: UUID | None,
    tenant: UUID | None,
    token: str | None,
    seen: tuple[int, ...],
    written: tuple[int, ...],
) -> None:
    async with as_(filled, user, tenant, token) as session:
        rows = [len((await session.execute(text(f"SELECT 1 FROM {table}"))).all()) for table in TABLES]
        changed = [(await session.execute(text(WRITES[table]))).rowcount for table in TABLES]
    assert (tuple(rows), tuple(changed)) == (seen, written)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO organizations (owner_id, name, slug) VALUES (:ada, 'x', 'new')",
        f"{JOIN} (:ours, :eve, 'MEMBER')",
        f"{JOIN} (:ours, :eve, 'OWNER')",
        f"{JOIN} (:theirs, :ada, 'MEMBER')",
        "INSERT INTO organization_invitations (organization_id, email, role, expires_at) "
        "VALUES (:ours, 'eve@plait.example', 'ADMIN', now() + interval '1 day')",
        "UPDATE organization_members SET organization_id = :ours",
    ],
)
async def test_nobody_lets_themselves_or_others_in(filled: Database, statement: str) -> None:
    given = {"ada": ADA, "eve": EVE, "ours": OURS, "theirs": THEIRS}
    used = {name: value for name, value in given.items() if f":{name}" in statement}
    with pytest.raises(DBAPIError, match="violates row-level security policy"):
        async with as_(filled, EVE, THEIRS) as session:
            await session.execute(text(statement), used)


async def test_an_invitation_lets_in_with_the_role_it_names_and_no_other(filled: Database) -> None:
    admin = f"{JOIN} (:id, :user, 'ADMIN')"
    with pytest.raises(DBAPIError, match="violates row-level security policy"):
        async with as_(filled, EVE, None, TOKEN) as session:
            await session.execute(text(admin), {"id": OURS, "user": EVE})
