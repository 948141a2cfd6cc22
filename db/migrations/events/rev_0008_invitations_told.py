"""Other domains hear who is invited to what, by whom, and what came of it."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.news import news

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NEWS = news("invitations", ("id uuid",), ("event_id", "inviter_id", "invitee_id", "status"))


def upgrade() -> None:
    run(*NEWS.create)


def downgrade() -> None:
    run(*NEWS.drop)
