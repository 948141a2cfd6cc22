"""A payment provider for trying things out: an API of Stripe's shape that takes no money.

It keeps what a provider promises (idempotency keys, signed webhooks that come until they are taken) and, when
asked to, does what providers do on a bad day: webhooks late, twice, out of order or never, answers that fail.
"""

from plait.fake_psp.app import fake_psp
from plait.fake_psp.payments import Psp
from plait.fake_psp.webhooks import Chaos, Webhooks

__all__ = ["Chaos", "Psp", "Webhooks", "fake_psp"]
