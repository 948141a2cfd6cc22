"""Migrations of one domain: upgrade, downgrade, current, and a new empty revision.

Alembic is synchronous; it runs inside `run_sync` over one connection that has taken on the owner's role. An
advisory lock lets one process at a time migrate a domain; the others wait, then find nothing to do.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Select, Text, cast, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from db.administering import administering
from db.config import DomainStore
from db.errors import MigrationError, MigrationNeeded, SchemaTooNew
from db.histories import HISTORIES, VERSIONS, newest
from db.postgres import connect, is_connection_failure, place, private_engine, unavailable
from db.provision import provision
from db.urls import connect_settings, parse_url

Progress = Callable[[str], None]
LOCK_SPACE = 0x6D6967
WHERE = f"SELECT version_num, obj_description('{VERSIONS}'::regclass) AS oldest_code FROM {VERSIONS}"  # noqa: S608
"""The revision, and the oldest code that can work with it (a comment on the table; none: any)."""


async def upgrade(
    store: DomainStore,
    revision: str = "head",
    *,
    progress: Progress = lambda _line: None,
    histories: Path = HISTORIES,
) -> None:
    """Bring the schema to `revision`. Raises MigrationError, ProvisionError or StoreUnavailable."""
    at = await current(store)
    if is_ahead(store.domain, at, histories):
        progress(f"{store.domain}: at {at}, which is newer than this code: left as it is")
        return
    with unavailable(place(parse_url(store.admin_url))):
        await provision(store)
        await _run(store, lambda config: command.upgrade(config, revision), progress, histories)


async def downgrade(
    store: DomainStore,
    revision: str = "-1",
    *,
    progress: Progress = lambda _line: None,
    histories: Path = HISTORIES,
) -> None:
    """Take back one revision, or everything after `revision` (`base`: all of it)."""
    with unavailable(place(parse_url(store.admin_url))):
        await provision(store)
        await _run(store, lambda config: command.downgrade(config, revision), progress, histories)


async def current(store: DomainStore) -> str | None:
    """The revision the schema is at; None before the first. Works before anything was provisioned."""
    async with administering(store.admin_url) as connection:
        if await connection.scalar(_has_versions(store)) is None:
            return None
        versions = text(f'SELECT version_num FROM "{store.schema}".{VERSIONS}')  # noqa: S608
        at: str | None = await connection.scalar(versions)
        return at


async def require_usable(store: DomainStore, histories: Path = HISTORIES) -> None:
    """The schema has all this code needs: it is at its newest revision, or at a later one that leaves older
    code working (a replica restarts while the next release rolls out). Asked with the service's own login.
    Raises MigrationNeeded, or SchemaTooNew.
    """
    database = connect(store)
    at: str | None = None
    oldest: str | None = None
    try:
        async with database.read() as session:
            if (await session.execute(_has_versions(store))).scalar_one() is not None:
                for row in await session.execute(text(WHERE)):
                    at, oldest = row.version_num, row.oldest_code
    finally:
        await database.close()
    last = newest(store.domain, histories)
    if is_ahead(store.domain, at, histories):
        if oldest is not None and last is not None and last < oldest:
            raise SchemaTooNew(store.domain, str(at), last, oldest)
    elif at != last:
        raise MigrationNeeded(store.domain, at, last)


def is_ahead(domain: str, at: str | None, histories: Path = HISTORIES) -> bool:
    """Whether the schema is at a revision later than any this code has: they are numbered in order."""
    last = newest(domain, histories)
    return at is not None and last is not None and at.isdigit() and last.isdigit() and at > last


def new_revision(
    domain: str,
    message: str,
    histories: Path = HISTORIES,
    *,
    up: Sequence[str] = (),
    down: Sequence[str] = (),
    takes_away: bool = False,
) -> Path:
    """A revision after the newest one, numbered, with these statements or none; returns its file. One that
    takes something away says that older code no longer works.
    """
    config = alembic_config(domain, histories)
    number = f"{len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1:04d}"
    script = command.revision(config, message=message, rev_id=number)
    assert isinstance(script, Script), "one domain has one head, so one file is made"
    path = Path(script.path)
    text = path.read_text(encoding="utf-8")
    for statements in (up, down):
        text = text.replace("    run()\n", f"    run({_listed(statements)})  \n", 1)
    text = text.replace(")  \n", ")\n")
    if takes_away:
        text = text.replace("depends_on = None\n", f'depends_on = None\noldest_code = "{number}"\n', 1)
    path.write_text(text, encoding="utf-8")
    return path


def _listed(statements: Sequence[str]) -> str:
    """As arguments of `run`, one below the other."""
    if not statements:
        return ""
    lines = "".join(f'        """{statement}""",\n' for statement in statements)
    return f"\n{lines}    "


async def _run(
    store: DomainStore, work: Callable[[Config], None], progress: Progress, histories: Path
) -> None:
    def applied(*, step: Any, **_: Any) -> None:
        direction = "up" if step.is_upgrade else "down"
        title = (step.up_revision.doc or "").partition(". ")[0].rstrip(".")
        progress(f"{store.domain}: {direction} {step.up_revision_id} {title}")

    def migrate(sync: Connection) -> None:
        config = alembic_config(store.domain, histories)
        config.attributes.update(connection=sync, schema=store.schema, on_version_apply=applied)
        work(config)
        _note_oldest_code(sync, store, histories)
        _protect_versions(sync, store)

    try:
        async with migrating(store) as connection:
            await connection.run_sync(migrate)
    except CommandError as error:
        raise MigrationError(store.domain, str(error)) from error
    except DBAPIError as error:
        if is_connection_failure(error):
            raise
        raise MigrationError(store.domain, str(error.orig).splitlines()[0]) from error


def _note_oldest_code(sync: Connection, store: DomainStore, histories: Path) -> None:
    """A revision that takes something away says `oldest_code = "0007"`: code whose newest revision is before
    that no longer works. What is not said is additive.
    """
    if sync.scalar(_has_versions(store)) is None:
        return
    at = sync.scalar(text(f"SELECT version_num FROM {VERSIONS}"))  # noqa: S608
    sync.execute(text(oldest_code_comment(store.domain, at, histories)))


def oldest_code_comment(domain: str, at: str | None, histories: Path = HISTORIES) -> str:
    """The statement that notes it, of a schema at that revision."""
    script = ScriptDirectory.from_config(alembic_config(domain, histories))
    applied = script.iterate_revisions(at, "base") if at else ()
    said = [str(oldest) for one in applied if (oldest := getattr(one.module, "oldest_code", None))]
    note = f"'{max(said)}'" if said else "NULL"
    return f"COMMENT ON TABLE {VERSIONS} IS {note}"


def _protect_versions(sync: Connection, store: DomainStore) -> None:
    """The service may read where its schema is, and not claim otherwise."""
    if sync.scalar(_has_versions(store)) is not None:
        sync.execute(text(f'REVOKE INSERT, UPDATE, DELETE ON {VERSIONS} FROM "{store.role}"'))
    sync.commit()


@asynccontextmanager
async def migrating(store: DomainStore) -> AsyncIterator[AsyncConnection]:
    """A connection as the schema's owner, alone with this domain's history until it closes."""
    url = parse_url(store.admin_url)
    settings = dict(connect_settings(url, store.owner, store.schema))
    engine = private_engine(url, poolclass=NullPool, connect_args={"server_settings": settings})
    try:
        async with engine.connect() as connection:
            await connection.execute(
                text("SELECT pg_advisory_lock(:space, hashtext(:domain))"),
                {"space": LOCK_SPACE, "domain": store.domain},
            )
            await connection.commit()
            yield connection
    finally:
        await engine.dispose()


def _has_versions(store: DomainStore) -> Select[tuple[str | None]]:
    return select(cast(func.to_regclass(f"{store.schema}.{VERSIONS}"), Text))


def alembic_config(domain: str, histories: Path) -> Config:
    """Alembic's configuration for one domain's history."""
    config = Config()
    config.set_main_option("script_location", str(HISTORIES))
    config.set_main_option("version_locations", str(histories / domain))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "rev_%%(rev)s_%%(slug)s")
    return config
