"""Tokens made to be believed: other algorithms, other issuers' keys, headers that ask for something else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from router.auth.jwks import KeySet, KeysUnavailable
from router.auth.tokens import Fault, Issuer, TokenCheck, TokenFault

NOW = 1_000_000
CLAIMS = {"sub": "ada", "iss": "us", "exp": NOW + 60}


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def ed_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def jwk(kid: str, algorithm: str, key: Any) -> dict[str, Any]:
    kind = {
        "R": jwt.algorithms.RSAAlgorithm,
        "P": jwt.algorithms.RSAAlgorithm,
        "E": jwt.algorithms.ECAlgorithm,
    }
    maker = jwt.algorithms.OKPAlgorithm if algorithm == "EdDSA" else kind[algorithm[0]]
    return {**json.loads(maker.to_jwk(key.public_key())), "kid": kid, "alg": algorithm}


def keys(*of: dict[str, Any]) -> KeySet:
    async def read() -> Mapping[str, Any]:
        return {"keys": list(of)}

    return KeySet(read)


def check(*issuers: Issuer) -> TokenCheck[Any]:
    return TokenCheck(issuers, lambda claims: claims, clock=lambda: NOW)


def issuer(key_set: KeySet, *algorithms: str, iss: str = "us") -> Issuer:
    return Issuer(key_set, frozenset(algorithms), frozenset((iss,)), frozenset())


def rsa_issuer(*algorithms: str) -> Issuer:
    return issuer(keys(jwk("k", "RS256", rsa_key())), *(algorithms or ("RS256",)))


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [("RS256", rsa_key), ("RS512", rsa_key), ("PS256", rsa_key), ("ES256", ec_key), ("EdDSA", ed_key)],
)
async def test_signatures_of_every_kind_are_checked(algorithm: str, key: Any) -> None:
    ours = issuer(keys(jwk("k", algorithm, key())), algorithm)
    token = jwt.encode(CLAIMS, key(), algorithm=algorithm, headers={"kid": "k"})
    assert (await check(ours).check(token))["sub"] == "ada"
    head, body, signature = token.split(".")
    with pytest.raises(TokenFault) as caught:
        await check(ours).check(f"{head}.{body}.{signature[:-6]}AAAAAA")
    assert caught.value.fault is Fault.SIGNATURE


def signed_with_the_public_key() -> str:
    """Key confusion: the public key as the secret of HS256."""
    pem = (
        rsa_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    head = jwt.utils.base64url_encode(json.dumps({"alg": "HS256", "kid": "k"}).encode())
    body = jwt.utils.base64url_encode(json.dumps(CLAIMS).encode())
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = jwt.utils.base64url_encode(algorithm.sign(head + b"." + body, pem))
    return b".".join((head, body, signature)).decode()


def unsigned(algorithm: str) -> str:
    head = jwt.utils.base64url_encode(json.dumps({"alg": algorithm, "kid": "k"}).encode()).decode()
    body = jwt.utils.base64url_encode(json.dumps(CLAIMS).encode()).decode()
    return f"{head}.{body}."


def with_header(**header: Any) -> str:
    """Signed by somebody else, and a header that says where to find the key."""
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own = jwk("k", "RS256", stranger)
    given = {name: (own if value == "OWN" else value) for name, value in header.items()}
    return jwt.encode(CLAIMS, stranger, algorithm="RS256", headers=given)


def demanding() -> str:
    """Rightly signed, and to be refused by who does not know what `crit` names (RFC 7515, section 4.1.11)."""
    headers = {"kid": "k", "crit": ["x-bound"], "x-bound": "elsewhere"}
    return jwt.encode(CLAIMS, rsa_key(), algorithm="RS256", headers=headers)


FORGED = [
    pytest.param(signed_with_the_public_key, id="the public key as a secret"),
    pytest.param(lambda: unsigned("none"), id="none"),
    pytest.param(lambda: unsigned("NONE"), id="NONE"),
    pytest.param(lambda: unsigned("RS256"), id="an empty signature"),
    pytest.param(lambda: with_header(kid="k", jwk="OWN"), id="a key of its own"),
    pytest.param(lambda: with_header(kid="k", jku="http://127.0.0.1:1/jwks"), id="a key set of its own"),
    pytest.param(lambda: with_header(kid="k", x5u="file:///etc/passwd"), id="a certificate of its own"),
    pytest.param(lambda: with_header(kid="../../dev/null"), id="a kid that is a path"),
    pytest.param(lambda: with_header(kid="' OR 1=1 --"), id="a kid that is SQL"),
    pytest.param(lambda: with_header(kid="k" * 100_000), id="a kid of 100 kB"),
    pytest.param(lambda: with_header(kid="\u0000k"), id="a kid with a zero"),
    pytest.param(demanding, id="a header that must be understood"),
    pytest.param(lambda: "." * 3, id="dots"),
    pytest.param(lambda: "é.é.é", id="no base64"),
    pytest.param(lambda: "e30.e30.e30", id="empty objects"),
    pytest.param(lambda: "W10.W10.W10", id="lists"),
]


@pytest.mark.parametrize("make", FORGED)
@pytest.mark.parametrize("algorithms", [("RS256",), ("RS256", "HS256", "PS256")])
async def test_a_forged_token_is_refused(make: Any, algorithms: tuple[str, ...]) -> None:
    with pytest.raises(TokenFault):
        await check(rsa_issuer(*algorithms)).check(make())


async def test_an_issuers_key_does_not_vouch_for_another_issuers_name() -> None:
    theirs = issuer(keys(jwk("t", "ES256", ec_key())), "ES256", iss="them")
    token = jwt.encode(CLAIMS, ec_key(), algorithm="ES256", headers={"kid": "t"})
    for both in ((rsa_issuer("RS256", "ES256"), theirs), (theirs, rsa_issuer("RS256", "ES256"))):
        with pytest.raises(TokenFault):
            await check(*both).check(token)


async def test_one_issuers_keys_being_away_is_not_the_others_trouble() -> None:
    async def away() -> Mapping[str, Any]:
        raise OSError("no route to host")

    theirs = issuer(KeySet(away), "RS256", iss="them")
    token = jwt.encode(CLAIMS, rsa_key(), algorithm="RS256", headers={"kid": "k"})
    foreign = jwt.encode({**CLAIMS, "iss": "them"}, rsa_key(), algorithm="RS256", headers={"kid": "k"})
    tokens = check(theirs, rsa_issuer())
    assert (await tokens.check(token))["sub"] == "ada"
    with pytest.raises(KeysUnavailable):
        await tokens.check(foreign)


async def test_nobody_waits_for_an_issuer_that_hangs_while_its_keys_are_known() -> None:
    hangs, now = False, 0.0

    async def read() -> Mapping[str, Any]:
        if hangs:
            await asyncio.Event().wait()
        return {"keys": [jwk("k", "RS256", rsa_key())]}

    key_set = KeySet(read, clock=lambda: now)
    assert await key_set.find("k")
    hangs, now = True, 1000.0
    async with asyncio.timeout(10):
        for _ in range(20):
            assert await key_set.find("k")


async def test_a_key_set_that_comes_later_is_found_later() -> None:
    present, now = False, 0.0

    async def read() -> Mapping[str, Any]:
        if not present:
            raise OSError("no route to host")
        return {"keys": [jwk("k", "RS256", rsa_key())]}

    tokens = check(issuer(KeySet(read, clock=lambda: now), "RS256"))
    token = jwt.encode(CLAIMS, rsa_key(), algorithm="RS256", headers={"kid": "k"})
    with pytest.raises(KeysUnavailable):
        await tokens.check(token)
    present, now = True, 11.0
    assert (await tokens.check(token))["sub"] == "ada"
