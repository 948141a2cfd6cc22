"""Who gets what, and what subgraphs are asked on their behalf."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router.authorization.grant import MAX_REMEMBERED, Grants, VerifiedClaims
from router.authorization.policies import PolicyRequest
from router.authorization.requirements import Authenticated, Policies, Requirements, Scopes
from router.config import AuthorizationConfig, DeduplicationConfig, ExecutionConfig, RouterConfig
from tests.support.protected import caller, denied, protected, sent

USERS = """
type Query {
  me: User
  users: [User]
  strict: [User!]!
  admin: Secret
  pet: Pet
  dog: Dog
  found: [Found]
  level: Level
  total: Int @requiresScopes(scopes: [["read", "count"], ["admin"]])
}
type Mutation { rename(name: String!): User  wipe: Boolean @authenticated }
type User @key(fields: "id") {
  id: ID!
  name: String
  mail: String @authenticated
  ssn: String! @requiresScopes(scopes: [["admin"]])
  diary: String @policy(policies: [["owner", "adult"], ["staff"]])
}
type Secret @authenticated { plan: String }
enum Level @requiresScopes(scopes: "admin") { LOW HIGH }
interface Pet { name: String }
type Dog implements Pet { name: String  chip: String @authenticated }
type Cat implements Pet { name: String @authenticated }
union Found = User | Secret | Dog
"""
POSTS = 'type User @key(fields: "id") { id: ID!  posts: [String]  drafts: [String] @authenticated }'


def ada() -> dict[str, Any]:
    return {"__typename": "User", "id": "1", "name": "Ada", "mail": "a@b", "ssn": "7", "diary": "dear"}


ANSWERS: dict[str, dict[str, Any]] = {
    "users": {
        "me": ada,
        "x": ada,
        "users": lambda: [ada(), None, ada()],
        "strict": lambda: [ada()],
        "admin": {"plan": "p"},
        "pet": {"__typename": "Dog", "_type": "Dog", "name": "Rex", "chip": "c"},
        "dog": {"__typename": "Dog", "name": "Rex", "chip": "c"},
        "found": lambda: [
            {**ada(), "_type": "User"},
            {"__typename": "Secret", "_type": "Secret", "plan": "p"},
            {"__typename": "Dog", "_type": "Dog", "name": "Rex", "chip": "c"},
        ],
        "level": "LOW",
        "total": 3,
        "rename": ada,
        "wipe": True,
    },
    "posts": {"_entities": lambda: [{"__typename": "User", "posts": ["p"], "drafts": ["d"]}]},
}


def graph(config: AuthorizationConfig | None = None, **more: Any) -> Any:
    return protected({"users": USERS, "posts": POSTS}, ANSWERS, config, **more)


CASES = [
    pytest.param("{ me { name mail } }", {"me": {"name": "Ada", "mail": None}}, [["me", "mail"]], id="field"),
    pytest.param("{ me { id ssn } }", {"me": None}, [["me", "ssn"]], id="a null that may not be"),
    pytest.param("{ strict { name ssn } }", None, [["strict", "@", "ssn"]], id="up to the data"),
    pytest.param(
        "{ users { name mail } }",
        {"users": [{"name": "Ada", "mail": None}, None, {"name": "Ada", "mail": None}]},
        [["users", "@", "mail"]],
        id="in a list",
    ),
    pytest.param("{ users { ssn } }", {"users": [None, None, None]}, [["users", "@", "ssn"]], id="elements"),
    pytest.param("{ admin { plan } }", {"admin": None}, [["admin"]], id="the type it returns"),
    pytest.param("{ level }", {"level": None}, [["level"]], id="an enum"),
    pytest.param("{ me { mail } }", {"me": {"mail": None}}, [["me", "mail"]], id="an object stays one"),
    pytest.param("{ x: me { y: mail } }", {"x": {"y": None}}, [["x", "y"]], id="aliases"),
    pytest.param(
        "{ me { id: mail posts } }", {"me": {"id": None, "posts": ["p"]}}, [["me", "id"]], id="a key's name"
    ),
    pytest.param(
        "{ me { ...F } } fragment F on User { name mail }",
        {"me": {"name": "Ada", "mail": None}},
        [["me", "mail"]],
        id="in a fragment",
    ),
    pytest.param("{ pet { name } }", {"pet": {"name": None}}, [["pet", "name"]], id="any implementation's"),
    pytest.param(
        "{ pet { ... on Dog { name chip } ... on Cat { name } } }",
        {"pet": {"name": "Rex", "chip": None}},
        [["pet", "chip"], ["pet", "name"]],
        id="an implementation's own",
    ),
    pytest.param(
        "{ pet { name ... on Dog { name } } }", {"pet": {"name": "Rex"}}, [["pet", "name"]], id="either way"
    ),
    pytest.param(
        "{ dog { name ... on Pet { name } } }",
        {"dog": {"name": "Rex"}},
        [["dog", "name"]],
        id="granted here and denied through its interface",
    ),
    pytest.param(
        "{ found { ... on User { name } ... on Secret { plan } ... on Dog { name chip } } }",
        {"found": [{"name": "Ada"}, {"plan": None}, {"name": "Rex", "chip": None}]},
        [["found", "@", "plan"], ["found", "@", "chip"]],
        id="a fragment on a type",
    ),
    pytest.param(
        "{ found { __typename ... on Secret { __typename plan } } }",
        {"found": [{"__typename": "User"}, {"__typename": "Secret", "plan": None}, {"__typename": "Dog"}]},
        [["found", "@", "plan"]],
        id="a type's name",
    ),
    pytest.param(
        "{ me { posts drafts } }", {"me": {"posts": ["p"], "drafts": None}}, [["me", "drafts"]], id="entity"
    ),
    pytest.param("{ total }", {"total": None}, [["total"]], id="scopes"),
    pytest.param("{ __typename total }", {"__typename": "Query", "total": None}, [["total"]], id="no fetch"),
    pytest.param(
        "{ __schema { ...S } me { mail } } fragment S on __Schema { queryType { name } }",
        {"__schema": {"queryType": {"name": "Query"}}, "me": {"mail": None}},
        [["me", "mail"]],
        id="beside introspection",
    ),
    pytest.param("mutation { wipe }", {"wipe": None}, [["wipe"]], id="a mutation"),
    pytest.param(
        'mutation { rename(name: "x") { mail } wipe }',
        {"rename": {"mail": None}, "wipe": None},
        [["rename", "mail"], ["wipe"]],
        id="mutations",
    ),
]


@pytest.mark.parametrize(("query", "data", "paths"), CASES)
async def test_an_anonymous_client_gets_nulls_and_errors_for_what_is_protected(
    query: str, data: Any, paths: list[list[str]]
) -> None:
    router, subgraphs = graph()
    async with router:
        response = await router.execute({"query": query})
    assert response["data"] == data
    assert sorted(denied(response)) == sorted(paths)
    assert len(response["errors"]) == len(paths)
    for name in ("mail", "ssn", "diary", "plan", "chip", "drafts", "total", "wipe", "level", "admin"):
        assert name not in sent(subgraphs).replace("__typename", "")


GRANTED = [
    ("{ me { mail } }", {}, {"me": {"mail": "a@b"}}),
    ("{ me { ssn } }", {"scope": "read admin"}, {"me": {"ssn": "7"}}),
    ("{ me { ssn } }", {"scp": ["admin"]}, {"me": {"ssn": "7"}}),
    ("{ total }", {"scope": "count read more"}, {"total": 3}),
    ("{ level total }", {"scope": "admin"}, {"level": "LOW", "total": 3}),
    ("{ admin { plan } }", {}, {"admin": {"plan": "p"}}),
    ("mutation { wipe }", {}, {"wipe": True}),
]


@pytest.mark.parametrize(("query", "claims", "data"), GRANTED)
async def test_who_is_granted_everything_gets_the_operation_as_it_is(
    query: str, claims: dict[str, Any], data: Any
) -> None:
    router, _ = graph()
    async with router:
        assert await router.execute({"query": query}, caller(**claims)) == {"data": data}


@pytest.mark.parametrize(
    "scope",
    ["read", "admins", "", ["read", 5, None], {"admin": 1}, True, ["read count"], 7],
)
async def test_scopes_that_do_not_meet_any_alternative_grant_nothing(scope: Any) -> None:
    router, subgraphs = graph()
    async with router:
        response = await router.execute({"query": "{ total }"}, caller(scope=scope))
    assert response["data"] == {"total": None}
    assert not sent(subgraphs)


async def test_reject_refuses_the_whole_operation_and_asks_nobody() -> None:
    router, subgraphs = graph(AuthorizationConfig(on_denied="reject"))
    async with router:
        response = await router.execute({"query": "{ me { name mail } }"})
        fine = await router.execute({"query": "{ me { name } }"})
    assert "data" not in response
    assert denied(response) == [["me", "mail"]]
    assert fine == {"data": {"me": {"name": "Ada"}}}
    assert len(subgraphs["users"].requests) == 1


async def test_reject_goes_by_what_the_variables_include() -> None:
    router, _ = graph(AuthorizationConfig(on_denied="reject"))
    query = "query ($m: Boolean!) { me { name mail @include(if: $m) } }"
    async with router:
        without = await router.execute({"query": query, "variables": {"m": False}})
        with_it = await router.execute({"query": query, "variables": {"m": True}})
    assert without == {"data": {"me": {"name": "Ada"}}}
    assert denied(with_it) == [["me", "mail"]]


async def test_a_field_that_is_skipped_is_neither_null_nor_an_error() -> None:
    router, _ = graph()
    query = "query ($m: Boolean!) { me { name mail @include(if: $m) } }"
    async with router:
        responses = [
            await router.execute({"query": query, "variables": {"m": wanted}}) for wanted in (False, True)
        ]
    assert responses[0] == {"data": {"me": {"name": "Ada"}}}
    assert responses[1]["data"] == {"me": {"name": "Ada", "mail": None}}


async def test_log_answers_everything_and_says_what_was_not_granted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    router, _ = graph(AuthorizationConfig(on_denied="log"))
    async with router:
        assert await router.execute({"query": "{ me { mail } }"}) == {"data": {"me": {"mail": "a@b"}}}
    assert "me.mail" in caplog.text


async def test_identical_queries_of_two_clients_in_flight_are_not_shared_across_grants() -> None:
    execution = ExecutionConfig(deduplicate_operations=DeduplicationConfig(enabled=True, headers=()))
    router, subgraphs = graph(whole=RouterConfig(execution=execution))
    gate = subgraphs["users"].gate = asyncio.Event()
    request = {"query": "{ me { mail } }"}
    async with router:
        both = asyncio.gather(
            router.execute(request, caller()), router.execute(request), router.execute(request, caller())
        )
        await subgraphs["users"].asked.wait()
        await asyncio.sleep(0.01)
        gate.set()
        known, anonymous, again = await both
    assert known == again == {"data": {"me": {"mail": "a@b"}}}
    assert anonymous["data"] == {"me": {"mail": None}}


async def test_a_grant_is_decided_anew_for_each_request() -> None:
    router, _ = graph()
    request = {"query": "{ me { mail } }"}
    async with router:
        for headers, mail in [(caller(), "a@b"), ({}, None), (caller(), "a@b"), ({}, None)]:
            assert (await router.execute(request, headers))["data"] == {"me": {"mail": mail}}


async def test_remembered_grants_are_of_one_token_and_one_configuration() -> None:
    requirements = Requirements((Authenticated(), Scopes(frozenset({frozenset({"read"})}))), {}, {})
    by_scope, by_role = (
        Grants(requirements, {}, AuthorizationConfig(scopes_claims=(name,))) for name in ("scope", "roles")
    )
    reader, cook = VerifiedClaims({"scope": "read", "roles": "cook"}), VerifiedClaims({"roles": "read"})
    expected = [
        (by_scope, reader, 0b11),
        (by_scope, cook, 0b01),
        (by_role, reader, 0b01),
        (by_role, cook, 0b11),
    ]
    for grants, claims, granted in 2 * expected:
        assert grants.recall(0b11, claims) is None
        assert await grants.of(0b11, claims, {}) == grants.recall(0b11, claims) == granted
        assert await grants.of(0b10, claims, {}) == grants.recall(0b10, claims) == granted & 0b10


async def test_of_a_token_only_so_many_grants_are_remembered() -> None:
    every = tuple(Scopes(frozenset({frozenset({str(number)})})) for number in range(3 * MAX_REMEMBERED))
    grants, claims = Grants(Requirements(every, {}, {}), {}, AuthorizationConfig()), VerifiedClaims({})
    for index in range(len(every)):
        assert await grants.of(1 << index, claims, {}) == 0
    assert 0 < len(claims.granted) <= MAX_REMEMBERED


async def test_a_policy_is_asked_for_each_request_of_a_token_that_is_remembered() -> None:
    says = [True, False, True]

    async def turning(request: PolicyRequest) -> bool:
        return says.pop(0)

    requirements = Requirements((Authenticated(), Policies(frozenset({frozenset({"p"})}))), {}, {})
    grants, claims = Grants(requirements, {"p": turning}, AuthorizationConfig()), VerifiedClaims({})
    found = []
    for _ in range(3):
        assert grants.recall(0b11, claims) is None
        found.append(await grants.of(0b11, claims, {}))
    assert found == [0b11, 0b01, 0b11]


# -- policies


async def yes(request: PolicyRequest) -> bool:
    return True


async def fails(request: PolicyRequest) -> bool:
    raise LookupError(request.policy)


async def is_ada(request: PolicyRequest) -> bool:
    return request.claims is not None and request.claims["sub"] == "ada"


async def truthy(request: PolicyRequest) -> Any:
    return "no"


POLICIES = [
    pytest.param({"owner": is_ada, "adult": yes}, True, id="all of one alternative"),
    pytest.param({"owner": is_ada}, False, id="one that nobody answers for"),
    pytest.param({"staff": yes}, True, id="the other alternative"),
    pytest.param({"staff": fails}, False, id="one that raises"),
    pytest.param({"staff": fails, "owner": yes, "adult": yes}, True, id="one raises, the others do"),
    pytest.param({"staff": truthy}, False, id="only True is a yes"),
    pytest.param({}, False, id="none"),
]


@pytest.mark.parametrize(("policies", "met"), POLICIES)
async def test_policies_are_functions_of_the_application(policies: dict[str, Any], met: bool) -> None:
    router, subgraphs = graph(policies=policies)
    async with router:
        response = await router.execute({"query": "{ me { name diary } }"}, caller())
    assert response["data"] == {"me": {"name": "Ada", "diary": "dear" if met else None}}
    assert ("diary" in sent(subgraphs)) is met


async def test_a_policy_that_hangs_denies_in_time() -> None:
    async def slow(request: PolicyRequest) -> bool:
        await asyncio.Event().wait()
        return True

    router, subgraphs = graph(AuthorizationConfig(policy_timeout_seconds=0.02), policies={"staff": slow})
    async with router:
        response = await router.execute({"query": "{ me { diary } }"}, caller())
    assert response["data"] == {"me": {"diary": None}}
    assert "diary" not in sent(subgraphs)


async def test_a_token_may_list_the_policies_it_meets() -> None:
    router, _ = graph(AuthorizationConfig(policies_claims=("app.policies",)))
    async with router:
        response = await router.execute({"query": "{ me { diary } }"}, caller(app={"policies": ["staff"]}))
    assert response == {"data": {"me": {"diary": "dear"}}}


async def test_only_the_policies_of_the_operation_are_asked_each_once() -> None:
    asked: list[str] = []

    async def note(request: PolicyRequest) -> bool:
        asked.append(request.policy)
        return True

    router, _ = graph(policies={"owner": note, "adult": note, "staff": note, "other": note})
    async with router:
        await router.execute({"query": "{ me { name } }"}, caller())
        assert asked == []
        await router.execute({"query": "{ me { diary d: diary } }"}, caller())
    assert sorted(asked) == ["adult", "owner", "staff"]


async def test_anonymous_requests_can_be_refused_altogether() -> None:
    router, subgraphs = graph(AuthorizationConfig(require_authentication=True))
    async with router:
        refused = await router.execute({"query": "{ me { name } }"})
        served = await router.execute({"query": "{ me { name } }"}, caller())
    assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert served == {"data": {"me": {"name": "Ada"}}}
    assert len(subgraphs["users"].requests) == 1
