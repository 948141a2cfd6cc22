"""A state machine is the same in three places: the domain's values, the store's trigger and the picture."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from db.config import DomainStore
from subgraphs.catalog import verifying
from subgraphs.events import values as events
from subgraphs.media import values as media
from subgraphs.payments import values as payments
from subgraphs.processing import values as processing
from subgraphs.tickets import values as tickets
from tests.support.postgres import SHARED, shared_server

PAGES = Path(__file__).parents[2] / "docs" / "domains"
DIAGRAM = re.compile(r"^stateDiagram-v2\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DRAWN = re.compile(r"^ +(\S+) --> (\w+)(?:: .+)?$", re.MULTILINE)
BEGIN = "[*]"
REFUND = payments.RefundStatus
REFUND_TRANSITIONS: Mapping[REFUND, Set[REFUND]] = {
    REFUND.REQUESTED: {REFUND.SUCCEEDED, REFUND.FAILED},
    REFUND.SUCCEEDED: set(),
    REFUND.FAILED: set(),
}
ENFORCED = r"""SELECT p.pronamespace::regnamespace::text, p.proname
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    JOIN pg_class c ON c.oid = t.tgrelid
    WHERE p.proname LIKE c.relname || '\_%\_machine' AND t.tgenabled = 'O'"""


@dataclass(frozen=True)
class Machine:
    domain: str
    table: str
    begins: Collection[Enum]
    transitions: Mapping[Any, Set[Any]]
    is_drawn: bool = True
    brought_in: Collection[Enum] = ()
    """States that rows from elsewhere may begin in, which no picture has."""

    @property
    def name(self) -> str:
        return f"{self.table}_status_machine"

    @property
    def states(self) -> list[str]:
        return [state.value for state in self.transitions]

    @property
    def steps(self) -> set[tuple[str, str]]:
        begun = {(BEGIN, state.value) for state in self.begins}
        return begun | {(one.value, to.value) for one, after in self.transitions.items() for to in after}


MACHINES = (
    Machine("catalog", "artist_verifications", [verifying.VerificationStatus.PENDING], verifying.TRANSITIONS),
    Machine(
        "events",
        "events",
        [events.EventStatus.DRAFT, events.EventStatus.PUBLISHED],
        events.TRANSITIONS,
        brought_in=events.EventStatus,
    ),
    Machine("media", "media", [media.Status.UPLOADING], media.TRANSITIONS),
    Machine("payments", "payments", [payments.PaymentStatus.DUE], payments.TRANSITIONS),
    Machine("payments", "refunds", [REFUND.REQUESTED], REFUND_TRANSITIONS, is_drawn=False),
    Machine("processing", "processing_jobs", [processing.Status.PENDING], processing.TRANSITIONS),
    Machine("tickets", "registrations", tickets.BEGINS, tickets.TRANSITIONS),
)


def by_table(machine: Machine) -> str:
    return machine.table


@pytest.fixture
async def connection(stores: Mapping[str, DomainStore]) -> AsyncIterator[asyncpg.Connection[Any]]:
    """The superuser's, to the store of all domains."""
    connection = await asyncpg.connect(shared_server().url(SHARED))
    yield connection
    await connection.close()


@pytest.mark.parametrize("machine", MACHINES, ids=by_table)
async def test_the_store_takes_the_steps_of_the_values_and_no_others(
    machine: Machine, connection: asyncpg.Connection[Any]
) -> None:
    staying = {(state, state) for state in machine.states}
    brought_in = {(BEGIN, state.value) for state in machine.brought_in}
    assert await steps_taken(connection, machine) == machine.steps | staying | brought_in


@pytest.mark.parametrize("machine", [each for each in MACHINES if each.is_drawn], ids=by_table)
def test_the_picture_in_the_docs_is_that_of_the_values(machine: Machine) -> None:
    page = (PAGES / f"{machine.domain}.md").read_text(encoding="utf-8")
    pictures = [set(DRAWN.findall(diagram)) for diagram in DIAGRAM.findall(page)]
    assert machine.steps in pictures


async def test_every_machine_of_the_stores_is_one_of_these_and_watches_its_table(
    connection: asyncpg.Connection[Any],
) -> None:
    enforced = {tuple(row) for row in await connection.fetch(ENFORCED)}
    assert enforced == {(machine.domain, machine.name) for machine in MACHINES}


async def steps_taken(connection: asyncpg.Connection[Any], machine: Machine) -> set[tuple[str, str]]:
    """Which state the store's trigger lets follow which, tried on a table that has nothing but the state."""
    states = machine.states
    await connection.execute(f"SET search_path TO {machine.domain}")
    await connection.execute("CREATE TEMP TABLE bare (status text)")
    await connection.executemany("INSERT INTO bare VALUES ($1)", [(state,) for state in states])
    await connection.execute(f"""CREATE TRIGGER watches BEFORE INSERT OR UPDATE ON bare
        FOR EACH ROW EXECUTE FUNCTION {machine.name}()""")
    begun = [((BEGIN, to), "INSERT INTO bare VALUES ($1)", (to,)) for to in states]
    step = "UPDATE bare SET status = $2 WHERE status = $1"
    stepped = [((one, to), step, (one, to)) for one in states for to in states]
    return {way for way, tried, given in begun + stepped if await is_taken(connection, machine, tried, given)}


async def is_taken(
    connection: asyncpg.Connection[Any], machine: Machine, statement: str, given: Iterable[str]
) -> bool:
    attempt = connection.transaction()
    await attempt.start()
    try:
        assert (await connection.execute(statement, *given)).endswith(" 1")
    except asyncpg.CheckViolationError as error:
        return error.constraint_name != machine.name
    finally:
        await attempt.rollback()
    return True
