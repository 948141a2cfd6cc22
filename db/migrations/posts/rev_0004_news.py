"""Other domains hear which posts there are, and of each change of what they keep."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.news import news

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEWS = news("posts", ("id uuid",), ("author_id", "visibility", "created_at"))


def upgrade() -> None:
    run(*NEWS.create)


def downgrade() -> None:
    run(*NEWS.drop)
