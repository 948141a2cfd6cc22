"""Counts per person of rows that a domain owns, kept by triggers, right again by a function.

    TALLIES = tallies("author_tallies", Tally("post_count", "posts", "author_id", "visibility = 'PUBLIC'"))
    def upgrade() -> None:   run(*TALLIES.create)
    def downgrade() -> None: run(*TALLIES.drop)

`author_tallies(person_id, post_count, is_told)` has a row for whoever ever had one; `is_told` is false from a
change until another domain was told of it (subgraphs/kit/tallies.py). The triggers run once per statement and
lock people in the order of their ids. `recount_author_tallies()` counts everything, sets what is wrong, and
has everybody told again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.migrations.messaging import Tables

EVENTS = {
    "INSERT": ("added", "NEW TABLE AS new_rows", ("new_rows", "1")),
    "DELETE": ("removed", "OLD TABLE AS old_rows", ("old_rows", "-1")),
}
BOTH = "OLD TABLE AS old_rows NEW TABLE AS new_rows"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of `table` of which `which` is true name somebody in `person`."""

    column: str
    table: str
    person: str
    which: str = "true"


def tallies(name: str, *counted: Tally) -> Tables:
    """No foreign key: the people are another domain's."""
    columns = "".join(f", {each.column} bigint NOT NULL DEFAULT 0" for each in counted)
    kept = [statements for each in counted for statements in _kept(name, each)]
    return Tables(
        create=(
            f"""CREATE TABLE {name} (
                person_id uuid PRIMARY KEY{columns}, is_told boolean NOT NULL DEFAULT false)""",
            f"CREATE INDEX {name}_untold_idx ON {name} (person_id) WHERE NOT is_told",
            *(statement for create, _drop in kept for statement in create),
            recount(name, "person_id", *counted, told="is_told"),
            f"SELECT recount_{name}()",
        ),
        drop=(
            f"DROP FUNCTION recount_{name}()",
            *(statement for _create, drop in reversed(kept) for statement in drop),
            f"DROP TABLE {name}",
        ),
    )


def recount(name: str, key: str, *counted: Tally, told: str | None = None) -> str:
    """Who is wrong is found without locks, locked, and counted once more: a change that is under way then is
    added on top.
    """
    retell = f"UPDATE {name} SET {told} = false WHERE {told};" if told else ""  # noqa: S608
    add = f"""INSERT INTO {name} ({key}) SELECT unnest(wrong) ON CONFLICT DO NOTHING;""" if told else ""
    fresh = ", ".join(
        f"""{each.column} = (SELECT count(*) FROM {each.table}
            WHERE {each.person} = {name}.{key} AND {each.which})"""  # noqa: S608
        for each in counted
    )
    ones = " UNION ALL ".join(_ones(each, counted) for each in counted)
    sums = ", ".join(f"sum({each.column}) AS {each.column}" for each in counted)
    same = " AND ".join(f"coalesce(t.{each.column}, 0) = coalesce(c.{each.column}, 0)" for each in counted)
    side = "FULL" if told else "RIGHT"
    return f"""
        CREATE FUNCTION recount_{name}() RETURNS bigint LANGUAGE plpgsql
            SECURITY DEFINER SET search_path FROM CURRENT AS $$
        DECLARE
            wrong uuid[];
        BEGIN
            SELECT array_agg(coalesce(t.{key}, c.person)) INTO wrong
                FROM (SELECT person, {sums} FROM ({ones}) AS one GROUP BY person) c
                {side} JOIN {name} t ON t.{key} = c.person WHERE NOT ({same});
            {add}
            PERFORM 1 FROM {name} WHERE {key} = ANY (wrong) ORDER BY {key} FOR UPDATE;
            UPDATE {name} SET {fresh} WHERE {key} = ANY (wrong);
            {retell}
            RETURN coalesce(cardinality(wrong), 0);
        END;
        $$"""  # noqa: S608


def _ones(tally: Tally, counted: Sequence[Tally]) -> str:
    columns = ", ".join(f"{int(each is tally)} AS {each.column}" for each in counted)
    return f"SELECT {tally.person} AS person, {columns} FROM {tally.table} WHERE {tally.which}"  # noqa: S608


def _kept(name: str, tally: Tally) -> list[tuple[list[str], list[str]]]:
    made = [
        _trigger(name, tally, event, suffix, tables, (source,))
        for event, (suffix, tables, source) in EVENTS.items()
    ]
    changed = (("new_rows", "1"), ("old_rows", "-1"))
    return [*made, _trigger(name, tally, "UPDATE", "changed", BOTH, changed)]


def _trigger(
    name: str, tally: Tally, event: str, suffix: str, tables: str, sources: Sequence[tuple[str, str]]
) -> tuple[list[str], list[str]]:
    called = f"tally_{tally.column}_{suffix}"
    deltas = " UNION ALL ".join(
        f"SELECT {tally.person} AS person, {one} AS one FROM {rows} WHERE {tally.which}"  # noqa: S608
        for rows, one in sources
    )
    body = f"""
        CREATE FUNCTION {called}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        BEGIN
            INSERT INTO {name} AS t (person_id, {tally.column})
                SELECT person, sum(one) FROM ({deltas}) AS d GROUP BY person HAVING sum(one) <> 0
                ORDER BY person
                ON CONFLICT (person_id) DO UPDATE
                SET {tally.column} = t.{tally.column} + excluded.{tally.column}, is_told = false;
            RETURN NULL;
        END;
        $$"""  # noqa: S608
    trigger = f"""CREATE TRIGGER {called} AFTER {event} ON {tally.table} REFERENCING {tables}
        FOR EACH STATEMENT EXECUTE FUNCTION {called}()"""
    return [body, trigger], [f"DROP TRIGGER {called} ON {tally.table}", f"DROP FUNCTION {called}()"]
