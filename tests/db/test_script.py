"""One SQL file for a whole domain makes what its migrations make."""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg
import pytest

from db.config import DomainStore
from db.embedded import EmbeddedPostgres
from db.histories import newest
from db.migrate import current, require_usable, upgrade
from db.script import consolidated_sql
from db.stores import embedded_store
from subgraphs.registry import DOMAINS
from tests.db.test_migrations import snapshot


@pytest.mark.parametrize("domain", DOMAINS)
async def test_a_domains_sql_file_makes_what_its_migrations_make(
    domain: str, stores: Mapping[str, DomainStore], postgres_server: EmbeddedPostgres, empty_database: str
) -> None:
    store = embedded_store(postgres_server, domain, empty_database)
    connection = await asyncpg.connect(postgres_server.url(empty_database))
    await connection.execute(consolidated_sql(domain))
    await connection.close()
    assert await snapshot(store) == await snapshot(stores[domain])
    assert await current(store) == newest(domain)
    await require_usable(store)


async def test_migrations_go_on_where_the_file_ended(
    postgres_server: EmbeddedPostgres, empty_database: str
) -> None:
    store, lines = embedded_store(postgres_server, "posts", empty_database), list[str]()
    connection = await asyncpg.connect(postgres_server.url(empty_database))
    await connection.execute(consolidated_sql("posts"))
    await connection.close()
    await upgrade(store, progress=lines.append)
    assert lines == []
