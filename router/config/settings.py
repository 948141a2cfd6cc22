"""Every setting by its key, as the types say: what `plait config explain` shows and the documentation lists.

server                      a section
server.listen               a setting
subgraphs.by_name.NAME.url  NAME stands for any key
headers.all.request[]       [] for any entry of a list
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.inspect import (
    BoolType,
    CustomType,
    DictType,
    Field,
    FloatType,
    IntType,
    LiteralType,
    Metadata,
    NoneType,
    StrType,
    StructType,
    Type,
    UnionType,
    VarTupleType,
)

from router.config import Config, RouterConfig
from router.errors import ConfigError
from schema.report.suggestions import did_you_mean_or_known

UNITS = {"_seconds": "seconds", "_bytes": "bytes", "_percent": "percent"}
NO_DEFAULT = msgspec.NODEFAULT

STEP = re.compile(r"([^.\[\]]+)|\[([0-9]*)\]")


@dataclass(frozen=True, slots=True)
class Setting:
    """`key` has NAME and [] for what repeats; a section has settings beneath it."""

    key: str
    type_: Type
    description: str
    default: Any = NO_DEFAULT

    @property
    def section(self) -> StructType | None:
        """The section this is, one entry of the list or mapping it is a setting of."""
        return _section(self.type_)

    @property
    def unit(self) -> str | None:
        name = self.key.rsplit(".", 1)[-1]
        return next((unit for end, unit in UNITS.items() if name.endswith(end)), None)

    def type_text(self) -> str:
        return _type_text(self.type_)

    def children(self) -> Iterator[Setting]:
        """Those directly beneath: of the section, or of the entries of this list or mapping."""
        section = self.section
        prefix = self.key + _repeats(self.type_)
        for field in section.fields if section is not None else ():
            yield _setting(f"{prefix}.{field.encode_name}".removeprefix("."), field, self)


ROOT = Setting("", msgspec.inspect.type_info(RouterConfig), "", RouterConfig())


def all_settings(above: Setting = ROOT) -> Iterator[Setting]:
    """Every setting that has none beneath it, in the order of the types."""
    for child in above.children():
        if child.section is None:
            yield child
        else:
            yield from all_settings(child)


def find_setting(key: str) -> Setting:
    """By its key, with names and indexes in it or NAME and []. Raises `ConfigError` with what was meant."""
    found, place = ROOT, ""
    for step in _steps(key):
        found, place = _beneath(found, step, place), f"{place}{step}" if step[0] == "[" else f"{place}.{step}"
    return found


def _steps(key: str) -> list[str]:
    found = [match.group() for match in STEP.finditer(key)]
    if not found or "".join(found) != key.replace(".", "") or ".." in key or key[0] in ".[" or key[-1] == ".":
        raise ConfigError(f"{key!r} is no key; keys are written like subgraphs.defaults.timeout_seconds")
    return found


def _beneath(above: Setting, step: str, place: str) -> Setting:
    match plain(above.type_):
        case DictType(value_type=inner):
            return Setting(f"{above.key}.NAME", inner, above.description)
        case VarTupleType(item_type=inner) if step[0] == "[":
            return Setting(f"{above.key}[]", inner, above.description)
        case StructType(fields=fields):
            for field in fields:
                if field.encode_name == step:
                    return _setting(f"{above.key}.{step}".removeprefix("."), field, above)
    section = place.lstrip(".")
    known = [child.key.rsplit(".", 1)[-1] for child in above.children()]
    raise ConfigError(
        f"{section}{'' if step[0] == '[' or not section else '.'}{step}: unknown key."
        + (did_you_mean_or_known(step, known) if known else f" {section} has no keys beneath it.")
    )


def _setting(key: str, field: Field, above: Setting) -> Setting:
    return Setting(key, field.type, _description(field.type), _default(field, above))


def _default(field: Field, above: Setting) -> Any:
    """What holds when nothing is said: the default of the section above may have its own values."""
    if isinstance(above.default, Config):
        return getattr(above.default, field.name)
    return field.default if field.default_factory is NO_DEFAULT else field.default_factory()


def _description(type_: Type) -> str:
    """What the key says of itself, or its section of all its keys."""
    while isinstance(type_, Metadata):
        description = (type_.extra_json_schema or {}).get("description")
        if isinstance(description, str):
            return description
        type_ = type_.type
    section = _section(type_)
    return inspect.cleandoc(vars(section.cls).get("__doc__") or "") if section is not None else ""


def _section(type_: Type) -> StructType | None:
    match plain(type_):
        case StructType() as section:
            return section
        case DictType(value_type=inner) | VarTupleType(item_type=inner):
            return _section(inner)
        case _:
            return None


def _repeats(type_: Type) -> str:
    match plain(type_):
        case DictType(value_type=inner):
            return ".NAME" + _repeats(inner)
        case VarTupleType(item_type=inner):
            return "[]" + _repeats(inner)
        case _:
            return ""


def plain(type_: Type) -> Type:
    """Without what is said of it, and without the null of what may be left out."""
    match type_:
        case Metadata(type=inner):
            return plain(inner)
        case UnionType(types=types):
            others = [member for member in types if not isinstance(member, NoneType)]
            return plain(others[0]) if len(others) == 1 else type_
        case _:
            return type_


def _type_text(type_: Type) -> str:
    match plain(type_):
        case BoolType():
            return "true or false"
        case IntType() as number:
            return "whole number" + _bounds(number)
        case FloatType() as number:
            return "number" + _bounds(number)
        case StrType(pattern=pattern):
            return f"text that matches {pattern}" if pattern else "text"
        case LiteralType(values=values):
            return "one of " + ", ".join(str(value) for value in values)
        case VarTupleType(item_type=inner):
            return f"list of {_type_text(inner)}"
        case DictType(value_type=inner):
            return f"mapping of names to {_type_text(inner)}"
        case StructType():
            return "section"
        case UnionType(types=types):
            return " or ".join(_type_text(member) for member in types if not isinstance(member, NoneType))
        case CustomType(cls=cls):
            return cls.__name__
        case other:
            return type(other).__name__.removesuffix("Type").lower()


def _bounds(number: IntType | FloatType) -> str:
    bounds = (("≥", number.ge), (">", number.gt), ("≤", number.le), ("<", number.lt))
    said = [f"{sign} {bound:g}" for sign, bound in bounds if bound is not None]
    return f" {' and '.join(said)}" if said else ""
