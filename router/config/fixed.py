"""What a running router cannot change: what its socket and its connections were made with."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from router.config import RouterConfig

FIXED = (
    "server.listen",
    "server.workers",
    "server.max_header_bytes",
    "server.max_connections",
    "server.receive_timeout_seconds",
    "server.idle_timeout_seconds",
    "server.shutdown_grace_seconds",
)
"""Settings that a changed file changes at the next start only."""


def is_fixed(key: str) -> bool:
    return key in FIXED


def changed_but_fixed(old: RouterConfig, new: RouterConfig) -> list[str]:
    """The settings of `FIXED` that differ, in its order."""
    return [key for key in FIXED if _value(old, key) != _value(new, key)]


def with_fixed_of(running: RouterConfig, new: RouterConfig) -> RouterConfig:
    """The new configuration with what a running router keeps."""
    for key in FIXED:
        section, name = key.split(".")
        kept = replace(getattr(new, section), **{name: _value(running, key)})
        new = replace(new, **{section: kept})
    return new


def _value(config: Any, key: str) -> Any:
    for name in key.split("."):
        config = getattr(config, name)
    return config
