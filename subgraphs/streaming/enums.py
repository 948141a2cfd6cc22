"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.kit.enums import describe_enum
from subgraphs.streaming import values

describe_enum(
    values.Platform,
    "Platform",
    "What somebody listens with.",
    {"WEB": "A browser.", "IOS": "An iPhone or iPad.", "ANDROID": "An Android device."},
)
