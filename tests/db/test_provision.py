"""Roles and schemas: a domain's role reads its own rows and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db import provision as provisioning
from db.config import DomainStore, StoreSettings, StoreUrls
from db.embedded import EmbeddedPostgres, start_postgres
from db.errors import ProvisionError, StoreUnavailable
from db.migrate import upgrade
from db.postgres import Database, connect
from db.provision import create_database, provision
from db.stores import embedded_store, open_stores
from subgraphs.registry import DOMAINS
from tests.support.postgres import administer

TABLES = {domain: domain for domain in DOMAINS} | {
    "catalog": "artists",
    "calendar": "lessons",
    "interactions": "comments",
    "feed": "readers",
    "processing": "processing_jobs",
    "streaming": "playback_history",
    "notifications": "notifications",
    "analytics": "receipts",
}


async def ask(database: Database, statement: str) -> object:
    async with database.write() as session:
        result = await session.execute(text(statement))
        value: object = result.scalar() if result.returns_rows else None
        return value


@pytest.mark.parametrize("domain", DOMAINS)
async def test_a_domain_cannot_read_another_domains_tables(
    domain: str, stores: Mapping[str, DomainStore]
) -> None:
    database = connect(stores[domain])
    assert await ask(database, f"SELECT count(*) FROM {TABLES[domain]}") == 0
    for other in set(DOMAINS) - {domain}:
        with pytest.raises(DBAPIError, match=f"permission denied for schema {other}"):
            await ask(database, f"SELECT count(*) FROM {other}.{TABLES[other]}")
    await database.close()


@pytest.mark.parametrize("domain", DOMAINS)
async def test_a_domains_role_owns_no_table_and_cannot_bypass_row_security(
    domain: str, stores: Mapping[str, DomainStore]
) -> None:
    database = connect(stores[domain])
    assert await ask(database, "SELECT current_user") == f"plait_{domain}"
    owned = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
    assert await ask(database, owned) == 0
    powers = "rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb"
    assert await ask(database, f"SELECT {powers} FROM pg_roles WHERE rolname = current_user") is False
    await database.close()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id integer)",
        "CREATE SCHEMA mine",
        "CREATE TEMPORARY TABLE mine (id integer)",
        "DROP TABLE users",
        "ALTER TABLE users ADD COLUMN mine integer",
        "TRUNCATE users",
        "UPDATE alembic_version SET version_num = '9999'",
        "SET ROLE plait_users_owner",
        "SET ROLE plait_posts",
        "CREATE ROLE mine",
    ],
)
async def test_a_service_cannot_change_its_schema_or_its_rights(
    statement: str, stores: Mapping[str, DomainStore]
) -> None:
    database = connect(stores["users"])
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        await ask(database, statement)
    await database.close()


async def test_a_login_that_is_a_member_takes_the_role_on(stores: Mapping[str, DomainStore]) -> None:
    store = stores["posts"]
    database = connect(replace(store, url=store.admin_url))
    assert await ask(database, "SELECT current_user") == "plait_posts"
    with pytest.raises(DBAPIError, match="permission denied"):
        await ask(database, "SELECT count(*) FROM users.users")
    await ask(database, "RESET ROLE")
    assert await ask(database, "SELECT current_user") == "plait_posts"
    await database.close()


async def test_a_database_per_service(postgres_server: EmbeddedPostgres) -> None:
    names = {domain: f"own_{domain}" for domain in DOMAINS}
    for name in names.values():
        await create_database(postgres_server.url(), name)
    urls = {domain: StoreUrls(postgres_server.url(name)) for domain, name in names.items()}
    async with open_stores(StoreSettings(postgres_server.layout.root, None, urls), DOMAINS) as stores:
        for domain, store in stores.items():
            await upgrade(store)
            database = connect(store)
            assert await ask(database, "SELECT current_database()") == names[domain]
            assert await ask(database, f"SELECT count(*) FROM {TABLES[domain]}") == 0
            await database.close()
    for name in names.values():
        await administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


ROLES = """SELECT string_agg(rolname, ' ' ORDER BY length(rolname) DESC) FROM pg_roles
    WHERE rolname LIKE 'plait_%'"""


async def test_services_on_two_servers_share_nothing(
    postgres_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    """Roles belong to a server: each has those of its own services alone."""
    other = await asyncio.to_thread(start_postgres, tmp_path, durable=False)
    try:
        await create_database(other.url(), "own_users")
        await create_database(postgres_server.url(), "own_events")
        urls = {
            "users": StoreUrls(other.url("own_users")),
            "events": StoreUrls(postgres_server.url("own_events")),
        }
        async with open_stores(StoreSettings(tmp_path, None, urls), list(urls)) as stores:
            clusters = set()
            for domain, store in stores.items():
                await upgrade(store)
                database = connect(store)
                clusters.add(await ask(database, "SELECT system_identifier FROM pg_control_system()"))
                assert await ask(database, f"SELECT count(*) FROM {TABLES[domain]}") == 0
                if domain == "users":
                    assert await ask(database, ROLES) == "plait_users_owner plait_users"
                await database.close()
            assert len(clusters) == len(urls)
    finally:
        await asyncio.to_thread(other.stop)
        await administer(postgres_server, "DROP DATABASE IF EXISTS own_events WITH (FORCE)")


async def test_one_database_for_all_with_one_url(
    postgres_server: EmbeddedPostgres, empty_database: str
) -> None:
    settings = StoreSettings(postgres_server.layout.root, StoreUrls(postgres_server.url(empty_database)))
    async with open_stores(settings, DOMAINS) as stores:
        for domain, store in stores.items():
            await upgrade(store)
            database = connect(store)
            assert (
                await ask(database, "SELECT current_user || ' ' || current_schema()")
                == f"plait_{domain} {domain}"
            )
            await database.close()


async def test_a_service_logs_in_with_the_password_of_its_url(
    postgres_server: EmbeddedPostgres, empty_database: str
) -> None:
    store = embedded_store(postgres_server, "users", empty_database)
    with_password = store.url.replace("plait_users@", "plait_users:se%3Acret@")
    await provision(replace(store, url=with_password))
    stored = "SELECT rolpassword LIKE 'SCRAM-SHA-256%' FROM pg_authid WHERE rolname = 'plait_users'"
    database = connect(replace(store, url=store.admin_url, domain="users"))
    async with database.primary.connect() as connection:
        await connection.execute(text("SET ROLE NONE"))
        assert await connection.scalar(text(stored)) is True
    await database.close()
    await administer(postgres_server, "ALTER ROLE plait_users PASSWORD NULL")


async def test_provisioning_at_the_same_time_is_fine(
    postgres_server: EmbeddedPostgres, empty_database: str
) -> None:
    stores = [embedded_store(postgres_server, domain, empty_database) for domain in DOMAINS for _ in range(3)]
    await asyncio.gather(*map(provision, stores))


async def test_a_service_must_not_own_its_tables(stores: Mapping[str, DomainStore]) -> None:
    store = stores["users"]
    with pytest.raises(ProvisionError, match="PLAIT_USERS_MIGRATION_DATABASE_URL"):
        await provision(replace(store, admin_url=store.url))


async def test_a_login_without_the_right_to_make_roles_is_told_so(stores: Mapping[str, DomainStore]) -> None:
    store = stores["users"]
    with pytest.raises(ProvisionError, match=r"cannot prepare users: .*permission denied"):
        await provision(replace(store, admin_url=stores["posts"].url))


async def test_an_administrator_who_is_no_superuser_can_provision_and_migrate(
    postgres_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    """As on a managed PostgreSQL: a login that owns the database and may make roles."""
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "rev_0001_first.py").write_text(
        "from db.migrations.ddl import run\n"
        "revision, down_revision, branch_labels, depends_on = '0001', None, None, None\n"
        "def upgrade():\n    run('CREATE TABLE books (id integer)')\n"
        "def downgrade():\n    run('DROP TABLE books')\n"
    )
    await administer(
        postgres_server, "CREATE ROLE manager LOGIN CREATEROLE", "CREATE DATABASE managed OWNER manager"
    )
    url = postgres_server.url("managed", "manager")
    store = DomainStore("books", url, url)
    for _ in range(2):
        await upgrade(store, histories=tmp_path)
    database = connect(store)
    assert await ask(database, "SELECT current_user || ' ' || count(*) FROM books") == "plait_books 0"
    with pytest.raises(DBAPIError, match="must be owner"):
        await ask(database, "DROP TABLE books")
    await database.close()
    await administer(postgres_server, "DROP DATABASE managed WITH (FORCE)")
    for role in ("plait_books", "plait_books_owner", "manager"):
        await administer(postgres_server, f"DROP ROLE {role}")


async def test_a_store_that_is_away_is_one_clear_error() -> None:
    store = DomainStore(
        "users", "postgresql://u:secret@/x?host=/nowhere", "postgresql://u:secret@/x?host=/nowhere"
    )
    with pytest.raises(StoreUnavailable) as caught:
        await upgrade(store)
    assert "secret" not in str(caught.value)
    database = connect(store)
    with pytest.raises(StoreUnavailable, match="cannot reach PostgreSQL at /nowhere/x"):
        await database.ping()
    await database.close()


@pytest.mark.parametrize(
    ("url", "problem"),
    [("mysql://u@h/d", "a mysql URL was given"), ("not a url", "a database URL reads postgresql://")],
)
async def test_a_url_that_is_not_postgresql_is_refused(url: str, problem: str) -> None:
    with pytest.raises(ProvisionError, match=problem):
        connect(DomainStore("users", url, url))


WHERE = "SELECT string_agg(extname || ' in ' || nspname, ', ' ORDER BY extname) FROM pg_extension"
EXTENSIONS = f"{WHERE} JOIN pg_namespace n ON n.oid = extnamespace WHERE extname <> 'plpgsql'"


async def test_extensions_are_there_before_the_first_migration(
    postgres_server: EmbeddedPostgres, empty_database: str
) -> None:
    store = embedded_store(postgres_server, "catalog", empty_database)
    await provision(store)
    database = connect(store)
    assert await ask(database, EXTENSIONS) == (
        "btree_gist in extensions, cube in extensions, pg_trgm in extensions, unaccent in extensions"
    )
    assert await ask(database, "SELECT extensions.unaccent('ø')") == "o"
    await database.close()


async def test_an_extension_that_is_somewhere_else_is_used_there(
    postgres_server: EmbeddedPostgres, empty_database: str
) -> None:
    here = (
        "CREATE EXTENSION pg_trgm SCHEMA public",
        'CREATE SCHEMA "Odd"',
        'CREATE EXTENSION unaccent SCHEMA "Odd"',
    )
    await administer(postgres_server, *here, database=empty_database)
    store = embedded_store(postgres_server, "catalog", empty_database)
    await upgrade(store)
    database = connect(store)
    assert await ask(database, EXTENSIONS) == (
        "btree_gist in extensions, cube in extensions, pg_trgm in public, unaccent in Odd"
    )
    await ask(database, "INSERT INTO genres (name) VALUES ('Bebøp')")
    assert await ask(database, "SELECT known FROM similar_in_genres(ARRAY['bebopp'])") == "bebop"
    await database.close()


async def test_a_server_without_an_extension_is_told_what_to_install(
    stores: Mapping[str, DomainStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provisioning, "EXTENSIONS", ("pg_nothing",))
    with pytest.raises(ProvisionError, match=r"no extension pg_nothing; install .*postgresql-contrib"):
        await provision(stores["users"])
