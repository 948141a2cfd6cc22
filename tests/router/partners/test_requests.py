"""What a partner may run: its own published operations, by id, over the part of the graph it is shown."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from router.app import Router
from router.config import (
    AuthorizationConfig,
    BatchingConfig,
    DemandConfig,
    ExecutionConfig,
    HeaderRule,
    HeadersConfig,
    Insert,
    IntrospectionConfig,
    PersistedConfig,
    Propagate,
    RateLimit,
    RateLimitsConfig,
    RequestRules,
)
from router.partners.partner import Limits, PartnerContract, Rate
from tests.support.federation import Subgraph
from tests.support.partners import (
    ADA,
    EMAIL,
    ME,
    SUPERGRAPH,
    add_partner,
    code,
    config,
    router,
    serving,
    store,
    users,
)

BY_ID = {"documentId": "me-1"}
SCHEMA = {"query": "{ __schema { types { name fields { name } } } }"}


def by(key: str, **more: str) -> dict[str, str]:
    return {"x-api-key": key, **more}


async def test_an_operation_is_run_by_its_id_over_post_and_get_and_no_text_is(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path))
    watched = users()
    async with serving(router(tmp_path, watched)) as http:
        posted = await http.post("/graphql", json=BY_ID, headers=by(key))
        got = await http.get("/graphql/me-1", headers=by(key))
        count = len(watched.requests)
        text = await http.post("/graphql", json={"query": ME}, headers=by(key))
        mixed = await http.post("/graphql", json={"query": "{ __typename me { name } }"}, headers=by(key))
        hidden = await http.post(
            "/graphql", json={"query": "{ ...F } fragment F on Query { me { name } }"}, headers=by(key)
        )
        unknown = await http.post("/graphql", json={"documentId": "me-2"}, headers=by(key))
        broken = await http.post("/graphql", json={"query": "{ me {"}, headers=by(key))
    assert posted.json() == got.json() == ADA
    assert code(text) == code(mixed) == code(hidden) == (400, "PERSISTED_QUERY_ID_REQUIRED")
    assert code(unknown) == (404, "PERSISTED_QUERY_NOT_IN_LIST")
    assert code(broken)[1] == "PARSING_ERROR"
    assert len(watched.requests) == count


async def test_operations_of_other_partners_and_of_everybody_are_not_a_partners(tmp_path: Path) -> None:
    (tmp_path / "all.json").write_text(json.dumps({"public-1": ME}))
    folder = tmp_path / "partners"
    acme = add_partner(store(folder), "acme", texts={"acme-1": ME})
    other = add_partner(store(folder), "other", texts={"other-1": ME})
    published = PersistedConfig(sources=(str(tmp_path / "all.json"),))
    async with serving(router(folder, persisted_operations=published)) as http:
        for key, id_ in ((acme, "other-1"), (other, "acme-1"), (acme, "public-1")):
            refused = await http.post("/graphql", json={"documentId": id_}, headers=by(key))
            assert code(refused) == (404, "PERSISTED_QUERY_NOT_IN_LIST")
        anonymous = await http.post("/graphql", json={"documentId": "acme-1"})
        assert code(anonymous) == (404, "PERSISTED_QUERY_NOT_IN_LIST")
        assert (await http.post("/graphql", json={"documentId": "public-1"})).json() == ADA


async def test_a_partner_neither_registers_a_text_by_its_hash_nor_runs_one_that_others_registered(
    tmp_path: Path,
) -> None:
    key = add_partner(store(tmp_path))
    hash_ = hashlib.sha256(ME.encode()).hexdigest()
    asked: dict[str, Any] = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_}}}
    async with serving(router(tmp_path)) as http:
        sent = await http.post("/graphql", json={**asked, "query": ME}, headers=by(key))
        nobody = await http.post("/graphql", json=asked)
        await http.post("/graphql", json={**asked, "query": ME})
        theirs = await http.post("/graphql", json=asked, headers=by(key))
    assert code(sent) == (400, "PERSISTED_QUERY_ID_REQUIRED")
    assert nobody.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert code(theirs) == (404, "PERSISTED_QUERY_NOT_IN_LIST")


async def test_a_hidden_field_is_unknown_even_if_an_operation_with_it_was_written_into_the_store(
    tmp_path: Path,
) -> None:
    folder = store(tmp_path)
    acme = add_partner(folder, "acme", texts={"email": EMAIL})
    open_ = add_partner(folder, "open", texts={"email": EMAIL}, contract=PartnerContract())
    watched = users()
    async with serving(router(tmp_path, watched)) as http:
        refused = await http.post("/graphql", json={"documentId": "email"}, headers=by(acme))
        assert watched.requests == []
        shown = await http.post("/graphql", json={"documentId": "email"}, headers=by(open_))
    assert refused.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert shown.json() == {"data": {"me": {"email": "ada@example.com"}}}


async def test_introspection_shows_each_partner_its_contract_alone(tmp_path: Path) -> None:
    folder = store(tmp_path)
    acme = add_partner(folder)
    public = add_partner(folder, "public", contract=PartnerContract())
    async with serving(router(tmp_path)) as http:
        own = (await http.post("/graphql", json=SCHEMA, headers=by(acme))).text
        whole = (await http.post("/graphql", json=SCHEMA, headers=by(public))).text
        everybodys = (await http.post("/graphql", json=SCHEMA)).text
        named = await http.post(
            "/graphql", json={"query": '{ __type(name: "User") { fields { name } } }'}, headers=by(acme)
        )
    assert '"email"' not in own
    assert '"secret"' not in own
    assert '"name":"me"' in own
    assert whole == everybodys
    assert '"email"' in whole
    assert named.json()["data"]["__type"]["fields"] == [{"name": "id"}, {"name": "name"}]


@pytest.mark.parametrize(("partners_may", "expected"), [(False, "INTROSPECTION_DISABLED"), (True, None)])
async def test_where_introspection_is_off_partners_may_ask_only_if_that_is_configured(
    tmp_path: Path, partners_may: bool, expected: str | None
) -> None:
    key = add_partner(store(tmp_path))
    hidden = router(
        tmp_path, introspection=IntrospectionConfig(enabled=False), partners={"introspection": partners_may}
    )
    async with serving(hidden) as http:
        answer = (await http.post("/graphql", json=SCHEMA, headers=by(key))).json()
        public = (await http.post("/graphql", json=SCHEMA)).json()
    assert public["errors"][0]["extensions"]["code"] == "INTROSPECTION_DISABLED"
    assert answer.get("errors", [{}])[0].get("extensions", {}).get("code") == expected


async def test_its_rate_is_its_own_and_in_place_of_everybodys(tmp_path: Path) -> None:
    folder = store(tmp_path)
    acme = add_partner(folder, "acme", limits=Limits(rate=Rate(count=3, seconds=3600)))
    other = add_partner(folder, "other")
    rules = RateLimitsConfig(rules=(RateLimit(name="all", count=1, seconds=3600, by="all"),))
    async with serving(router(tmp_path, rate_limits=rules)) as http:
        own = [await http.post("/graphql", json=BY_ID, headers=by(acme)) for _ in range(4)]
        without = [await http.post("/graphql", json=BY_ID, headers=by(other)) for _ in range(2)]
    assert [each.status_code for each in own] == [200, 200, 200, 429]
    assert code(own[3]) == (429, "REQUEST_RATE_LIMITED")
    assert int(own[3].headers["retry-after"]) > 0
    assert [each.status_code for each in without] == [200, 429]


async def test_a_days_quota_lets_through_exactly_its_operations_however_many_come_at_once(
    tmp_path: Path,
) -> None:
    key = add_partner(store(tmp_path), limits=Limits(daily_operations=5))
    async with serving(router(tmp_path)) as http:
        posts = [http.post("/graphql", json=BY_ID, headers=by(key)) for _ in range(20)]
        answers = await asyncio.gather(*posts)
        refused = await http.post("/graphql", json=BY_ID, headers=by(key))
        unknown = await http.post("/graphql", json={"documentId": "nope"}, headers=by(key))
    assert sorted(each.status_code for each in answers) == [200] * 5 + [429] * 15
    assert code(refused) == (429, "PARTNER_QUOTA_EXCEEDED")
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert code(unknown)[0] == 404


async def test_what_operations_cost_is_a_days_budget_and_a_limit_for_each_without_demand_control_for_others(
    tmp_path: Path,
) -> None:
    folder = store(tmp_path)
    both = "query Both { a: me { name } b: me { name } }"
    texts = {"me-1": ME, "both": both}
    budget = add_partner(folder, "budget", limits=Limits(daily_cost=2), texts=texts)
    cheap = add_partner(folder, "cheap", limits=Limits(max_cost=1), texts=texts)
    watched = users()
    async with serving(router(tmp_path, watched)) as http:
        first = await http.post("/graphql", json=BY_ID, headers=by(budget))
        too_much = await http.post("/graphql", json={"documentId": "both"}, headers=by(budget))
        second = await http.post("/graphql", json=BY_ID, headers=by(budget))
        third = await http.post("/graphql", json=BY_ID, headers=by(budget))
        run = len(watched.requests)
        dear = await http.post("/graphql", json={"documentId": "both"}, headers=by(cheap))
        assert len(watched.requests) == run
        fine = await http.post("/graphql", json=BY_ID, headers=by(cheap))
    assert first.json() == second.json() == fine.json() == ADA
    assert code(too_much) == code(third) == (429, "PARTNER_BUDGET_EXCEEDED")
    assert dear.json()["errors"][0]["extensions"] == {
        "code": "COST_ESTIMATED_TOO_EXPENSIVE",
        "cost": {"estimated": 2, "max": 1},
    }


async def test_its_own_cost_limit_stands_in_place_of_everybodys(tmp_path: Path) -> None:
    folder = store(tmp_path)
    texts = {"both": "query Both { a: me { name } b: me { name } }"}
    large = add_partner(folder, "large", limits=Limits(max_cost=10), texts=texts)
    plain = add_partner(folder, "plain", texts=texts)
    enforced = DemandConfig(mode="enforce", max_cost=1)
    async with serving(router(tmp_path, demand=enforced)) as http:
        own = await http.post("/graphql", json={"documentId": "both"}, headers=by(large))
        without = await http.post("/graphql", json={"documentId": "both"}, headers=by(plain))
    assert "errors" not in own.json()
    assert without.json()["errors"][0]["extensions"]["code"] == "COST_ESTIMATED_TOO_EXPENSIVE"


class Viewer:
    """An authenticator that knows one token, in a header or in a cookie."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    async def authenticate(self, headers: Any) -> Any:
        self.asked.append(headers)
        is_known = headers.get("authorization") == "Bearer user" or "token=user" in headers.get("cookie", "")
        return {"sub": "1"} if is_known else None


def protected(tmp_path: Path, viewer: Viewer, *rules: HeaderRule, **more: Any) -> Router:
    passing = HeadersConfig(
        all=RequestRules(request=(HeaderRule(propagate=Propagate(matching=".*")), *rules))
    )
    settings = config(tmp_path, headers=passing, **more)
    return Router(SUPERGRAPH, {"users": users()}, config=settings, authenticator=viewer)


async def test_the_key_says_which_operations_and_a_users_token_beside_it_who_asks(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path), texts={"mine": "query Mine { mine }"})
    viewer = Viewer()
    mine = {"documentId": "mine"}
    async with serving(protected(tmp_path, viewer)) as http:
        alone = await http.post("/graphql", json=mine, headers=by(key))
        user = await http.post("/graphql", json=mine, headers=by(key, authorization="Bearer user"))
        bearer = await http.post("/graphql", json=mine, headers={"authorization": f"Bearer {key}"})
    assert alone.json()["errors"][0]["extensions"]["code"] == "UNAUTHORIZED_FIELD_OR_TYPE"
    assert user.json() == {"data": {"mine": "m"}}
    assert bearer.json() == alone.json()


async def test_cookies_beside_a_key_are_nobodys_and_neither_they_nor_the_key_reach_a_subgraph(
    tmp_path: Path,
) -> None:
    key = add_partner(store(tmp_path), texts={"mine": "query Mine { mine }", "me-1": ME})
    viewer = Viewer()
    named = HeaderRule(insert=Insert(name="x-partner", context="partner"))
    made = protected(tmp_path, viewer, named)
    async with serving(made) as http:
        headers = by(key, cookie="token=user", **{"x-other": "o"})
        mine = await http.post("/graphql", json={"documentId": "mine"}, headers=headers)
        await http.post("/graphql", json=BY_ID, headers=headers)
        await http.post("/graphql", json=BY_ID, headers={"authorization": f"Bearer {key}"})
    assert mine.json()["errors"][0]["extensions"]["code"] == "UNAUTHORIZED_FIELD_OR_TYPE"
    subgraph: Any = made._subgraphs["users"]
    sent = [dict(headers) for _, _, headers in subgraph.requests]
    assert (sent[0]["x-other"], sent[0]["x-partner"]) == ("o", "acme")
    assert all(key not in str(each) and "cookie" not in each for each in sent)


async def test_a_partner_is_not_anonymous_where_anonymous_clients_are_refused(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path))
    strict = AuthorizationConfig(require_authentication=True)
    async with serving(protected(tmp_path, Viewer(), authorization=strict)) as http:
        assert (await http.post("/graphql", json=BY_ID, headers=by(key))).json() == ADA
        assert code(await http.post("/graphql", json={"query": ME})) == (401, "UNAUTHENTICATED")


async def test_each_operation_of_a_batch_is_counted(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path), limits=Limits(daily_operations=2))
    batches = BatchingConfig(enabled=True)
    async with serving(router(tmp_path, batching=batches)) as http:
        answer = (await http.post("/graphql", json=[BY_ID] * 3, headers=by(key))).json()
    assert [each.get("data") for each in answer[:2]] == [ADA["data"]] * 2
    assert answer[2]["errors"][0]["extensions"]["code"] == "PARTNER_QUOTA_EXCEEDED"


async def test_no_plan_is_shown_to_a_partner(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path))
    shown = ExecutionConfig(expose_query_plan=True)
    async with serving(router(tmp_path, execution=shown)) as http:
        for mode in ("true", "dry-run"):
            headers = by(key, **{"apollo-expose-query-plan": mode})
            assert (await http.post("/graphql", json=BY_ID, headers=headers)).json() == ADA


async def test_no_shared_cache_may_keep_what_a_partner_gets(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path))

    class Cacheable:
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            body = json.dumps({"data": {"me": {"__typename": "User", "name": "Ada"}}}).encode()
            headers = [
                (b"content-type", b"application/json"),
                (b"cache-control", b"public, max-age=60, s-maxage=600"),
            ]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    made = Router(SUPERGRAPH, {"users": Cacheable()}, config=config(tmp_path))
    async with serving(made) as http:
        public = await http.get("/graphql", params={"query": ME}, headers={"apollo-require-preflight": "1"})
        own = await http.get("/graphql/me-1", headers=by(key))
        again = await http.get("/graphql/me-1", headers=by(key, **{"if-none-match": own.headers["etag"]}))
    assert public.headers["cache-control"] == "max-age=60, s-maxage=600, public"
    assert own.headers["cache-control"] == "max-age=60, private"
    assert {"x-api-key", "authorization"} <= set(own.headers["vary"].split(", "))
    assert again.status_code == 304


def test_a_router_without_partners_has_no_stage_for_them() -> None:
    made = Router(SUPERGRAPH, {"users": users()})
    assert made.partners is None
    assert made.engine._callers is None
    assert made.engine.pipeline.contracts is None


async def test_an_object_of_a_hidden_type_is_null_where_a_subgraph_answers_with_one(tmp_path: Path) -> None:
    found = "query Found { found { ... on User { name } __typename } }"
    key = add_partner(store(tmp_path), texts={"found": found})
    answer = {"found": [{"__typename": "User", "name": "Ada"}, {"__typename": "Invoice", "total": 7}]}
    async with serving(router(tmp_path, Subgraph(answer))) as http:
        own = await http.post("/graphql", json={"documentId": "found"}, headers=by(key))
        public = await http.post("/graphql", json={"query": found})
    ada = {"name": "Ada", "__typename": "User"}
    assert own.json() == {"data": {"found": [ada, None]}}
    assert public.json() == {"data": {"found": [ada, {"__typename": "Invoice"}]}}


async def test_a_contract_that_leaves_no_schema_closes_that_partner_alone_and_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = store(tmp_path)
    nothing = add_partner(folder, "nothing", contract=PartnerContract(include_tags=("unknown",)))
    acme = add_partner(folder)
    async with serving(router(tmp_path)) as http:
        closed = await http.post("/graphql", json=BY_ID, headers=by(nothing))
        schema = await http.post("/graphql", json=SCHEMA, headers=by(nothing))
        assert (await http.post("/graphql", json=BY_ID, headers=by(acme))).json() == ADA
    assert code(closed) == code(schema) == (503, "PARTNER_CONTRACT_UNUSABLE")
    assert caplog.text.count("The contract of partner nothing does not fit") == 1


async def test_a_new_supergraph_is_cut_for_partners_before_it_is_in_force(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path))
    made = router(tmp_path)
    async with serving(made) as http:
        assert (await http.post("/graphql", json=BY_ID, headers=by(key))).json() == ADA
        await made.replace_supergraph(
            SUPERGRAPH.replace("name: String\n", 'name: String @tag(name: "internal")\n')
        )
        hidden: httpx.Response = await http.post("/graphql", json=BY_ID, headers=by(key))
    assert hidden.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
