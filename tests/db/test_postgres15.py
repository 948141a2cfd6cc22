"""Every history on Debian's PostgreSQL 15, and PostGIS beside them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db.config import DomainStore
from db.histories import newest
from db.migrate import current, downgrade, upgrade
from db.migrations.sorting import sort_expression
from db.urls import parse_url
from subgraphs.registry import DOMAINS
from tests.support.postgres15 import MISSING, is_installed, postgres15

pytestmark = [
    pytest.mark.skipif(not is_installed(), reason=MISSING),
    pytest.mark.xdist_group("postgres15"),
]


@pytest.fixture(scope="module")
def admin_url() -> Iterator[str]:
    with postgres15() as url:
        yield url


@pytest.mark.parametrize("domain", DOMAINS)
async def test_every_history_goes_up_and_down_on_postgresql_15(domain: str, admin_url: str) -> None:
    url = parse_url(admin_url).set(username=f"plait_{domain}").render_as_string(hide_password=False)
    store = DomainStore(domain, url, admin_url)
    await upgrade(store)
    assert await current(store) == newest(domain)
    await downgrade(store, "base")
    await upgrade(store)


async def scalar(url: str, *statements: str) -> object:
    engine = create_async_engine(parse_url(url))
    async with engine.begin() as connection:
        for statement in statements:
            result = await connection.execute(text(statement))
        value: object = result.scalar()
    await engine.dispose()
    return value


async def test_names_sort_as_on_the_embedded_server(admin_url: str) -> None:
    assert (
        await scalar(admin_url, f"SELECT {sort_expression(chr(39) + 'ÄPFEL Ёлка' + chr(39))}") == "apfel елка"
    )


async def test_postgis_measures_on_the_globe(admin_url: str) -> None:
    oslo, bergen = "ST_Point(10.75, 59.91)::geography", "ST_Point(5.32, 60.39)::geography"
    metres = await scalar(
        admin_url, "CREATE EXTENSION IF NOT EXISTS postgis", f"SELECT ST_Distance({oslo}, {bergen})"
    )
    assert 300_000 < float(str(metres)) < 310_000
