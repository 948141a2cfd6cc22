"""Demo accounts: believable people who follow each other, all with one password that is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2.low_level import Type, hash_secret
from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert

from db.bulk import insert_missing
from db.postgres import Database, WriteSession
from subgraphs.kit.config import PasswordCost
from subgraphs.kit.demo import NOW, DemoSize, demo_faker, demo_id, demo_random
from subgraphs.users.models import follows, roles, user_roles, users

DEMO_PASSWORD = "plait-demo-password"  # noqa: S105 -- printed by `plait up`
MOST_FOLLOWED = 8


@dataclass(frozen=True, slots=True)
class DemoLogin:
    username: str
    password: str
    about: str


def demo_logins() -> tuple[DemoLogin, ...]:
    """A few of the accounts to try; every demo account has the same password."""
    abouts = (
        "an administrator",
        "manages an artist and hosts an event",
        "manages an artist and hosts an event",
    )
    names = [row["username"] for row in user_rows(DemoSize(len(abouts), 0, 0, 0), password_hash="")]
    return tuple(DemoLogin(name, DEMO_PASSWORD, about) for name, about in zip(names, abouts, strict=True))


async def seed(database: Database, size: DemoSize) -> int:
    """Add what is missing; how many accounts that were."""
    async with database.write() as session:
        added = await insert_missing(session, users, user_rows(size, _password_hash()))
        await insert_missing(session, follows, _follow_rows(size))
        await _grant(session, "ROLE_USER", range(size.users))
        await _grant(session, "ROLE_ADMIN", range(min(1, size.users)))
    return added


def user_rows(size: DemoSize, password_hash: str) -> Iterator[dict[str, Any]]:
    fake = demo_faker("user")
    taken: set[str] = set()
    for number in range(size.users):
        first, last = fake.first_name(), fake.last_name()
        username = f"{first}.{last}".lower()[:25]
        if username in taken:
            username += str(number)
        taken.add(username)
        joined = _joined(number)
        yield {
            "id": demo_id("user", number),
            "telegram_id": 700_000_000 + number if number % 3 == 0 else None,
            "username": username,
            "email": f"{username}@plait.example",
            "password_hash": password_hash,
            "first_name": first,
            "last_name": last,
            "bio": f"{fake.job()} from {fake.city()}. {fake.catch_phrase()}.",
            "is_verified": True,
            "created_at": joined,
            "updated_at": joined,
        }


def _joined(number: int) -> datetime:
    """Spread over the two years before the demo's present."""
    return NOW - timedelta(hours=24 * 730 - (number * 577) % (24 * 730))


def _follow_rows(size: DemoSize) -> Iterator[dict[str, Any]]:
    draw = demo_random("follow")
    for number in range(size.users):
        others = [other for other in range(size.users) if other != number]
        for followed in draw.sample(others, min(draw.randint(1, MOST_FOLLOWED), len(others))):
            since = max(_joined(number), _joined(followed)) + timedelta(minutes=draw.randint(1, 10_000))
            ids = {"follower_id": demo_id("user", number), "followed_id": demo_id("user", followed)}
            yield {**ids, "created_at": since}


async def _grant(session: WriteSession, role: str, numbers: range) -> None:
    for number in numbers:
        granted = select(literal(demo_id("user", number)), roles.c.id).where(roles.c.name == role)
        statement = insert(user_roles).from_select(["user_id", "role_id"], granted)
        await session.execute(statement.on_conflict_do_nothing())


def _password_hash() -> str:
    """One Argon2id hash for all, with a salt that is always the same: demo accounts have no secrets."""
    cost = PasswordCost()
    salt = hashlib.sha256(b"plait demo").digest()[:16]
    secret = DEMO_PASSWORD.encode()
    return hash_secret(secret, salt, cost.time, cost.memory_kib, cost.lanes, 32, Type.ID).decode()
