"""The estimate of what a prepared operation takes, beside what tracemalloc counts."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from tests.support.federation import router

OPERATIONS = {
    "small": "{ me { name } }",
    "thousand aliases": "{ me { " + " ".join(f"a{n}: name" for n in range(1000)) + " } }",
    "aliased roots": "{ " + " ".join(f"a{n}: me {{ id name }}" for n in range(150)) + " }",
    "nested": "{ me { " + "posts { author { " * 12 + "id" + " } }" * 12 + " } }",
    "comment": "{ me { name } } # " + "x" * 1_000_000,
    "fragments": "{ "
    + " ".join(f"a{n}: me {{ ...F }}" for n in range(50))
    + " } fragment F on User { id name posts { id title author { id name } } }",
}


@pytest.mark.parametrize("kind", OPERATIONS)
async def test_the_estimate_is_about_what_is_taken(kind: str) -> None:
    async with router() as routed:
        await routed.execute({"query": f"query Before {OPERATIONS[kind]}"})  # What is made once.
        prepared = routed.engine.pipeline.preparation._prepared
        before = prepared.weight
        gc.collect()
        tracemalloc.start()
        answer = await routed.execute({"query": OPERATIONS[kind]})
        assert "data" in answer
        del answer
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        estimated = prepared.weight - before
    assert taken / 2 < estimated < 4 * taken + 40_000, (taken, estimated)


async def test_every_variant_that_conditions_can_make_is_counted() -> None:
    names = "abcd"
    fields = " ".join(f"{n}: posts @include(if: ${n}) {{ id title author {{ id name }} }}" for n in names)
    query = f"query({' '.join(f'${n}: Boolean!' for n in names)}) {{ me {{ name {fields} }} }}"
    async with router() as routed:
        await routed.execute({"query": query.replace("query(", "query Before(")})  # What is made once.
        prepared = routed.engine.pipeline.preparation._prepared
        before = prepared.weight
        gc.collect()
        tracemalloc.start()
        for bits in range(2 ** len(names)):
            variables = {name: bool(bits >> number & 1) for number, name in enumerate(names)}
            assert "data" in await routed.execute({"query": query, "variables": variables})
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        estimated = prepared.weight - before
    assert taken / 2 < estimated < 4 * taken, (taken, estimated)
