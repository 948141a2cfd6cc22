"""Tokens that are good, and every way in which one is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest

from subgraphs.kit.auth import BadToken, TokenVerifier, Viewer, token_verifier
from subgraphs.kit.errors import Unauthenticated
from subgraphs.kit.jwks import KeySet, KeysUnavailable, key_source
from subgraphs.kit.request import Request
from subgraphs.users.tokens import SigningKey, load_signing_key
from tests.subgraphs.support import Person, config_in


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    signing = config_in(tmp_path).signing
    assert signing is not None
    return load_signing_key(signing)


@pytest.fixture
def verifier(tmp_path: Path, key: SigningKey) -> TokenVerifier:
    return token_verifier(config_in(tmp_path).tokens)


def token(key: SigningKey, *, kid: str | None = None, **changes: Any) -> str:
    """A time is given from now on: parameters of tests are made long before the test runs."""
    now = datetime.now(UTC)
    claims = {
        "iss": "plait",
        "aud": "plait",
        "sub": str(uuid4()),
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "roles": ["ROLE_USER"],
    } | changes
    kept = {
        name: now + value if isinstance(value, timedelta) else value
        for name, value in claims.items()
        if value is not None
    }
    return jwt.encode(kept, key.private, key.algorithm, headers={"kid": kid or key.key_id})


async def test_a_good_token_is_a_viewer(verifier: TokenVerifier, key: SigningKey) -> None:
    somebody, tenant = uuid4(), uuid4()
    text = token(key, sub=str(somebody), roles=["ROLE_ADMIN"], tenant=str(tenant))
    viewer = await verifier.identify(f"Bearer {text}")
    assert viewer == Viewer(somebody, frozenset({"ROLE_ADMIN"}), str(tenant))
    assert await verifier.identify(f"bearer {text}") == viewer


async def test_no_token_is_nobody(verifier: TokenVerifier) -> None:
    assert await verifier.identify(None) is None
    assert await verifier.identify("  ") is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": timedelta(minutes=-1)}, "has expired"),
        ({"iss": "somebody-else"}, "is not valid"),
        ({"aud": "another-service"}, "is not valid"),
        ({"sub": None}, "is not valid"),
        ({"exp": None}, "is not valid"),
        ({"sub": "not-a-uuid"}, "is not valid"),
        ({"tenant": "not-a-uuid"}, "is not valid"),
        ({"roles": 7}, "is not valid"),
        ({"kid": "unheard-of"}, "was not issued here"),
        ({"iat": None}, "is not valid"),
        ({"iat": timedelta(minutes=2)}, "is not valid"),
        ({"nbf": timedelta(minutes=2)}, "is not valid"),
    ],
)
async def test_a_token_with_a_wrong_claim_is_refused_with_the_reason(
    verifier: TokenVerifier, key: SigningKey, changes: dict[str, Any], reason: str
) -> None:
    answer = await verifier.identify(f"Bearer {token(key, **changes)}")
    assert isinstance(answer, BadToken)
    assert reason in answer.reason


async def test_a_token_signed_with_another_key_is_refused(
    verifier: TokenVerifier, key: SigningKey, tmp_path: Path
) -> None:
    foreign = config_in(tmp_path / "elsewhere").signing
    assert foreign is not None
    forged = token(load_signing_key(foreign), kid=key.key_id)
    assert await verifier.identify(f"Bearer {forged}") == BadToken("The access token is not valid.")


async def test_a_token_that_names_no_key_was_not_issued_here(
    verifier: TokenVerifier, key: SigningKey
) -> None:
    claims = jwt.decode(token(key), options={"verify_signature": False})
    anonymous = jwt.encode(claims, key.private, key.algorithm)
    assert await verifier.identify(f"Bearer {anonymous}") == BadToken("The access token was not issued here.")


async def test_a_token_without_a_signature_is_refused(verifier: TokenVerifier, key: SigningKey) -> None:
    unsigned = jwt.encode({"sub": str(uuid4())}, "", "none", headers={"kid": key.key_id})
    assert isinstance(await verifier.identify(f"Bearer {unsigned}"), BadToken)


async def test_the_public_key_is_no_secret_to_sign_with(verifier: TokenVerifier, key: SigningKey) -> None:
    """The old trick: a symmetric algorithm with the published key as its secret."""
    published = str(key.public_jwk["x"]) * 2
    forged = jwt.encode({"sub": str(uuid4())}, published, "HS256", headers={"kid": key.key_id})
    assert isinstance(await verifier.identify(f"Bearer {forged}"), BadToken)


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Basic abc", "Bearer a.b", "Bearer ..", "x", "Bearer é"]
)
async def test_a_header_that_is_no_token_is_refused(verifier: TokenVerifier, header: str) -> None:
    assert isinstance(await verifier.identify(header), BadToken)


async def test_a_remembered_token_still_expires(key: SigningKey, tmp_path: Path) -> None:
    now = datetime.now(UTC).timestamp()
    keys = KeySet(key_source(config_in(tmp_path).tokens.jwks))
    verifier = TokenVerifier(keys, issuer="plait", audience="plait", clock=lambda: now)
    text = token(key, exp=int(now) + 30)
    assert isinstance(await verifier.identify(f"Bearer {text}"), Viewer)
    now += 60
    assert await verifier.identify(f"Bearer {text}") == BadToken("The access token has expired.")


class Keys:
    """A key set that may change or go away, and the clock its age is counted by."""

    def __init__(self, *keys: Mapping[str, Any]) -> None:
        self.keys: list[Mapping[str, Any]] | None = list(keys)
        self.reads, self.now = 0, 0.0

    async def read(self) -> Mapping[str, Any]:
        self.reads += 1
        if self.keys is None:
            raise OSError("away")
        return {"keys": self.keys}

    def verifier(self) -> TokenVerifier:
        return TokenVerifier(KeySet(self.read, clock=lambda: self.now), issuer="plait", audience="plait")


async def test_a_stream_of_unknown_key_ids_reads_the_set_once(key: SigningKey) -> None:
    keys = Keys(key.public_jwk)
    verifier = keys.verifier()
    for number in range(20):
        answer = await verifier.identify(f"Bearer {token(key, kid=f'made-up-{number}')}")
        assert isinstance(answer, BadToken)
    assert isinstance(await verifier.identify(f"Bearer {token(key)}"), Viewer)
    assert keys.reads == 1


async def test_a_source_that_goes_away_keeps_the_keys_we_have(key: SigningKey) -> None:
    keys = Keys(key.public_jwk)
    verifier = keys.verifier()
    await verifier.identify(f"Bearer {token(key)}")
    keys.keys, keys.now = None, 1000.0
    assert isinstance(await verifier.identify(f"Bearer {token(key)}"), Viewer)
    assert keys.reads == 2


async def test_a_remembered_token_dies_with_the_key_it_was_signed_with(key: SigningKey) -> None:
    keys = Keys(key.public_jwk)
    verifier = keys.verifier()
    text = token(key)
    assert isinstance(await verifier.identify(f"Bearer {text}"), Viewer)
    keys.keys, keys.now = [], 1000.0
    assert await verifier.identify(f"Bearer {text}") == BadToken("The access token was not issued here.")


async def test_keys_that_cannot_be_read_are_our_fault_and_not_the_clients(key: SigningKey) -> None:
    keys = Keys()
    keys.keys = None
    with pytest.raises(KeysUnavailable):
        await keys.verifier().identify(f"Bearer {token(key)}")


@pytest.mark.parametrize("text", [None, "", "[]", "{}", "nonsense", '{"keys": 5}'])
async def test_a_file_that_is_no_key_set_is_our_fault(
    key: SigningKey, tmp_path: Path, text: str | None
) -> None:
    path = tmp_path / "keys.json"
    if text is not None:
        path.write_text(text)
    verifier = TokenVerifier(KeySet(key_source(str(path))), issuer="plait", audience="plait")
    with pytest.raises(KeysUnavailable):
        await verifier.identify(f"Bearer {token(key)}")


async def test_a_symmetric_key_in_the_set_is_not_used() -> None:
    secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"
    keys = Keys({"kty": "oct", "kid": "shared", "alg": "HS256", "k": secret})
    claims = {"iss": "plait", "aud": "plait", "sub": str(uuid4()), "iat": 0, "exp": 10**10}
    forged = jwt.encode(claims, jwt.utils.base64url_decode(secret), "HS256", headers={"kid": "shared"})
    assert isinstance(await keys.verifier().identify(f"Bearer {forged}"), BadToken)


def test_a_bad_token_fails_what_needs_the_viewer_and_nothing_else() -> None:
    request = Request({}, BadToken("The access token has expired."))
    assert request.known_viewer is None
    with pytest.raises(Unauthenticated, match="has expired"):
        _ = request.viewer
    with pytest.raises(Unauthenticated, match="Log in to do this"):
        Request({}, None).require_viewer()


@pytest.mark.parametrize(
    ("headers", "peer", "address"),
    [
        ({"x-forwarded-for": "203.0.113.9, 198.51.100.7"}, "127.0.0.1", "198.51.100.7"),
        ({"x-forwarded-for": "nonsense"}, "2001:db8::1", "2001:db8::1"),
        ({"x-forwarded-for": "fe80::1%eth0"}, None, "0.0.0.0"),
        ({}, None, "0.0.0.0"),
        ({}, "testclient", "0.0.0.0"),
    ],
)
def test_the_client_is_where_the_nearest_proxy_says(
    headers: dict[str, str], peer: str | None, address: str
) -> None:
    assert Request(headers, None, peer).client_address == address


async def test_a_person_of_the_tests_is_believed(verifier: TokenVerifier, tmp_path: Path) -> None:
    person = Person(config_in(tmp_path))
    viewer = await verifier.identify(person.headers["Authorization"])
    assert isinstance(viewer, Viewer)
    assert viewer.id == person.id
