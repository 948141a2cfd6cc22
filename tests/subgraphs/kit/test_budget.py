"""Lists that multiply are given up, whether their fields wait or not; others are answered."""

from __future__ import annotations

import asyncio

import pytest
import strawberry

from subgraphs.kit.execution import budget
from subgraphs.kit.execution.budget import given_up
from subgraphs.kit.federation import FederatedSchema


@strawberry.type
class Node:
    name: str = "n"
    completed: strawberry.Private[list[int]]

    @strawberry.field
    def children(self) -> list[Node]:
        self.completed[0] += 1
        return [Node(completed=self.completed) for _ in range(10)]

    @strawberry.field
    async def later(self) -> list[Node]:
        await asyncio.sleep(0)
        return self.children()


COMPLETED = [0]


@strawberry.type
class Query:
    @strawberry.field
    def root(self) -> Node | None:
        return Node(completed=COMPLETED)

    @strawberry.field
    def beside(self) -> str:
        return "here"


def nested(levels: int, field: str) -> str:
    return "{ beside root { " + f"{field} {{ " * levels + "name" + " }" * levels + " } }"


@pytest.fixture
def schema(monkeypatch: pytest.MonkeyPatch) -> FederatedSchema:
    monkeypatch.setattr(budget, "MAX_LIST_ITEMS", 1_000)
    COMPLETED[0] = 0
    return FederatedSchema(query=Query, references={})


@pytest.mark.parametrize("field", ["children", "later"])
async def test_lists_within_lists_end_at_the_limit(schema: FederatedSchema, field: str) -> None:
    result = await schema.execute(nested(12, field))
    refused = given_up(result.errors or ())
    assert refused is not None
    assert "more than 1000 items" in refused.message
    assert COMPLETED[0] <= 1_500


async def test_each_operation_has_the_whole_limit(schema: FederatedSchema) -> None:
    for _ in range(3):
        assert (await schema.execute(nested(2, "later"))).errors is None
