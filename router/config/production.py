"""`plait router --production`: settings for an endpoint that anybody may reach.

What shows internals is off whatever the file says. Limits are set where the file leaves them at their
default: who wrote a number has measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from router.config.router import RouterConfig

ALWAYS: Final[tuple[tuple[str, Any], ...]] = (
    ("introspection.enabled", False),
    ("introspection.suggestions", False),
    ("studio.enabled", False),
    ("execution.expose_query_plan", False),
    ("errors.show_subgraph_errors", False),
    ("limits.mode", "enforce"),
)
UNLESS_SET: Final[tuple[tuple[str, Any], ...]] = (
    ("limits.max_tokens", 5000),
    ("limits.max_depth", 20),
    ("limits.max_height", 500),
    ("limits.max_aliases", 50),
    ("limits.max_root_fields", 20),
    ("limits.max_directives", 50),
    ("limits.max_fragments", 100),
    ("limits.max_list_items", 1000),
    ("execution.operation_timeout_seconds", 30.0),
    ("execution.max_fetches", 100),
    ("execution.max_response_bytes", 20_000_000),
    ("execution.max_answer_bytes", 10_000_000),
)


def for_production(config: RouterConfig) -> tuple[RouterConfig, list[str]]:
    """The safe configuration, and a line for each setting of the set: its value, and where that is from."""
    lines = []
    for path, value, is_ours in _settings(config):
        config = _with(config, path, value) if is_ours else config
        lines.append(f"{path} = {_shown(value)}" + ("" if is_ours else " (as configured)"))
    if config.authorization.on_denied == "log":
        config = _with(config, "authorization.on_denied", "filter")
        lines.append("authorization.on_denied = filter")
    return config, lines + [f"left to you: {what}" for what in _open(config)]


def _settings(config: RouterConfig) -> Iterator[tuple[str, Any, bool]]:
    for path, value in ALWAYS:
        yield path, value, True
    defaults = RouterConfig()
    for path, value in UNLESS_SET:
        found = _get(config, path)
        is_default = found == _get(defaults, path)
        yield path, value if is_default else found, is_default


def _open(config: RouterConfig) -> Iterator[str]:
    """What no value fits everybody for."""
    if not config.rate_limits.rules:
        yield "rate_limits.rules, how often clients may ask"
    if config.demand.mode != "enforce" or config.demand.max_cost is None:
        yield "demand.max_cost with demand.mode: enforce, what an operation may cost"
    if not config.server.trusted_proxies:
        yield "server.trusted_proxies, if a proxy stands before the router"


def _get(config: RouterConfig, path: str) -> Any:
    section, name = path.split(".")
    return getattr(getattr(config, section), name)


def _with(config: RouterConfig, path: str, value: Any) -> RouterConfig:
    section, name = path.split(".")
    changed = replace(getattr(config, section), **{name: value})
    return replace(config, **{section: changed})


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
