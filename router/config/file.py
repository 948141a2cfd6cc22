"""A configuration file: YAML → `${env.X}` and `${file.X}` expanded → unknown keys refused → `RouterConfig`.

All unknown keys are reported at once, each with the nearest known one; a value of the wrong type is
reported with its place. No report shows what the environment or a file put in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import yaml

from router.config import RouterConfig
from router.config.expansion import Expansion, join
from router.config.faults import config_faults
from router.config.settings import find_setting
from router.errors import ConfigError
from schema.report.suggestions import did_you_mean_or_known

MERGE = "tag:yaml.org,2002:merge"
HERE = Path()
CONFIG_TYPE = msgspec.inspect.type_info(RouterConfig)


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A configuration and the files it was made from: its own, and those put in."""

    config: RouterConfig
    files: frozenset[Path]
    is_empty: bool = False
    """Valid, and the defaults; of a file that is followed it is one that is being written."""


def load_config(path: Path, environment: Mapping[str, str] | None = None) -> RouterConfig:
    """Raises `ConfigError`."""
    return read_config_file(path, environment).config


def read_config_file(path: Path, environment: Mapping[str, str] | None = None) -> ConfigFile:
    """Raises `ConfigError`."""
    text = read_text(path)
    expansion = Expansion(os.environ if environment is None else environment, path.parent)
    try:
        config = _parse(text, expansion)
    except ConfigError as error:
        lines = "\n".join(f"{path}: {line}" for line in error.message.splitlines())
        raise ConfigError(lines) from error
    return ConfigFile(config, frozenset({path, *expansion.files}), not text.strip())


def read_text(path: Path) -> str:
    """Raises `ConfigError`."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"{path}: cannot be read: {reason}") from error


def parse_config(text: str, environment: Mapping[str, str], folder: Path = HERE) -> RouterConfig:
    """`folder` is where relative `${file.PATH}`s are. Raises `ConfigError`, one line per fault."""
    return _parse(text, Expansion(environment, folder))


def _parse(text: str, expansion: Expansion) -> RouterConfig:
    raw = read_yaml(text)
    if raw is None:
        return RouterConfig()
    try:
        expanded = expansion.expand(raw)
    except RecursionError as error:
        raise ConfigError("a value contains itself (an alias inside what its anchor names)") from error
    _raise_if_any([*expansion.faults, *unknown_keys(expanded)])
    try:
        config = msgspec.convert(expanded, RouterConfig, strict=False)
    except msgspec.ValidationError as error:
        # Without its cause, whose message has what was put in.
        raise ConfigError(expansion.masked(_named(_readable(str(error)), expanded))) from None
    _raise_if_any([expansion.masked(fault) for fault in config_faults(config)])
    return config


def _raise_if_any(faults: list[str]) -> None:
    if faults:
        raise ConfigError("\n".join(faults))


def read_yaml(text: str) -> Any:
    """Raises `ConfigError`."""
    try:
        return yaml.load(text, Loader)  # noqa: S506 - a SafeLoader that refuses keys given twice
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ConfigError(f"{place}not YAML: {getattr(error, 'problem', None) or error}") from error
    except RecursionError as error:
        raise ConfigError("not YAML that can be read: it nests too deeply") from error


class Loader(yaml.SafeLoader):
    """Refuses keys given twice: of a key given twice YAML keeps the second without a word."""

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


def unknown_keys(document: Any) -> list[str]:
    """A line for every key that is no setting."""
    return list(_unknown_keys(document, CONFIG_TYPE, ""))


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
                    yield from _unknown_keys(child, fields[key], join(place, str(key)))
                else:
                    yield f"{join(place, str(key))}: unknown key.{did_you_mean_or_known(str(key), fields)}"
        case msgspec.inspect.DictType() if isinstance(value, dict):
            for key, child in value.items():
                yield from _unknown_keys(child, type_.value_type, join(place, str(key)))
        case msgspec.inspect.VarTupleType() if isinstance(value, list):
            for index, child in enumerate(value):
                yield from _unknown_keys(child, type_.item_type, f"{place}[{index}]")
        case _:
            pass


def _named(fault: str, document: Any) -> str:
    """msgspec writes `[...]` for whichever key of a mapping; the first whose value is not right is named."""
    above, separator, rest = fault.partition("[...]")
    if not separator:
        return fault
    section, mapping = find_setting(above).section, document
    for step in above.split("."):
        mapping = mapping[step]
    for name, value in mapping.items():
        try:
            msgspec.convert(value, section.cls if section is not None else object, strict=False)
        except msgspec.ValidationError:
            return f"{above}.{name}{rest}"
    return fault


def _readable(message: str) -> str:
    """msgspec's message with its place in front: `execution.max_fetches: Expected `int` >= 1`."""
    text, separator, place = message.partition(" - at `")
    return f"{place.rstrip('`').removeprefix('$.')}: {text}" if separator else text
