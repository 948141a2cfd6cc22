"""Events that come again: each is an event of its own, which names its series and the rule that made it."""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        ALTER TABLE events
            ADD COLUMN series_id uuid,
            ADD COLUMN series_rule varchar(200),
            ADD CONSTRAINT events_series_check CHECK ((series_id IS NULL) = (series_rule IS NULL))""",
        """CREATE INDEX events_series_idx ON events (series_id, starts_at, id)
            WHERE series_id IS NOT NULL""",
    )


def downgrade() -> None:
    run("DROP INDEX events_series_idx", "ALTER TABLE events DROP COLUMN series_rule, DROP COLUMN series_id")
