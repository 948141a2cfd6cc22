"""Tokens that are sent by mail. `mail_requests` is kept for code from before this revision and read no more:
what waits there becomes jobs, which write the mails.
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        CREATE TABLE proofs (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            kind varchar(20) NOT NULL CHECK (kind IN ('VERIFY_EMAIL', 'CHANGE_EMAIL', 'RESET_PASSWORD')),
            token_hash varchar(64) NOT NULL UNIQUE,
            address varchar(255) NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            expires_at timestamptz NOT NULL,
            used_at timestamptz
        )""",
        "CREATE INDEX proofs_user_id_idx ON proofs (user_id, kind)",
        "CREATE INDEX proofs_expires_at_idx ON proofs (expires_at)",
        """
        INSERT INTO jobs (queue, payload)
        SELECT 'mail', jsonb_build_object(
            'kind', 'VERIFY_EMAIL', 'user', user_id, 'address', address, 'id', gen_random_uuid())
        FROM mail_requests""",
        "DELETE FROM mail_requests",
    )


def downgrade() -> None:
    run("DELETE FROM jobs WHERE queue = 'mail'", "DROP TABLE proofs")
