"""What partners use: counted here before anything is run, added to the store each second.

take ─► pending ──sync──► store ──► what all routers together counted
 └── near a limit: waits for that, and is run if it was within

Far from its limits an operation waits for nothing: each router learns within a second what the others
counted. With less than `NEAR` operations left it is added to the store first, together with all that wait,
and what the store had before says which of them are within. So a limit holds for all routers together, unless
they run more than `NEAR` operations of a partner in a second. What the store does not take stays pending.
Where it is away partners near a limit are refused, and those with any daily limit when it has been for too
long: nobody knows what they have left.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from router.partners.errors import (
    BudgetExceeded,
    PartnerStoreError,
    PartnersUnavailable,
    QuotaExceeded,
)
from router.partners.partner import DayOfUse, Limits, Partner
from router.partners.store import PartnerStore

DAY_SECONDS = 86_400
NEAR = 1_000
"""Operations that routers may run of a partner before they hear of each other."""
MAX_CODES = 100
"""Codes of subgraphs are whatever subgraphs say; of more different ones on a day the rest are `OTHER`."""


@dataclass(slots=True)
class _Counts:
    """Added to the store together. `number` is the day since 1970; `total` what the store had with these."""

    number: int
    operations: int = 0
    cost: float = 0.0
    by_operation: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    total: DayOfUse | None = None
    has_failed: bool = False

    def count(self, operation_id: str, cost: float, by: int = 1) -> None:
        self.operations += by
        self.cost += cost
        self.by_operation[operation_id] = self.by_operation.get(operation_id, 0) + by

    def as_day(self) -> DayOfUse:
        return DayOfUse(_name_of(self.number), self.operations, self.cost, self.by_operation, self.codes)

    def add(self, other: _Counts) -> None:
        self.operations += other.operations
        self.cost += other.cost
        for mine, theirs in ((self.by_operation, other.by_operation), (self.codes, other.codes)):
            for name, count in theirs.items():
                mine[name] = mine.get(name, 0) + count


@dataclass(slots=True)
class _Account:
    """One partner's day. `operations` and `cost` are everybody's as far as they are known, ours included."""

    number: int
    operations: int = 0
    cost: float = 0.0
    is_known: bool = False
    """Whether the store was asked. A day that begins while we look begins with nothing."""


class Usage:
    """`clock` gives seconds since 1970, `monotonic` those that tell how long the store is away."""

    def __init__(
        self,
        store: PartnerStore,
        max_stale: float,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._max_stale = max_stale
        self._clock, self._monotonic = clock, monotonic
        self._accounts: dict[str, _Account] = {}
        self._pending: dict[tuple[str, int], _Counts] = {}
        self._synced = monotonic()
        self._syncing = asyncio.Lock()

    async def take(self, partner: Partner, operation_id: str, cost: float | None) -> None:
        """Counts one operation that is about to be run. Raises `QuotaExceeded`, `BudgetExceeded`,
        `PartnersUnavailable`, and then nothing was counted. O(1).
        """
        now = self._clock()
        number = int(now // DAY_SECONDS)
        account = self._account(partner.name, number)
        limits, spent = partner.limits, cost or 0.0
        is_limited = _has_daily_limit(partner)
        if is_limited:
            if not account.is_known or self._monotonic() - self._synced > self._max_stale:
                raise PartnersUnavailable
            _require_within(limits, account.operations + 1, account.cost + spent, now)
        account.operations += 1
        account.cost += spent
        counts = self._counts(partner.name, number)
        counts.count(operation_id, spent)
        if is_limited and _is_near(limits, account.operations, account.cost, spent):
            mine = counts.operations, counts.cost
            try:
                await self._settled(counts)
                before = counts.total
                assert before is not None
                operations = before.operations - counts.operations + mine[0]
                _require_within(limits, operations, before.cost - counts.cost + mine[1], now)
            except BaseException:
                self._take_back(partner.name, number, operation_id, spent)
                raise

    def count_codes(self, name: str, codes: Iterable[str]) -> None:
        """Of an answer with errors, or of a refusal."""
        known = self._counts(name, int(self._clock() // DAY_SECONDS)).codes
        for code in codes:
            told = code if code in known or len(known) < MAX_CODES else "OTHER"
            known[told] = known.get(told, 0) + 1

    async def sync(self, partners: Iterable[Partner]) -> None:
        """Adds what is pending; learns what these have used. Raises `PartnerStoreError`: all is as before."""
        async with self._syncing:
            await self._sync(partners)

    async def _settled(self, counts: _Counts) -> None:
        """Until these are in the store, whoever leaves meanwhile. Raises `PartnersUnavailable`."""
        await asyncio.shield(asyncio.ensure_future(self._settle(counts)))
        if counts.total is None:
            raise PartnersUnavailable

    async def _settle(self, counts: _Counts) -> None:
        async with self._syncing:
            if counts.total is None and not counts.has_failed:
                with contextlib.suppress(PartnerStoreError):  # The next sync that nobody waits for says why.
                    await self._sync(())

    async def _sync(self, partners: Iterable[Partner]) -> None:
        number = int(self._clock() // DAY_SECONDS)
        asked = {(one.name, number) for one in partners if _has_daily_limit(one)}
        sent, self._pending = self._pending, {}
        try:
            for day in sorted({number for _, number in (*sent, *asked)}):
                await self._sync_day(day, sent, {name for name, its in asked if its == day})
        except BaseException:
            for key, counts in sent.items():
                counts.has_failed = True
                self._pending.setdefault(key, _Counts(key[1])).add(counts)
            raise
        self._synced = self._monotonic()

    async def _sync_day(self, number: int, sent: dict[tuple[str, int], _Counts], asked: set[str]) -> None:
        """What the store took is taken out of `sent`."""
        day = {name: counts for (name, its), counts in sent.items() if its == number}
        used = {name: DayOfUse(_name_of(number)) for name in asked}
        used |= {name: counts.as_day() for name, counts in day.items()}
        totals = await asyncio.to_thread(self._store.add_use, used)
        for name in day:
            sent.pop((name, number)).total = totals[name]
        for name, total in totals.items():
            account = self._account(name, number)
            if account.number == number:
                newer = self._pending.get((name, number), _Counts(number))
                account.operations = total.operations + newer.operations
                account.cost = total.cost + newer.cost
                account.is_known = True

    def _take_back(self, name: str, number: int, operation_id: str, cost: float) -> None:
        """What was counted and is not run."""
        account = self._account(name, number)
        if account.number == number:
            account.operations -= 1
            account.cost -= cost
        self._counts(name, number).count(operation_id, -cost, -1)

    def _account(self, name: str, number: int) -> _Account:
        account = self._accounts.get(name)
        if account is None or account.number < number:
            account = self._accounts[name] = _Account(
                number, is_known=account is not None and account.is_known
            )
        return account

    def _counts(self, name: str, number: int) -> _Counts:
        key = (name, number)
        counts = self._pending.get(key)
        if counts is None:
            counts = self._pending[key] = _Counts(number)
        return counts


def _has_daily_limit(partner: Partner) -> bool:
    return partner.limits.daily_operations is not None or partner.limits.daily_cost is not None


def _require_within(limits: Limits, operations: int, cost: float, now: float) -> None:
    left = DAY_SECONDS - now % DAY_SECONDS
    if limits.daily_operations is not None and operations > limits.daily_operations:
        raise QuotaExceeded(limits.daily_operations, left)
    if limits.daily_cost is not None and cost > limits.daily_cost:
        raise BudgetExceeded(limits.daily_cost, left)


def _is_near(limits: Limits, operations: int, cost: float, spent: float) -> bool:
    """Whether others could use up what is left before this router hears of it."""
    if limits.daily_operations is not None and limits.daily_operations - operations < NEAR:
        return True
    return limits.daily_cost is not None and limits.daily_cost - cost < NEAR * max(spent, 1.0)


def _name_of(number: int) -> str:
    return datetime.fromtimestamp(number * DAY_SECONDS, UTC).date().isoformat()
