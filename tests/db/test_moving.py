"""A service moves from a schema of the common database to a database of its own (seed 004), as
docs/operations/stores.md tells it.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.config import DomainStore
from db.embedded import EmbeddedPostgres
from db.embedded.system import postgres_programs
from db.migrate import upgrade
from db.postgres import connect
from db.stores import embedded_store
from tests.subgraphs.support import build_over, config_in, data
from tests.support.postgres import SHARED, administer

DOMAIN = "users"
SEARCH = '{ searchUsers(text: "ada") { nodes { username followerCount } } }'


async def test_a_service_moves_to_a_database_of_its_own_with_its_rows_rights_and_triggers(
    stores: Mapping[str, DomainStore], postgres_server: EmbeddedPostgres, empty_database: str, tmp_path: Path
) -> None:
    await _add(stores[DOMAIN], "ada")

    own = embedded_store(postgres_server, DOMAIN, empty_database)
    await upgrade(own)  # roles, extensions, and the right to connect
    await administer(postgres_server, f"DROP SCHEMA {DOMAIN} CASCADE", database=empty_database)
    await asyncio.to_thread(_copy, postgres_server.url(SHARED), postgres_server.url(empty_database))
    await upgrade(own)  # nothing is left to do

    await _add(own, "adam")
    database = connect(own)
    found = (await data(build_over(database, DOMAIN, config_in(tmp_path)), SEARCH))["searchUsers"]["nodes"]
    assert found == [{"username": name, "followerCount": 0} for name in ("ada", "adam")]
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.write() as session:
            await session.execute(text("CREATE TABLE more ()"))
    await database.close()


async def _add(store: DomainStore, name: str) -> None:
    database = connect(store)
    async with database.write() as session:
        given = {"name": name, "email": f"{name}@x.example"}
        columns = "INSERT INTO users (username, email, password_hash) VALUES (:name, :email, '')"
        await session.execute(text(columns), given)
    await database.close()


def _copy(source: str, target: str) -> None:
    programs = postgres_programs()
    dumped = subprocess.run(
        [programs / "pg_dump", f"--schema={DOMAIN}", source], check=True, capture_output=True
    )
    subprocess.run(
        [programs / "psql", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", target],
        input=dumped.stdout,
        check=True,
        capture_output=True,
    )
