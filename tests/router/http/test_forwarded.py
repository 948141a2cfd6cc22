"""Whose word is taken for the client's address."""

from __future__ import annotations

import pytest

from router.http.forwarded import ForwardedFor

CASES = [
    pytest.param((), "203.0.113.9", None, "203.0.113.9", id="the connection's"),
    pytest.param((), "203.0.113.9", "1.2.3.4", "203.0.113.9", id="not what a client claims"),
    pytest.param((), "127.0.0.1", "1.2.3.4", "127.0.0.1", id="not even from this machine"),
    pytest.param(("10.0.0.0/8",), "203.0.113.9", "1.2.3.4", "203.0.113.9", id="past the proxy"),
    pytest.param(("10.0.0.0/8",), "10.0.0.1", "1.2.3.4", "1.2.3.4", id="a proxy's word"),
    pytest.param(("10.0.0.0/8",), "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4", id="behind two"),
    pytest.param(("10.0.0.0/8",), "10.0.0.1", None, "10.0.0.1", id="a proxy that says nothing"),
    pytest.param(("10.0.0.0/8",), "10.0.0.1", "1.2.3.4, junk", "10.0.0.1", id="a proxy that says nonsense"),
    pytest.param(("::1",), "::1", "2001:db8::7", "2001:db8::7", id="IPv6"),
]


@pytest.mark.parametrize(("trusted", "peer", "header", "address"), CASES)
def test_the_address_sent_on_is(
    trusted: tuple[str, ...], peer: str, header: str | None, address: str
) -> None:
    headers = {} if header is None else {"x-forwarded-for": header}
    ForwardedFor(trusted).settle(headers, (peer, 5))
    assert headers == {"x-forwarded-for": address}


def test_without_a_connection_nothing_is_claimed() -> None:
    headers = {"x-forwarded-for": "1.2.3.4"}
    ForwardedFor(("10.0.0.0/8",)).settle(headers, None)
    assert headers == {}
