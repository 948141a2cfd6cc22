"""Reading what was written for the demo world: TOML files beside the code, by topic and language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")


def read_texts(package: str, name: str) -> Mapping[str, Any]:
    """The file `texts/<name>.toml` of a domain's demo package."""
    return tomllib.loads(files(package).joinpath("texts", f"{name}.toml").read_text(encoding="utf-8"))


def skewed(draw: Random, among: Sequence[T], power: float = 2.0) -> T:
    """One of them, the first ones more often: some people are better known than others. O(1)."""
    return among[int(len(among) * draw.random() ** power)]
