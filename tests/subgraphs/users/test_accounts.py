"""Accounts over the in-memory repositories: rules, tokens, and what a login must not give away."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from subgraphs.kit.config import PasswordCost, SigningConfig
from subgraphs.kit.errors import BadUserInput
from subgraphs.users.errors import LoginRefused, RefreshRefused
from subgraphs.users.passwords import Argon2PasswordHasher
from subgraphs.users.repository import InMemoryLoginRepository, InMemoryUserRepository
from subgraphs.users.service import Accounts
from subgraphs.users.service.accounts import Origin
from subgraphs.users.tokens import SigningKeyError, TokenIssuer, load_signing_key
from subgraphs.users.values import LoginTokens
from tests.subgraphs.support import config_in

HOME = Origin("198.51.100.7", "Firefox")
CHEAP = PasswordCost(1, 64, 1)


class Clock:
    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.moment


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
def accounts(tmp_path: Path, clock: Clock, hasher: CountingHasher) -> Accounts:
    config = config_in(tmp_path)
    assert config.signing is not None
    issuer = TokenIssuer(load_signing_key(config.signing), config.tokens, timedelta(minutes=15))
    users, logins = InMemoryUserRepository(), InMemoryLoginRepository()
    return Accounts(users, logins, hasher, issuer, timedelta(days=30), clock)


async def sign_up(accounts: Accounts, **changes: Any) -> LoginTokens:
    details = {"username": "ada", "email": "ada@plait.example", "password": "correct horse"}
    names = {"first_name": None, "last_name": None, "origin": HOME}
    return await accounts.sign_up(**(details | names | changes))


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"username": "ab"}, {"username"}),
        ({"username": "a" * 31}, {"username"}),
        ({"username": "1abc"}, {"username"}),
        ({"username": "ada lovelace"}, {"username"}),
        ({"username": "ada."}, {"username"}),
        ({"username": "ada\n"}, {"username"}),
        ({"username": "адa"}, {"username"}),
        ({"email": "ada"}, {"email"}),
        ({"email": "ada@plait"}, {"email"}),
        ({"email": "a b@plait.example"}, {"email"}),
        ({"email": "ada@plait.example\n"}, {"email"}),
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
    with pytest.raises(BadUserInput) as caught:
        await sign_up(accounts, **changes)
    assert set(caught.value.fields) == fields
    assert "short" not in str(caught.value), "a password is not repeated"


@pytest.mark.parametrize("password", ["correct horse", "密码密码密码密码", "x" * 128, " spaces count "])
async def test_any_long_enough_password_works(accounts: Accounts, password: str) -> None:
    await sign_up(accounts, password=password)
    assert (await accounts.log_in("ada", password, HOME)).user.username == "ada"
    with pytest.raises(LoginRefused):
        await accounts.log_in("ada", password + "x", HOME)


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
        with pytest.raises(LoginRefused) as caught:
            await accounts.log_in(name, "wrong password", HOME)
        assert str(caught.value) == "The name or the password is wrong."
    assert len(hasher.verified) == 4, "one verification each"
    assert [known is None for known in hasher.verified] == [False, True, True, True]
    assert not await hasher.verify(None, "anything")


async def test_only_the_hash_of_a_refresh_token_is_stored(accounts: Accounts) -> None:
    login = await sign_up(accounts)
    assert isinstance(accounts.logins, InMemoryLoginRepository)
    (stored,) = accounts.logins.tokens.values()
    assert stored.token.token_hash == hashlib.sha256(login.refresh_token.encode()).hexdigest()
    assert (stored.token.ip_address, stored.token.device_info) == ("198.51.100.7", "Firefox")


async def test_a_refresh_gives_a_new_pair_and_reuse_ends_the_login(
    accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    first = await sign_up(accounts)
    second = await accounts.refresh(first.refresh_token, HOME)
    assert second.user == first.user
    assert second.refresh_token != first.refresh_token
    with pytest.raises(RefreshRefused):
        await accounts.refresh(first.refresh_token, HOME)
    with pytest.raises(RefreshRefused):
        await accounts.refresh(second.refresh_token, HOME)
    assert "was used twice" in caplog.text


async def test_a_login_ends_with_its_time_or_its_logout(accounts: Accounts, clock: Clock) -> None:
    login = await sign_up(accounts)
    other = await accounts.log_in("ada", "correct horse", HOME)
    await accounts.log_out(other.refresh_token)
    with pytest.raises(RefreshRefused):
        await accounts.refresh(other.refresh_token, HOME)
    clock.moment += timedelta(days=30)
    with pytest.raises(RefreshRefused):
        await accounts.refresh(login.refresh_token, HOME)


@pytest.mark.parametrize("token", ["", "nonsense", "\ud800", "x" * 10_000])
async def test_a_refresh_token_that_never_was_is_refused(accounts: Accounts, token: str) -> None:
    with pytest.raises(RefreshRefused):
        await accounts.refresh(token, HOME)


async def test_a_hash_of_old_parameters_is_renewed_at_login(accounts: Accounts) -> None:
    login = await sign_up(accounts)
    old = await Argon2PasswordHasher(PasswordCost(2, 64, 1)).hash("correct horse")
    await accounts.users.set_password_hash(login.user.id, old)
    await accounts.log_in("ada", "correct horse", HOME)
    found = await accounts.users.find_credentials("ada")
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
