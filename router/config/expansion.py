"""`${env.NAME}`, `${env.NAME:-default}` and `${file.PATH}` in a configuration's texts.

A secret is a file put in at any place of a text (`Bearer ${file.token}`), as one from the environment is, so
that every setting may be secret and none needs a second key. What was put in is remembered by its place: what
is said of that place shows the text as it was written, never what it became.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from router.errors import ConfigError

EXPANSION = re.compile(r"\$?\$\{([^}]*)\}")
VARIABLE = re.compile(r"env\.([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", re.DOTALL)
MAX_FILE_BYTES = 65_536
SHOWN_LETTERS = 3
"""A value this short is masked only where it stands in quotes: `1` is in many a sentence."""


def join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


@dataclass(frozen=True, slots=True)
class PutIn:
    """A text with expansions: as written, as it became, and the values that were put in."""

    written: str
    became: str
    values: tuple[tuple[str, str], ...]
    """(`${env.NAME}` or `${file.PATH}`, its value)"""


@dataclass(slots=True)
class Expansion:
    """Expands one document; `faults` are collected, `files` are those that were asked for."""

    environment: Mapping[str, str]
    folder: Path
    """Relative paths are in it: the folder of the configuration file."""
    put_in: dict[str, PutIn] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    files: set[Path] = field(default_factory=set)

    def expand(self, value: Any, place: str = "") -> Any:
        """The document with every text expanded. O(size)."""
        match value:
            case str():
                return self._text(value, place)
            case dict():
                return {key: self.expand(child, join(place, str(key))) for key, child in value.items()}
            case list():
                return [self.expand(child, f"{place}[{i}]") for i, child in enumerate(value)]
            case _:
                return value

    def _text(self, text: str, place: str) -> str:
        values: list[tuple[str, str]] = []

        def put(found: re.Match[str]) -> str:
            if found.group().startswith("$$"):
                return found.group()[1:]
            try:
                value = self._value(found.group(1))
            except ConfigError as error:
                self.faults.append(f"{place}: {error.message}")
                return found.group()
            values.append((found.group(), value))
            return value

        became = EXPANSION.sub(put, text)
        if values:
            self.put_in[place] = PutIn(text, became, tuple(values))
        return became

    def _value(self, inner: str) -> str:
        """Raises `ConfigError`."""
        if inner.startswith("file."):
            path = self.folder / inner.removeprefix("file.")
            self.files.add(path)
            return read_secret(path)
        found = VARIABLE.fullmatch(inner)
        if found is None:
            raise ConfigError(
                f"${{{inner}}} is not known; write ${{env.NAME}}, ${{env.NAME:-default}} or ${{file.PATH}}, "
                "and $${ for a ${ that stays"
            )
        name, default = found.groups()
        value = self.environment.get(name, default)
        if value is None:
            raise ConfigError(f"the environment variable {name} is not set and has no default")
        return value

    def masked(self, fault: str) -> str:
        """A fault `place: message` that shows what was written at its place, not what was put in."""
        place, separator, message = fault.partition(": ")
        for written, value in self._put_in_at(place) if separator else ():
            for quote in "'\"`":
                message = message.replace(f"{quote}{value}{quote}", f"{quote}{written}{quote}")
            if len(value) > SHOWN_LETTERS:
                message = message.replace(repr(value)[1:-1], written).replace(value, written)
        return f"{place}{separator}{message}"

    def _put_in_at(self, place: str) -> Iterator[tuple[str, str]]:
        """(written, became) of the whole text first. msgspec writes `[...]` for any key of a mapping."""
        pattern = re.compile(re.escape(place).replace(re.escape("[...]"), r"\..+"))
        found = [put_in for known, put_in in self.put_in.items() if pattern.fullmatch(known)]
        yield from ((put_in.written, put_in.became) for put_in in found)
        yield from (pair for put_in in found for pair in put_in.values)


def read_secret(path: Path) -> str:
    """The text of a file without its last line's end. Raises `ConfigError`, which never shows the text."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise ConfigError(f"the file {path} cannot be read: it is not a file")
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise ConfigError(f"the file {path} cannot be put in: it is larger than {MAX_FILE_BYTES} bytes")
        text = content.decode("utf-8")
    except OSError as error:
        raise ConfigError(f"the file {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise ConfigError(f"the file {path} cannot be read: it is not UTF-8 text") from None
    except ValueError:
        raise ConfigError("the path of a file has no NUL in it") from None
    return text.removesuffix("\n").removesuffix("\r")
