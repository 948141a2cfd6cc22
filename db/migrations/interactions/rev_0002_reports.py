"""Reports about comments, whichever store these are in."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.reporting import reports

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REPORTS = reports()


def upgrade() -> None:
    run(*REPORTS.create)


def downgrade() -> None:
    run(*REPORTS.drop)
