"""The JSON schema of the configuration file, for editors and checks."""

from __future__ import annotations

from typing import Any

import msgspec

from router.config import RouterConfig

EXPANDED = {
    "type": "string",
    "pattern": r"\$\{(env\.[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?|file\.[^}]+)\}",
    "description": "From the environment or a file.",
}
"""What may stand for a number, a flag or one of several words."""

LITERAL = ("integer", "number", "boolean")


def config_schema() -> dict[str, Any]:
    """Draft 2020-12, made from the types: descriptions, defaults, bounds, choices; no other key is allowed.
    It has no `$id`: nothing is fetched to read it.
    """
    schema = msgspec.json.schema(RouterConfig)
    definitions = {name: _with_expansions(part) for name, part in schema.pop("$defs").items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Plait router",
        **schema,
        "$defs": definitions,
    }


def _with_expansions(schema: Any) -> Any:
    """Where a value is no text, `${env.NAME}` and `${file.PATH}` may stand for it. O(size of the schema)."""
    match schema:
        case dict():
            inner = {
                key: child if key in ("default", "examples", "enum") else _with_expansions(child)
                for key, child in schema.items()
            }
            return _or_expanded(inner) if _is_literal(schema) else inner
        case list():
            return [_with_expansions(child) for child in schema]
        case _:
            return schema


def _is_literal(schema: dict[str, Any]) -> bool:
    return schema.get("type") in LITERAL or isinstance(schema.get("enum"), list)


def _or_expanded(schema: dict[str, Any]) -> dict[str, Any]:
    """What is said of a value stays outside, where editors look for it."""
    about: dict[str, Any] = {
        key: schema.pop(key) for key in ("description", "default", "examples") if key in schema
    }
    return {**about, "anyOf": [schema, EXPANDED]}
