"""What a running router cannot change: what its sockets, its connections and its counters were made with."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from router.config import Config, RouterConfig

FIXED = (
    "server.listen",
    "server.workers",
    "server.max_header_bytes",
    "server.max_connections",
    "server.receive_timeout_seconds",
    "server.idle_timeout_seconds",
    "server.shutdown_grace_seconds",
    "persisted_operations.sources",
    "telemetry",
)
"""Settings, and sections with all beneath, that a changed file changes at the next start only."""


def is_fixed(key: str) -> bool:
    return any(key == fixed or key.startswith(f"{fixed}.") for fixed in FIXED)


def changed_but_fixed(old: RouterConfig, new: RouterConfig) -> list[str]:
    """The settings of `FIXED` that differ, in its order; of a section those in it."""
    return [place for key in FIXED for place in _changed(key, _value(old, key), _value(new, key))]


def with_fixed_of(running: RouterConfig, new: RouterConfig) -> RouterConfig:
    """The new configuration with what a running router keeps."""
    for key in FIXED:
        new = _with(new, key.split("."), _value(running, key))
    return new


def _with(config: Any, steps: list[str], value: Any) -> Any:
    name, *rest = steps
    inner = _with(getattr(config, name), rest, value) if rest else value
    return replace(config, **{name: inner})


def _changed(key: str, old: Any, new: Any) -> list[str]:
    if not isinstance(old, Config):
        return [key] if old != new else []
    names = old.__struct_fields__
    return [
        place for name in names for place in _changed(f"{key}.{name}", getattr(old, name), getattr(new, name))
    ]


def _value(config: Any, key: str) -> Any:
    for name in key.split("."):
        config = getattr(config, name)
    return config
