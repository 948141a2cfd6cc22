"""What catalog hears: messages, jobs, and who is gone."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.messaging import DEPARTED, JOBS, MESSAGES

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(*MESSAGES.create, *JOBS.create, *DEPARTED.create)
    run("CREATE INDEX artist_invitations_inviter_idx ON artist_invitations (invited_by)")


def downgrade() -> None:
    run("DROP INDEX artist_invitations_inviter_idx")
    run(*DEPARTED.drop, *JOBS.drop, *MESSAGES.drop)
