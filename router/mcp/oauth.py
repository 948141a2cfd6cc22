"""How an assistant that has no key finds where to get a token (RFC 9728, as the Model Context Protocol asks).

    POST /mcp ── 401, WWW-Authenticate: Bearer resource_metadata="…/.well-known/oauth-protected-resource/mcp"
    GET /.well-known/oauth-protected-resource/mcp ── {resource, authorization_servers, scopes_supported, …}
    the authorization server ── a token for `resource` (RFC 8707)
    POST /mcp, Authorization: Bearer …

The router issues no tokens. It checks them as everywhere (`authentication.jwt`), and that they have the
scopes that tools need; those that are for another audience are refused, or any service that gets our users'
tokens could call tools with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from router.authorization.grant import named_in
from router.config import MCPOAuthConfig
from router.errors import RequestError
from router.json import dumps

WELL_KNOWN = "/.well-known/oauth-protected-resource"
CHALLENGE = "www-authenticate"


class ScopesMissing(RequestError):
    """The challenge names the scopes, so that a client can ask for a token that has them (RFC 6750, 3.1)."""

    code = "MCP_SCOPES_MISSING"

    def __init__(self, scopes: Iterable[str]) -> None:
        wanted = " ".join(scopes)
        super().__init__(
            f"The token does not have every scope that tools need: {wanted}.",
            status=403,
            headers=[(CHALLENGE, f'Bearer error="insufficient_scope", scope="{wanted}"')],
        )


class ToolOAuth:
    """One resource: the tools at `config.resource`. `scopes_claims` say where a token lists its scopes."""

    def __init__(self, config: MCPOAuthConfig, scopes_claims: tuple[str, ...]) -> None:
        self._config = config
        self._claims = scopes_claims
        assert config.resource is not None, "checked when the configuration was read"
        parts = urlsplit(config.resource)
        path = WELL_KNOWN + parts.path.rstrip("/")
        self._metadata_url = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        self.metadata_paths = tuple(dict.fromkeys((path, WELL_KNOWN)))
        """That which belongs to the resource's, and the root's for clients that look only there."""

    def check_scopes(self, claims: Mapping[str, Any]) -> None:
        """Raises `ScopesMissing`."""
        if not set(self._config.scopes) <= named_in(claims, self._claims):
            raise ScopesMissing(self._config.scopes)

    def challenged(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """A refusal's headers, whose challenge says where the metadata is. Others stay as they are."""
        return [(name, self._told(value) if name == CHALLENGE else value) for name, value in headers]

    def _told(self, challenge: str) -> str:
        comma = "," if "=" in challenge else ""
        told = f'{challenge}{comma} resource_metadata="{self._metadata_url}"'
        if self._config.scopes and "scope=" not in challenge:
            told += f', scope="{" ".join(self._config.scopes)}"'
        return told

    def metadata(self) -> bytes:
        """What everybody may know of the resource, as JSON (RFC 9728, section 2)."""
        told: dict[str, Any] = {
            "resource": self._config.resource,
            "authorization_servers": self._config.authorization_servers,
            "bearer_methods_supported": ["header"],
        }
        if self._config.scopes:
            told["scopes_supported"] = self._config.scopes
        return dumps(told)
