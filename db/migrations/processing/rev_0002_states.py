"""The store enforces a job's states: what is done stays done, what has failed begins again when asked for."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.states import state_machine

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MACHINE = state_machine(
    "processing_jobs",
    "status",
    begins=("PENDING",),
    follows={
        "PENDING": ("PROCESSING",),
        "PROCESSING": ("PENDING", "COMPLETED", "FAILED"),
        "FAILED": ("PENDING",),
    },
)


def upgrade() -> None:
    run(*MACHINE.create)


def downgrade() -> None:
    run(*MACHINE.drop)
