"""Where tokens are looked for, and what is left of a request without them."""

from __future__ import annotations

import pytest

from router.auth.sources import OtherCredentials, TokenSources
from router.config import JWTConfig, TokenSource

HEADER, COOKIE = TokenSource(header="Authorization"), TokenSource(cookie="session")
CUSTOM = TokenSource(header="X-Token", prefix="")
ALL = TokenSources((HEADER, CUSTOM, COOKIE))


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"authorization": "Bearer a.b.c"}, "a.b.c"),
        ({"authorization": "bearer  a.b.c "}, "a.b.c"),
        ({"x-token": " a.b.c "}, "a.b.c"),
        ({"cookie": "x=1; session=a.b.c; y=2"}, "a.b.c"),
        ({"cookie": 'session="a.b.c"'}, "a.b.c"),
        ({"cookie": "session=first; session=second"}, "first"),
        ({"authorization": "Bearer one", "cookie": "session=two"}, "one"),
        ({"authorization": "Basic eDp5", "cookie": "session=two"}, "two"),
        ({"cookie": "my-session=a; sessions=b; =; ;session"}, None),
        ({"cookie": ""}, None),
        ({}, None),
    ],
)
def test_the_first_source_with_a_token_counts(headers: dict[str, str], token: str | None) -> None:
    assert ALL.find(headers) == token


@pytest.mark.parametrize("value", ["Basic eDp5", "Bearer", "Bearer ", "", "Bearerx a.b.c"])
def test_credentials_of_another_kind_alone_are_no_anonymous_client(value: str) -> None:
    with pytest.raises(OtherCredentials):
        ALL.find({"authorization": value})


def test_what_is_left_has_no_token_and_keeps_other_cookies() -> None:
    headers = {"authorization": "Basic x", "x-token": "t", "cookie": "a=1; session=t; b=2", "accept": "*/*"}
    assert ALL.without(headers) == {"cookie": "a=1; b=2", "accept": "*/*"}
    assert ALL.without({"cookie": "session=t"}) == {}


def test_without_sources_the_one_header_is_read() -> None:
    sources = TokenSources.of(JWTConfig(header_name="X-Auth", header_prefix="Token"))
    assert sources.find({"x-auth": "Token t"}) == "t"
    assert sources.headers == ("x-auth",)
