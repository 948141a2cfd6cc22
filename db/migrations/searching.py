"""Tables by which names are found (docs/domains.md): every word's place in its name, and the words there are.

    ARTISTS = searchable("artists", "name", "uuid")
    def upgrade() -> None:   run(fold_words(), *ARTISTS.create)
    def downgrade() -> None: run(*ARTISTS.drop, DROP_FOLD)

What is made searchable from now on runs `by_trigrams(…)` after it: `searchable` is what past revisions made.

`artists_words` has a row for each word of a name, with what follows it, in the order in which it is read;
`artists_vocabulary` has each word once, with a trigram index for mistyped ones. A trigger keeps both, as the
tables' owner.
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic import context, op
from sqlalchemy import text

from db.migrations.messaging import Tables
from db.migrations.sorting import sort_expression
from db.provision import EXTENSION_SCHEMA

LONGEST = 60
"""Characters of a name that are compared, from a word on."""
MOST_WORDS = 20
"""Of a name that are looked at."""
SEPARATORS = "[\\u0001-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00bf\\u2000-\\u206f\\u3000-\\u303f]+"
"""White space and punctuation, in PostgreSQL's regular expressions."""
LAST = "chr(1114111)"
"""Nothing sorts after it."""
DROP_FOLD = "DROP FUNCTION fold_words(text)"


def extension_schema(name: str) -> str:
    """Where provisioning, or somebody before it, has put the extension; quoted. In a file that is written
    down it is where that file puts it.
    """
    if context.is_offline_mode():
        return EXTENSION_SCHEMA
    where = "SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace"
    return str(op.get_bind().execute(text(f"{where} WHERE extname = :name"), {"name": name}).scalar_one())


def fold_words() -> str:
    """What looks alike becomes the same: lower case, without accents, words with one space between them. A
    name of punctuation alone ("!!!") stays as it is.
    """
    place = extension_schema("unaccent")
    folded = f"btrim(lower({place}.unaccent('{place}.unaccent'::regdictionary, {sort_expression('value')})))"
    spaced = f"btrim(regexp_replace(folded, '{SEPARATORS}', ' ', 'g'))"
    return f"""
        CREATE FUNCTION fold_words(value text) RETURNS text LANGUAGE sql STABLE AS $$
            SELECT coalesce(nullif({spaced}, ''), folded) FROM (SELECT {folded} AS folded) AS made
        $$"""  # noqa: S608


def searchable(table: str, column: str, key: str, which: str = "true") -> Tables:
    """For rows of which `which` is true, a condition of columns of `named`."""
    return Tables(
        create=(
            f"""
            CREATE TABLE {table}_words (
                is_later boolean NOT NULL,
                rest text COLLATE "C" NOT NULL,
                id {key} NOT NULL REFERENCES {table} (id) ON DELETE CASCADE,
                whole text NOT NULL,
                place integer NOT NULL,
                PRIMARY KEY (is_later, rest, id)
            )""",
            f"CREATE INDEX {table}_words_id_idx ON {table}_words (id)",
            f'CREATE TABLE {table}_vocabulary (word text COLLATE "C" PRIMARY KEY)',
            f"""CREATE INDEX {table}_vocabulary_trgm_idx ON {table}_vocabulary
                USING gin (word {extension_schema_of_trigrams()}.gin_trgm_ops)""",
            *_keep_added(table, column, which),
            *_keep_changed(table, column, which),
            _similar(table),
            f"ALTER TABLE {table} DISABLE TRIGGER USER",  # taking in what is there changes no `updated_at`
            f"ALTER TABLE {table} ENABLE TRIGGER {table}_changed",
            f"UPDATE {table} SET {column} = {column}",  # noqa: S608
            f"ALTER TABLE {table} ENABLE TRIGGER USER",
        ),
        drop=(
            f"DROP FUNCTION similar_in_{table}(text[])",
            f"DROP TRIGGER {table}_changed ON {table}",
            f"DROP TRIGGER {table}_added ON {table}",
            f"DROP FUNCTION index_changed_{table}()",
            f"DROP FUNCTION index_added_{table}()",
            f"DROP TABLE {table}_vocabulary",
            f"DROP TABLE {table}_words",
        ),
    )


def by_trigrams(*tables: str) -> Tables:
    """Mistyped words by the trigram index, also in sessions that do without bitmaps (db/urls.py): a GIN
    index is read in no other way, and the whole vocabulary was instead.
    """
    functions = [f"ALTER FUNCTION similar_in_{table}(text[])" for table in tables]
    return Tables(
        create=tuple(f"{function} SET enable_bitmapscan = on" for function in functions),
        drop=tuple(f"{function} RESET enable_bitmapscan" for function in functions),
    )


def extension_schema_of_trigrams() -> str:
    return extension_schema("pg_trgm")


def _keep_added(table: str, column: str, which: str) -> Sequence[str]:
    """Once for all rows of a statement: tables are filled by the thousand."""
    return (
        f"""
        CREATE FUNCTION index_added_{table}() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path FROM CURRENT AS $$
        BEGIN
            {_take_in(table, column, f"added AS named WHERE {which}")}
            RETURN NULL;
        END;
        $$""",
        f"""CREATE TRIGGER {table}_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
            FOR EACH STATEMENT EXECUTE FUNCTION index_added_{table}()""",
    )


def _keep_changed(table: str, column: str, which: str) -> Sequence[str]:
    """The same rows again, when nothing of it changed, would be work for nothing."""
    return (
        f"""
        CREATE FUNCTION index_changed_{table}() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path FROM CURRENT AS $$
        BEGIN
            IF EXISTS (SELECT FROM {table} named JOIN {table}_words w ON w.id = named.id
                    WHERE named.id = NEW.id AND {which} AND w.whole = fold_words(NEW.{column})) THEN
                RETURN NULL;
            END IF;
            DELETE FROM {table}_words w WHERE w.id = NEW.id;
            {_take_in(table, column, f"{table} AS named WHERE named.id = NEW.id AND {which}")}
            RETURN NULL;
        END;
        $$""",  # noqa: S608
        f"""CREATE TRIGGER {table}_changed AFTER UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION index_changed_{table}()""",
    )


def _take_in(table: str, column: str, source: str) -> str:
    """New words are added in order, so that two who add the same do not wait for each other in a ring."""
    return f"""
        WITH folded AS MATERIALIZED (
            SELECT named.id, fold_words(named.{column}) AS whole FROM {source}
        ), placed AS MATERIALIZED (
            SELECT id, whole, word, n, (1 + coalesce(sum(char_length(word) + 1) OVER (
                PARTITION BY id ORDER BY n
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), 0))::integer AS at
            FROM folded, unnest(string_to_array(whole, ' ')) WITH ORDINALITY AS split (word, n)
        ), words AS (
            INSERT INTO {table}_words (is_later, rest, id, whole, place)
            SELECT at > 1, substr(whole, at, {LONGEST}), id, whole, at FROM placed WHERE n <= {MOST_WORDS}
            ON CONFLICT DO NOTHING
        )
        INSERT INTO {table}_vocabulary (word)
            SELECT DISTINCT substr(word, 1, {LONGEST}) FROM placed WHERE n <= {MOST_WORDS}
            ORDER BY 1 ON CONFLICT DO NOTHING;"""  # noqa: S608


def _similar(table: str) -> str:
    """For each word of what was typed: itself when it is known (the last one: as a beginning), and up to
    three known words like it, with how far they are from it, in thousandths. A word that no name has any
    more leads nowhere and is left out.
    """
    place = extension_schema_of_trigrams()
    distance = f"(1000 * (1 - {place}.similarity(v.word, typed.word)))::integer"
    leads = f"""(SELECT true FROM {table}_words w WHERE w.is_later = %s
        AND w.rest >= near.word AND w.rest < near.word || {LAST} LIMIT 1)"""  # noqa: S608
    return f"""
        CREATE FUNCTION similar_in_{table}(words text[])
            RETURNS TABLE (nth bigint, known text, distance integer) LANGUAGE sql STABLE
            SET enable_seqscan = off AS $$
        WITH typed AS (SELECT word, n FROM unnest(words) WITH ORDINALITY AS given (word, n))
        SELECT n, typed.word, 0 FROM typed CROSS JOIN LATERAL (
            SELECT v.word FROM {table}_vocabulary v
            WHERE v.word >= typed.word AND v.word < typed.word || {LAST} ORDER BY v.word LIMIT 1
        ) AS first WHERE n = cardinality(words) OR first.word = typed.word
        UNION ALL
        SELECT n, found.word, found.distance FROM typed CROSS JOIN LATERAL (
            SELECT near.word, near.distance FROM (
                SELECT v.word, {distance} AS distance FROM {table}_vocabulary v
                WHERE v.word OPERATOR({place}.%) typed.word AND v.word <> typed.word
                ORDER BY 2, 1 LIMIT 10
            ) AS near WHERE {leads % "false"} OR {leads % "true"} ORDER BY 2, 1 LIMIT 3
        ) AS found WHERE char_length(typed.word) > 2
        $$"""  # noqa: S608
