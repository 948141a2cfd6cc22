"""What a search by name can be narrowed by: the fields of each list's filter, as conditions of the row."""

from __future__ import annotations

from collections.abc import Mapping

from subgraphs.catalog.repository.released import OUT_SQL

NAME_FILTERS: Mapping[str, Mapping[str, str]] = {
    "artists": {"is_verified": "named.is_verified = CAST(:wanted_is_verified AS boolean)"},
    "albums": {"type": "named.type = CAST(:wanted_type AS text)"},
    "tracks": {"is_available": "named.is_available = CAST(:wanted_is_available AS boolean)"},
    "genres": {},
}
"""By table (db/search.py)."""

NAME_CONDITIONS: Mapping[str, str] = {
    "albums": OUT_SQL.format("named"),
    "tracks": f"EXISTS (SELECT FROM albums a WHERE a.id = named.album_id AND {OUT_SQL.format('a')})",
}
"""What a search finds at all: what is not out is found by nobody."""
