"""People are found by their usernames; of other names, who may see them differs from reader to reader."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.searching import DROP_FOLD, fold_words, searchable

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("ALTER TRIGGER users_added ON users RENAME TO users_stats_added", fold_words())
    run(*searchable("users", "username", "uuid").create)


def downgrade() -> None:
    run(*searchable("users", "username", "uuid").drop)
    run(DROP_FOLD, "ALTER TRIGGER users_stats_added ON users RENAME TO users_added")
