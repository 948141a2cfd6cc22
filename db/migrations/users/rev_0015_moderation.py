"""Moderators, and reports about people."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.reporting import reports

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

REPORTS = reports("users")
ROLE = "name = 'ROLE_MODERATOR'"


def upgrade() -> None:
    run("INSERT INTO roles (name) VALUES ('ROLE_MODERATOR')", *REPORTS.create)


def downgrade() -> None:
    run(*REPORTS.drop)
    run(
        f"DELETE FROM user_roles WHERE role_id IN (SELECT id FROM roles WHERE {ROLE})",  # noqa: S608
        f"DELETE FROM roles WHERE {ROLE}",  # noqa: S608
    )
