"""One request to a subgraph, as its resolvers see it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from uuid import UUID

import msgspec

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import BadToken, Identity, Viewer
from subgraphs.kit.errors import Unauthenticated

UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 -- a value, nothing listens on it
HEADER_CHARACTERS = 255


class Request(msgspec.Struct, frozen=True):
    """Headers (names in lower case) and who sent them."""

    headers: Mapping[str, str]
    identity: Identity
    peer: str | None = None
    """The address that connected to us, when there was a connection."""

    @property
    def viewer(self) -> Viewer | None:
        """None for the anonymous. Raises Unauthenticated when a token was sent that is no good."""
        if isinstance(self.identity, BadToken):
            raise Unauthenticated(self.identity.reason)
        return self.identity

    @property
    def known_viewer(self) -> Viewer | None:
        """For deciding what may be seen: a token that is no good shows what the anonymous see."""
        return self.identity if isinstance(self.identity, Viewer) else None

    def require_viewer(self) -> Viewer:
        viewer = self.viewer
        if viewer is None:
            raise Unauthenticated
        return viewer

    def themselves(self, person: UUID) -> Viewer | None:
        """The viewer, if that is who the person is: for what only they read of themselves."""
        viewer = self.known_viewer
        return viewer if viewer is not None and viewer.id == person else None

    @property
    def actor(self) -> Actor:
        """Who writes, for the audit."""
        viewer, request_id = self.known_viewer, self._printable("x-request-id")
        return Actor(None, None, request_id) if viewer is None else viewer_as_actor(viewer, request_id)

    @property
    def client_address(self) -> str:
        """The nearest proxy's word for its client (the router's), else the peer; 0.0.0.0 when nobody
        knows.
        """
        forwarded = self.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        for candidate in (forwarded, self.peer):
            if candidate and _is_address(candidate):
                return candidate
        return UNKNOWN_ADDRESS

    @property
    def device(self) -> str | None:
        return self._printable("user-agent")

    def _printable(self, header: str) -> str | None:
        """What a store can keep and a person can read of it."""
        text = self.headers.get(header, "")
        if not text.isprintable():
            text = "".join(c for c in text if c.isprintable())
        return text[:HEADER_CHARACTERS] or None


def viewer_as_actor(viewer: Viewer, request_id: str | None = None) -> Actor:
    return Actor(str(viewer.id), viewer.tenant, request_id)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text
