"""What was made under which key, so that the same attempt makes nothing twice."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.messaging import ATTEMPTS

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(*ATTEMPTS.create)


def downgrade() -> None:
    run(*ATTEMPTS.drop)
