"""Who asked for an artist's badge, and what editors said: one request that is open or granted per artist."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.states import state_machine

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MACHINE = state_machine(
    "artist_verifications",
    "status",
    begins=("PENDING",),
    follows={"PENDING": ("GRANTED", "REFUSED"), "GRANTED": ("REVOKED",)},
)
TABLES = (
    """
    CREATE TABLE artist_verifications (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        artist_id uuid NOT NULL REFERENCES artists (id) ON DELETE CASCADE,
        requested_by uuid,
        statement text NOT NULL,
        status varchar(20) NOT NULL DEFAULT 'PENDING',
        reason text,
        decided_by uuid,
        decided_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((decided_at IS NULL) = (status = 'PENDING')),
        CHECK (reason IS NOT NULL OR status IN ('PENDING', 'GRANTED'))
    )""",
    """CREATE UNIQUE INDEX artist_verifications_open_key ON artist_verifications (artist_id)
        WHERE status IN ('PENDING', 'GRANTED')""",
    """CREATE INDEX artist_verifications_artist_id_idx
        ON artist_verifications (artist_id, created_at DESC, id DESC)""",
    "CREATE INDEX artist_verifications_status_idx ON artist_verifications (status, created_at, id)",
    "CREATE INDEX artist_verifications_requested_by_idx ON artist_verifications (requested_by)",
    "CREATE INDEX artist_verifications_decided_by_idx ON artist_verifications (decided_by)",
)


def upgrade() -> None:
    run(*TABLES, *MACHINE.create)


def downgrade() -> None:
    run(*MACHINE.drop, "DROP TABLE artist_verifications")
