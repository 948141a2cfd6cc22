"""Values of the partner commands: durations, rates, limits that may be `none`, origins."""

from __future__ import annotations

import re
from datetime import timedelta

import click

from router.partners.origins import is_origin
from router.partners.partner import Rate

DURATION_PATTERN = re.compile(r"([0-9]{1,6})([smhd])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
RATE_PATTERN = re.compile(r"([1-9][0-9]{0,8})/([0-9]{1,9}(?:\.[0-9]+)?)")
LIMIT_PATTERN = re.compile(r"[1-9][0-9]{0,14}")
NONE = "none"


def duration(text: str) -> timedelta:
    found = DURATION_PATTERN.fullmatch(text)
    if found is None:
        raise click.BadParameter(f"{text!r} is no duration, like 30s, 15m, 12h or 7d")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def rate(text: str) -> Rate | str:
    """`none` as it is."""
    if text == NONE:
        return text
    found = RATE_PATTERN.fullmatch(text)
    if found is None or float(found[2]) <= 0:
        raise click.BadParameter(f"{text!r} is no rate: COUNT/SECONDS, like 100/60, or none")
    return Rate(count=int(found[1]), seconds=float(found[2]))


def limit(text: str) -> int | str:
    """`none` as it is."""
    if text == NONE:
        return text
    if not LIMIT_PATTERN.fullmatch(text):
        raise click.BadParameter(f"{text!r} is no limit: a positive number, or none")
    return int(text)


def origin(text: str) -> str:
    """`none` as it is."""
    if text != NONE and not is_origin(text):
        raise click.BadParameter(f"{text!r} is no origin as browsers send it, like https://shop.example")
    return text
