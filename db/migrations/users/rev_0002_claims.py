"""Addresses that are claimed and not proven, mail to be sent, and when a refresh token was spent.

Two accounts never hold one address (seed 000). Who signs up with an address that is held gets a placeholder
there and keeps the claim beside it, so that the answer does not tell who has an account.
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        "ALTER TABLE users ADD COLUMN email_claim varchar(255)",
        "CREATE INDEX users_username_order_idx ON users (lower(username), id)",
        "ALTER TABLE refresh_tokens ADD COLUMN spent_at timestamptz",
        """
        CREATE TABLE mail_requests (
            id bigserial PRIMARY KEY,
            user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            kind varchar(40) NOT NULL CHECK (kind IN ('VERIFY_ADDRESS', 'ADDRESS_IN_USE')),
            address varchar(255) NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now()
        )""",
        "CREATE INDEX mail_requests_user_id_idx ON mail_requests (user_id)",
    )


def downgrade() -> None:
    run(
        "DROP TABLE mail_requests",
        "ALTER TABLE refresh_tokens DROP COLUMN spent_at",
        "DROP INDEX users_username_order_idx",
        "ALTER TABLE users DROP COLUMN email_claim",
    )
