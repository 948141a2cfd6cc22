"""The public keys that tokens are checked with, from a file or a URL: the router's key set, which keeps and
refreshes them (docs/decisions/0024). This is the one file here that knows a module of the router.
"""

from __future__ import annotations

from pathlib import Path

from router.auth.jwks import KeySet, KeysUnavailable, ReadKeySet, from_file, from_url

__all__ = ["KeySet", "KeysUnavailable", "key_source"]


def key_source(location: str) -> ReadKeySet:
    """A file, written by the users subgraph or put there by whoever runs us, or a URL such as its
    /.well-known/jwks.json.
    """
    return from_url(location) if location.startswith(("http://", "https://")) else from_file(Path(location))
