"""Which rows of a table have changed and were not told to other domains yet.

    NEWS = news("posts", ("id uuid",), ("author_id", "visibility"))
    def upgrade() -> None:   run(*NEWS.create)
    def downgrade() -> None: run(*NEWS.drop)

`posts_news` gets the keys of what was added or deleted, or differs in one of the columns that are told; each
in the transaction that changed it, and once per statement. What is there when the table is made is in it, so
that others hear of what was before them. subgraphs/kit/news.py tells it.
"""

from __future__ import annotations

from collections.abc import Sequence

from db.migrations.messaging import Tables

EVENTS = {
    "INSERT": ("NEW TABLE AS new_rows", "SELECT {keys} FROM new_rows"),
    "DELETE": ("OLD TABLE AS old_rows", "SELECT {keys} FROM old_rows"),
    "UPDATE": (
        "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "SELECT {keys} FROM (SELECT {told} FROM new_rows EXCEPT SELECT {told} FROM old_rows) AS changed",
    ),
}


def news(table: str, keys: Sequence[str], told: Sequence[str] = (), called: str | None = None) -> Tables:
    """`keys` are the primary key's columns with their types, `told` the others that are told. `called` is for
    what is told of a table beside its first news, to others: `<called>_news`.
    """
    called = called or table
    names = ", ".join(key.split()[0] for key in keys)
    every = ", ".join([names, *told])
    kept = [_kept(table, called, event, names, every) for event in EVENTS]
    return Tables(
        create=(
            f"""CREATE TABLE {called}_news (
                number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {", ".join(keys)})""",
            f"INSERT INTO {called}_news ({names}) SELECT {names} FROM {table}",  # noqa: S608
            *(statement for create, _drop in kept for statement in create),
        ),
        drop=(
            *(statement for _create, drop in reversed(kept) for statement in drop),
            f"DROP TABLE {called}_news",
        ),
    )


def _kept(table: str, called: str, event: str, names: str, every: str) -> tuple[list[str], list[str]]:
    rows, changed = EVENTS[event]
    noted = f"{called}_news_{event.lower()}"
    body = f"""
        CREATE FUNCTION {noted}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        BEGIN
            INSERT INTO {called}_news ({names}) {changed.format(keys=names, told=every)};
            RETURN NULL;
        END;
        $$"""
    trigger = f"""CREATE TRIGGER {noted} AFTER {event} ON {table} REFERENCING {rows}
        FOR EACH STATEMENT EXECUTE FUNCTION {noted}()"""
    return [body, trigger], [f"DROP TRIGGER {noted} ON {table}", f"DROP FUNCTION {noted}()"]
