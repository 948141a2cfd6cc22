"""What one can ask the payments domain."""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

from typing import Annotated

import strawberry

from subgraphs.kit.connections import Connection, PageArguments, paged
from subgraphs.kit.ids import parse_id
from subgraphs.payments import values
from subgraphs.payments.types import (
    Payment,
    PaymentFinding,
    PaymentsInfo,
    finding_connection,
    payment_type,
)

PaymentKey = Annotated[strawberry.ID, strawberry.argument(description="The payment's id.")]


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(description="A payment of yours, or for an event that you manage.")
    def payment(self, info: PaymentsInfo, id: PaymentKey) -> Payment | None:
        return info.context.loaders.by_id.found(values.PaymentId(parse_id(id)), payment_type)

    @strawberry.field(description="How one can pay.")
    def payment_methods(self, info: PaymentsInfo) -> list[values.PaymentMethod] | None:
        return list(values.PaymentMethod)

    @strawberry.field(
        description="Where our books, the payments and the provider's word differ, newest first. For "
        "administrators."
    )
    @paged
    async def payment_findings(
        self, info: PaymentsInfo, asked: PageArguments
    ) -> Connection[PaymentFinding] | None:
        viewer, ordering = info.context.request.require_viewer(), values.NEWEST_FINDINGS
        page = await info.context.payments.list_findings(viewer, asked.of(ordering))
        return finding_connection(page, info.context.payments.count_findings)
