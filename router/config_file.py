"""A configuration file: YAML → `${env.X}` expanded → unknown keys refused → `RouterConfig`.

All unknown keys are reported at once, each with the nearest known one; a value of the wrong type is
reported with its place.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from router.config import Config, HeaderRule, JWKSConfig, Propagate, RouterConfig
from router.errors import ConfigError

VARIABLE = re.compile(r"\$\{env\.([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


def load_config(path: Path, environment: Mapping[str, str] | None = None) -> RouterConfig:
    """Raises `ConfigError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"{path}: cannot be read: {reason}") from error
    try:
        return parse_config(text, os.environ if environment is None else environment)
    except ConfigError as error:
        lines = "\n".join(f"{path}: {line}" for line in error.message.splitlines())
        raise ConfigError(lines) from error


def parse_config(text: str, environment: Mapping[str, str]) -> RouterConfig:
    """Raises `ConfigError`, one line per fault."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ConfigError(f"{place}not YAML: {getattr(error, 'problem', None) or error}") from error
    if raw is None:
        return RouterConfig()
    expanded = _expand(raw, environment, "")
    unknown = list(_unknown_keys(expanded, msgspec.inspect.type_info(RouterConfig), ""))
    if unknown:
        raise ConfigError("\n".join(unknown))
    try:
        config = msgspec.convert(expanded, RouterConfig, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(_readable(str(error))) from error
    faults = list(_faults(config))
    if faults:
        raise ConfigError("\n".join(faults))
    return config


def config_schema() -> dict[str, Any]:
    """The JSON schema of the configuration, for editors."""
    schema = msgspec.json.schema(RouterConfig)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Plait router", **schema}


def _expand(value: Any, environment: Mapping[str, str], place: str) -> Any:
    match value:
        case str():
            return VARIABLE.sub(lambda found: _variable(found, environment, place), value)
        case dict():
            return {key: _expand(child, environment, _join(place, str(key))) for key, child in value.items()}
        case list():
            return [_expand(child, environment, f"{place}[{i}]") for i, child in enumerate(value)]
        case _:
            return value


def _variable(found: re.Match[str], environment: Mapping[str, str], place: str) -> str:
    name, default = found.group(1), found.group(2)
    value = environment.get(name, default)
    if value is None:
        raise ConfigError(f"{place}: the environment variable {name} is not set and has no default")
    return value


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _unknown_keys(value: Any, type_: msgspec.inspect.Type, place: str) -> Iterator[str]:
    """Walks the value beside its type. O(size of the value)."""
    match type_:
        case msgspec.inspect.Metadata(inner):
            yield from _unknown_keys(value, inner, place)
        case msgspec.inspect.UnionType(members):
            for member in members:
                yield from _unknown_keys(value, member, place)
        case msgspec.inspect.StructType() if isinstance(value, dict):
            fields = {field.encode_name: field.type for field in type_.fields}
            for key, child in value.items():
                if key in fields:
                    yield from _unknown_keys(child, fields[key], _join(place, str(key)))
                else:
                    yield f"{_join(place, str(key))}: unknown key{_nearest(str(key), fields)}"
        case msgspec.inspect.DictType() if isinstance(value, dict):
            for key, child in value.items():
                yield from _unknown_keys(child, type_.value_type, _join(place, str(key)))
        case msgspec.inspect.VarTupleType() if isinstance(value, list):
            for index, child in enumerate(value):
                yield from _unknown_keys(child, type_.item_type, f"{place}[{index}]")
        case _:
            pass


def _nearest(key: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; known here: {', '.join(known)}"


def _readable(message: str) -> str:
    """msgspec's message with its place in front: `execution.max_fetches: Expected `int` >= 1`."""
    text, separator, place = message.partition(" - at `")
    return f"{place.rstrip('`').removeprefix('$.')}: {text}" if separator else text


def _faults(config: RouterConfig) -> Iterator[str]:
    """What types cannot say."""
    if not re.fullmatch(r".+:\d{1,5}", config.server.listen):
        yield f"server.listen: expected HOST:PORT, found {config.server.listen!r}"
    if "*" in config.cors.allow_origins and config.cors.allow_credentials:
        yield "cors.allow_credentials: browsers refuse credentials when allow_origins has *"
    rules = {"headers.all": config.headers.all} | {
        f"headers.subgraphs.{name}": rules for name, rules in config.headers.subgraphs.items()
    }
    for place, section in rules.items():
        for index, rule in enumerate(section.request):
            yield from _header_rule_faults(rule, f"{place}.request[{index}]")
    for index, jwks in enumerate(config.authentication.jwt.jwks):
        if not _has_one(jwks, "url", "file"):
            yield f"authentication.jwt.jwks[{index}]: expected exactly one of url and file"


def _header_rule_faults(rule: HeaderRule, place: str) -> Iterator[str]:
    if not _has_one(rule, "propagate", "insert", "remove"):
        yield f"{place}: expected exactly one of propagate, insert and remove"
    if isinstance(rule.propagate, Propagate):
        if not _has_one(rule.propagate, "named", "matching"):
            yield f"{place}.propagate: expected exactly one of named and matching"
        if rule.propagate.matching is not None:
            try:
                re.compile(rule.propagate.matching)
            except re.error as error:
                yield f"{place}.propagate.matching: not a regular expression: {error}"


def _has_one(section: Config | JWKSConfig, *names: str) -> bool:
    return sum(getattr(section, name) is not None for name in names) == 1
