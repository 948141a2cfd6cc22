"""`Router` in Python: what it takes, what it gives, and how it changes its supergraph."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from router import Router
from router.config import RouterConfig, SubgraphConfig, SubgraphsConfig
from router.errors import ConfigError, SupergraphError
from schema import Supergraph
from tests.support.federation import SUPERGRAPH, Subgraph, posts, router, users
from tests.support.http_server import byte_server, http_message

ME = {"query": "{ me { name } }"}


async def test_a_response_is_a_dict() -> None:
    async with router() as routed:
        response = await routed.execute({"query": "{ me { name posts { title } } }"})
    assert response == {"data": {"me": {"name": "Ada", "posts": [{"title": "T"}]}}}


async def test_a_request_that_is_refused_is_a_response_with_errors() -> None:
    async with router() as routed:
        assert (await routed.execute({"query": "{"}))["errors"][0]["extensions"]["code"] == "PARSING_ERROR"
        assert (await routed.execute({}))["errors"][0]["extensions"]["code"] == "INVALID_GRAPHQL_REQUEST"


async def test_a_subgraph_may_be_reached_by_url_while_another_is_in_process() -> None:
    answer = http_message(b'{"data":{"_entities":[{"posts":[{"title":"over HTTP"}]}]}}')
    async with byte_server(lambda _: answer) as server:
        routed = Router(SUPERGRAPH, {"users": users(), "posts": server.url})
        async with routed:
            response = await routed.execute({"query": "{ me { name posts { title } } }"})
    assert response == {"data": {"me": {"name": "Ada", "posts": [{"title": "over HTTP"}]}}}


async def test_the_configuration_overrides_where_a_subgraph_is() -> None:
    async with byte_server(lambda _: http_message(b'{"data":{"me":{"name":"moved"}}}')) as server:
        by_name = {"users": SubgraphConfig(url=server.url)}
        async with Router(
            SUPERGRAPH, config=RouterConfig(subgraphs=SubgraphsConfig(by_name=by_name))
        ) as routed:
            assert await routed.execute(ME) == {"data": {"me": {"name": "moved"}}}


def test_a_subgraph_the_supergraph_does_not_have_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"subgraph events \(known: posts, users\)"):
        Router(SUPERGRAPH, {"events": "http://events.invalid"})


@pytest.mark.parametrize("sdl", ["type Query {", "type Query { a: Int }", ""])
def test_what_is_not_a_supergraph_is_refused(sdl: str) -> None:
    with pytest.raises(SupergraphError, match="cannot be used"):
        Router(sdl)


async def test_an_operation_is_prepared_once_however_many_ask_for_it() -> None:
    routed = router()
    preparation = routed.engine.pipeline.preparation
    planner = preparation._planner
    planned: list[Any] = []

    class Counting:
        def plan(self, *arguments: Any, **more: Any) -> Any:
            planned.append(arguments)
            return planner.plan(*arguments, **more)

    preparation._planner = Counting()
    async with routed:
        await asyncio.gather(*(routed.execute(ME) for _ in range(5)))
        await routed.execute(ME)
    assert len(planned) == 1


async def test_a_new_supergraph_is_put_in_force_and_a_bad_one_is_not() -> None:
    renamed = SUPERGRAPH.replace("  me: User", "  whoami: User")
    watched = Subgraph({"whoami": lambda: {"name": "Ada"}, "me": lambda: {"name": "Ada"}})
    async with router(users=watched) as routed:
        assert "errors" not in await routed.execute(ME)
        await routed.replace_supergraph(renamed)
        assert await routed.execute({"query": "{ whoami { name } }"}) == {"data": {"whoami": {"name": "Ada"}}}
        assert (await routed.execute(ME))["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        with pytest.raises(SupergraphError):
            await routed.replace_supergraph("type Query {")
        assert "errors" not in await routed.execute({"query": "{ whoami { name } }"})


async def test_a_running_operation_finishes_on_the_supergraph_it_began_with() -> None:
    watched = users()
    watched.gate = asyncio.Event()
    async with router(users=watched) as routed:
        running = asyncio.create_task(routed.execute(ME))
        await watched.asked.wait()
        await routed.replace_supergraph(SUPERGRAPH.replace("  me: User", "  whoami: User"))
        watched.gate.set()
        assert await running == {"data": {"me": {"name": "Ada"}}}


class Closable(Subgraph):
    """An ASGI application that tells when its lifespan ends."""

    def __init__(self) -> None:
        super().__init__({})
        self.events: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "lifespan"
        while True:
            message = await receive()
            self.events.append(message["type"])
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return


async def test_a_subgraph_that_left_the_supergraph_is_closed_with_the_router_at_the_latest() -> None:
    application = Closable()
    routed = Router(SUPERGRAPH, {"users": users(), "posts": application.__call__})
    async with routed:
        await routed.replace_supergraph(SUPERGRAPH)
        assert application.events == ["lifespan.startup"]
    assert application.events == ["lifespan.startup", "lifespan.shutdown"]


async def test_default_values_of_variables_reach_the_subgraph_or_are_its_own() -> None:
    watched = users()
    query = "query($id: ID! = 7, $mood: Mood = BAD) { user(id: $id, mood: $mood) { name } }"
    async with router(users=watched) as routed:
        await routed.execute({"query": query})
    text, variables, _ = watched.requests[0]
    assert variables.get("id", "7" if "=7" in text.replace(" ", "") else None) in (7, "7")


async def test_a_router_composes_strawberry_schemas_and_runs_them_in_process() -> None:
    pytest.importorskip("strawberry", reason="pip install strawberry-graphql to compose its schemas")
    from tests.support.strawberry_users import schema

    async with Router.from_subgraphs({"users": schema}) as routed:
        response = await routed.execute({"query": "{ me { id name } }"})
    assert response == {"data": {"me": {"id": "1", "name": "user 1"}}}


async def test_a_supergraph_that_is_read_already_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Supergraph.parse(SUPERGRAPH)

    def parse(_: str) -> Supergraph:
        raise AssertionError("it is read already")

    monkeypatch.setattr(Supergraph, "parse", parse)
    async with Router(read, {"users": users(), "posts": posts()}) as routed:
        assert await routed.execute(ME) == {"data": {"me": {"name": "Ada"}}}
        await routed.replace_supergraph(read)
        assert await routed.execute(ME) == {"data": {"me": {"name": "Ada"}}}


async def test_posts_are_only_asked_when_they_are_selected() -> None:
    watched = posts()
    async with router(posts=watched) as routed:
        await routed.execute(ME)
    assert watched.requests == []


HIDING = (
    SUPERGRAPH.replace(
        '@link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)',
        '@link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)\n'
        '  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)',
    )
    .replace(
        "{ GOOD @join__enumValue(graph: USERS)", "{ SECRET @inaccessible GOOD @join__enumValue(graph: USERS)"
    )
    .replace(
        "  name: String @join",
        "  mood: Mood @join__field(graph: USERS)\n"
        "  sure: Mood! @join__field(graph: USERS)\n"
        "  name: String @join",
    )
    + "directive @inaccessible on ENUM_VALUE"
)


async def test_a_value_that_is_hidden_from_clients_becomes_null_without_an_error() -> None:
    watched = Subgraph({"me": lambda: {"mood": "SECRET", "name": "Ada"}})
    async with Router(HIDING, {"users": watched}) as routed:
        assert await routed.execute({"query": "{ me { mood name } }"}) == {
            "data": {"me": {"mood": None, "name": "Ada"}}
        }


async def test_a_hidden_value_where_null_may_not_be_is_not_named_in_the_error() -> None:
    watched = Subgraph({"me": lambda: {"sure": "SECRET"}})
    async with Router(HIDING, {"users": watched}) as routed:
        response = await routed.execute({"query": "{ me { sure } }"})
    assert response["data"] == {"me": None}
    assert [error["path"] for error in response["errors"]] == [["me", "sure"]]
    assert "SECRET" not in str(response)
