"""Type references as text: `"[User!]!"` is the reference itself, so comparing two costs a string
comparison.
"""

from __future__ import annotations

from collections.abc import Callable


def base_name(type_: str) -> str:
    """The named type at the bottom: "[User!]!" → "User"."""
    return type_.strip("[]!")


def is_non_null(type_: str) -> bool:
    """Does the type end in "!"?"""
    return type_[-1] == "!"


def nullable(type_: str) -> str:
    """The type without its outermost "!"."""
    return type_[:-1] if type_[-1] == "!" else type_


def is_list(type_: str) -> bool:
    """Is it a list, or a non-null list?"""
    return type_[0] == "["


def item_type(type_: str) -> str:
    """What a list holds: "[User!]!" → "User!"."""
    return nullable(type_)[1:-1]


def is_strict_subtype(type_: str, maybe_subtype: str, is_member: Callable[[str, str], bool]) -> bool:
    """Is the second a subtype of the first, and not the same?

    Non-null is a subtype of nullable, lists follow their items, and `is_member(abstract, name)` says whether
    an object or interface belongs to an interface or union. Depth is bounded by the parser.
    """
    if type_ == maybe_subtype:
        return False
    if maybe_subtype[-1] == "!":
        return is_subtype(nullable(type_), maybe_subtype[:-1], is_member)
    if type_[-1] == "!":
        return False
    if maybe_subtype[0] == "[":
        return type_[0] == "[" and is_subtype(type_[1:-1], maybe_subtype[1:-1], is_member)
    return type_[0] != "[" and is_member(type_, maybe_subtype)


def is_subtype(type_: str, maybe_subtype: str, is_member: Callable[[str, str], bool]) -> bool:
    """Is the second the same as the first, or a subtype of it?"""
    return type_ == maybe_subtype or is_strict_subtype(type_, maybe_subtype, is_member)
