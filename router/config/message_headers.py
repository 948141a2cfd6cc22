"""Headers that are about the message or the connection, and so never travel through the router."""

from __future__ import annotations

from collections.abc import Mapping

HOP_BY_HOP = frozenset(
    (
        "connection", "http2-settings", "keep-alive", "proxy-authenticate", "proxy-authentication-info",
        "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    )
)  # fmt: skip
"""RFC 9110, section 7.6.1."""

OF_THE_MESSAGE = frozenset(("content-encoding", "content-length", "content-type", "expect", "host"))
"""The router makes messages of its own: with another's length or coding they could not be read."""

NEVER_SENT_ON = HOP_BY_HOP | OF_THE_MESSAGE

OF_THE_REQUEST = NEVER_SENT_ON | {"accept", "accept-encoding"}
OF_THE_ANSWER = NEVER_SENT_ON | {
    "accept-ranges",
    "age",
    "content-range",
    "date",
    "etag",
    "last-modified",
    "vary",
}
"""What `matching` does not pick: true of the client's request or of one subgraph's answer alone."""

KNOWN_CONNECTION = frozenset(("keep-alive", "close", ""))


def without_connection_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    """The headers without those that `connection` names: they were for the next hop, which we are."""
    named = {name.strip().lower() for name in headers.get("connection", "").split(",")}
    if named <= KNOWN_CONNECTION:
        return headers
    return {name: value for name, value in headers.items() if name not in named}
