"""Which headers subgraphs get: the rules, in order."""

from __future__ import annotations

import pytest

from router.config import HeaderRule, HeadersConfig, Insert, Propagate, Remove, RequestRules
from router.pipeline.insert_header import Asking
from router.pipeline.propagate_headers import HeaderRules

CLIENT = {"authorization": "Bearer t", "x-tenant": "a", "cookie": "c", "host": "h", "x-request-id": "r"}


def sent(service: str = "users", **rules: RequestRules) -> dict[str, str]:
    config = HeadersConfig(all=rules.pop("all", RequestRules()), subgraphs=rules)
    return dict(HeaderRules.of(config).for_request(Asking(CLIENT))(service))


def test_authorization_and_request_id_are_sent_by_default() -> None:
    assert dict(HeaderRules.of(HeadersConfig()).for_request(Asking(CLIENT))("users")) == {
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
        (HeaderRule(insert=Insert(name="X-From", value="plait")), {"x-from": "plait"}),
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
        request=(HeaderRule(remove=Remove("Cookie")), HeaderRule(insert=Insert(name="x-tenant", value="b")))
    )
    assert sent(all=everyone, users=own) == {
        "authorization": "Bearer t",
        "x-tenant": "b",
        "x-request-id": "r",
    }
    assert sent("posts", all=everyone, users=own)["cookie"] == "c"


def inserted(insert: Insert, asking: Asking) -> str | None:
    everything = HeaderRule(propagate=Propagate(matching="x-.*"))
    rules = RequestRules(request=(everything, HeaderRule(insert=insert)))
    return dict(HeaderRules.of(HeadersConfig(all=rules)).for_request(asking)("users")).get(insert.name)


CLAIMS = {"sub": "u1", "org": {"id": 7}, "roles": ["a", "b"], "https://x.y/z": "dotted", "name": "Å\r\nx: y"}


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("sub", "u1"),
        ("org.id", "7"),
        ("roles", '["a","b"]'),
        ("https://x.y/z", "dotted"),
        ("name", "Å  x: y".encode().decode("latin-1")),
        ("none", None),
        ("sub.id", None),
    ],
)
def test_a_claim_is_inserted_and_never_what_the_client_sent_under_its_name(
    claim: str, value: str | None
) -> None:
    forged = {"x-user": "forged"}
    assert inserted(Insert(name="x-user", claim=claim), Asking(forged, CLAIMS)) == value
    assert inserted(Insert(name="x-user", claim=claim), Asking(forged, None)) is None


def test_what_the_router_knows_of_the_request_is_inserted() -> None:
    headers = {
        "x-forwarded-for": "10.0.0.1",
        "graphql-client-name": "web",
        "graphql-client-version": "2",
        "x-request-id": "r",
    }
    asking = Asking(headers, None, "Mine", "mutation")
    facts = {
        "client_address": "10.0.0.1",
        "client_name": "web",
        "client_version": "2",
        "operation_kind": "mutation",
        "operation_name": "Mine",
        "request_id": "r",
    }
    for fact, value in facts.items():
        assert inserted(Insert(name="x-fact", context=fact), asking) == value  # type: ignore[arg-type]
    unnamed = Asking({"x-fact": "forged"})
    assert inserted(Insert(name="x-fact", context="operation_name"), unnamed) is None


def test_headers_that_connection_names_are_for_the_router_alone() -> None:
    rules = RequestRules(request=(HeaderRule(propagate=Propagate(matching="x-.*")),))
    headers = {"connection": "keep-alive, X-Hop", "x-hop": "1", "x-other": "2"}
    assert dict(HeaderRules.of(HeadersConfig(all=rules)).for_request(Asking(headers))("users")) == {
        "x-other": "2"
    }
