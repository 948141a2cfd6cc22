"""An example for a setting: the smallest piece of a file that has it and is valid.

What else has to be there (an `insert` without a name, a key set without an address) is found by trying: the
file's own checks say when it is enough, so an example never disagrees with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import yaml
from msgspec.inspect import BoolType, DictType, FloatType, IntType, LiteralType, VarTupleType

from router.config.file import parse_config
from router.config.settings import NO_DEFAULT, ROOT, Setting, find_setting, plain
from router.errors import ConfigError

TEXTS = {
    "url": "http://host:4001/graphql",
    "redis_url": "redis://host:6379/0",
    "file": "keys.json",
    "named": "x-tenant",
    "name": "x-tenant",
    "rename": "x-account",
    "matching": "x-trace-.*",
    "match_origins": "https://.*\\.example\\.com",
    "allow_origins": "https://app.example.com",
    "allow_headers": "content-type",
    "expose_headers": "x-request-id",
    "trusted_proxies": "10.0.0.0/8",
    "issuers": "https://login.example.com/",
    "audiences": "graph",
    "show_subgraphs": "users",
    "labels": "new-checkout",
    "first_operation": "{ __typename }",
}
"""The last name of a key → a text that says more than `example`."""

NAME = "users"


def example_of(setting: Setting) -> str | None:
    """YAML, or None when none is found that is valid. Each neighbour is tried once: O(neighbours)."""
    for value in _values(setting):
        for nested in _nestings(setting.key, value):
            text = yaml.safe_dump(nested, sort_keys=False, allow_unicode=True)
            try:
                parse_config(text, {})
            except ConfigError:
                continue
            return text
    return None


def _values(setting: Setting) -> Iterator[Any]:
    default = msgspec.to_builtins(setting.default) if setting.default is not NO_DEFAULT else None
    if default not in (None, [], (), {}):
        yield default
    yield _sample(setting)


def _sample(setting: Setting) -> Any:
    """A value of the setting's type."""
    match plain(setting.type_):
        case BoolType():
            return True
        case IntType() as number:
            return number.ge or 1
        case FloatType() as number:
            return number.ge or min(5.0, number.le or 5.0)
        case LiteralType(values=values):
            return values[0]
        case VarTupleType():
            return [_sample(find_setting(f"{setting.key}[]"))]
        case DictType():
            return {NAME: _sample(find_setting(f"{setting.key}.{NAME}"))}
    if setting.section is not None:
        return {name_of(child): _sample(child) for child in setting.children() if child.default is NO_DEFAULT}
    return TEXTS.get(name_of(setting).removesuffix("[]"), "example")


def _samples(setting: Setting) -> Iterator[Any]:
    """All words of a closed choice: with some of them alone the setting may make sense."""
    type_ = plain(setting.type_)
    if isinstance(type_, LiteralType):
        yield from type_.values
    else:
        yield _sample(setting)


def name_of(setting: Setting) -> str:
    return setting.key.rsplit(".", 1)[-1]


def _nestings(key: str, value: Any) -> Iterator[Any]:
    """The value in its place: with what is required beside it, then with one neighbour more."""
    above = find_setting(key.rpartition(".")[0]) if "." in key else ROOT
    own = key.rpartition(".")[2]
    required: list[Setting] = []
    optional: list[Setting] = []
    for child in above.children():
        if name_of(child) != own and child.section is None:
            (required if child.default is NO_DEFAULT else optional).append(child)
    section = {own: value, **{name_of(child): _sample(child) for child in required}}
    yield _nested(above.key, section)
    for extra in optional:
        for sample in _samples(extra):
            yield _nested(above.key, section | {name_of(extra): sample})


def _nested(key: str, value: Any) -> Any:
    """The value under the key, with a name for NAME and a list of one for []."""
    if not key:
        return value
    outer, _, own = key.rpartition(".")
    while own.endswith("[]"):
        own, value = own.removesuffix("[]"), [value]
    return _nested(outer, {NAME if own == "NAME" else own: value})
