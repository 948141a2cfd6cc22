"""Posts found by their words: each in its own language, and as they are written for everybody else.

`post_texts` is beside the posts and not in them, since their rows are read by the page: kept by triggers,
so that what comes by COPY is found too.
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CONFIGURATIONS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""ISO 639-1 → what PostgreSQL 15 and later have."""
WHENS = " ".join(
    f"WHEN '{code}' THEN to_tsvector('pg_catalog.{name}', content)" for code, name in CONFIGURATIONS.items()
)
WORDS = f"""
    CREATE FUNCTION post_words(language text, content text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE language {WHENS} ELSE ''::tsvector END || to_tsvector('pg_catalog.simple', content)
    $$"""
QUERY = """
    CREATE FUNCTION post_query(configuration regconfig, typed text) RETURNS tsquery
        LANGUAGE plpgsql IMMUTABLE STRICT AS $$
    DECLARE part text; sign text; plain tsquery; one tsquery; every tsquery; found tsquery;
    BEGIN
        FOR sign, part IN
            SELECT m[1], m[2] FROM regexp_matches(typed, '(-?)("[^"]*"?|[^\\s"]+)', 'g') AS m LOOP
            IF sign = '' AND lower(part) = 'or' THEN
                found := coalesce(found || every, every, found);
                every := NULL;
                CONTINUE;
            END IF;
            plain := websearch_to_tsquery('pg_catalog.simple', part);
            one := CASE WHEN part LIKE '"%' THEN plain ELSE websearch_to_tsquery(configuration, part) END;
            CONTINUE WHEN numnode(one) = 0;
            one := one || plain;
            every := coalesce(every && CASE sign WHEN '-' THEN !!one ELSE one END,
                CASE sign WHEN '-' THEN !!one ELSE one END);
        END LOOP;
        found := coalesce(found || every, every, found);
        RETURN coalesce(found, websearch_to_tsquery('pg_catalog.simple', typed));
    END;
    $$"""
"""As `websearch_to_tsquery`, but each word is looked for in its forms or as it is written, and words in
quotes as they are written: the two kinds are both in `post_words`. A word that says nothing is passed over,
unless there is no other.
"""
TAKEN_IN = "SELECT id, created_at, post_words(language, content) FROM {} WHERE content <> ''"


def upgrade() -> None:
    run(
        "ALTER TABLE posts ADD COLUMN language varchar(10)",
        WORDS,
        QUERY,
        """
        CREATE TABLE post_texts (
            post_id uuid PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
            created_at timestamptz NOT NULL,
            words tsvector NOT NULL
        )""",
        f"INSERT INTO post_texts {TAKEN_IN.format('posts')}",
        "CREATE INDEX post_texts_words_idx ON post_texts USING gin (words)",
        "CREATE INDEX post_texts_newest_idx ON post_texts (created_at DESC, post_id DESC)",
        *KEPT,
    )


def downgrade() -> None:
    run(
        "DROP TRIGGER posts_text_changed ON posts",
        "DROP TRIGGER posts_text_added ON posts",
        "DROP FUNCTION keep_changed_text()",
        "DROP FUNCTION keep_added_texts()",
        "DROP TABLE post_texts",
        "DROP FUNCTION post_query(regconfig, text)",
        "DROP FUNCTION post_words(text, text)",
        "ALTER TABLE posts DROP COLUMN language",
    )


KEPT = (
    f"""
    CREATE FUNCTION keep_added_texts() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        INSERT INTO post_texts {TAKEN_IN.format("added")};
        RETURN NULL;
    END;
    $$""",
    f"""
    CREATE FUNCTION keep_changed_text() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        DELETE FROM post_texts WHERE post_id = NEW.id;
        INSERT INTO post_texts {TAKEN_IN.format("posts")} AND id = NEW.id;
        RETURN NULL;
    END;
    $$""",  # noqa: S608
    """CREATE TRIGGER posts_text_added AFTER INSERT ON posts REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION keep_added_texts()""",
    """CREATE TRIGGER posts_text_changed AFTER UPDATE OF content, language ON posts FOR EACH ROW
        WHEN (OLD.content <> NEW.content OR OLD.language IS DISTINCT FROM NEW.language)
        EXECUTE FUNCTION keep_changed_text()""",
)
