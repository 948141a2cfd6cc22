"""What events and venues are found by their names: which ones, and what can narrow them further."""

from __future__ import annotations

from db.migrations.sorting import sort_expression
from db.search import Searched

UPCOMING = "named.status = 'PUBLISHED' AND named.ends_at > now()"

NEAR = "(CAST(:wanted_near AS double precision[]))"
BOX = "(CAST(:wanted_within AS double precision[]))"

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
        "near": f"is_near(named.latitude, named.longitude, {NEAR}[1], {NEAR}[2], {NEAR}[3])",
        "within": f"is_within(named.latitude, named.longitude, {BOX}[1:4], {BOX}[5:7], {BOX}[8:10])",
    },
)
VENUE_NAMES = Searched(
    "venues", filters={"city": f"named.city_sort = {sort_expression('CAST(:wanted_city AS text)')}"}
)
