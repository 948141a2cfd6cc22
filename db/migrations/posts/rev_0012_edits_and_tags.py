"""Former texts of posts, and whom and what posts name: mentions and hashtags.

`untagged` are posts nobody has read for tags yet: those of before this revision, and what comes by COPY. A
task of posts reads them.
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

POST = "post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE"
ORDER = "created_at DESC, post_id DESC"


def upgrade() -> None:
    run(
        "ALTER TABLE posts ADD COLUMN edited_at timestamptz",
        f"""
        CREATE TABLE post_edits (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            {POST},
            content text NOT NULL,
            images jsonb NOT NULL,
            written_at timestamptz NOT NULL,
            replaced_at timestamptz NOT NULL DEFAULT now()
        )""",
        "CREATE INDEX post_edits_post_idx ON post_edits (post_id, replaced_at DESC, id DESC)",
        f"""
        CREATE TABLE post_hashtags (
            {POST},
            name varchar(100) COLLATE "C" NOT NULL,
            label varchar(100) NOT NULL,
            position integer NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (post_id, name)
        )""",
        f"CREATE INDEX post_hashtags_name_idx ON post_hashtags (name, {ORDER})",
        f"""
        CREATE TABLE post_mentions (
            {POST},
            user_id uuid NOT NULL,
            label varchar(50) NOT NULL,
            position integer NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (post_id, user_id)
        )""",
        f"CREATE INDEX post_mentions_user_idx ON post_mentions (user_id, {ORDER})",
        "CREATE TABLE untagged (post_id uuid PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE)",
        f"INSERT INTO untagged SELECT id FROM posts WHERE {MARKED}",  # noqa: S608
        *NOTED,
    )


def downgrade() -> None:
    run(
        "DROP TRIGGER posts_untagged ON posts",
        "DROP FUNCTION note_untagged()",
        "DROP TABLE untagged",
        "DROP TABLE post_mentions",
        "DROP TABLE post_hashtags",
        "DROP TABLE post_edits",
        "ALTER TABLE posts DROP COLUMN edited_at",
    )


MARKED = "content ~ '[#@\\uFF03\\uFF20]'"
NOTED = (
    f"""
    CREATE FUNCTION note_untagged() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        INSERT INTO untagged SELECT id FROM added WHERE {MARKED};
        RETURN NULL;
    END;
    $$""",  # noqa: S608
    """CREATE TRIGGER posts_untagged AFTER INSERT ON posts REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION note_untagged()""",
)
