"""Values of other routers' files as ours have them: seconds, bytes, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from router.config.expansion import EXPANSION


class NotCarried(Exception):
    """The value has no counterpart; the reason is for the reader."""


Convert = Callable[[Any], Any]

UNITS = {
    "ns": 1e-9, "nsec": 1e-9, "us": 1e-6, "µs": 1e-6, "usec": 1e-6, "ms": 1e-3, "msec": 1e-3, "millis": 1e-3,
    "": 1.0, "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0,
    "m": 60.0, "min": 60.0, "mins": 60.0, "minute": 60.0, "minutes": 60.0,
    "h": 3600.0, "hr": 3600.0, "hrs": 3600.0, "hour": 3600.0, "hours": 3600.0,
    "d": 86400.0, "day": 86400.0, "days": 86400.0,
}  # fmt: skip
PIECE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-zµ]*)\s*")
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([kmgt]?)(i?)b?)", re.IGNORECASE)
FILE = re.compile(r"\$\{file\.([^}]+)\}")
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what a router that listens everywhere is told
POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def same(value: Any) -> Any:
    return value


def literal(value: Any) -> Any:
    """Raises `NotCarried` for a value from the environment, whose unit cannot be changed here."""
    if is_expanded(value):
        raise NotCarried(
            "its value comes from the environment or a file, in a form that is not ours; give it there as a "
            "number and write the expansion under our key"
        )
    return value


def flag(value: Any) -> bool:
    """Raises `NotCarried` for what is decided elsewhere: a switch turned the wrong way protects nobody."""
    if not isinstance(literal(value), bool):
        raise NotCarried("it is neither true nor false")
    return bool(value)


def is_expanded(value: Any) -> bool:
    return isinstance(value, str) and any(
        not found.group().startswith("$$") for found in EXPANSION.finditer(value)
    )


def seconds(value: Any) -> float | int:
    """`30s`, `1m30s`, `500ms`; a number is seconds."""
    text = str(literal(value)).strip().lower()
    pieces = list(PIECE.finditer(text))
    if not pieces or "".join(piece.group() for piece in pieces) != text:
        raise NotCarried("it is not a time like 30s")
    if any(piece.group(2) not in UNITS for piece in pieces):
        raise NotCarried("its unit of time is not known")
    total = round(sum(float(piece.group(1)) * UNITS[piece.group(2)] for piece in pieces), 9)
    if not total:
        raise NotCarried("0 is without a limit there; here there always is one")
    return int(total) if total == int(total) else total


def whole_seconds(value: Any) -> int:
    return round(seconds(value))


def size(value: Any) -> int:
    """`2MB` and `2mb` are 2,000,000, `2MiB` is 2,097,152; a number is bytes."""
    found = SIZE.fullmatch(str(literal(value)).strip())
    if found is None:
        raise NotCarried("it is not a size like 2MB")
    number, letter, binary = found.groups()
    total: int = round(float(number) * (1024 if binary else 1000) ** POWERS[letter.lower()])
    if not total:
        raise NotCarried("0 is their own default there; here a bound is a number")
    return total


def ratio(value: Any) -> float:
    """`50` and `50%` are 0.5; a share below 1 is itself. Raises `NotCarried`."""
    text = str(literal(value)).strip()
    number = text.removesuffix("%")
    try:
        found = float(number)
    except ValueError:
        raise NotCarried("it is not a share like 50%") from None
    share = found / 100 if text != number or found > 1 else found
    if not 0 < share <= 1:
        raise NotCarried("it is not a share like 50%")
    return share


def percent(value: Any) -> float:
    """A number of a hundred."""
    return ratio(f"{literal(value)}%")


def path_in_file_expansion(value: Any) -> str:
    """The path of `${file.PATH}`. Raises `NotCarried` for a text that is no file's alone."""
    found = FILE.fullmatch(str(value))
    if found is None:
        raise NotCarried("only a whole ${file.PATH} is taken, as its path: files are named here")
    return found.group(1)


def one_file(value: Any) -> str:
    """Raises `NotCarried` for several."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        raise NotCarried("one file is named here; put the certificates together into one")
    return value


def address(value: Any) -> str:
    """`HOST:PORT`; `:4000` listens everywhere."""
    text = str(value)
    if text.startswith("unix:"):
        raise NotCarried("a socket in the file system is not listened on; put a proxy in front")
    return f"{EVERYWHERE}{text}" if text.startswith(":") else text


def path(value: Any) -> str:
    text = str(value)
    if "*" in text or "/:" in text or "{" in text.replace("${", ""):
        raise NotCarried("patterns in the path are not known here")
    return text if is_expanded(value) or text.startswith("/") else f"/{text}"


def names(value: Any) -> list[Any]:
    """One or many."""
    return list(value) if isinstance(value, list) else [value]
