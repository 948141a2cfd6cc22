"""What people are called and in which language they read: copies of what users tells, for mentions and
search.
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        "CREATE TABLE names (id uuid PRIMARY KEY, username varchar(50) NOT NULL)",
        "CREATE INDEX names_username_idx ON names (lower(username))",
        "CREATE TABLE languages (user_id uuid PRIMARY KEY, language varchar(10) NOT NULL)",
    )


def downgrade() -> None:
    run("DROP TABLE languages", "DROP TABLE names")
