"""What the sections of the configuration have in common."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Positive = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(gt=0)]


class Config(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all sections have in common."""
