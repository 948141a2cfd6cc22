"""The rest of `user_stats` (seed 004): what other domains count and tell of somebody."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.tallies import Tally, recount

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = (
    "post_count",
    "hosted_event_count",
    "attended_event_count",
    "invitations_sent",
    "invitations_accepted",
)
FOLLOWS = (
    Tally("follower_count", "follows", "followed_id"),
    Tally("following_count", "follows", "follower_id"),
)


def upgrade() -> None:
    run(*(f"ALTER TABLE user_stats ADD COLUMN {each} bigint NOT NULL DEFAULT 0" for each in COLUMNS))
    run(recount("user_stats", "user_id", *FOLLOWS))


def downgrade() -> None:
    run("DROP FUNCTION recount_user_stats()")
    run(*(f"ALTER TABLE user_stats DROP COLUMN {each}" for each in COLUMNS))
