"""`HOST:PORT`, as people write it: read, and said plainly when it is not one."""

from __future__ import annotations

import ipaddress
import re

from router.errors import ConfigError

LOOPBACK = "127.0.0.1"
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?")


class InvalidAddress(ConfigError):
    code = "INVALID_ADDRESS"

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(
            f"{text!r} is no address to listen on: {reason}; write HOST:PORT, like 127.0.0.1:4000"
        )


def parse_address(text: str) -> tuple[str, int]:
    """Host and port; raises `InvalidAddress`.

    A port alone is one of 127.0.0.1: who wants the network to reach it says so. IPv6 stands in brackets.
    """
    host, colon, port = text.strip().rpartition(":")
    if not colon:
        host = LOOPBACK
        if not port.isascii() or not port.isdigit():
            raise InvalidAddress(text, "the port is missing")
    if not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65535:
        raise InvalidAddress(text, f"{port or 'nothing'} is no port from 0 to 65535")
    return _host(text, host), int(port)


def _host(text: str, host: str) -> str:
    if host.startswith("[") and host.endswith("]"):
        try:
            return str(ipaddress.IPv6Address(host[1:-1]))
        except ValueError as error:
            raise InvalidAddress(text, f"{host} is no IPv6 address") from error
    if ":" in host:
        raise InvalidAddress(text, "an IPv6 address stands in brackets, like [::1]:4000")
    if not host:
        raise InvalidAddress(text, "the host is missing; 0.0.0.0 is every address of this machine")
    if not _HOST_NAME.fullmatch(host):
        raise InvalidAddress(text, f"{host!r} is no host name")
    return host


def format_address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
