"""How a service reaches PostgreSQL: one factory, two kinds of db session.

    database = connect(store)
    async with database.read() as session:   rows = await session.execute(select(…))
    async with database.write() as session:  await session.execute(insert(…))    # one transaction

A `ReadSession` sends its statements as they come (autocommit: no BEGIN and ROLLBACK around a lookup) and may
go to a replica; a `WriteSession` is one transaction on the primary and can also read what it wrote. They are
different types, so a repository method says in its signature which one it needs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from traceback import walk_tb
from typing import Any

import asyncpg
from sqlalchemy import URL, Executable, event, text
from sqlalchemy.engine import CursorResult, ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from db.budget import Share, for_requests
from db.config import DomainStore
from db.errors import StoreFull, StoreUnavailable
from db.freshness import has_written, note_write
from db.lending import CLOSE_SECONDS, Lender, Lent
from db.statements import DIALECT, Ready, Statement
from db.urls import connect_settings, parse_url
from db.watching import WATCH, kind_of

POOL_SECONDS = 10.0
"""How long a request waits for a connection that another one has."""
CONNECT_SECONDS = 10.0
STATEMENT_SECONDS = 30.0

THE_DRIVERS = ("asyncpg.", Lender.__module__)
DRIVER = "driver"
"""Where a pooled connection keeps the driver's, with what that has prepared, for as long as it is open."""
TOO_MANY = "53300"
AWAY = frozenset({"57P01", "57P02", "57P03", TOO_MANY, "08000", "08003", "08006"})
"""SQLSTATEs of a server that shuts down, starts up or has no connection left: not the statement's fault."""


Observer = Callable[[str, Sequence[Any]], None]
"""Told each statement that is fetched, and its values."""


Changed = tuple[str, str]
"""An entity and its id."""
Listener = Callable[[Collection[Changed]], Awaitable[None]]


@dataclass(slots=True)
class ReadSession:
    """Statements that change nothing."""

    engine: AsyncEngine
    lender: Lender
    observers: Sequence[Observer] = ()
    connection: AsyncConnection | None = None
    """The transaction's; else opened by the first `execute`."""
    driver: Lent | None = None
    """The same, without SQLAlchemy around, in the transaction that has begun."""

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        if self.connection is None:
            self.connection = await self.engine.connect()
        watch = WATCH.get()
        if watch is None:
            return await self.connection.execute(statement, parameters)
        with watch.statement(_kind(statement), lambda: str(statement)):
            return await self.connection.execute(statement, parameters)

    async def fetch(self, ready: Ready) -> Sequence[Any]:
        """All rows of a statement that was compiled before (db/statements.py): outside a transaction on one
        of the driver's own connections (db/lending.py), which costs a fraction of `execute`.
        """
        statement, watch = ready.statement, WATCH.get()
        if watch is None:
            return statement.converted(await self._rows(ready))
        with watch.statement(kind_of(statement.text), lambda: statement.text):
            return statement.converted(await self._rows(ready))

    async def _rows(self, ready: Ready) -> Sequence[Any]:
        statement, values = ready.statement, ready.values
        if self.connection is not None and self.driver is None:
            self.driver = await begun(self.connection)
        for observer in self.observers:
            observer(statement.text, values)
        if self.driver is None:
            return await self.lender.fetch(statement.text, values, statement.row)
        return await fetch_within(self.driver, statement, values)

    async def fetch_value(self, ready: Ready) -> Any:
        """The first column of the first row; None when there is no row."""
        rows = await self.fetch(ready)
        return rows[0][0] if rows else None


def _kind(statement: Executable) -> str:
    """`select`, `insert`, …: SQLAlchemy knows it of all that it builds."""
    built: str = getattr(statement, "__visit_name__", "textclause")
    return kind_of(str(statement)) if built == "textclause" else built


@dataclass(slots=True)
class WriteSession(ReadSession):
    """One transaction: all of it or nothing."""

    changed: set[Changed] = field(default_factory=set)
    """What it says that it changed; told to the database's listeners once it is committed."""


@dataclass(frozen=True, slots=True)
class Database:
    """The connections of one domain. `close` it when its service stops."""

    primary: AsyncEngine
    replica: AsyncEngine
    reader: AsyncEngine
    """The replica's pool in autocommit; made once, because making it costs more than a statement."""
    fresh_reader: AsyncEngine
    """The primary's pool in autocommit, for requests that have written (db/freshness.py)."""
    lender: Lender
    """The replica's connections for statements that were compiled before, and the primary's."""
    fresh_lender: Lender
    target: str
    """Host and database, without the password: for messages."""
    observers: list[Observer] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    """Told what a transaction changed, after its commit and before whoever wrote goes on. None may raise."""

    def read(self, tenant: str | None = None) -> AbstractAsyncContextManager[ReadSession]:
        """A tenant's rows are opened by a setting that lives as long as a transaction, hence one around its
        reads.
        """
        fresh = has_written()
        if tenant is not None:
            return self._read_within(self.primary if fresh else self.replica, tenant)
        engine, lender = (self.fresh_reader, self.fresh_lender) if fresh else (self.reader, self.lender)
        return _Reading(self.target, ReadSession(engine, lender, self.observers))

    @asynccontextmanager
    async def _read_within(self, engine: AsyncEngine, tenant: str) -> AsyncIterator[ReadSession]:
        async with self._transaction(engine, tenant) as connection:
            yield ReadSession(engine, self.lender, self.observers, connection)

    @asynccontextmanager
    async def write(self, tenant: str | None = None) -> AsyncIterator[WriteSession]:
        note_write()
        async with self._transaction(self.primary, tenant) as connection:
            session = WriteSession(self.primary, self.fresh_lender, self.observers, connection)
            yield session
        for listener in self.listeners if session.changed else ():
            await listener(session.changed)

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine, tenant: str | None) -> AsyncIterator[AsyncConnection]:
        with unavailable(self.target):
            async with engine.begin() as connection:
                if tenant is not None:
                    await connection.execute(
                        text("SELECT set_config('app.tenant_id', :tenant, true)"), {"tenant": tenant}
                    )
                yield connection

    async def ping(self) -> None:
        """Raises StoreUnavailable when the primary does not answer."""
        with unavailable(self.target):
            async with self.primary.connect() as connection:
                await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """A server that hangs is not waited for: what is left of its connections goes with the process."""
        closing = [self.primary.dispose(), self.fresh_lender.close()]
        if self.replica is not self.primary:
            closing += [self.replica.dispose(), self.lender.close()]
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS + 1):
                await asyncio.gather(*closing)


def connect(store: DomainStore, share: Share | None = None) -> Database:
    """The database of a domain. Nothing is opened until the first session, and never more than `share`:
    what its requests have, unless it is said.
    """
    share = for_requests(store.connections) if share is None else share
    primary = _engine(store.url, store, share)
    replica = primary if store.replica_url is None else _engine(store.replica_url, store, share)
    url = parse_url(store.url)
    reader = replica.execution_options(isolation_level="AUTOCOMMIT")
    fresh = primary.execution_options(isolation_level="AUTOCOMMIT")
    fresh_lender = _lender(store.url, store, share)
    lender = fresh_lender if store.replica_url is None else _lender(store.replica_url, store, share)
    return Database(primary, replica, reader, fresh, lender, fresh_lender, place(url))


def private_engine(url: URL, **options: Any) -> AsyncEngine:
    """An engine whose errors say which statement failed and why, and never with which values: those are
    people's addresses and token hashes, and errors are logged.
    """
    engine = create_async_engine(url, hide_parameters=True, **options)
    event.listen(engine.sync_engine, "handle_error", _without_values)
    return engine


def _without_values(context: ExceptionContext) -> None:
    """PostgreSQL quotes the row in DETAIL, and the driver puts that into its message."""
    wrapped = context.sqlalchemy_exception
    failed: Any = context.original_exception
    driver = failed.__cause__
    if wrapped is None or not getattr(driver, "detail", None):
        return
    failed.args = (f"{type(driver).__name__}: {driver.args[0]}",)
    driver.detail = None
    wrapped.args = tuple(str(part).partition("\nDETAIL:")[0] for part in wrapped.args)


def _engine(text_url: str, store: DomainStore, share: Share) -> AsyncEngine:
    """Half of its connections stay open when they are idle."""
    url = parse_url(text_url)
    kept = (share.pooled + 1) // 2
    return private_engine(
        url,
        pool_size=kept,
        max_overflow=share.pooled - kept,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=False,
        pool_recycle=1800,
        connect_args=_connect_options(url, store),
    )


def _connect_options(url: URL, store: DomainStore) -> dict[str, Any]:
    return {
        "server_settings": dict(connect_settings(url, store.role, store.schema)),
        "timeout": CONNECT_SECONDS,
        "command_timeout": STATEMENT_SECONDS,
    }


def _lender(text_url: str, store: DomainStore, share: Share) -> Lender:
    url = parse_url(text_url)
    named = DIALECT.create_connect_args(url)[1]
    return Lender({**named, **_connect_options(url, store)}, share.lent, POOL_SECONDS)


class unavailable:
    """Turn the many ways of having no connection into StoreUnavailable; a failed statement passes
    unchanged, and so does what others ran into inside.
    """

    def __init__(self, target: str) -> None:
        self.target = target

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, StoreUnavailable):
            return
        if is_full(error):
            raise StoreFull(self.target, "its disk is full; nothing was written") from error
        if is_connection_failure(error):
            raise StoreUnavailable(self.target, _reason(error)) from error


class _Reading:
    """A session in autocommit. Written out: there is one around nearly every statement."""

    __slots__ = ("_session", "_target")

    def __init__(self, target: str, session: ReadSession) -> None:
        self._target = target
        self._session = session

    async def __aenter__(self) -> ReadSession:
        return self._session

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        connection, told = self._session.connection, unavailable(self._target)
        if connection is not None:
            with told:
                await asyncio.shield(connection.close())
        if error is not None:
            told.__exit__(kind, error, trace)


def is_full(error: BaseException) -> bool:
    """SQLSTATE 53100 (disk_full), or what a failed extension of a file is called on some paths."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlstate", None) == "53100"


def _reason(error: BaseException) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, PoolTimeout):
        return f"all connections of this domain were busy for {POOL_SECONDS:g} s"
    if getattr(cause, "sqlstate", None) == TOO_MANY:
        return "it has no connection left; raise its max_connections, or lower PLAIT_DATABASE_CONNECTIONS"
    return next(iter(str(cause).splitlines()), "") or type(error).__name__


def place(url: URL) -> str:
    """Host and database without the password, for messages."""
    host = url.host or url.query.get("host") or "localhost"
    return f"{host}:{url.port}/{url.database}" if url.port else f"{host}/{url.database}"


def is_connection_failure(error: BaseException) -> bool:
    if isinstance(error, IntegrityError):
        return False
    if isinstance(error, DBAPIError):
        if getattr(error.orig, "sqlstate", None) in AWAY:
            return True
        return error.connection_invalidated or isinstance(error, InterfaceError | OperationalError)
    if isinstance(error, asyncpg.PostgresError):
        return error.sqlstate in AWAY or isinstance(error, asyncpg.PostgresConnectionError)
    if isinstance(error, PoolTimeout | asyncpg.InterfaceError):
        return True
    return isinstance(error, OSError | TimeoutError) and _is_the_drivers(error)


async def begun(connection: AsyncConnection) -> Lent:
    """The driver's connection, in SQLAlchemy's transaction. That would begin it with the first statement that
    goes through SQLAlchemy, which costs some five times what the driver takes for it.
    """
    known: Any = connection.sync_connection
    pooled = known.connection
    adapted = pooled.dbapi_connection
    if adapted._transaction is None:
        try:
            await adapted._start_transaction()  # none where it is in autocommit
        except BaseException as error:
            if isinstance(error, Exception) and not isinstance(error, TimeoutError):
                await connection.exec_driver_sql("SELECT 1")  # fails, and all that are as old are given up
            await asyncio.shield(connection.invalidate())  # whether it has begun nobody knows
            raise
    driver: Lent | None = pooled.info.get(DRIVER)
    if driver is None:
        driver = pooled.info[DRIVER] = Lent(adapted.driver_connection)
    return driver


async def fetch_within(driver: Lent, statement: Statement, values: Sequence[Any]) -> Sequence[Any]:
    """In a transaction of SQLAlchemy's. Raises what SQLAlchemy would for a constraint, for those who know
    whose name it is (`violated_constraint`), else the driver's errors, without what a row holds.
    """
    try:
        rows = await driver.fetch(statement.text, values, statement.row)
    except asyncpg.PostgresError as error:
        error.detail = None
        if not isinstance(error, asyncpg.IntegrityConstraintViolationError):
            raise
        raise IntegrityError(statement.text, None, Violated(error), hide_parameters=True) from error
    return rows


class Violated(Exception):
    """The driver's error, in the place where SQLAlchemy keeps it."""

    def __init__(self, error: asyncpg.PostgresError) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.sqlstate = error.sqlstate
        self.__cause__ = error


def _is_the_drivers(error: BaseException) -> bool:
    """A file, another host or a deadline fails in the same words inside a transaction (a job's, say), and is
    none of PostgreSQL's: what is came through the driver.
    """
    frames = (frame for frame, _line in walk_tb(error.__traceback__))
    return any(frame.f_globals.get("__name__", "").startswith(THE_DRIVERS) for frame in frames)


def violated_constraint(error: IntegrityError) -> str | None:
    """The name of the constraint or unique index a write ran into."""
    cause = error.orig.__cause__ if error.orig is not None else None
    name = getattr(cause, "constraint_name", None)
    return name if isinstance(name, str) else None
