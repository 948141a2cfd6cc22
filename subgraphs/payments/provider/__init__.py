"""Who takes the money: a port, and behind it an API of Stripe's shape, or nobody."""

from subgraphs.payments.provider.nobody import NobodyTakesPayments
from subgraphs.payments.provider.port import (
    BadWebhook,
    Order,
    PaymentProvider,
    ProviderEvent,
    ProviderOff,
    ProviderPayment,
    ProviderRefund,
    ProviderRefused,
)
from subgraphs.payments.provider.stripe_shaped import StripeShapedProvider

__all__ = [
    "BadWebhook",
    "NobodyTakesPayments",
    "Order",
    "PaymentProvider",
    "ProviderEvent",
    "ProviderOff",
    "ProviderPayment",
    "ProviderRefund",
    "ProviderRefused",
    "StripeShapedProvider",
]
