"""The fake provider over HTTP: the API that services call, and the page where somebody "pays".

POST /v1/payment_intents            GET /v1/payment_intents[/ID]     POST /v1/payment_intents/ID/cancel
POST /v1/refunds                    GET|POST /pay/ID
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from plait.fake_psp.payments import Psp, Refusal
from plait.fake_psp.webhooks import Webhooks

Answer = Callable[[Request], Awaitable[Response]]
LARGEST_FORM = 64 * 1024
OUTCOMES = {"succeed": "Pay", "decline": "Have the card declined", "cancel": "Give up"}
PAGE = """<!doctype html><title>Fake payment</title><meta name=viewport content="width=device-width">
<h1>{amount} {currency}</h1><p>This provider takes no money. {status}</p>
<form method=post>{buttons}</form>"""


def fake_psp(psp: Psp, webhooks: Webhooks, key: str) -> Starlette:
    """`key` is what callers must have."""

    def api(answer: Callable[[Request, Mapping[str, str]], Mapping[str, Any]]) -> Answer:
        async def answered(http: Request) -> Response:
            given = http.headers.get("authorization", "").encode()
            if not hmac.compare_digest(given, f"Bearer {key}".encode()):
                return JSONResponse({"error": {"code": "api_key_invalid"}}, 401)
            if webhooks.fails():
                return JSONResponse({"error": {"type": "api_error"}}, 503)
            try:
                return JSONResponse(answer(http, await _form(http)))
            except Refusal as refusal:
                return JSONResponse(refusal.told, refusal.status)
            except KeyError as missing:
                told = {"error": {"code": "parameter_missing", "message": str(missing)}}
                return JSONResponse(told, 400)

        return answered

    def create(http: Request, form: Mapping[str, str]) -> Mapping[str, Any]:
        return psp.once(http.headers.get("idempotency-key"), form, lambda: psp.create(form))

    def refund(http: Request, form: Mapping[str, str]) -> Mapping[str, Any]:
        return psp.once(http.headers.get("idempotency-key"), form, lambda: psp.refund(form))

    def find(http: Request, _form: Mapping[str, str]) -> Mapping[str, Any]:
        return psp.get(http.path_params["id"])

    def cancel(http: Request, _form: Mapping[str, str]) -> Mapping[str, Any]:
        return psp.cancel(http.path_params["id"])

    def listed(http: Request, _form: Mapping[str, str]) -> Mapping[str, Any]:
        query = http.query_params
        since, limit = int(query.get("created[gte]", "0")), int(query.get("limit", "10"))
        return psp.list_since(since, query.get("starting_after"), min(limit, 100))

    async def page(http: Request) -> Response:
        try:
            intent = psp.get(http.path_params["id"])
            if http.method == "POST":
                form = await _form(http)
                intent = psp.pay(intent["id"], form.get("outcome", "succeed"))
        except Refusal as refusal:
            return HTMLResponse(escape(str(refusal)), refusal.status)
        return HTMLResponse(_page(intent))

    return Starlette(
        routes=[
            Route("/v1/payment_intents", api(create), methods=["POST"]),
            Route("/v1/payment_intents", api(listed), methods=["GET"]),
            Route("/v1/payment_intents/{id}", api(find), methods=["GET"]),
            Route("/v1/payment_intents/{id}/cancel", api(cancel), methods=["POST"]),
            Route("/v1/refunds", api(refund), methods=["POST"]),
            Route("/pay/{id}", page, methods=["GET", "POST"]),
        ]
    )


async def _form(http: Request) -> dict[str, str]:
    body = bytearray()
    async for chunk in http.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise Refusal(413, "form_too_large", "the form is too large")
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def _page(intent: Mapping[str, Any]) -> str:
    open_ = intent["status"] not in ("succeeded", "canceled")
    buttons = "".join(
        f'<button name="outcome" value="{value}">{label}</button> ' for value, label in OUTCOMES.items()
    )
    return PAGE.format(
        amount=intent["amount"],
        currency=escape(str(intent["currency"]).upper()),
        status="" if open_ else f"It is {intent['status']}.",
        buttons=buttons if open_ else "",
    )
