"""What revisions share: statements one by one (asyncpg prepares each), and the `updated_at` trigger of seed
004.
"""

from __future__ import annotations

from alembic import op

CREATE_TOUCH = """
CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at = clock_timestamp();
    RETURN NEW;
END;
$$"""

DROP_TOUCH = "DROP FUNCTION update_updated_at_column()"


def run(*statements: str) -> None:
    """Execute DDL as written; a colon in it is a colon."""
    for statement in statements:
        op.execute(statement.replace(":", "\\:"))


def touch(table: str) -> str:
    """The trigger that keeps `updated_at` true, whoever writes the row."""
    return (
        f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
    )
