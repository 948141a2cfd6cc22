"""Other domains hear who follows and who blocks whom, those of before included."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.news import news

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FOLLOWS = news("follows", ("follower_id uuid", "followed_id uuid"))
BLOCKS = news("blocks", ("blocker_id uuid", "blocked_id uuid"))


def upgrade() -> None:
    run(*FOLLOWS.create, *BLOCKS.create)


def downgrade() -> None:
    run(*BLOCKS.drop, *FOLLOWS.drop)
