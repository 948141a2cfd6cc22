"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.kit.enums import describe_enum
from subgraphs.payments import values

describe_enum(
    values.PaymentStatus,
    "PaymentStatus",
    "How far a payment is.",
    {
        "DUE": "Nobody has started to pay.",
        "PROCESSING": "The provider has it: follow checkoutUrl.",
        "SUCCEEDED": "It is paid.",
        "FAILED": "It did not succeed.",
        "CANCELLED": "It is not wanted any longer.",
        "PARTIALLY_REFUNDED": "Some of it went back.",
        "REFUNDED": "All of it went back.",
    },
)
describe_enum(
    values.RefundStatus,
    "RefundStatus",
    "How far a refund is.",
    {
        "REQUESTED": "The provider is told, and tried again when it is away.",
        "SUCCEEDED": "The money went back.",
        "FAILED": "The provider could not give it back.",
    },
)
describe_enum(
    values.PaymentMethod,
    "PaymentMethod",
    "How somebody pays. What is needed for it is given to the provider, never to us.",
    {
        "CARD": "A credit or debit card.",
        "BANK_DEBIT": "Taken from a bank account.",
        "BANK_REDIRECT": "Told to the bank on its own page.",
        "WALLET": "From a wallet that the provider knows.",
    },
)
describe_enum(
    values.FindingKind,
    "PaymentFindingKind",
    "What kind of trouble there is with money.",
    {
        "AMOUNT_DIFFERS": "The provider names another amount or currency than we do.",
        "LEDGER": "The books of a payment do not balance.",
        "NOT_PAID_THERE": "It is paid here, and not at the provider.",
        "PAID_TWICE": "Somebody paid a second time for the same.",
        "REFUND_FAILED": "The provider could not give money back.",
        "REFUND_TOO_LARGE": "More went back than was paid.",
        "UNKNOWN_PAYMENT": "The provider has a payment that is not known here.",
        "OTHER": "Something that this version has no name for.",
    },
)
