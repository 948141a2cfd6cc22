"""What scalars and enums are in JSON, as JSON schema (2020-12)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from graphql import GraphQLEnumType, GraphQLScalarType

JSONSchema = dict[str, Any]

INT_MAX = 2**31 - 1
BUILT_IN: Final[Mapping[str, JSONSchema]] = {
    "Int": {"type": "integer", "minimum": -INT_MAX - 1, "maximum": INT_MAX},
    "Float": {"type": "number"},
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "ID": {"type": "string"},
}
FORMATS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"scalars\.graphql\.org/.+/date-time\b|\brfc3339\b"), "date-time"),
    (re.compile(r"scalars\.graphql\.org/.+/local-date\b"), "date"),
    (re.compile(r"scalars\.graphql\.org/.+/local-time\b"), "time"),
    (re.compile(r"\brfc(4122|9562)\b"), "uuid"),
    (re.compile(r"\brfc532[12]\b"), "email"),
    (re.compile(r"\brfc3986\b|url\.spec\.whatwg\.org"), "uri"),
)
"""What `@specifiedBy` names → the format that JSON schema has for it, always of a string."""


def scalar_schema(type_: GraphQLScalarType) -> JSONSchema:
    """Of a custom scalar nothing is said but what its specification does: a subgraph may take anything."""
    known = BUILT_IN.get(type_.name)
    if known is not None:
        return dict(known)
    url = type_.specified_by_url or ""
    format_ = next((name for pattern, name in FORMATS if pattern.search(url.lower())), None)
    schema: JSONSchema = {} if format_ is None else {"type": "string", "format": format_}
    return {**schema, "description": _words_of(type_, url)}


def enum_words(type_: GraphQLEnumType) -> str | None:
    """What the enum and its values mean, as far as the schema says."""
    told = [
        f"{name}: {one_line(value.description)}" for name, value in type_.values.items() if value.description
    ]
    words = [one_line(type_.description)] if type_.description else []
    return " ".join((*words, *(f"{line.rstrip('.')}." for line in told))) or None


def one_line(text: str) -> str:
    return " ".join(text.split())


def _words_of(type_: GraphQLScalarType, url: str) -> str:
    words = one_line(type_.description) if type_.description else f"A {type_.name}."
    return f"{words} See {url}" if url else words
