"""Shares (seed 004): each time somebody takes a post elsewhere, and where to."""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        CREATE TABLE shares (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            user_id uuid NOT NULL,
            post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
            target varchar(20) NOT NULL CHECK (target IN ('LINK', 'MESSAGE', 'EMAIL', 'OTHER_APP')),
            created_at timestamptz NOT NULL DEFAULT now()
        )""",
        "CREATE INDEX shares_post_idx ON shares (post_id, target)",
        "CREATE INDEX shares_user_idx ON shares (user_id)",
    )


def downgrade() -> None:
    run("DROP TABLE shares")
