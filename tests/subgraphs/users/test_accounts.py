"""Accounts: rules, tokens, and what a login or a sign-up must not give away."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import Database, connect
from db.redis import RedisStore
from db.redis import connect as connect_redis
from subgraphs.kit.audit import Actor
from subgraphs.kit.config import PasswordCost, SigningConfig
from subgraphs.kit.errors import Refused
from subgraphs.kit.rate_limit import RateLimited, RateLimiter
from subgraphs.kit.sessions import Sessions
from subgraphs.users.limits import Limits
from subgraphs.users.passwords import Argon2PasswordHasher
from subgraphs.users.repository import PostgresAccountRepository, PostgresLoginRepository
from subgraphs.users.service import Accounts, Logins
from subgraphs.users.service.logins import Origin
from subgraphs.users.service.rules import SignUp
from subgraphs.users.tokens import SigningKeyError, TokenIssuer, load_signing_key
from subgraphs.users.values import LoginTokens
from tests.subgraphs.support import config_in

HOME = Origin("198.51.100.7", "Firefox")
NOBODY = Actor(None)
CHEAP = PasswordCost(1, 64, 1)


class Clock:
    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.moment


async def later(database: Database, column: str, time: timedelta) -> None:
    """As if so much time had passed since then, for the store's clock."""
    async with database.write() as session:
        await session.execute(
            text(f"UPDATE refresh_tokens SET {column} = {column} - CAST(:time AS interval)"), {"time": time}
        )


class CountingHasher(Argon2PasswordHasher):
    """Notes what each verification is against."""

    def __init__(self) -> None:
        super().__init__(CHEAP)
        self.verified: list[str | None] = []

    async def verify(self, password_hash: str | None, password: str) -> bool:
        self.verified.append(password_hash)
        return await super().verify(password_hash, password)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
async def database(stores: Mapping[str, DomainStore]) -> AsyncIterator[Database]:
    database = connect(stores["users"])
    yield database
    await database.close()


@pytest.fixture
async def redis(stores: Mapping[str, DomainStore]) -> AsyncIterator[RedisStore]:
    redis = connect_redis(str(stores["users"].redis))
    yield redis
    await redis.close()


@pytest.fixture
def logins(tmp_path: Path, clock: Clock, database: Database, redis: RedisStore) -> Logins:
    config = config_in(tmp_path)
    assert config.signing is not None
    issuer = TokenIssuer(load_signing_key(config.signing), config.tokens, timedelta(minutes=15))
    return Logins(PostgresLoginRepository(database), Sessions(redis), issuer, timedelta(days=30), clock)


@pytest.fixture
def accounts(logins: Logins, hasher: CountingHasher, database: Database, redis: RedisStore) -> Accounts:
    return Accounts(PostgresAccountRepository(database), logins, hasher, Limits(RateLimiter(redis)))


async def sign_up(accounts: Accounts, **changes: Any) -> LoginTokens:
    details = {"username": "ada", "email": "ada@plait.example", "password": "correct horse"}
    return await accounts.sign_up(SignUp(**(details | changes)), HOME)


async def codes(refusing: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        await refusing
    return [error.code for error in caught.value.errors]


async def rows(database: Database, statement: str) -> Any:
    async with database.read() as session:
        return (await session.execute(text(statement))).all()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"username": "ab"}, {"username"}),
        ({"username": "a" * 31}, {"username"}),
        ({"username": "1abc"}, {"username"}),
        ({"username": "ada lovelace"}, {"username"}),
        ({"username": "ada."}, {"username"}),
        ({"username": "адa"}, {"username"}),
        ({"email": "ada"}, {"email"}),
        ({"email": "ada@plait"}, {"email"}),
        ({"email": "a b@plait.example"}, {"email"}),
        ({"email": "a" * 250 + "@plait.example"}, {"email"}),
        ({"password": "short"}, {"password"}),
        ({"password": "x" * 129}, {"password"}),
        ({"password": "ADA@plait.example"}, {"password"}),
        ({"password": "has a \0 in it"}, {"password"}),
        ({"password": "half a \ud800 pair"}, {"password"}),
        ({"first_name": ""}, {"firstName"}),
        ({"last_name": "x" * 101}, {"lastName"}),
        ({"username": "?", "email": "?", "password": "?"}, {"username", "email", "password"}),
    ],
)
async def test_a_sign_up_that_breaks_rules_hears_of_all_of_them(
    accounts: Accounts, changes: dict[str, str], fields: set[str]
) -> None:
    with pytest.raises(Refused) as caught:
        await sign_up(accounts, **changes)
    assert {error.path[0] for error in caught.value.errors} == fields
    assert "short" not in str(caught.value), "a password is not repeated"


@pytest.mark.parametrize("password", ["correct horse", "密码密码密码密码", "x" * 128, " spaces count "])
async def test_any_long_enough_password_works(accounts: Accounts, password: str) -> None:
    await sign_up(accounts, password=password)
    assert (await accounts.log_in("ada", password, HOME)).user.username == "ada"
    assert await codes(accounts.log_in("ada", password + "x", HOME)) == ["INVALID_CREDENTIALS"]


async def test_an_access_token_says_who_and_until_when(accounts: Accounts, clock: Clock) -> None:
    login = await sign_up(accounts)
    claims = jwt.decode(login.access_token, options={"verify_signature": False})
    assert (claims["sub"], claims["iss"], claims["aud"]) == (str(login.user.id), "plait", "plait")
    assert claims["roles"] == ["ROLE_USER"]
    assert claims["exp"] - claims["iat"] == 15 * 60
    assert login.access_expires_at == clock() + timedelta(minutes=15)


async def test_an_unknown_user_costs_as_much_as_a_wrong_password(
    accounts: Accounts, hasher: CountingHasher
) -> None:
    await sign_up(accounts)
    for name in ("ada", "nobody", "no\0body", ""):
        with pytest.raises(Refused) as caught:
            await accounts.log_in(name, "wrong password", HOME)
        assert str(caught.value) == "The name or the password is wrong."
    assert len(hasher.verified) == 4, "one verification each"
    assert [known is None for known in hasher.verified] == [False, True, True, True]
    assert not await hasher.verify(None, "anything")


async def test_only_the_hash_of_a_refresh_token_is_stored(accounts: Accounts, database: Database) -> None:
    login = await sign_up(accounts)
    (stored,) = await rows(database, "SELECT token_hash, host(ip_address), device_info FROM refresh_tokens")
    assert stored == (hashlib.sha256(login.refresh_token.encode()).hexdigest(), "198.51.100.7", "Firefox")


async def test_a_spent_token_that_comes_back_later_ends_the_login(
    accounts: Accounts, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    first = await sign_up(accounts)
    second = await accounts.logins.refresh(first.refresh_token, HOME)
    assert (second.user, second.refresh_token == first.refresh_token) == (first.user, False)
    await later(database, "spent_at", timedelta(seconds=11))
    assert await codes(accounts.logins.refresh(first.refresh_token, HOME)) == ["LOGIN_ENDED"]
    assert await codes(accounts.logins.refresh(second.refresh_token, HOME)) == ["LOGIN_ENDED"]
    assert "was used twice" in caplog.text


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_process_whose_clock_is_wrong_changes_neither_the_grace_nor_the_theft(
    accounts: Accounts, clock: Clock, database: Database, hours: int
) -> None:
    """Two processes, one with a clock that is an hour off, take turns at one login."""
    first, right = await sign_up(accounts), clock.moment
    clock.moment = right + timedelta(hours=hours)
    second = await accounts.logins.refresh(first.refresh_token, HOME)
    clock.moment = right
    again = await accounts.logins.refresh(first.refresh_token, HOME)
    assert again.user == second.user, "the other tab, seconds later"
    await later(database, "spent_at", timedelta(seconds=11))
    assert await codes(accounts.logins.refresh(first.refresh_token, HOME)) == ["LOGIN_ENDED"], "a thief"


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_store_whose_clock_jumped_leaves_no_grace_that_lasts(
    accounts: Accounts, database: Database, hours: int
) -> None:
    first = await sign_up(accounts)
    await accounts.logins.refresh(first.refresh_token, HOME)
    await later(database, "spent_at", timedelta(hours=hours))
    assert await codes(accounts.logins.refresh(first.refresh_token, HOME)) == ["LOGIN_ENDED"]


async def test_two_tabs_that_refresh_at_the_same_moment_both_go_on(accounts: Accounts) -> None:
    first = await sign_up(accounts)
    tabs = await asyncio.gather(*(accounts.logins.refresh(first.refresh_token, HOME) for _ in range(2)))
    assert len({tab.refresh_token for tab in tabs}) == 2
    for tab in tabs:
        assert (await accounts.logins.refresh(tab.refresh_token, HOME)).user == first.user


async def test_a_token_spent_just_now_is_of_no_use_after_the_logout(accounts: Accounts) -> None:
    first = await sign_up(accounts)
    second = await accounts.logins.refresh(first.refresh_token, HOME)
    assert await accounts.logins.log_out(second.refresh_token, NOBODY) == 1
    assert await codes(accounts.logins.refresh(first.refresh_token, HOME)) == ["LOGIN_ENDED"]


async def test_a_login_ends_with_its_time_or_its_logout(accounts: Accounts, database: Database) -> None:
    login = await sign_up(accounts)
    other = await accounts.log_in("ada", "correct horse", HOME)
    assert await accounts.logins.log_out(other.refresh_token, NOBODY) == 1
    assert await accounts.logins.log_out(other.refresh_token, NOBODY) == 0, "it is over already"
    assert await codes(accounts.logins.refresh(other.refresh_token, HOME)) == ["LOGIN_ENDED"]
    await later(database, "expires_at", timedelta(days=30))
    assert await codes(accounts.logins.refresh(login.refresh_token, HOME)) == ["LOGIN_ENDED"]


async def test_other_devices_are_logged_out_and_this_one_stays(accounts: Accounts) -> None:
    here, there = await sign_up(accounts), await accounts.log_in("ada", "correct horse", HOME)
    assert await accounts.logins.log_out_everywhere(here.user.id, here.refresh_token, NOBODY) == 1
    assert await codes(accounts.logins.refresh(there.refresh_token, HOME)) == ["LOGIN_ENDED"]
    assert (await accounts.logins.refresh(here.refresh_token, HOME)).user == here.user


async def test_a_sign_up_whose_login_cannot_be_stored_leaves_no_account(
    accounts: Accounts, database: Database
) -> None:
    with pytest.raises(Exception, match="IPv4 or IPv6"):
        await accounts.sign_up(SignUp("ada", "ada@plait.example", "correct horse"), Origin("nowhere", None))
    assert await rows(database, "SELECT 1 FROM users") == []
    await sign_up(accounts)


async def test_a_sign_up_with_a_taken_address_looks_like_any_other(
    accounts: Accounts, database: Database
) -> None:
    await sign_up(accounts)
    login = await sign_up(accounts, username="grace", email="ADA@plait.example")
    fresh = await sign_up(accounts, username="edith", email="edith@plait.example")
    for made, address in ((login, "ADA@plait.example"), (fresh, "edith@plait.example")):
        assert (made.user.email, made.user.is_verified) == (address, False)
        again = await accounts.log_in(made.user.username, "correct horse", HOME)
        assert again.user == made.user
        assert await codes(accounts.log_in(address, "correct horse", HOME)) == ["INVALID_CREDENTIALS"]
    stored = await rows(database, "SELECT email, email_claim FROM users WHERE username = 'grace'")
    assert stored == [(f"{login.user.id}@unverified.invalid", "ADA@plait.example")]
    assert len(await rows(database, "SELECT DISTINCT lower(email) FROM users")) == 3


async def test_a_proven_address_logs_in(accounts: Accounts, database: Database) -> None:
    login = await sign_up(accounts)
    assert await codes(accounts.log_in("ada@plait.example", "correct horse", HOME)) == ["INVALID_CREDENTIALS"]
    await _verify(database, login)
    assert (await accounts.log_in("ADA@plait.example", "correct horse", HOME)).user.id == login.user.id


async def test_of_those_who_sign_up_at_once_with_an_address_one_holds_it(
    accounts: Accounts, database: Database
) -> None:
    names = [f"ada{number}" for number in range(6)]
    await asyncio.gather(*(sign_up(accounts, username=name) for name in names))
    held = await rows(database, "SELECT count(*) FROM users WHERE email = 'ada@plait.example'")
    assert held == [(1,)]


async def _verify(database: Database, login: LoginTokens) -> None:
    async with database.write() as session:
        proven = text("UPDATE users SET is_verified = true WHERE id = :id")
        await session.execute(proven, {"id": login.user.id})


async def test_who_comes_when_too_many_wait_for_a_password_hash_hears_so_at_once() -> None:
    hasher = Argon2PasswordHasher(PasswordCost(3, 8 * 1024, 1))
    tries = await asyncio.gather(*(hasher.verify(None, "x") for _ in range(200)), return_exceptions=True)
    limited = [each for each in tries if isinstance(each, RateLimited)]
    assert 0 < len(limited) < 200
    assert all(each is False or isinstance(each, RateLimited) for each in tries)
    assert await hasher.verify(None, "x") is False, "the line is empty again"


@pytest.mark.parametrize("token", ["", "nonsense", "\ud800", "x" * 10_000])
async def test_a_refresh_token_that_never_was_is_refused(accounts: Accounts, token: str) -> None:
    assert await codes(accounts.logins.refresh(token, HOME)) == ["LOGIN_ENDED"]


async def test_a_hash_of_old_parameters_is_renewed_at_login(accounts: Accounts) -> None:
    login = await sign_up(accounts)
    old = await Argon2PasswordHasher(PasswordCost(2, 64, 1)).hash("correct horse")
    known = await accounts.accounts.find_credentials("ada")
    assert known is not None
    await accounts.accounts.renew_password_hash(login.user.id, known.password_hash, old)
    await accounts.log_in("ada", "correct horse", HOME)
    found = await accounts.accounts.find_credentials("ada")
    assert found is not None
    assert "t=1" in found.password_hash


def test_a_signing_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    config = SigningConfig(tmp_path / "keys" / "signing.pem", tmp_path / "keys" / "jwks.json")
    first, second = load_signing_key(config), load_signing_key(config)
    assert first.key_id == second.key_id
    assert config.key_file.stat().st_mode & 0o077 == 0
    assert {path.name for path in config.key_file.parent.iterdir()} == {"signing.pem", "jwks.json"}


def test_an_rsa_key_signs_too(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    pem = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "rsa.pem").write_bytes(pem)
    key = load_signing_key(SigningConfig(tmp_path / "rsa.pem", tmp_path / "jwks.json"))
    assert (key.algorithm, key.public_jwk["kty"]) == ("RS256", "RSA")
    assert set(key.public_jwk) == {"e", "kty", "n", "kid", "alg", "use"}


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_that_is_no_key_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "signing.pem").write_bytes(content)
    with pytest.raises(SigningKeyError, match="is not an unencrypted private key in PEM"):
        load_signing_key(SigningConfig(tmp_path / "signing.pem", tmp_path / "jwks.json"))
    assert (tmp_path / "signing.pem").read_bytes() == content
