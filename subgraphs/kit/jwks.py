"""The public keys that tokens are checked with, from a file or a URL, and the check: the router's, as
docs/decisions/0024 says. This is the one file here that knows modules of the router.
"""

from __future__ import annotations

from pathlib import Path

from router.auth.jwks import KeySet, KeysUnavailable, ReadKeySet, from_file, from_url
from router.auth.tokens import Claims, Fault, Issuer, TokenCheck, TokenFault

__all__ = [
    "Claims",
    "Fault",
    "Issuer",
    "KeySet",
    "KeysUnavailable",
    "TokenCheck",
    "TokenFault",
    "key_source",
]


def key_source(location: str) -> ReadKeySet:
    """A file, written by the users subgraph or put there by whoever runs us, or a URL such as its
    /.well-known/jwks.json.
    """
    return from_url(location) if location.startswith(("http://", "https://")) else from_file(Path(location))
