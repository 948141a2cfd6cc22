"""The one check of tokens: which fault each bad one has, and what a caller may ask of the claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt
import pytest

from router.auth.jwks import KeySet
from router.auth.tokens import Fault, Issuer, TokenCheck, TokenFault
from tests.router.auth.test_jwt import NOW, Issued, forged_with_public_key, key, token

NOBODY = frozenset[str]()


def check(*issued: Issued, required: frozenset[str] = NOBODY, needs_key_id: bool = False) -> TokenCheck[str]:
    issuers = [
        Issuer(KeySet(each.read), frozenset({"RS256"}), frozenset({"us"}), frozenset({"graph"}), needs_key_id)
        for each in issued
    ]
    return TokenCheck(issuers, subject, required=required, skew=5, clock=lambda: NOW)


def subject(claims: Mapping[str, Any]) -> str:
    if not isinstance(claims["sub"], str):
        raise TypeError("not a subject")
    return claims["sub"]


async def fault(tokens: TokenCheck[str], text: str) -> Fault:
    with pytest.raises(TokenFault) as caught:
        await tokens.check(text)
    return caught.value.fault


async def test_a_good_token_is_what_the_caller_makes_of_its_claims() -> None:
    assert await check(Issued("one")).check(token()) == "ada"


FAULTS = [
    pytest.param(lambda: "no.token", Fault.MALFORMED, id="malformed"),
    pytest.param(forged_with_public_key, Fault.ALGORITHM, id="algorithm"),
    pytest.param(lambda: token("two"), Fault.UNKNOWN_KEY, id="unknown key"),
    pytest.param(lambda: token("two", kid="one"), Fault.SIGNATURE, id="signature"),
    pytest.param(lambda: token(iss="them"), Fault.ISSUER, id="issuer"),
    pytest.param(lambda: token(aud=None), Fault.AUDIENCE, id="audience"),
    pytest.param(lambda: token(exp=None), Fault.NO_EXPIRY, id="no expiry"),
    pytest.param(lambda: token(exp=NOW - 5), Fault.EXPIRED, id="expired"),
    pytest.param(lambda: token(nbf=NOW + 6), Fault.NOT_YET_VALID, id="not yet valid"),
]


@pytest.mark.parametrize(("make", "expected"), FAULTS)
async def test_a_bad_token_has_its_fault(make: Any, expected: Fault) -> None:
    assert await fault(check(Issued("one")), make()) is expected


async def test_times_have_leave_to_differ_by_the_skew() -> None:
    assert await check(Issued("one")).check(token(exp=NOW - 4, nbf=NOW + 5)) == "ada"


async def test_of_several_issuers_the_one_that_knows_the_key_says_what_is_wrong() -> None:
    several = check(Issued("one"), Issued("two"))
    assert await fault(several, token("three", kid="one")) is Fault.SIGNATURE
    assert await several.check(token("two")) == "ada"


async def test_what_is_remembered_of_a_token_is_what_its_check_says_at_every_moment() -> None:
    now, text = float(NOW), token(nbf=NOW + 20, iat=NOW + 10)
    issuer = Issuer(KeySet(Issued("one").read), frozenset({"RS256"}), frozenset(), frozenset())
    tokens = TokenCheck([issuer], subject, required=frozenset({"iat"}), skew=5, clock=lambda: now)
    for now in (NOW, NOW + 14.9, NOW + 15, NOW + 64.9, NOW + 65, NOW + 1e9, NOW + 30):
        try:
            said = await tokens.check(text)
        except TokenFault:
            said = None
        assert tokens.recall(text) == said
        assert (said == "ada") is (NOW + 15 <= now < NOW + 65)


async def test_of_a_token_whose_times_are_no_times_nothing_is_remembered() -> None:
    tokens = check(Issued("one"))
    for text in (token(exp=None), token(exp="soon"), token(nbf=float("nan"))):
        for _ in range(2):
            await fault(tokens, text)
            assert tokens.recall(text) is None


async def test_a_token_is_not_recalled_by_keys_that_are_old_or_have_become_others() -> None:
    now, issued = 0.0, Issued("one")
    keys = KeySet(issued.read, refresh=300, min_refetch=10, clock=lambda: now)
    issuer = Issuer(keys, frozenset({"RS256"}), frozenset(), frozenset())
    tokens = TokenCheck([issuer], subject, clock=lambda: NOW)
    assert await tokens.check(token()) == tokens.recall(token()) == "ada"
    now = 300.0
    assert tokens.recall(token()) is None
    assert await tokens.check(token()) == tokens.recall(token()) == "ada"
    issued.names.append("two")
    await keys.find("two")
    now += 10
    await keys.find("two")
    assert tokens.recall(token()) is None


async def test_a_required_claim_that_is_missing_is_a_malformed_token() -> None:
    assert await fault(check(Issued("one"), required=frozenset({"iat"})), token()) is Fault.MALFORMED


async def test_a_token_of_the_future_is_refused_where_its_birth_is_required() -> None:
    tomorrow = token(iat=NOW + 3600)
    assert await fault(check(Issued("one"), required=frozenset({"iat"})), tomorrow) is Fault.NOT_YET_VALID
    assert await check(Issued("one")).check(tomorrow) == "ada"


async def test_claims_the_caller_cannot_use_are_a_malformed_token() -> None:
    odd = jwt.PyJWS().encode(
        b'{"sub": 5, "iss": "us", "aud": "graph", "exp": 2000000}', key("one"), "RS256", {"kid": "one"}
    )
    assert await fault(check(Issued("one")), odd) is Fault.MALFORMED


async def test_a_token_that_names_no_key_is_tried_with_each_unless_it_must_name_one() -> None:
    claims = {"sub": "ada", "iss": "us", "aud": "graph", "exp": NOW + 60}
    anonymous = jwt.encode(claims, key("two"), algorithm="RS256")
    assert await check(Issued("one", "two")).check(anonymous) == "ada"
    assert await fault(check(Issued("one", "two"), needs_key_id=True), anonymous) is Fault.UNKNOWN_KEY
