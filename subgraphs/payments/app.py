"""The payments subgraph, assembled. Beside GraphQL it answers the provider:

POST /webhooks/payments     a signed event of the provider; 400 when it is not its word
"""

from __future__ import annotations

import logging

import httpx2 as httpx
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.ciphers import cipher_of
from subgraphs.kit.config import ProviderConfig, SubgraphConfig
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph
from subgraphs.payments.loaders import PaymentsContext, payments_context
from subgraphs.payments.provider import (
    BadWebhook,
    NobodyTakesPayments,
    PaymentProvider,
    StripeShapedProvider,
)
from subgraphs.payments.repository import PostgresPaymentRepository
from subgraphs.payments.schema import build_schema
from subgraphs.payments.service import Payments

log = logging.getLogger("plait.payments")
LARGEST_WEBHOOK = 256 * 1024
WEBHOOKS = "/webhooks/payments"


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    """Raises BadKeys when the encryption keys cannot be used."""
    database = stores.postgres
    kept, provider = PostgresPaymentRepository(database), provider_from(config.payment_provider)
    payments = Payments(kept, provider, cipher_of(config))

    def context(request: Request) -> PaymentsContext:
        return payments_context(request, payments)

    return Subgraph(
        name="payments",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
        routes=[_webhook_route(payments)],
    )


def provider_from(config: ProviderConfig | None) -> PaymentProvider:
    if config is None:
        return NobodyTakesPayments()
    client = httpx.AsyncClient(base_url=config.url)
    return StripeShapedProvider(client, config.key, config.webhook_secret)


def _webhook_route(payments: Payments) -> Route:
    async def hear(http: HttpRequest) -> Response:
        body = bytearray()
        async for chunk in http.stream():
            body += chunk
            if len(body) > LARGEST_WEBHOOK:
                return Response(status_code=413)
        try:
            await payments.hear_webhook(dict(http.headers), bytes(body))
        except BadWebhook as error:
            log.warning("a webhook was refused: %s", error)
            return Response(str(error), status_code=400, media_type="text/plain")
        except StoreUnavailable as error:
            log.warning("a webhook has to come again: %s", error)
            return Response(status_code=503, headers={"retry-after": "30"})
        return Response(status_code=204)

    return Route(WEBHOOKS, hear, methods=["POST"])
