"""Artists, albums, tracks and genres are found by their names; lists of tracks that can be played."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.searching import DROP_FOLD, fold_words, searchable

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAMES = (
    ("artists", "name", "uuid"),
    ("albums", "title", "uuid"),
    ("tracks", "title", "uuid"),
    ("genres", "name", "integer"),
)


def upgrade() -> None:
    run(fold_words())
    for table, column, key in NAMES:
        run(*searchable(table, column, key).create)
    run("CREATE INDEX tracks_available_idx ON tracks (is_available, created_at DESC, id DESC)")


def downgrade() -> None:
    run("DROP INDEX tracks_available_idx")
    for table, column, key in reversed(NAMES):
        run(*searchable(table, column, key).drop)
    run(DROP_FOLD)
