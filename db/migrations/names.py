"""Sort keys of names that were stored before the keys were: computed here as they are for new rows.

The keys are the application's (docs/decisions: the servers we run on have no collation in common), so their
rule is written twice, once here as it was when the column came; a test holds the two together.
"""

from __future__ import annotations

import unicodedata

from alembic import op
from sqlalchemy import text


def sort_key(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in folded if not unicodedata.combining(character))


def fill_sort_keys(table: str, column: str, key: str) -> None:
    """One statement for each distinct name, then the key is required. O(names)."""
    connection = op.get_bind()
    names = connection.execute(text(f"SELECT DISTINCT {column} FROM {table}")).scalars().all()  # noqa: S608
    update = text(f"UPDATE {table} SET {key} = :key WHERE {column} = :name")  # noqa: S608
    for name in names:
        connection.execute(update, {"key": sort_key(name), "name": name})
    op.execute(f"ALTER TABLE {table} ALTER COLUMN {key} SET NOT NULL")
