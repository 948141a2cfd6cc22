"""A configuration file: YAML → `${env.X}` expanded → unknown keys refused → `RouterConfig`.

All unknown keys are reported at once, each with the nearest known one; a value of the wrong type is
reported with its place.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from router.config import RouterConfig
from router.config.faults import config_faults
from router.errors import ConfigError
from schema.report.suggestions import did_you_mean_or_known

MERGE = "tag:yaml.org,2002:merge"
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
    raw = _read_yaml(text)
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
    faults = list(config_faults(config))
    if faults:
        raise ConfigError("\n".join(faults))
    return config


def _read_yaml(text: str) -> Any:
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader that refuses keys given twice
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ConfigError(f"{place}not YAML: {getattr(error, 'problem', None) or error}") from error
    except RecursionError as error:
        raise ConfigError("not YAML that can be read: it nests too deeply") from error


class _Loader(yaml.SafeLoader):
    """Of a key given twice YAML keeps the second without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen and isinstance(key, yaml.ScalarNode) and key.tag != MERGE:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} is given twice", key.start_mark
                )
            if isinstance(key, yaml.ScalarNode):
                seen.add(key.value)
        return super().construct_mapping(node, deep)


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
                    yield f"{_join(place, str(key))}: unknown key.{did_you_mean_or_known(str(key), fields)}"
        case msgspec.inspect.DictType() if isinstance(value, dict):
            for key, child in value.items():
                yield from _unknown_keys(child, type_.value_type, _join(place, str(key)))
        case msgspec.inspect.VarTupleType() if isinstance(value, list):
            for index, child in enumerate(value):
                yield from _unknown_keys(child, type_.item_type, f"{place}[{index}]")
        case _:
            pass


def _readable(message: str) -> str:
    """msgspec's message with its place in front: `execution.max_fetches: Expected `int` >= 1`."""
    text, separator, place = message.partition(" - at `")
    return f"{place.rstrip('`').removeprefix('$.')}: {text}" if separator else text
