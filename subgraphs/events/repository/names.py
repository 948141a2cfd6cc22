"""What events and venues are found by their names: which ones, and what can narrow them further."""

from __future__ import annotations

from db.migrations.sorting import sort_expression
from db.search import Searched

UPCOMING = "named.status = 'PUBLISHED' AND named.ends_at > now()"

EVENT_NAMES = Searched(
    "events",
    UPCOMING,
    {
        "category": "named.category = CAST(:wanted_category AS text)",
        "starts_after": "named.starts_at > CAST(:wanted_starts_after AS timestamptz)",
        "starts_before": "named.starts_at < CAST(:wanted_starts_before AS timestamptz)",
        "ends_before": "named.ends_at < CAST(:wanted_ends_before AS timestamptz)",
        "venue_id": "named.venue_id = CAST(:wanted_venue_id AS uuid)",
        "organization_id": "named.tenant_id = CAST(:wanted_organization_id AS uuid)",
    },
)
VENUE_NAMES = Searched(
    "venues", filters={"city": f"named.city_sort = {sort_expression('CAST(:wanted_city AS text)')}"}
)
