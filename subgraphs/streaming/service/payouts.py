"""Payouts: each artist's share of a month's plays, as a list and as a table to download."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import BadUserInput, Forbidden
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.streaming.repository.protocol import CountRepository
from subgraphs.streaming.values import Payout

COLUMNS = ("month", "artist_id", "counted_plays", "listened_seconds", "share")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Payouts:
    counts: CountRepository

    async def list_payouts(self, viewer: Viewer, month: str, page: PageRequest) -> Page[Payout]:
        """Raises Forbidden, BadUserInput."""
        _require_accounting(viewer)
        return await self.counts.list_payouts(parse_month(month), page)

    async def count_payouts(self, month: str) -> int:
        return await self.counts.count_payouts(parse_month(month))

    async def as_csv(self, viewer: Viewer, month: str) -> str:
        """RFC 4180, by artist. Raises Forbidden, BadUserInput."""
        _require_accounting(viewer)
        rows = await self.counts.list_all_payouts(parse_month(month))
        written = io.StringIO()
        table = csv.writer(written)
        table.writerow(COLUMNS)
        for row in rows:
            facts = (row.artist_id, row.counted_plays, row.listened_sec, f"{row.share:.9f}")
            table.writerow((month, *facts))
        return written.getvalue()


def parse_month(text: str) -> date:
    """`2026-11` → its first day. Raises BadUserInput."""
    if MONTH.fullmatch(text) is None or not 2000 <= int(text[:4]) <= datetime.now(UTC).year + 1:
        raise BadUserInput({"month": "A month reads 2026-11."})
    return date(int(text[:4]), int(text[5:]), 1)


def _require_accounting(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise Forbidden("Payouts are for administrators.")
