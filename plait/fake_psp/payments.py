"""What the fake provider knows: payment intents, refunds, and the keys they were asked for with."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

Told = dict[str, Any]
Tell = Callable[[str, Told], None]
"""Hears what happened, and to what."""


class Refusal(Exception):
    """What the API answers with instead: a status and Stripe's kind of error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.told = {"error": {"type": "invalid_request_error", "code": code, "message": message}}


@dataclass(slots=True)
class Psp:
    """`base_url` is where its pages are."""

    tell: Tell
    base_url: str = "http://127.0.0.1"
    clock: Callable[[], float] = time.time
    intents: dict[str, Told] = field(default_factory=dict)
    refunds: dict[str, Told] = field(default_factory=dict)
    _answers: dict[str, tuple[Mapping[str, str], Told]] = field(default_factory=dict)

    def once(self, key: str | None, form: Mapping[str, str], make: Callable[[], Told]) -> Told:
        """The same key is the same answer; with another form it is a mistake."""
        if key is None:
            return make()
        if key in self._answers:
            asked, answer = self._answers[key]
            if asked != form:
                raise Refusal(400, "idempotency_error", "the key was used for something else")
            return answer
        answer = make()
        self._answers[key] = (dict(form), answer)
        return answer

    def create(self, form: Mapping[str, str]) -> Told:
        identifier = f"pi_{token_hex(12)}"
        intent = {
            "id": identifier,
            "object": "payment_intent",
            "amount": _amount(form),
            "amount_refunded": 0,
            "currency": form["currency"],
            "status": "requires_action",
            "created": int(self.clock()),
            "metadata": _metadata(form),
            "payment_method_types": [form.get("payment_method_types[]", "card")],
            "next_action": {
                "type": "redirect_to_url",
                "redirect_to_url": {"url": f"{self.base_url}/pay/{identifier}"},
            },
            "last_payment_error": None,
        }
        self.intents[identifier] = intent
        return intent

    def get(self, identifier: str) -> Told:
        if identifier not in self.intents:
            raise Refusal(404, "resource_missing", f"there is no payment intent {identifier}")
        return self.intents[identifier]

    def pay(self, identifier: str, outcome: str) -> Told:
        """The payer decides: `succeed`, `decline` (they may try again) or `cancel`."""
        intent = self.get(identifier)
        if intent["status"] in ("succeeded", "canceled"):
            raise Refusal(400, "payment_intent_unexpected_state", f"it is {intent['status']}")
        if outcome == "succeed":
            intent |= {"status": "succeeded", "next_action": None, "last_payment_error": None}
            self.tell("payment_intent.succeeded", intent)
        elif outcome == "decline":
            problem = {"code": "card_declined", "message": "The card was declined."}
            intent |= {"status": "requires_payment_method", "last_payment_error": problem}
            self.tell("payment_intent.payment_failed", intent)
        else:
            self.cancel(identifier)
        return intent

    def cancel(self, identifier: str) -> Told:
        intent = self.get(identifier)
        if intent["status"] == "succeeded":
            raise Refusal(400, "payment_intent_unexpected_state", "it is paid")
        if intent["status"] != "canceled":
            intent |= {"status": "canceled", "next_action": None}
            self.tell("payment_intent.canceled", intent)
        return intent

    def refund(self, form: Mapping[str, str]) -> Told:
        intent = self.get(form["payment_intent"])
        left = intent["amount"] - intent["amount_refunded"]
        amount = _amount(form) if "amount" in form else left
        if intent["status"] != "succeeded":
            raise Refusal(400, "charge_not_paid", "it is not paid")
        if amount > left:
            raise Refusal(400, "charge_already_refunded", f"only {left} is left")
        intent["amount_refunded"] += amount
        refund = {
            "id": f"re_{token_hex(12)}",
            "object": "refund",
            "amount": amount,
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "status": "succeeded",
            "created": int(self.clock()),
            "metadata": _metadata(form),
        }
        self.refunds[refund["id"]] = refund
        self.tell("refund.created", refund)
        return refund

    def list_since(self, since: int, after: str | None, limit: int) -> Told:
        """Newest first, as Stripe lists."""
        newest = [each for each in reversed(self.intents.values()) if each["created"] >= since]
        ids = [each["id"] for each in newest]
        start = ids.index(after) + 1 if after in ids else 0
        page = newest[start : start + limit]
        return {"object": "list", "data": page, "has_more": start + limit < len(newest)}


def _amount(form: Mapping[str, str]) -> int:
    text = form.get("amount", "")
    if not text.isdigit() or int(text) < 1:
        raise Refusal(400, "parameter_invalid_integer", "amount is a whole number from 1")
    return int(text)


def _metadata(form: Mapping[str, str]) -> dict[str, str]:
    prefix = "metadata["
    return {name[len(prefix) : -1]: value for name, value in form.items() if name.startswith(prefix)}
