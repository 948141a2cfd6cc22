"""Who sends a request, when proxies stand between: `X-Forwarded-For` is believed only of those we trust.

Anybody can write the header, so what came with it is dropped and the address that the router stands for is
put in its place: the connection's, or, behind a trusted proxy, the last one in the header that is none of
ours.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, MutableMapping
from typing import Any

FORWARDED_FOR = "x-forwarded-for"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ForwardedFor:
    """`trusted` are addresses and networks, checked when the configuration was read."""

    def __init__(self, trusted: Iterable[str]) -> None:
        self._trusted: list[Network] = [ipaddress.ip_network(text, strict=False) for text in trusted]

    def settle(self, headers: MutableMapping[str, str], client: tuple[Any, ...] | None) -> None:
        """Sets the header to the client's address; takes it out where nobody knows. O(addresses in it)."""
        address = client[0] if client else None
        if self._trusted and address is not None and self._is_trusted(address):
            address = self._behind(address, headers.get(FORWARDED_FOR, ""))
        if address is None:
            headers.pop(FORWARDED_FOR, None)
        else:
            headers[FORWARDED_FOR] = address

    def _behind(self, proxy: str, chain: str) -> str:
        """The nearest address that no proxy of ours has; the proxy's own when it names none."""
        nearest = proxy
        for text in reversed(chain.split(",")):
            address = text.strip()
            if not _is_address(address):
                return nearest
            nearest = address
            if not self._is_trusted(address):
                return nearest
        return nearest

    def _is_trusted(self, text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self._trusted)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
