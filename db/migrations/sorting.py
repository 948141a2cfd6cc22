"""Order as people expect it, on every server: see decision 13.

CREATE TABLE artists (name text NOT NULL, {sort_key("name")})
CREATE INDEX artists_name_idx ON artists (name_sort, id)

ORDER BY name_sort, id
"""

from __future__ import annotations

MARKS = "[\\u0300-\\u036f]"
"""Combining marks, in PostgreSQL's regular expressions: what NFKD splits off a letter."""


def sort_key(column: str) -> str:
    """The definition of `<column>_sort`: lower case, no marks, compared by code point. Made by the database,
    so it is true whoever writes the row.
    """
    return f'{column}_sort text COLLATE "C" GENERATED ALWAYS AS ({sort_expression(column)}) STORED'


def sort_expression(value: str) -> str:
    """Immutable: may stand in an index. Lower-casing goes before and after: NFKD makes capitals too. The
    database's character types must be UTF-8's (not `C`), as ours and Debian's are.
    """
    folded = f"normalize(lower({value}), NFKD)"
    return f"lower(regexp_replace({folded}, '{MARKS}', '', 'g'))"
