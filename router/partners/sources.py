"""Where a request carries a partner's key, and what is left of the request without it.

`Authorization: Bearer plait_pk_…` stands where users' tokens do, so only what begins as a key is one there;
whatever stands in a header of keys alone has to be one. A key in an address or a body is not looked for: they
end up in logs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from router.partners.errors import KeyAmbiguous
from router.partners.key import PREFIX

AUTHORIZATION = "authorization"
BEARER = "bearer"


class KeySources:
    """`names` of headers, in any case."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(dict.fromkeys(name.lower() for name in names))

    def find(self, headers: Mapping[str, str]) -> str | None:
        """What is given as a key, right or wrong. Raises `KeyAmbiguous` for different ones."""
        found: str | None = None
        for name in self.names:
            value = headers.get(name)
            if value is None:
                continue
            key = _bearer(value) if name == AUTHORIZATION else value.strip()
            if key is None or key == found:
                continue
            if found is not None:
                raise KeyAmbiguous(status=400)
            found = key
        return found

    def carries(self, headers: Mapping[str, str]) -> bool:
        """Whether there is a key, right or wrong: no foreign page can make a browser send one unasked."""
        return any(
            name in headers and (name != AUTHORIZATION or _bearer(headers[name]) is not None)
            for name in self.names
        )

    def without(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Without the key, so that no subgraph hears it, and without cookies: they are those of a person at
        that browser, whom a partner's page does not act for.
        """
        left = {name: value for name, value in headers.items() if name not in self.names and name != "cookie"}
        others = headers.get(AUTHORIZATION)
        if others is not None and _bearer(others) is None:
            left[AUTHORIZATION] = others
        return left


def _bearer(value: str) -> str | None:
    """The key; None for other credentials."""
    kind, _, key = value.strip().partition(" ")
    key = key.strip()
    return key if kind.lower() == BEARER and key.startswith(PREFIX) else None
