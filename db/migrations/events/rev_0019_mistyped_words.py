"""Mistyped words are looked up in the trigram index, whatever the session's settings."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.searching import by_trigrams

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

LOOKED_UP = by_trigrams("venues", "events")


def upgrade() -> None:
    run(*LOOKED_UP.create)


def downgrade() -> None:
    run(*LOOKED_UP.drop)
