"""A series as a table to download (RFC 4180): a row for each point, two columns for each currency."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from subgraphs.analytics.values import Kind, Point

COUNTED = {
    "views": Kind.VIEW,
    "visitors": Kind.VISITOR,
    "reserved": Kind.RESERVED,
    "waitlisted": Kind.WAITLISTED,
    "registered": Kind.REGISTERED,
    "cancelled": Kind.CANCELLED,
    "expired": Kind.EXPIRED,
    "checked_in": Kind.CHECKED_IN,
    "check_ins_undone": Kind.CHECK_IN_UNDONE,
}
MONEY = {"paid": Kind.PAID, "refunded": Kind.REFUNDED}


def as_csv(points: Sequence[Point]) -> str:
    """Times in UTC, amounts in minor units."""
    currencies = sorted(
        {code for point in points for kind in MONEY.values() for code in point.tally.amounts(kind)}
    )
    money = [(f"{name}_{code}", kind, code) for code in currencies for name, kind in MONEY.items()]
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(("starts_at", *COUNTED, *(name for name, _, _ in money)))
    for point in points:
        counted = (point.tally.number(kind) for kind in COUNTED.values())
        amounts = (point.tally.amounts(kind).get(code, 0) for _, kind, code in money)
        table.writerow((f"{point.starts_at:%Y-%m-%dT%H:%M:%SZ}", *counted, *amounts))
    return written.getvalue()
