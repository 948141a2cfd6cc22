"""The adapter to an API of Stripe's shape, against requests and answers as such an API has them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import httpx2 as httpx
import pytest

from db.errors import StoreUnavailable
from subgraphs.payments.provider import (
    BadWebhook,
    Order,
    ProviderPayment,
    ProviderRefund,
    ProviderRefused,
    StripeShapedProvider,
)
from subgraphs.payments.provider.port import ProviderStatus

OURS = UUID(int=7)
ORDER = Order(OURS, UUID(int=8), 1250, "EUR", "BANK_DEBIT")
INTENT: dict[str, Any] = {
    "id": "pi_1",
    "object": "payment_intent",
    "amount": 1250,
    "amount_received": 0,
    "currency": "eur",
    "livemode": False,
    "status": "requires_action",
    "metadata": {"payment_id": str(OURS)},
    "next_action": {"type": "redirect_to_url", "redirect_to_url": {"url": "https://pay.example/1"}},
    "last_payment_error": None,
    "added_in_a_later_version": {"of": ["the", "API"]},
}
REFUND = {
    "id": "re_1",
    "object": "refund",
    "amount": 500,
    "currency": "eur",
    "payment_intent": "pi_1",
    "status": "pending",
    "metadata": {"refund_id": str(OURS)},
}
Handle = Callable[[httpx.Request], httpx.Response]


def provider(handle: Handle) -> StripeShapedProvider:
    client = httpx.AsyncClient(transport=httpx.MockTransport(handle), base_url="https://api.example")
    return StripeShapedProvider(client, "sk_live", "whsec", clock=lambda: 1000.0)


def answering(status: int, told: object) -> Handle:
    return lambda _request: httpx.Response(status, json=told)


async def test_a_payment_is_asked_for_in_stripes_form() -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=INTENT)

    made = await provider(handle).create(ORDER)
    (request,) = seen
    assert (request.method, request.url.path) == ("POST", "/v1/payment_intents")
    assert request.headers["authorization"] == "Bearer sk_live"
    assert request.headers["idempotency-key"] == str(OURS)
    assert parse_qs(request.content.decode()) == {
        "amount": ["1250"],
        "currency": ["eur"],
        "payment_method_types[]": ["sepa_debit"],
        "metadata[payment_id]": [str(OURS)],
        "metadata[registration_id]": [str(UUID(int=8))],
    }
    url = "https://pay.example/1"
    assert made == ProviderPayment("pi_1", ProviderStatus.OPEN, 1250, "EUR", OURS, url)


@pytest.mark.parametrize(
    ("status", "error", "means"),
    [
        ("requires_payment_method", None, "OPEN"),
        ("requires_confirmation", None, "OPEN"),
        ("processing", None, "OPEN"),
        ("a_state_of_a_later_version", None, "OPEN"),
        ("requires_payment_method", {"code": "card_declined"}, "FAILED"),
        ("succeeded", None, "SUCCEEDED"),
        ("succeeded", {"code": "card_declined"}, "SUCCEEDED"),
        ("canceled", None, "CANCELLED"),
    ],
)
async def test_a_state_of_theirs_means_one_of_ours(status: str, error: Any, means: str) -> None:
    told = INTENT | {"status": status, "last_payment_error": error, "next_action": None}
    found = await provider(answering(200, told)).find("pi_1")
    assert found is not None
    assert found.status is ProviderStatus[means]


async def test_a_refund_that_takes_days_is_open() -> None:
    made = await provider(answering(200, REFUND)).refund(OURS, "pi_1", 500)
    assert made == ProviderRefund("re_1", ProviderStatus.OPEN, 500, "pi_1", OURS)


@pytest.mark.parametrize("status", [409, 429, 500, 502, 503])
async def test_what_may_be_tried_again_is_away(status: int) -> None:
    with pytest.raises(StoreUnavailable):
        await provider(answering(status, {"error": {"code": "x"}})).create(ORDER)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff"])
async def test_an_answer_that_is_no_json_is_away(body: bytes) -> None:
    with pytest.raises(StoreUnavailable):
        await provider(lambda _request: httpx.Response(200, content=body)).create(ORDER)


async def test_a_provider_that_cannot_be_reached_is_away() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(StoreUnavailable):
        await provider(refuse).create(ORDER)


async def test_what_is_refused_for_good_says_why() -> None:
    told = {"error": {"type": "card_error", "code": "amount_too_small", "message": "…"}}
    with pytest.raises(ProviderRefused, match="amount_too_small"):
        await provider(answering(402, told)).create(ORDER)


async def test_what_does_not_exist_there_is_none() -> None:
    told = {"error": {"type": "invalid_request_error", "code": "resource_missing"}}
    assert await provider(answering(404, told)).find("pi_gone") is None


async def test_a_list_is_read_to_its_end() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        after = request.url.params.get("starting_after")
        page = [INTENT | {"id": "pi_2" if after else "pi_1"}]
        return httpx.Response(200, json={"data": page, "has_more": after is None})

    found = await provider(handle).list_since(datetime(2026, 1, 1, tzinfo=UTC))
    assert [each.id for each in found] == ["pi_1", "pi_2"]


@pytest.mark.parametrize(
    "header",
    ["", "t=1000", "v1=abc", "t=1000,v1=abc", "t=x,v1=abc", "t=²,v1=abc", "t=1,t=2,v1=a", "\udc80", "=,=,="],
)
def test_a_header_that_is_no_signature_is_refused(header: str) -> None:
    with pytest.raises(BadWebhook):
        provider(answering(200, {})).read_webhook({"stripe-signature": header}, b"{}")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"id": 1, "type": "payment_intent.succeeded", "data": {"object": {}}}', b"\xff"],
)
def test_a_signed_body_that_cannot_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(BadWebhook, match="cannot be read"):
        provider(answering(200, {})).read_webhook(signed(body), body)


def test_an_event_that_does_not_concern_us_is_read_as_such() -> None:
    body = json.dumps({"id": "evt", "type": "customer.created", "data": {"object": {"id": "c"}}}).encode()
    assert provider(answering(200, {})).read_webhook(signed(body), body).about is None


def test_one_good_signature_among_several_is_enough() -> None:
    """While the secret is being changed there are two."""
    body = json.dumps({"id": "evt", "type": "x", "data": {"object": {}}}).encode()
    header = signed(body)["stripe-signature"].replace(",v1=", f",v1={'0' * 64},v1=")
    assert provider(answering(200, {})).read_webhook({"stripe-signature": header}, body).id == "evt"


def signed(body: bytes) -> dict[str, str]:
    digest = hmac.new(b"whsec", b"1000." + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t=1000,v1={digest}"}
