"""Which headers subgraphs get: the rules, in order."""

from __future__ import annotations

import pytest

from router.config import HeaderRule, HeadersConfig, Insert, Propagate, Remove, RequestRules
from router.pipeline.propagate_headers import HeaderRules

CLIENT = {"authorization": "Bearer t", "x-tenant": "a", "cookie": "c", "host": "h", "x-request-id": "r"}


def sent(service: str = "users", **rules: RequestRules) -> dict[str, str]:
    config = HeadersConfig(all=rules.pop("all", RequestRules()), subgraphs=rules)
    return dict(HeaderRules.of(config).for_request(CLIENT)(service))


def test_authorization_and_request_id_are_sent_by_default() -> None:
    assert dict(HeaderRules.of(HeadersConfig()).for_request(CLIENT)("users")) == {
        "authorization": "Bearer t",
        "x-request-id": "r",
    }


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (HeaderRule(propagate=Propagate(named="X-Tenant")), {"x-tenant": "a"}),
        (HeaderRule(propagate=Propagate(named="x-tenant", rename="tenant")), {"tenant": "a"}),
        (HeaderRule(propagate=Propagate(named="x-none", default="d")), {"x-none": "d"}),
        (HeaderRule(propagate=Propagate(named="x-none")), {}),
        (HeaderRule(propagate=Propagate(matching="x-.*")), {"x-tenant": "a", "x-request-id": "r"}),
        (HeaderRule(insert=Insert("X-From", "plait")), {"x-from": "plait"}),
    ],
)
def test_a_rule_sends_what_it_says(rule: HeaderRule, expected: dict[str, str]) -> None:
    assert sent(all=RequestRules(request=(rule,))) == expected


def test_headers_about_the_connection_are_never_matched() -> None:
    rules = RequestRules(request=(HeaderRule(propagate=Propagate(matching=".*")),))
    assert "host" not in sent(all=rules)


def test_rules_apply_in_order_and_a_subgraphs_own_come_last() -> None:
    everyone = RequestRules(request=(HeaderRule(propagate=Propagate(matching=".*")),))
    own = RequestRules(
        request=(HeaderRule(remove=Remove("Cookie")), HeaderRule(insert=Insert("x-tenant", "b")))
    )
    assert sent(all=everyone, users=own) == {
        "authorization": "Bearer t",
        "x-tenant": "b",
        "x-request-id": "r",
    }
    assert sent("posts", all=everyone, users=own)["cookie"] == "c"
