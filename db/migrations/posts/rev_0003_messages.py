"""What posts hears and tells: messages, jobs, who is gone, and how many public posts somebody has."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.messaging import DEPARTED, JOBS, MESSAGES
from db.migrations.tallies import Tally, tallies

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PUBLIC = "visibility = 'PUBLIC'"


def upgrade() -> None:
    run(*MESSAGES.create, *JOBS.create, *DEPARTED.create)
    run(*tallies("author_tallies", Tally("post_count", "posts", "author_id", PUBLIC)).create)


def downgrade() -> None:
    run(*tallies("author_tallies", Tally("post_count", "posts", "author_id", PUBLIC)).drop)
    run(*DEPARTED.drop, *JOBS.drop, *MESSAGES.drop)
