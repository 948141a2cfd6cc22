"""Tokens for programs: only their hash is kept, with what they may do and for how long."""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        CREATE TABLE api_tokens (
            id uuid PRIMARY KEY,
            user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            name varchar(100) NOT NULL,
            token_hash varchar(64) NOT NULL UNIQUE,
            scopes varchar(20)[] NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            expires_at timestamptz NOT NULL,
            last_used_at timestamptz,
            revoked_at timestamptz
        )""",
        "CREATE INDEX api_tokens_user_id_idx ON api_tokens (user_id, created_at DESC, id)",
        "CREATE INDEX api_tokens_expires_at_idx ON api_tokens (expires_at)",
    )


def downgrade() -> None:
    run("DROP TABLE api_tokens")
