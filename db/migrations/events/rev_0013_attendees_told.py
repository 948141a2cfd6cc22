"""Other domains hear who comes to what."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.news import news

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NEWS = news("event_attendees", ("event_id uuid", "user_id uuid"), ("status",))


def upgrade() -> None:
    run(*NEWS.create)


def downgrade() -> None:
    run(*NEWS.drop)
