"""Enums between Python, the store and GraphQL."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from enum import Enum
from typing import Any, Generic, TypeVar, cast

import strawberry

Member = TypeVar("Member", bound=Enum)


def describe_enum(cls: type[Enum], name: str, description: str, values: Mapping[str, str]) -> None:
    """Make a plain enum one of GraphQL's, every value described. Raises ValueError for one that is not."""
    if set(values) != {member.name for member in cls}:
        raise ValueError(f"every value of {name} needs a description, and only those")
    strawberry.enum(cls, name=name, description=description)
    for value in cls.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values[value.name]


def known(cls: type[Member], stored: Iterable[object]) -> frozenset[Member]:
    """The stored values that this version of the code knows. A newer one may have added others; they mean
    nothing here, and take nothing away.
    """
    members = cast(Mapping[object, Member], cls._value2member_map_)
    return frozenset(members[value] for value in stored if isinstance(value, str) and value in members)


def known_or(stored: Hashable, fallback: Member) -> Member:
    """A stored value, or `fallback` for one that only a newer version knows."""
    found: Any = type(fallback)._value2member_map_.get(stored, fallback)
    member: Member = found
    return member


class Members(dict[object, Member], Generic[Member]):
    """`known_or` for what is read by the page: `Members(Status.CANCELLED)[stored]`."""

    def __init__(self, fallback: Member) -> None:
        super().__init__(cast(Mapping[object, Member], type(fallback)._value2member_map_))
        self._fallback = fallback

    def __missing__(self, _stored: object) -> Member:
        return self._fallback
