"""Who said that they come to an event is reminded of it, as who has a seat is."""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        CREATE TABLE goers (
            event_id uuid NOT NULL,
            user_id uuid NOT NULL,
            reminded_for timestamptz,
            PRIMARY KEY (event_id, user_id)
        )""",
        "CREATE INDEX goers_user_idx ON goers (user_id)",
    )


def downgrade() -> None:
    run("DROP TABLE goers")
