"""The store enforces an event's states, and keeps why one was cancelled.

Any state may be a row's first: what is brought in from elsewhere has its past behind it.
"""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.states import state_machine

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MACHINE = state_machine(
    "events",
    "status",
    begins=("DRAFT", "PUBLISHED", "CANCELLED", "COMPLETED"),
    follows={"DRAFT": ("PUBLISHED", "CANCELLED"), "PUBLISHED": ("CANCELLED", "COMPLETED")},
)


def upgrade() -> None:
    run(*MACHINE.create)
    run("""ALTER TABLE events ADD COLUMN cancel_reason varchar(500),
        ADD CONSTRAINT events_cancel_reason_check CHECK (cancel_reason IS NULL OR status = 'CANCELLED')""")


def downgrade() -> None:
    run("ALTER TABLE events DROP COLUMN cancel_reason", *MACHINE.drop)
