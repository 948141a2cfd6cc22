"""Other domains hear what people are called, which accounts are private and in which language people read, as
they hear of follows and blocks: as it is, also of what there was before. It takes the place of
`tell_relations()`. Follows and blocks are told once more, for those that come to listen with this release.
"""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.news import news
from db.migrations.users.rev_0013_tell_relations import TELL

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NEWS = (
    news("users", ("id uuid",), ("username",)),
    news("user_privacy", ("user_id uuid",), ("is_private",)),
    news("user_settings", ("user_id uuid",), ("language",)),
)
AGAIN = (
    "INSERT INTO follows_news (follower_id, followed_id) SELECT follower_id, followed_id FROM follows",
    "INSERT INTO blocks_news (blocker_id, blocked_id) SELECT blocker_id, blocked_id FROM blocks",
)


def upgrade() -> None:
    for told in NEWS:
        run(*told.create)
    run(*AGAIN, "DROP FUNCTION tell_relations()")


def downgrade() -> None:
    run(TELL)
    for told in reversed(NEWS):
        run(*told.drop)
