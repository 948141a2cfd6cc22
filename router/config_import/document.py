"""The foreign document, and ours while it is made. Whatever is not taken from the one is told at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from router.config.settings import NO_DEFAULT, Setting, find_setting
from router.config_import.report import Kind, Remark
from router.config_import.values import Convert, NotCarried, same
from router.errors import ConfigError

Path = tuple[str, ...]
MISSING: Any = object()


def path_of(key: str) -> Path:
    return tuple(key.split("."))


def text_of(path: Path) -> str:
    return ".".join(path).replace(".[", "[")


class Theirs:
    """The foreign document. What is taken is remembered by its path; entries of lists are `[0]`."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._taken: set[Path] = set()

    def get(self, path: Path) -> Any:
        value: Any = self._document
        for step in path:
            if isinstance(value, list) and step.startswith("["):
                value = value[int(step[1:-1])]
            elif isinstance(value, dict) and step in value:
                value = value[step]
            else:
                return MISSING
        return value

    def take(self, path: Path) -> Any:
        """The value, and with it all beneath: whoever takes answers for all of it."""
        value = self.get(path)
        if value is not MISSING:
            self._taken.add(path)
        return value

    def names(self, path: Path) -> list[str]:
        """Keys of the mapping, `[0]`… of the list."""
        value = self.get(path)
        if isinstance(value, dict):
            return [str(key) for key in value]
        return [f"[{index}]" for index in range(len(value))] if isinstance(value, list) else []

    def matches(self, pattern: Path, at: Path = ()) -> Iterator[tuple[Path, list[str]]]:
        """Paths that are there, with what `*` stands for."""
        if not pattern:
            if self.get(at) is not MISSING:
                yield at, []
            return
        step, rest = pattern[0], pattern[1:]
        for name in self.names(at) if step == "*" else [step]:
            for found, bound in self.matches(rest, (*at, name)):
                yield found, ([name, *bound] if step == "*" else bound)

    def left(self, at: Path = ()) -> Iterator[tuple[Path, Any]]:
        """The outermost parts of which nothing was taken. O(size)."""
        if at in self._taken:
            return
        inner = [taken for taken in self._taken if taken[: len(at)] == at]
        value = self.get(at)
        if not inner and at:
            yield at, value
        else:
            for name in self.names(at):
                yield from self.left((*at, name))


class Ours:
    """Our document while it is made, with what is to be said of it."""

    def __init__(self) -> None:
        self.config: dict[str, Any] = {}
        self.carried: list[tuple[str, str]] = []
        self.remarks: list[Remark] = []
        self._given: set[Path] = set()
        """Ours that were put, the default among them: nothing is assumed of those."""

    def say(self, kind: Kind, key: str, reason: str, to: str | None = None) -> None:
        self.remarks.append(Remark(kind, key, reason, to))

    def not_carried(self, key: str, reason: str) -> None:
        self.say(Kind.NOT_CARRIED, key, reason)

    def put(self, key: str, to: Path, value: Any, differs: str | None = None) -> bool:
        """Sets our key from theirs, or says why not: no such setting here, or it is the default already."""
        setting = known(to)
        if setting is None:
            self.not_carried(key, f"there is no {text_of(to)} here yet")
            return False
        self._given.add(to)
        if is_default(setting, value):
            self.say(Kind.DEFAULT, key, "", text_of(to))
        else:
            self.set(to, value)
            self.carried.append((key, text_of(to)))
        if differs:
            self.say(Kind.DIFFERS, key, differs, text_of(to))
        return True

    def assume(self, key: str, to: Path, value: Any, reason: str = "") -> None:
        """Their default for a key that is not given, where ours is another and there is such a setting."""
        setting = known(to)
        if setting is not None and to not in self._given and not is_default(setting, value):
            self.set(to, value)
            self.say(Kind.ASSUMED, key, reason, text_of(to))

    def get(self, to: Path) -> Any:
        value: Any = self.config
        for step in to:
            if not isinstance(value, dict) or step not in value:
                return MISSING
            value = value[step]
        return value

    def set(self, to: Path, value: Any) -> None:
        section = self.config
        for step in to[:-1]:
            section = section.setdefault(step, {})
        section[to[-1]] = value

    def convert(self, key: str, convert: Convert, value: Any) -> Any:
        """The converted value; MISSING when it cannot be, which is told."""
        try:
            return convert(value)
        except NotCarried as error:
            self.not_carried(key, str(error))
            return MISSING


def known(to: Path) -> Setting | None:
    """Our setting, None when there is none (yet). A name may have dots in it, so it is asked for as NAME."""
    try:
        return find_setting(_with_names(to))
    except ConfigError:
        return None


def _with_names(to: Path) -> str:
    steps: list[str] = []
    for step in to:
        above = find_setting(".".join(steps)) if steps else None
        is_mapping = above is not None and above.type_text().startswith("mapping")
        steps.append("NAME" if is_mapping else step)
    return ".".join(steps)


def is_default(setting: Setting, value: Any) -> bool:
    if setting.default is NO_DEFAULT:
        return False
    default = msgspec.to_builtins(setting.default)
    default = list(default) if isinstance(default, tuple) else default
    return isinstance(value, bool) == isinstance(default, bool) and bool(value == default)


class Rule:
    """`source` → `target`, with `*` on both sides for one name; every place it matches is carried over."""

    def __init__(
        self, source: str | Path, target: str, convert: Convert = same, differs: str | None = None
    ) -> None:
        self.source = path_of(source) if isinstance(source, str) else source
        self.target = path_of(target)
        self.convert = convert
        self.differs = differs

    def __call__(self, theirs: Theirs, ours: Ours) -> None:
        for path, bound in list(theirs.matches(self.source)):
            value = theirs.take(path)
            if value is None:
                continue
            names = iter(bound)
            to = tuple(next(names) if step == "*" else step for step in self.target)
            converted = ours.convert(text_of(path), self.convert, value)
            if converted is not MISSING:
                ours.put(text_of(path), to, converted, self.differs)
