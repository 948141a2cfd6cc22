"""A partner as it is kept: one record, replaced as a whole.

    Partner ─┬─ keys         hashed; several at a time while one is rotated
             ├─ operations   all that it may run, by id
             ├─ contract     what it sees of the graph, by @tag
             ├─ limits       how often, how much a day, how expensive
             └─ origins      whose pages may use its key in a browser

Times are UTC. A record with a key that is unknown to us is refused: a misspelt limit would be none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, field

from router.partners.key import id_of
from router.persisted.manifest import PersistedOperation
from schema.contract import Contract

PARTNER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
"""It is a label of metrics and the name of a file: the same everywhere, whatever the system's case."""

Count = Annotated[int, Meta(ge=1)]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What all parts of what is kept have in common."""


class PartnerKey(Record, frozen=True):
    """`hash` is the SHA-256 of the key in hexadecimal; the key itself is nowhere."""

    hash: Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    created: Annotated[datetime, Meta(tz=True)]
    expires: Annotated[datetime, Meta(tz=True)] | None = None
    revoked: Annotated[datetime, Meta(tz=True)] | None = None

    @property
    def id(self) -> str:
        return id_of(self.hash)

    def is_good(self, now: datetime) -> bool:
        return self.revoked is None and (self.expires is None or now < self.expires)


class Rate(Record, frozen=True):
    """`count` at once, then one more each `seconds / count` (router/rates)."""

    count: Count
    seconds: Annotated[float, Meta(gt=0)]


class Limits(Record, frozen=True):
    """None is no limit of the partner's own. Days are UTC; costs are what router/demand estimates."""

    rate: Rate | None = None
    daily_operations: Count | None = None
    daily_cost: Count | None = None
    max_cost: Count | None = None
    """Of one operation."""

    @property
    def needs_costs(self) -> bool:
        return self.daily_cost is not None or self.max_cost is not None


class PartnerContract(Record, frozen=True):
    """What the partner sees (schema/contract). Without tags it is all that clients see."""

    include_tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    hide_unreachable: bool = False

    @property
    def cut(self) -> Contract | None:
        """None where nothing is hidden."""
        if not (self.include_tags or self.exclude_tags or self.hide_unreachable):
            return None
        return Contract(frozenset(self.include_tags), frozenset(self.exclude_tags), self.hide_unreachable)

    def __str__(self) -> str:
        told = [f"include {' '.join(self.include_tags)}"] if self.include_tags else []
        told += [f"exclude {' '.join(self.exclude_tags)}"] if self.exclude_tags else []
        told += ["hide unreachable types"] if self.hide_unreachable else []
        return ", ".join(told) or "everything"


class Partner(Record, frozen=True):
    """All that is kept of one. A change makes another record."""

    name: Annotated[str, Meta(pattern=rf"\A{PARTNER_NAME.pattern}\Z")]
    keys: tuple[PartnerKey, ...] = ()
    operations: tuple[PersistedOperation, ...] = ()
    contract: PartnerContract = field(default_factory=PartnerContract)
    limits: Limits = field(default_factory=Limits)
    origins: tuple[str, ...] = ()

    def good_keys(self, now: datetime) -> Iterator[PartnerKey]:
        return (key for key in self.keys if key.is_good(now))

    def find_key(self, id_: str) -> PartnerKey | None:
        """By its id as it is listed."""
        return next((key for key in self.keys if key.id == id_), None)


class DayOfUse(msgspec.Struct, frozen=True):
    """What a partner did on one day (`YYYY-MM-DD`, UTC), at all routers together.

    `operations` were run, by id in `by_operation`; `codes` counts answers with an error of a code, those that
    were refused included; `cost` is the sum of the estimates where costs are estimated.
    """

    day: str
    operations: int = 0
    cost: float = 0.0
    by_operation: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)


def total_of(days: Sequence[DayOfUse]) -> int:
    """Operations of all these days."""
    return sum(day.operations for day in days)
