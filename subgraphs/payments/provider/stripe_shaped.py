"""An API of Stripe's shape: payment intents, refunds, and webhooks signed with HMAC-SHA256.

    POST /v1/payment_intents   form fields, `Idempotency-Key`; minor units, currencies in lower case
    Stripe-Signature: t=SECONDS,v1=HEX        HMAC-SHA256 of "SECONDS.BODY" with the endpoint's secret

Our ids travel in `metadata`, so that a webhook is understood that comes before the answer it belongs to. A
signature is good for five minutes on either side of our clock; what comes again within them is known by the
event's id, which the store keeps.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx2 as httpx

from db.errors import StoreUnavailable
from subgraphs.payments.provider.port import (
    BadWebhook,
    Order,
    ProviderEvent,
    ProviderPayment,
    ProviderRefund,
    ProviderRefused,
    ProviderStatus,
)

TOLERANCE_SECONDS = 300
ANSWER_SECONDS = 10.0
LARGEST_PAGE = 100
METHODS = {"CARD": "card", "BANK_DEBIT": "sepa_debit", "BANK_REDIRECT": "ideal", "WALLET": "paypal"}
INTENTS = {
    "succeeded": ProviderStatus.SUCCEEDED,
    "canceled": ProviderStatus.CANCELLED,
}
REFUNDS = {
    "succeeded": ProviderStatus.SUCCEEDED,
    "failed": ProviderStatus.FAILED,
    "canceled": ProviderStatus.FAILED,
}
FAILED = "payment_intent.payment_failed"


@dataclass(frozen=True, slots=True)
class StripeShapedProvider:
    """`client` is shared and kept; its base URL is the provider's."""

    client: httpx.AsyncClient
    key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    clock: Callable[[], float] = time.time
    name: str = "stripe"

    async def create(self, order: Order) -> ProviderPayment:
        form = {
            "amount": str(order.amount_minor),
            "currency": order.currency.lower(),
            "payment_method_types[]": METHODS[order.method],
            "metadata[payment_id]": str(order.payment_id),
            "metadata[registration_id]": str(order.registration_id),
        }
        return _payment(await self._send("POST", "/v1/payment_intents", form, str(order.payment_id)))

    async def find(self, provider_payment_id: str) -> ProviderPayment | None:
        try:
            return _payment(await self._send("GET", f"/v1/payment_intents/{provider_payment_id}"))
        except ProviderRefused as refused:
            if refused.failure == "resource_missing":
                return None
            raise

    async def cancel(self, provider_payment_id: str) -> None:
        try:
            await self._send("POST", f"/v1/payment_intents/{provider_payment_id}/cancel", {})
        except ProviderRefused as refused:
            if refused.failure != "payment_intent_unexpected_state":
                raise

    async def refund(self, refund_id: UUID, provider_payment_id: str, amount_minor: int) -> ProviderRefund:
        form = {
            "payment_intent": provider_payment_id,
            "amount": str(amount_minor),
            "metadata[refund_id]": str(refund_id),
        }
        return _refund(await self._send("POST", "/v1/refunds", form, str(refund_id)))

    async def list_since(self, moment: datetime) -> Sequence[ProviderPayment]:
        found: list[ProviderPayment] = []
        query = {"created[gte]": str(int(moment.timestamp())), "limit": str(LARGEST_PAGE)}
        while True:
            page = await self._send("GET", "/v1/payment_intents", query)
            found += [_payment(each) for each in page["data"]]
            if not page.get("has_more") or not page["data"]:
                return found
            query["starting_after"] = found[-1].id

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> ProviderEvent:
        self._require_signature(headers.get("stripe-signature", ""), body)
        try:
            told = json.loads(body)
            kind, about = str(told["type"]), told["data"]["object"]
            return ProviderEvent(str(told["id"]), kind, _about(kind, about))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadWebhook("it cannot be read") from error

    def _require_signature(self, header: str, body: bytes) -> None:
        parts = [part.partition("=") for part in header.split(",")]
        stamps = [value for name, _, value in parts if name.strip() == "t"]
        signatures = [value for name, _, value in parts if name.strip() == "v1"]
        if len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdigit() and len(stamps[0]) < 13):
            raise BadWebhook("it has no signature")
        signed = hmac.new(self.webhook_secret.encode(), stamps[0].encode() + b"." + body, hashlib.sha256)
        expected = signed.hexdigest().encode()
        good = [hmac.compare_digest(each.encode(errors="replace"), expected) for each in signatures[:10]]
        if not any(good):
            raise BadWebhook("its signature is not the provider's")
        if abs(self.clock() - int(stamps[0])) > TOLERANCE_SECONDS:
            raise BadWebhook("it was signed too long ago, or a clock is wrong")

    async def _send(
        self, method: str, path: str, form: Mapping[str, str] | None = None, key: str | None = None
    ) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self.key}"} | ({} if key is None else {"idempotency-key": key})
        given: dict[str, Any] = {"params": form} if method == "GET" else {"data": form}
        try:
            answer = await self.client.request(method, path, headers=headers, timeout=ANSWER_SECONDS, **given)
            told = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise self._away(type(error).__name__) from error
        if answer.status_code >= 500 or answer.status_code in (409, 429):
            raise self._away(f"status {answer.status_code}")
        if answer.status_code >= 400:
            problem = told.get("error") or {}
            raise ProviderRefused(str(problem.get("code") or problem.get("type") or answer.status_code))
        return dict(told)

    def _away(self, reason: str) -> StoreUnavailable:
        return StoreUnavailable(str(self.client.base_url.host), reason, "the payment provider")


def _about(kind: str, told: Mapping[str, Any]) -> ProviderPayment | ProviderRefund | None:
    if kind.startswith("payment_intent."):
        return _payment(told, has_failed=kind == FAILED)
    return _refund(told) if kind.startswith("refund.") else None


def _payment(told: Mapping[str, Any], *, has_failed: bool = False) -> ProviderPayment:
    problem = told.get("last_payment_error") or {}
    status = INTENTS.get(told["status"], ProviderStatus.OPEN)
    if status is ProviderStatus.OPEN and (has_failed or problem):
        status = ProviderStatus.FAILED
    action = told.get("next_action") or {}
    return ProviderPayment(
        id=str(told["id"]),
        status=status,
        amount_minor=int(told["amount"]),
        currency=str(told["currency"]).upper(),
        payment_id=_uuid((told.get("metadata") or {}).get("payment_id")),
        checkout_url=(action.get("redirect_to_url") or {}).get("url"),
        failure=None if not problem else str(problem.get("code") or "declined")[:100],
    )


def _refund(told: Mapping[str, Any]) -> ProviderRefund:
    return ProviderRefund(
        id=str(told["id"]),
        status=REFUNDS.get(told["status"], ProviderStatus.OPEN),
        amount_minor=int(told["amount"]),
        provider_payment_id=str(told["payment_intent"]),
        refund_id=_uuid((told.get("metadata") or {}).get("refund_id")),
    )


def _uuid(text: object) -> UUID | None:
    try:
        return None if text is None else UUID(str(text))
    except ValueError:
        return None
