"""Venues listed by when they were added, everywhere or in a town."""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        "CREATE INDEX venues_created_at_idx ON venues (created_at, id)",
        "CREATE INDEX venues_city_created_at_idx ON venues (city_sort, created_at, id)",
    )


def downgrade() -> None:
    run("DROP INDEX venues_city_created_at_idx", "DROP INDEX venues_created_at_idx")
