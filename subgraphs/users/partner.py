"""What partners may see of people: what they are called, where something else names them. There is no way to
look for people.
"""

from __future__ import annotations

from typing import Final

from subgraphs.kit.partner import Shown

SHOWN: Final[Shown] = {
    "User": ("id", "username", "displayName", "avatarUrl"),
    "Organization": ("id", "slug", "name", "description"),
}
