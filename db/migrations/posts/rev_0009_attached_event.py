"""An event that a post shows beside what it says (seed 004): `event_id` is what it is about."""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("ALTER TABLE posts ADD COLUMN attached_event_id uuid")


def downgrade() -> None:
    run("ALTER TABLE posts DROP COLUMN attached_event_id")
