"""docs/embedding.md: its Python blocks, run one after another like one module, answer as the page says."""

import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import strawberry
from starlette.testclient import TestClient

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
ALONE, MIDDLEWARE, MOUNTED, CONTEXT, EXECUTE, TESTED = BLOCKS


@strawberry.type
class TenantQuery:
    @strawberry.field
    def tenant(self, info: strawberry.Info[Any, None]) -> str:
        return str(info.context["tenant"])


TENANT_SCHEMA = strawberry.federation.Schema(query=TenantQuery)
ASK = {"query": "{ products { name } }"}


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the page's module holds; `myapp.schemas` are those of examples/two-subgraphs."""
    monkeypatch.syspath_prepend(str(ROOT / "examples" / "two-subgraphs"))
    import products  # type: ignore[import-not-found]
    import reviews  # type: ignore[import-not-found]

    schemas = types.ModuleType("myapp.schemas")
    schemas.__dict__.update(products=products.schema, reviews=reviews.schema)
    monkeypatch.setitem(sys.modules, "myapp", types.ModuleType("myapp"))
    monkeypatch.setitem(sys.modules, "myapp.schemas", schemas)
    yield {"products": products.schema, "reviews": reviews.schema}
    for name in ("products", "reviews"):
        del sys.modules[name]


def run(block: str, names: dict[str, Any]) -> None:
    exec(compile(block, "docs/embedding.md", "exec"), names)


def test_the_application_alone_answers_behind_the_users_middleware(names: dict[str, Any]) -> None:
    run(ALONE, names)
    run(MIDDLEWARE, names)
    with TestClient(names["app"]) as client:
        assert client.post("/graphql", json=ASK).json()["data"]["products"]
        assert client.post("/graphql", json=ASK, headers={"host": "evil.example"}).status_code == 400


def test_the_mounted_application_is_ready_from_the_beginning_and_starts_twice(names: dict[str, Any]) -> None:
    run(MOUNTED, names)
    run(TESTED, names)
    names["test_products_have_names"]()
    with TestClient(names["app"]) as client:
        assert client.get("/api/health/ready").status_code == 200


async def test_the_context_is_what_the_pages_getter_makes(names: dict[str, Any]) -> None:
    run(MOUNTED, names)
    names["products"] = TENANT_SCHEMA
    run(CONTEXT, names)
    async with names["router"] as router:
        north = await router.execute({"query": "{ tenant }"}, headers={"x-tenant": "north"})
        given = await router.execute({"query": "{ tenant }"}, context={"tenant": "south"})
    assert (north, given) == ({"data": {"tenant": "north"}}, {"data": {"tenant": "south"}})


async def test_execute_answers_from_python(names: dict[str, Any]) -> None:
    run(MOUNTED, names)
    run(EXECUTE, names)
    async with names["router"] as router:
        assert await names["names"](router) == ["Kettle", "Teapot"]
