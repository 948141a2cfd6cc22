"""Devices that people are told on. An address is one device, and a device is one person's: who logs in on it
last.
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        CREATE TABLE push_devices (
            id uuid PRIMARY KEY,
            user_id uuid NOT NULL,
            address varchar(1000) NOT NULL UNIQUE,
            name varchar(100) NOT NULL,
            registered_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )""",
        "CREATE INDEX push_devices_user_id_idx ON push_devices (user_id, registered_at DESC, id)",
    )


def downgrade() -> None:
    run(
        "DELETE FROM notification_deliveries WHERE channel = 'PUSH'",
        "DELETE FROM notification_choices WHERE channel = 'PUSH'",
        "DELETE FROM notification_templates WHERE channel = 'PUSH'",
        "DROP TABLE push_devices",
    )
