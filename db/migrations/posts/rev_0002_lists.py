"""Indexes of everyday lists: one's own hidden posts, everybody's for administrators, posts of a kind."""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ORDER = "created_at DESC, id DESC"


def upgrade() -> None:
    run(
        f"CREATE INDEX posts_hidden_idx ON posts (author_id, {ORDER}) WHERE visibility <> 'PUBLIC'",
        f"CREATE INDEX posts_created_at_idx ON posts ({ORDER})",
        f"CREATE INDEX posts_type_idx ON posts (type, {ORDER}) WHERE visibility = 'PUBLIC'",
    )


def downgrade() -> None:
    run("DROP INDEX posts_type_idx", "DROP INDEX posts_created_at_idx", "DROP INDEX posts_hidden_idx")
