"""What one can ask streaming: what a month comes to. The rest are fields of tracks, artists and people."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from functools import partial
from typing import Annotated

import strawberry

from subgraphs.kit.connections import Connection, PageArguments, paged
from subgraphs.streaming import values
from subgraphs.streaming.types import Payout, StreamingInfo, payout_connection

Month = Annotated[str, strawberry.argument(description="2026-11, in UTC.")]


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(
        description="What each artist has earned of a month; as a table at /streaming/payouts/2026-11.csv. "
        "For administrators."
    )
    @paged
    async def payouts(
        self,
        info: StreamingInfo,
        month: Month,
        asked: PageArguments,
    ) -> Connection[Payout] | None:
        viewer = info.context.request.require_viewer()
        window = asked.of(values.PAYOUTS)
        payouts = info.context.services.payouts
        page = await payouts.list_payouts(viewer, month, window)
        return payout_connection(page, partial(payouts.count_payouts, month))
