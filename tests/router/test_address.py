"""Addresses to listen on: which are read and how, and which are refused in words."""

from __future__ import annotations

import pytest

from router.address import InvalidAddress, format_address, parse_address


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:4000", "127.0.0.1", 4000),
        ("0.0.0.0:0", "0.0.0.0", 0),
        ("localhost:80", "localhost", 80),
        ("[::1]:4000", "::1", 4000),
        ("4196", "127.0.0.1", 4196),
    ],
)
def test_an_address_is_read(text: str, host: str, port: int) -> None:
    assert parse_address(text) == (host, port)
    assert parse_address(format_address(host, port)) == (host, port)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("foo", "the port is missing"),
        ("127.0.0.1:99999", "99999 is no port from 0 to 65535"),
        ("127.0.0.1:", "nothing is no port"),
        ("127.0.0.1:http", "http is no port"),
        ("[::1]", "is no port"),
        ("::1:4000", "an IPv6 address stands in brackets"),
        ("[::x]:4000", "is no IPv6 address"),
        (":4000", "the host is missing"),
        ("http://x:4000", "an IPv6 address stands in brackets"),
        ("a b:4000", "is no host name"),
        ("x:-1", "-1 is no port"),
        ("²", "the port is missing"),
        ("", "the port is missing"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidAddress, match="write HOST:PORT") as caught:
        parse_address(text)
    assert reason in caught.value.message
    assert caught.value.code == "INVALID_ADDRESS"
