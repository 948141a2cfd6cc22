"""Tokens: which are accepted, which are refused and why, and how keys rotate."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from router.auth.jwks import KeySet, KeysUnavailable, from_file
from router.auth.jwt import JWTAuthenticator, Unauthenticated
from router.auth.tokens import Issuer
from router.config import AuthenticationConfig, JWKSConfig, JWTConfig, RouterConfig
from tests.support.federation import router, users

NOW = 1_000_000
ME = {"query": "{ me { name } }"}


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(name: str) -> dict[str, Any]:
    fields = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key(name).public_key()))
    return {**fields, "kid": name, "alg": "RS256", "use": "sig"}


def token(signed_by: str = "one", kid: str | None = None, **claims: Any) -> str:
    content = {"sub": "ada", "iss": "us", "aud": "graph", "exp": NOW + 60, **claims}
    if isinstance(content["iss"], list):
        return unchecked(content, signed_by)
    content = {name: value for name, value in content.items() if value is not None}
    return jwt.encode(content, key(signed_by), algorithm="RS256", headers={"kid": kid or signed_by})


def unchecked(content: dict[str, Any], signed_by: str) -> str:
    """A token that PyJWT would not make."""
    return jwt.PyJWS().encode(
        json.dumps(content).encode(), key(signed_by), algorithm="RS256", headers={"kid": signed_by}
    )


class Clock:
    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


class Issued:
    """A key set that counts how often it is read."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.reads = 0
        self.is_down = False

    async def read(self) -> Mapping[str, Any]:
        self.reads += 1
        if self.is_down:
            raise OSError("no route to host")
        return {"keys": [public(name) for name in self.names]}


def authenticator(issued: Issued, clock: Clock, *algorithms: str) -> JWTAuthenticator:
    keys = KeySet(issued.read, refresh=300, min_refetch=10, clock=clock)
    issuer = Issuer(keys, frozenset(algorithms or ("RS256",)), frozenset(("us",)), frozenset(("graph",)))
    return JWTAuthenticator(JWTConfig(clock_skew_seconds=0), [issuer], remembered=10, clock=clock)


def bearer(value: str) -> dict[str, str]:
    return {"authorization": f"Bearer {value}"}


async def test_a_good_token_tells_who_the_client_is() -> None:
    claims = await authenticator(Issued("one"), Clock()).authenticate(bearer(token()))
    assert claims is not None
    assert claims["sub"] == "ada"


async def test_no_token_is_an_anonymous_client() -> None:
    assert await authenticator(Issued("one"), Clock()).authenticate({}) is None


def forged_with_public_key() -> str:
    """Signed with HS256 and a secret the attacker knows, pretending to be key one."""
    return jwt.encode({"sub": "ada", "exp": NOW + 60}, "k" * 64, algorithm="HS256", headers={"kid": "one"})


def tampered() -> str:
    head, _, signature = token().split(".")
    payload = jwt.utils.base64url_encode(
        json.dumps({"sub": "eve", "iss": "us", "aud": "graph"}).encode()
    ).decode()
    return f"{head}.{payload}.{signature}"


REFUSED = [
    pytest.param(lambda: token(exp=NOW - 1), "has expired", id="expired"),
    pytest.param(lambda: token(nbf=NOW + 30), "not valid yet", id="not yet"),
    pytest.param(lambda: token("other", kid="one"), "signature is not valid", id="forged"),
    pytest.param(tampered, "signature is not valid", id="tampered"),
    pytest.param(forged_with_public_key, "signature is not valid", id="algorithm not allowed"),
    pytest.param(
        lambda: jwt.encode({"sub": "a"}, "", algorithm="none"), "signature is not valid", id="unsigned"
    ),
    pytest.param(lambda: token("two"), "signature is not valid", id="unknown key"),
    pytest.param(lambda: token(iss="them"), "issuer that is not accepted", id="foreign issuer"),
    pytest.param(lambda: token(aud="elsewhere"), "another audience", id="foreign audience"),
    pytest.param(lambda: token(aud=["a", "b"]), "another audience", id="foreign audiences"),
    pytest.param(lambda: token(iss=["us"]), "issuer that is not accepted", id="a list of issuers"),
    pytest.param(lambda: token(exp=None), "never expires", id="without an end"),
    pytest.param(lambda: "not.a.token", "malformed", id="malformed"),
    pytest.param(lambda: token(exp=str(NOW + 60)), "malformed", id="an end that is no number"),
    pytest.param(lambda: token(exp=float("nan")), "malformed", id="an end that never comes"),
    pytest.param(lambda: token(exp=10**400), "malformed", id="an end beyond all numbers"),
]


@pytest.mark.parametrize(("make", "reason"), REFUSED)
async def test_a_bad_token_is_refused_with_a_plain_reason(make: Any, reason: str) -> None:
    with pytest.raises(Unauthenticated, match=reason) as caught:
        await authenticator(Issued("one"), Clock()).authenticate(bearer(make()))
    assert (caught.value.status, caught.value.code) == (401, "UNAUTHENTICATED")


async def test_credentials_of_another_kind_are_refused() -> None:
    with pytest.raises(Unauthenticated, match="expected kind"):
        await authenticator(Issued("one"), Clock()).authenticate({"authorization": "Basic eDp5"})


async def test_a_verified_token_is_remembered_and_still_expires() -> None:
    clock, issued = Clock(), Issued("one")
    tokens = authenticator(issued, clock)
    for _ in range(3):
        await tokens.authenticate(bearer(token()))
    clock.now += 61
    with pytest.raises(Unauthenticated, match="expired"):
        await tokens.authenticate(bearer(token()))
    assert issued.reads == 1


async def test_a_new_key_is_fetched_when_a_token_names_it() -> None:
    clock, issued = Clock(), Issued("one")
    tokens = authenticator(issued, clock)
    await tokens.authenticate(bearer(token()))
    issued.names = ["two"]
    clock.now += 11
    claims = await tokens.authenticate(bearer(token("two")))
    assert claims is not None
    assert issued.reads == 2


async def test_made_up_key_ids_do_not_become_requests_to_the_issuer() -> None:
    issued = Issued("one")
    tokens = authenticator(issued, Clock())
    for number in range(20):
        with pytest.raises(Unauthenticated):
            await tokens.authenticate(bearer(token(kid=f"made-up-{number}")))
    assert issued.reads == 1


async def test_keys_stay_in_use_while_the_issuer_is_down() -> None:
    clock, issued = Clock(), Issued("one")
    tokens = authenticator(issued, clock)
    await tokens.authenticate(bearer(token()))
    issued.is_down = True
    clock.now += 301
    assert await tokens.authenticate(bearer(token(exp=NOW + 999))) is not None


async def test_without_any_key_set_the_answer_is_503_not_a_verdict() -> None:
    issued = Issued("one")
    issued.is_down = True
    with pytest.raises(KeysUnavailable):
        await authenticator(issued, Clock()).authenticate(bearer(token()))


async def test_a_key_set_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [public("one"), {"kty": "strange"}]}))
    keys = KeySet(from_file(path), refresh=300, min_refetch=10)
    assert [found.key_id for found in await keys.find("one")] == ["one"]


async def test_the_router_asks_no_subgraph_for_a_client_it_refuses(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [public("one")]}))
    config = RouterConfig(
        authentication=AuthenticationConfig(jwt=JWTConfig(jwks=(JWKSConfig(file=str(path)),)))
    )
    watched = users()
    async with router(config, users=watched) as routed:
        refused = await routed.execute(
            {"query": "{ me { name } }"}, headers=bearer(token("other", kid="one"))
        )
        accepted = await routed.execute({"query": "{ me { name } }"}, headers=bearer(token(exp=10**11)))
    assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert accepted == {"data": {"me": {"name": "Ada"}}}
    assert len(watched.requests) == 1


async def test_a_token_whose_key_was_withdrawn_is_refused_although_it_was_verified_before() -> None:
    clock, issued = Clock(), Issued("one", "two")
    tokens = authenticator(issued, clock)
    await tokens.authenticate(bearer(token(exp=NOW + 9999)))
    issued.names = ["two"]
    clock.now += 301
    with pytest.raises(Unauthenticated, match="signature is not valid"):
        await tokens.authenticate(bearer(token(exp=NOW + 9999)))


async def test_a_remembered_token_asks_for_nothing_while_the_keys_stay() -> None:
    clock, issued = Clock(), Issued("one")
    tokens = authenticator(issued, clock)
    for _ in range(5):
        clock.now += 301
        assert await tokens.authenticate(bearer(token(exp=NOW + 9999))) is not None
    assert issued.reads == 5
    assert issued.is_down is False


async def test_many_clients_wait_for_one_reading_of_the_key_set() -> None:
    issued = Issued("one")
    tokens = authenticator(issued, Clock())
    await asyncio.gather(*(tokens.authenticate(bearer(token(jti=str(n)))) for n in range(20)))
    assert issued.reads == 1


@pytest.mark.parametrize("bad", ["other", None])
async def test_a_bad_token_can_make_a_client_anonymous_and_is_then_not_sent_on(
    tmp_path: Path, bad: str | None
) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [public("one")]}))
    jwks = (JWKSConfig(file=str(path)),)
    config = RouterConfig(authentication=AuthenticationConfig(jwt=JWTConfig(jwks=jwks, on_error="continue")))
    watched = users()
    sent = bearer(token(bad, kid="one")) if bad else {"authorization": "Basic eDp5"}
    async with router(config, users=watched) as routed:
        assert await routed.execute(ME, headers=sent) == {"data": {"me": {"name": "Ada"}}}
        await routed.execute(ME, headers=bearer(token(exp=10**11)))
    assert "authorization" not in watched.requests[0][2]
    assert watched.requests[1][2]["authorization"].startswith("Bearer ")


async def test_without_key_sets_no_bad_token_becomes_an_anonymous_client(tmp_path: Path) -> None:
    jwks = (JWKSConfig(file=str(tmp_path / "missing.json")),)
    config = RouterConfig(authentication=AuthenticationConfig(jwt=JWTConfig(jwks=jwks, on_error="continue")))
    async with router(config) as routed:
        response = await routed.execute(ME, headers=bearer(token()))
    assert response["errors"][0]["extensions"]["code"] == "AUTHENTICATION_UNAVAILABLE"
