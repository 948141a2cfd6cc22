"""Statements built once per shape: what is a shape, what is refused, and how a session fetches them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import (
    Column,
    Float,
    Integer,
    MetaData,
    Numeric,
    Select,
    String,
    Table,
    Uuid,
    bindparam,
    cast,
    func,
    insert,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.arrays import among
from db.config import DomainStore
from db.errors import StoreUnavailable
from db.postgres import Database, connect
from db.shapes import OfTheShape
from db.statements import FrozenValue, Ready, per_shape
from subgraphs.catalog.models import genres

things = Table("things", MetaData(), Column("id", Uuid), Column("name", String), Column("size", Integer))


class Office(Enum):
    HIGH = "HIGH"
    LOW = "LOW"


@dataclass(frozen=True, slots=True)
class Asker:
    id: UUID | None = None
    position: tuple[object, ...] | None = None
    sees_all: bool = False


def _statement(ids: Sequence[UUID], asker: Asker, office: Office = Office.LOW) -> Select[Any]:
    wanted = select(things.c.id).where(among(things.c.id, ids), things.c.name == office.value)
    if asker.id is not None:
        wanted = wanted.where(things.c.id != asker.id)
    if asker.position is not None:
        wanted = wanted.where(things.c.size > asker.position[0])
    return wanted


@per_shape
def _named(name: str) -> Select[Any]:
    return select(genres.c.id, genres.c.name).where(genres.c.name == name)


@per_shape
def _asleep(seconds: float) -> Select[Any]:
    return select(func.pg_sleep(bindparam("seconds", type_=Float())))


@pytest.fixture
async def database(stores: Mapping[str, DomainStore]) -> Any:
    opened = connect(stores["catalog"])
    yield opened
    await opened.close()


def test_other_values_of_a_shape_are_the_same_statement() -> None:
    built: list[int] = []

    def counted(ids: Sequence[UUID], asker: Asker) -> Select[Any]:
        built.append(1)
        return _statement(ids, asker)

    ready = per_shape(counted)
    me, first, second = uuid4(), [uuid4()], [uuid4(), uuid4(), uuid4()]
    one, two = ready(first, Asker(me, (1,))), ready(second, Asker(uuid4(), (7,)))
    assert one.statement is two.statement
    assert built == [1]
    assert _given(one) == [first, me, 1]
    assert "IN (" not in one.statement.text


@pytest.mark.parametrize(
    ("asker", "office"),
    [
        (Asker(), Office.LOW),
        (Asker(uuid4(), sees_all=True), Office.LOW),
        (Asker(uuid4(), (1,)), Office.LOW),
        (Asker(uuid4()), Office.HIGH),
    ],
)
def test_what_is_none_true_or_an_enums_member_belongs_to_the_shape(asker: Asker, office: Office) -> None:
    ready = per_shape(_statement)
    assert ready([], Asker(uuid4()), Office.LOW).statement is not ready([], asker, office).statement


@dataclass(frozen=True, slots=True)
class Order(OfTheShape):
    name: str


@dataclass(frozen=True, slots=True)
class Window:
    order: Order
    asker: Asker
    limit: int


def test_values_are_sent_in_the_statements_order_however_deep_they_were_given() -> None:
    @per_shape
    def ready(window: Window, names: Sequence[str], *, least: int) -> Select[Any]:
        wanted = select(literal_column(window.order.name)).where(among(things.c.name, names))
        position = window.asker.position or ()
        after = things.c.size > position[1], things.c.size < position[0]
        return wanted.where(things.c.size >= least, *after, things.c.id == window.asker.id).limit(
            window.limit
        )

    me = uuid4()
    given = ready(Window(Order("1"), Asker(me, (7, 8)), 20), ["a"], least=3)
    assert _sent(given) == {"=": me, ">": 8, "<": 7, ">=": 3, "LIMIT": 20}
    you = uuid4()
    other = ready(Window(Order("1"), Asker(you, (9, 9)), 5), ("a", "b"), least=4)
    assert other.statement is given.statement, "a tuple that is an argument is an array as a list is"
    assert _sent(other) == {"=": you, ">": 9, "<": 9, ">=": 4, "LIMIT": 5}


def _sent(ready: Ready) -> dict[str, Any]:
    """What stands in the text before a value: the value."""
    found = re.findall(r"(\S+) \$(\d+)", ready.statement.text)
    return {before: ready.values[int(number) - 1] for before, number in found if "ANY" not in before}


def test_a_dataclass_of_which_there_are_few_belongs_to_the_shape() -> None:
    @per_shape
    def ready(window: Window) -> Select[Any]:
        return select(literal_column(window.order.name)).limit(window.limit)

    one, two = ready(Window(Order("1"), Asker(), 2)), ready(Window(Order("2"), Asker(), 2))
    assert one.statement.text.startswith("SELECT 1")
    assert two.statement.text.startswith("SELECT 2")
    assert ready(Window(Order("1"), Asker(), 3)).statement is one.statement


@pytest.mark.parametrize("made", [uuid4(), datetime.now(UTC)])
def test_a_value_that_a_statement_makes_itself_is_refused(made: object) -> None:
    """It would be sent with every later call."""

    @per_shape
    def frozen(name: str) -> Select[Any]:
        return select(literal(made)).where(things.c.name == name)

    with pytest.raises(FrozenValue):
        frozen("a")


async def test_a_fetched_row_is_read_by_name_and_by_position(database: Database) -> None:
    async with database.write() as session:
        await session.execute(insert(genres).values(name="Fado"))
    async with database.read() as session:
        (row,) = await session.fetch(_named("Fado"))
    assert row.name == row["name"] == row[1] == row._mapping["name"] == "Fado"
    with pytest.raises(AttributeError):
        _ = row.nothing


async def test_a_transaction_fetches_what_it_wrote(database: Database) -> None:
    async def write() -> None:
        async with database.write() as session:
            assert await session.fetch(_named("Zouk")) == []
            await session.execute(insert(genres).values(name="Zouk"))
            assert len(await session.fetch(_named("Zouk"))) == 1
            raise RuntimeError("take it back")

    with pytest.raises(RuntimeError):
        await write()
    async with database.read() as session:
        assert await session.fetch_value(_named("Zouk")) is None


async def test_values_arrive_in_the_columns_own_types(database: Database) -> None:
    """As SQLAlchemy gives them: JSON decoded, NUMERIC as a float where the model says so."""
    table = Table("t", MetaData(), Column("j", JSONB), Column("n", Numeric(asdecimal=False)))

    @per_shape
    def typed() -> Select[Any]:
        json = literal_column("""'{"a": [1]}'::jsonb""", table.c.j.type).label("j")
        return select(json, literal_column("1.5::numeric", table.c.n.type).label("n"))

    async with database.read() as session:
        (row,) = await session.fetch(typed())
    assert (row.j, row.n) == ({"a": [1]}, 1.5)
    assert isinstance(row.n, float)


async def test_a_statement_that_is_cut_off_takes_its_connection_with_it(database: Database) -> None:
    async def sleep() -> None:
        async with database.read() as session:
            await session.fetch(_asleep(30.0))

    sleeping = asyncio.create_task(sleep())
    await asyncio.sleep(0.2)
    sleeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeping
    async with database.read() as session:
        assert await session.fetch(_named("nothing")) == []


async def test_a_connection_that_the_server_ended_is_told_and_not_used_again(database: Database) -> None:
    @per_shape
    def end() -> Select[Any]:
        return select(func.pg_terminate_backend(func.pg_backend_pid()))

    with pytest.raises(StoreUnavailable):
        async with database.read() as session:
            await session.fetch(end())
    async with database.read() as session:
        assert await session.fetch(_named("nothing")) == []


async def test_an_error_of_a_fetched_statement_names_no_values(database: Database) -> None:
    """PostgreSQL quotes them in DETAIL."""

    @per_shape
    def wrong(secret: str) -> Select[Any]:
        return select(cast(cast(secret, String), JSONB))

    with pytest.raises(asyncpg.PostgresError, match="invalid input syntax") as caught:
        async with database.read() as session:
            await session.fetch(wrong("secret-address"))
    assert "secret-address" not in str(caught.value)


def _given(ready: Ready) -> list[Any]:
    """The values that the caller gave, in the order of the statement."""
    return [value for value in ready.values if value != "LOW"]
