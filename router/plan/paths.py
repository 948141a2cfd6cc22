"""Paths of a plan, as typed steps, and as the strings that Apollo's JSON has for them.

    step                   JSON          where it occurs
    "name"                 "name"        everywhere: a response key
    EACH                   "@"           every element of a list
    TypeCondition({A,B})   "|[A,B]"      flatten paths, on the element before it: only objects of these types
    TypeCondition({A})     "... on A"    rewrites and deferred parts: a step of its own
    PARENT                 ".."          context rewrites: the object around

Inside the process paths are only handed on; text is read where a plan comes from outside (`Path` in JSON).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, final


@final
class Each:
    """Every element of a list; there is one, `EACH`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "EACH"


@final
class Parent:
    """The object around; there is one, `PARENT`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "PARENT"


@dataclass(frozen=True, slots=True)
class TypeCondition:
    """Only objects of one of these types, concrete or abstract."""

    types: tuple[str, ...]

    def __str__(self) -> str:
        return f"... on {' | '.join(self.types)}"


EACH: Final = Each()
PARENT: Final = Parent()

PathStep: TypeAlias = str | Each | Parent | TypeCondition
"""A response key is its own step."""

Path: TypeAlias = tuple[PathStep, ...]

_FRAGMENT: Final = "... on "


def response_keys(path: Path) -> tuple[str, ...]:
    """The keys of a path, without lists, conditions and climbs: where in the operation it is."""
    return tuple(step for step in path if isinstance(step, str) and step)


def flatten_path_strings(path: Path) -> list[str]:
    """As a `Flatten` has it: conditions are written onto the element before them, `name|[A,B]`."""
    found: list[str] = []
    for step in path:
        if isinstance(step, TypeCondition):
            found[-1:] = [f"{found[-1] if found else ''}|[{','.join(step.types)}]"]
        else:
            found.append(_string(step))
    return found


def shown_path(path: Path) -> str:
    """As Apollo's text prints it: `users.@|[A].name`."""
    return ".".join(flatten_path_strings(path))


def path_strings(path: Path) -> list[str]:
    """As rewrites and deferred parts have it: a condition is `... on A`."""
    return [_string(step) for step in path]


def _string(step: PathStep) -> str:
    match step:
        case str():
            return step
        case Each():
            return "@"
        case Parent():
            return ".."
        case TypeCondition():
            return str(step)


def read_path(strings: Iterable[str]) -> Path:
    """The path that either form of strings is. Apollo begins typed paths with an empty string: it is kept."""
    return tuple(step for string in strings for step in _read(string))


def _read(string: str) -> Iterator[PathStep]:
    if string.startswith(_FRAGMENT):
        yield TypeCondition(tuple(name.strip() for name in string.removeprefix(_FRAGMENT).split("|")))
        return
    key, _, condition = string.partition("|")
    types = tuple(name for part in condition.strip("[]").split(",") if (name := part.strip()))
    if key or not types:
        yield EACH if key == "@" else PARENT if key == ".." else key
    if types:
        yield TypeCondition(types)
