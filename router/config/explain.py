"""One setting explained: what it is, and where its value comes from in a given file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from router.config.example import example_of
from router.config.expansion import VARIABLE
from router.config.file import read_text
from router.config.fixed import is_fixed
from router.config.places import Written, written_in
from router.config.settings import NO_DEFAULT, Setting, find_setting


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from. `written` is what the file says, never what was put in."""

    place: str
    written: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Explanation:
    key: str
    type: str
    unit: str | None
    default: str | None
    """As JSON; None where a value is required or there are keys beneath."""
    required: bool
    description: str
    needs_restart: bool
    example: str | None
    keys: tuple[tuple[str, str], ...]
    """(key, what it is) of what is beneath."""
    origins: tuple[Origin, ...]


def explain(
    key: str, *, file: Path | None = None, environment: Mapping[str, str] | None = None
) -> Explanation:
    """`key` may have names and indexes in it. Raises `ConfigError` for one that is not known."""
    setting = find_setting(key)
    is_section = setting.section is not None
    beneath = tuple((child.key, child.description) for child in setting.children())
    return Explanation(
        key=setting.key,
        type=setting.type_text(),
        unit=setting.unit,
        default=None if is_section or setting.default is NO_DEFAULT else default_text(setting.default),
        required=setting.default is NO_DEFAULT
        and setting.key[-1] != "]"
        and not setting.key.endswith("NAME"),
        description=setting.description,
        needs_restart=is_fixed(setting.key),
        example=example_of(setting),
        keys=beneath,
        origins=tuple(_origins(key, setting, file, environment or {})) if file is not None else (),
    )


def default_text(default: Any) -> str:
    return "not set" if default is None else json.dumps(msgspec.to_builtins(default), ensure_ascii=False)


def _origins(asked: str, setting: Setting, file: Path, environment: Mapping[str, str]) -> Iterator[Origin]:
    """Every place in the file that the key means: one, or several for NAME and []. Raises `ConfigError`."""
    written = written_in(read_text(file))
    pattern = re.compile(re.escape(asked).replace("NAME", r"[^.]+").replace(r"\[\]", r"\[[0-9]+\]"))
    found = [(place, found) for place, found in written.items() if pattern.fullmatch(place)]
    for place, there in found:
        yield Origin(place, there.text, _source(f"{file}:{there.line}", there, environment))
    if not found:
        yield Origin(asked, None, f"the default; {file} does not say it")


def _source(place: str, there: Written, environment: Mapping[str, str]) -> str:
    said = [_said(text[2:-1], environment) for text in there.expansions]
    return "; ".join([place, *said])


def _said(inner: str, environment: Mapping[str, str]) -> str:
    if inner.startswith("file."):
        return f"from the file {inner.removeprefix('file.')}"
    variable = VARIABLE.fullmatch(inner)
    if variable is None:
        return f"${{{inner}}} is not known"
    name, default = variable.groups()
    if name in environment:
        return f"from the environment variable {name}"
    return f"the environment variable {name} is not set" + (
        "" if default is None else ": its default is taken"
    )
