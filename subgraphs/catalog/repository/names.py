"""What a search by name can be narrowed by: the fields of each list's filter, as conditions of the row."""

from __future__ import annotations

from collections.abc import Mapping

NAME_FILTERS: Mapping[str, Mapping[str, str]] = {
    "artists": {"is_verified": "named.is_verified = CAST(:wanted_is_verified AS boolean)"},
    "albums": {"type": "named.type = CAST(:wanted_type AS text)"},
    "tracks": {"is_available": "named.is_available = CAST(:wanted_is_available AS boolean)"},
    "genres": {},
}
"""By table (db/search.py)."""
