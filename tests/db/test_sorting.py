"""Names in the order people expect, on a server without ICU."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db.embedded import EmbeddedPostgres
from db.migrations.sorting import sort_key
from db.urls import parse_url

ORDERS = [
    ["Äpfel", "apple", "zebra", "Zulu"],
    ["Ann", "anna", "Ánnabel", "Bea"],
    ["Ёлка", "ель", "Яблоко"],
    ["ﬁa", "fib"],
]


@pytest.mark.parametrize("names", ORDERS, ids=lambda names: names[0])
async def test_names_sort_without_regard_to_case_and_marks(
    names: list[str], postgres_server: EmbeddedPostgres, empty_database: str
) -> None:
    engine = create_async_engine(parse_url(postgres_server.url(empty_database)))
    async with engine.begin() as connection:
        await connection.execute(text(f"CREATE TABLE names (name text NOT NULL, {sort_key('name')})"))
        await connection.execute(text("CREATE INDEX ON names (name_sort)"))
        await connection.execute(
            text("INSERT INTO names VALUES (:name)"), [{"name": name} for name in sorted(names)]
        )
        rows = await connection.execute(text("SELECT name FROM names ORDER BY name_sort"))
        found = [row.name for row in rows]
    await engine.dispose()
    assert found == names
