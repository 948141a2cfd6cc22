"""Venues are found by their names and published events by their titles; jobs, for completing what is over."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.messaging import JOBS
from db.migrations.searching import DROP_FOLD, fold_words, searchable

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PUBLIC = "named.status = 'PUBLISHED'"
"""No word of a draft leaves its row, which has row-level security; what is over takes no room."""


def upgrade() -> None:
    run(fold_words(), *JOBS.create)
    run(*searchable("venues", "name", "uuid").create)
    run(*searchable("events", "title", "uuid", PUBLIC).create)


def downgrade() -> None:
    run(*searchable("events", "title", "uuid", PUBLIC).drop)
    run(*searchable("venues", "name", "uuid").drop)
    run(*JOBS.drop, DROP_FOLD)
