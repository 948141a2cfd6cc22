"""Whoever sends something to people hears where they can be reached; in which language they read is told with
the time zone in which times are shown to them.
"""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.news import news

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CONTACTS = news("users", ("id uuid",), ("email", "is_verified", "telegram_id"), called="contacts")
LANGUAGE = news("user_settings", ("user_id uuid",), ("language",))
LIKED = news("user_settings", ("user_id uuid",), ("language", "timezone"))


def upgrade() -> None:
    run(*CONTACTS.create, *LANGUAGE.drop, *LIKED.create)


def downgrade() -> None:
    run(*LIKED.drop, *LANGUAGE.create, *CONTACTS.drop)
