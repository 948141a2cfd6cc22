"""Between rows and values."""

from __future__ import annotations

from typing import Any

from subgraphs.kit.enums import known_or
from subgraphs.payments.values import Finding, Payment, PaymentStatus, Refund, RefundStatus

PAYMENT_COLUMNS = tuple(Payment.__dataclass_fields__)
REFUND_COLUMNS = tuple(Refund.__dataclass_fields__)
FINDING_COLUMNS = tuple(Finding.__dataclass_fields__)


def payment_of(row: Any) -> Payment:
    """A status that only a newer version knows takes no money here."""
    values = {name: row._mapping[name] for name in PAYMENT_COLUMNS}
    return Payment(**values | {"status": known_or(row.status, PaymentStatus.CANCELLED)})


def refund_of(row: Any) -> Refund:
    values = {name: row._mapping[name] for name in REFUND_COLUMNS}
    return Refund(**values | {"status": known_or(row.status, RefundStatus.FAILED)})


def finding_of(row: Any) -> Finding:
    return Finding(**{name: row._mapping[name] for name in FINDING_COLUMNS})
