"""How each dialect puts the environment into a file, written as ours: `${env.NAME}`, `${env.NAME:-default}`.

| Apollo Router | Cosmo Router | Hive Router | ours |
|---|---|---|---|
| `${env.X}`, `${env.X:-d}` | `${X}`, `$X` | `{from_env: X}`, `expression: env("X")` | `${env.X}` |
| `${file.P}` | – | – | `${file.P}` |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from router.config_import.document import Ours, Path, text_of
from router.config_import.report import Kind

GO = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))")
VRL = re.compile(r'\s*env\(\s*"([A-Za-z_][A-Za-z0-9_]*)"\s*(?:,\s*"([^"\\}]*)"\s*)?\)\s*')
UNSET_IS_EMPTY = "a variable that is not set is empty text there and a fault here"
UNSET_IS_LEFT_OUT = "a variable that is not set leaves the key out there and is a fault here"
FOLDER = "a relative path is in the working directory there, in the folder of the configuration here"

Translate = Callable[[Any, Path, Ours], Any]


def of_apollo(value: Any, path: Path, ours: Ours) -> Any:
    match value:
        case str() if re.search(r"(?<!\$)\$\{file\.(?!/)", value):
            ours.say(Kind.DIFFERS, text_of(path), FOLDER)
            return value
        case _:
            return _inside(value, path, ours, of_apollo)


def of_cosmo(value: Any, path: Path, ours: Ours) -> Any:
    if not isinstance(value, str):
        return _inside(value, path, ours, of_cosmo)
    text, count = GO.subn(lambda found: f"${{env.{found.group(1) or found.group(2)}}}", value)
    if count:
        ours.say(Kind.DIFFERS, text_of(path), UNSET_IS_EMPTY)
    return text


def of_hive(value: Any, path: Path, ours: Ours) -> Any:
    match value:
        case {"from_env": str(name), **rest} if not set(rest) - {"default"}:
            if "default" not in rest:
                ours.say(Kind.DIFFERS, text_of(path), UNSET_IS_LEFT_OUT)
            return _variable(name, rest.get("default"))
        case {"expression": str(text)} if len(value) == 1 and (found := VRL.fullmatch(text)):
            return _variable(*found.groups())
        case str():
            return value.replace("${", "$${")
        case _:
            return _inside(value, path, ours, of_hive)


def _variable(name: str, default: Any) -> str:
    if default is None:
        return f"${{env.{name}}}"
    return f"${{env.{name}:-{str(default).lower() if isinstance(default, bool) else default}}}"


def _inside(value: Any, path: Path, ours: Ours, translate: Translate) -> Any:
    match value:
        case dict():
            return {str(key): translate(child, (*path, str(key)), ours) for key, child in value.items()}
        case list():
            return [translate(child, (*path, f"[{index}]"), ours) for index, child in enumerate(value)]
        case _:
            return value
