"""Reposts (seed 004): posts that people pass on, each once, with a comment or without."""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        CREATE TABLE reposts (
            user_id uuid NOT NULL,
            post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
            comment text NOT NULL DEFAULT '' CHECK (char_length(comment) <= 1000),
            created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (user_id, post_id)
        )""",
        "CREATE INDEX reposts_user_idx ON reposts (user_id, created_at DESC, post_id DESC)",
        "CREATE INDEX reposts_post_idx ON reposts (post_id, created_at DESC, user_id DESC)",
    )


def downgrade() -> None:
    run("DROP TABLE reposts")
