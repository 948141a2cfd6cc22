"""By which names, and from which pages, the router may be called as a tool server.

A page whose name was made to lead to this machine (DNS rebinding) would be of the router's own origin in the
eyes of its browser. So its own pages are believed only where the names it is called by are known.
"""

from __future__ import annotations

from collections.abc import Mapping

from router.address import parse_address
from router.config import MCPConfig
from router.errors import RequestError

LOCAL = ("localhost", "127.0.0.1", "[::1]")


class HostNotAllowed(RequestError):
    code = "MCP_HOST_NOT_ALLOWED"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"Tools are not served at the name {host[:100]!r}. `mcp.allowed_hosts` says at which.", status=421
        )


class OriginNotAllowed(RequestError):
    code = "MCP_ORIGIN_NOT_ALLOWED"

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"Pages of {origin[:100]!r} may not call tools. `mcp.allowed_origins` says which may.", status=403
        )


class Doors:
    """`listen` is where the router listens: on this machine alone, it has only this machine's names."""

    def __init__(self, config: MCPConfig, listen: str) -> None:
        named = config.allowed_hosts or (LOCAL if _is_local(listen) else ())
        self._hosts = frozenset(name.lower() for name in named)
        self._origins = frozenset(origin.lower().rstrip("/") for origin in config.allowed_origins)

    def check_host(self, headers: Mapping[str, str]) -> None:
        """Raises `HostNotAllowed`."""
        host = headers.get("host", "")
        if self._hosts and _without_port(host) not in self._hosts:
            raise HostNotAllowed(host)

    def check_origin(self, headers: Mapping[str, str], scheme: str) -> None:
        """What is no page sends no origin. Raises `OriginNotAllowed`."""
        origin = headers.get("origin")
        if origin is None or origin.lower() in self._origins:
            return
        if self._hosts and origin.lower() == f"{scheme}://{headers.get('host', '')}".lower():
            return
        raise OriginNotAllowed(origin)


def _is_local(listen: str) -> bool:
    host, _ = parse_address(listen)
    return host in ("localhost", "127.0.0.1", "::1")


def _without_port(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()
