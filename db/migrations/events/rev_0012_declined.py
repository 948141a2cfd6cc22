"""Who does not come may say so."""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CHECK = "event_attendees_status_check"
DROP = f"ALTER TABLE event_attendees DROP CONSTRAINT {CHECK}"


def upgrade() -> None:
    run(DROP, _allow("'GOING', 'INTERESTED', 'DECLINED'"))


def downgrade() -> None:
    run("DELETE FROM event_attendees WHERE status = 'DECLINED'", DROP, _allow("'GOING', 'INTERESTED'"))


def _allow(states: str) -> str:
    return f"ALTER TABLE event_attendees ADD CONSTRAINT {CHECK} CHECK (status IN ({states}))"
