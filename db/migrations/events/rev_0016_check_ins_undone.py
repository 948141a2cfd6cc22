"""Which check-in it was, and whether it was undone: somebody with two tickets comes in twice, and a mistake
at the door is about one of them. What an earlier release kept does not say which it was (the nil UUID).
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        "ALTER TABLE check_ins DROP CONSTRAINT check_ins_pkey",
        "ALTER TABLE check_ins ADD check_in_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000'",
        "ALTER TABLE check_ins ADD undone boolean NOT NULL DEFAULT false",
        "ALTER TABLE check_ins ADD PRIMARY KEY (event_id, user_id, check_in_id)",
    )


def downgrade() -> None:
    run(
        "DELETE FROM check_ins WHERE undone",
        """DELETE FROM check_ins c USING check_ins other WHERE other.event_id = c.event_id
            AND other.user_id = c.user_id AND other.check_in_id < c.check_in_id""",
        "ALTER TABLE check_ins DROP CONSTRAINT check_ins_pkey",
        "ALTER TABLE check_ins DROP undone, DROP check_in_id",
        "ALTER TABLE check_ins ADD PRIMARY KEY (event_id, user_id)",
    )
