"""Every history, up and down and up; what an interrupted or a second run does."""

from __future__ import annotations

import ast
import asyncio
import importlib
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from db.config import DomainStore
from db.embedded import EmbeddedPostgres
from db.errors import MigrationError, MigrationNeeded, SchemaTooNew
from db.histories import HISTORIES, newest
from db.migrate import current, downgrade, new_revision, require_usable, upgrade
from db.migrations.messaging import NAMES
from db.stores import embedded_store
from db.urls import connect_settings, parse_url
from subgraphs.registry import DOMAINS

ROOT = Path(__file__).parents[2]
SNAPSHOT = """
SELECT 'column', table_name || '.' || column_name, data_type || ' ' || is_nullable || ' ' ||
coalesce(column_default, '')
  FROM information_schema.columns WHERE table_schema = :schema AND table_name <> 'alembic_version'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes
  WHERE schemaname = :schema AND tablename <> 'alembic_version'
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = to_regnamespace(:schema) AND conrelid::regclass::text !~ 'alembic'
UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) FROM pg_trigger
  WHERE NOT tgisinternal AND (SELECT relnamespace FROM pg_class WHERE oid = tgrelid) =
  to_regnamespace(:schema)
UNION ALL SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = to_regnamespace(:schema)
UNION ALL SELECT 'policy', tablename || '.' || policyname, coalesce(qual, '') || coalesce(with_check, '')
  FROM pg_policies WHERE schemaname = :schema
UNION ALL SELECT 'grant', table_name || ' to ' || grantee, privilege_type FROM
information_schema.role_table_grants
  WHERE table_schema = :schema AND table_name <> 'alembic_version'
ORDER BY 1, 2, 3
"""


async def snapshot(store: DomainStore) -> list[tuple[Any, ...]]:
    """All that a migration can leave in a schema."""
    rows = await query(store, SNAPSHOT, schema=store.schema)
    return [tuple(row) for row in rows]


async def query(store: DomainStore, statement: str, **parameters: object) -> list[Any]:
    engine = create_async_engine(parse_url(store.admin_url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        rows = list(await connection.execute(text(statement), parameters))
    await engine.dispose()
    return rows


@pytest.fixture
def empty_stores(postgres_server: EmbeddedPostgres, empty_database: str) -> Mapping[str, DomainStore]:
    return {domain: embedded_store(postgres_server, domain, empty_database) for domain in DOMAINS}


@pytest.mark.parametrize("domain", DOMAINS)
async def test_every_migration_goes_up_down_and_up_to_the_same_schema(
    domain: str, empty_stores: Mapping[str, DomainStore]
) -> None:
    store = empty_stores[domain]
    await upgrade(store)
    up = await snapshot(store)
    await downgrade(store, "base")
    down = await snapshot(store)
    await upgrade(store)
    assert down == []
    assert await snapshot(store) == up
    assert await current(store) == newest(domain)


@pytest.mark.parametrize("domain", DOMAINS)
async def test_the_models_are_what_the_migrations_leave(
    domain: str, stores: Mapping[str, DomainStore]
) -> None:
    store = stores[domain]
    url = parse_url(store.admin_url)
    metadata = importlib.import_module(f"subgraphs.{domain}.models").metadata
    settings = dict(connect_settings(url, store.owner, store.schema))
    engine = create_async_engine(url, poolclass=NullPool, connect_args={"server_settings": settings})

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": _has_a_column_or_table}
        )
        found: list[Any] = compare_metadata(context, metadata)
        return found

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


NOT_OF_THE_DOMAIN = NAMES | {"alembic_version"}


PARTITION = re.compile(r"\w+_\d{4}_\d\d")
"""A month of a table."""


def _has_a_column_or_table(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """Indexes and constraints live in the migrations alone: models only say what is queried. The kit's tables
    are the kit's.
    """
    return (
        kind in {"table", "column"} and name not in NOT_OF_THE_DOMAIN and not PARTITION.fullmatch(name or "")
    )


async def test_upgrading_twice_changes_nothing(stores: Mapping[str, DomainStore]) -> None:
    said: list[str] = []
    await upgrade(stores["users"], progress=said.append)
    assert said == []


async def test_two_upgrades_at_once_both_succeed(empty_stores: Mapping[str, DomainStore]) -> None:
    said: list[str] = []
    await asyncio.gather(*(upgrade(empty_stores["posts"], progress=said.append) for _ in range(3)))
    assert len(said) == len(list((HISTORIES / "posts").glob("rev_*.py")))
    assert await current(empty_stores["posts"]) == newest("posts")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "killed"])
async def test_an_interrupted_migration_leaves_nothing_and_the_next_run_goes_on(
    ending: signal.Signals, postgres_server: EmbeddedPostgres, empty_stores: Mapping[str, DomainStore]
) -> None:
    store = empty_stores["users"]
    await upgrade(store)
    await downgrade(store, "base")
    engine = create_async_engine(parse_url(store.admin_url), poolclass=NullPool)
    async with engine.connect() as blocker:
        # The migration's own CREATE TABLE roles has to wait for this one, half way through the revision.
        await blocker.execute(text("CREATE TABLE users.roles (id integer)"))
        environment = os.environ | {"PLAIT_USERS_DATABASE_URL": store.admin_url}
        command = [sys.executable, "-c", "from plait.cli.main import main; main()", "db", "upgrade", "users"]
        migrating = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stderr=DEVNULL)
        await _until_waiting(store)
        migrating.send_signal(ending)
        await migrating.wait()
        await blocker.rollback()
    await engine.dispose()
    assert migrating.returncode != 0
    assert await snapshot(store) == []
    await upgrade(store)
    assert await current(store) == newest("users")


async def _until_waiting(store: DomainStore) -> None:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(30):
        while not await query(store, waiting):  # noqa: ASYNC110 -- another process's state can only be polled
            await asyncio.sleep(0.02)


async def test_a_failing_revision_is_rolled_back_and_reported(
    tmp_path: Path, empty_stores: Mapping[str, DomainStore]
) -> None:
    _history(tmp_path, "CREATE TABLE first (id integer)", "CREATE TABLE second (id nonsense)")
    with pytest.raises(MigrationError, match='type "nonsense" does not exist'):
        await upgrade(empty_stores["users"], histories=tmp_path)
    assert await snapshot(empty_stores["users"]) == []


async def test_the_revisions_before_a_failing_one_stay_applied(
    tmp_path: Path, empty_stores: Mapping[str, DomainStore]
) -> None:
    _history(tmp_path, "CREATE TABLE first (id integer)")
    new_revision("users", "second", tmp_path)
    second = next((tmp_path / "users").glob("rev_0002_*.py"))
    second.write_text(second.read_text().replace("run()", "run('CREATE TABLE oops (')", 1))
    with pytest.raises(MigrationError):
        await upgrade(empty_stores["users"], histories=tmp_path)
    assert await current(empty_stores["users"]) == "0001"


async def test_a_revision_that_is_unknown_is_an_error(stores: Mapping[str, DomainStore]) -> None:
    with pytest.raises(MigrationError, match="nowhere"):
        await upgrade(stores["users"], "nowhere")


async def test_a_service_refuses_a_schema_it_was_not_written_for(
    empty_stores: Mapping[str, DomainStore],
) -> None:
    store = empty_stores["events"]
    await upgrade(store)
    await require_usable(store)
    await downgrade(store, "base")
    with pytest.raises(
        MigrationNeeded, match=r"the schema events is empty, not at \d{4}: run `plait db upgrade events`"
    ):
        await require_usable(store)


async def test_older_code_goes_on_with_a_schema_that_a_newer_release_has_extended(
    empty_stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    store = empty_stores["users"]
    _history(tmp_path, "CREATE TABLE first (id int)")
    await upgrade(store, histories=tmp_path)
    await _rolled_out(store, tmp_path)
    await require_usable(store, tmp_path)
    said: list[str] = []
    await upgrade(store, histories=tmp_path, progress=said.append)
    assert said == ["users: at 0002, which is newer than this code: left as it is"]


async def test_older_code_is_refused_when_the_newer_schema_took_something_away(
    empty_stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    store = empty_stores["users"]
    _history(tmp_path, "CREATE TABLE first (id int)")
    await upgrade(store, histories=tmp_path)
    await _rolled_out(store, tmp_path, "oldest_code = '0002'")
    with pytest.raises(SchemaTooNew, match="at 0002, which no longer serves code of revision 0001"):
        await require_usable(store, tmp_path)


async def _rolled_out(store: DomainStore, folder: Path, *more: str) -> None:
    """A newer release migrates; its revision is not in our folder afterwards."""
    later = folder / "users" / "rev_0002_second.py"
    lines = ["revision, down_revision, branch_labels, depends_on = '0002', '0001', None, None", *more]
    later.write_text("\n".join([*lines, "def upgrade(): pass", "def downgrade(): pass", ""]))
    await upgrade(store, histories=folder)
    later.unlink()


def test_a_new_revision_follows_the_newest(tmp_path: Path) -> None:
    _history(tmp_path, "SELECT 1")
    path = new_revision("users", "add a column", tmp_path)
    assert path.name == "rev_0002_add_a_column.py"
    assert "down_revision = '0001'" in path.read_text()


def test_every_revision_says_what_it_does() -> None:
    said = {path: ast.get_docstring(ast.parse(path.read_text())) for path in HISTORIES.glob("*/rev_*.py")}
    assert [path.name for path, text in said.items() if len(text or "") < 20] == []
    assert said


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_revision_has_a_downgrade(domain: str) -> None:
    for path in (HISTORIES / domain).glob("rev_*.py"):
        source = path.read_text()
        body = source.partition("def downgrade() -> None:")[2].partition("\n\n\n")[0]
        assert "run(" in body, path.name


def _history(folder: Path, *statements: str) -> None:
    """A history of one revision."""
    (folder / "users").mkdir()
    ups = "\n    ".join(f"run({statement!r})" for statement in statements)
    (folder / "users" / "rev_0001_first.py").write_text(
        "from db.migrations.ddl import run\n"
        "revision, down_revision, branch_labels, depends_on = '0001', None, None, None\n"
        f"def upgrade():\n    {ups}\n"
        "def downgrade():\n    run('DROP TABLE first')\n"
    )
