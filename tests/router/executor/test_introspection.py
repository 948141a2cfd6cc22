"""Introspection beside data: equal questions are answered once, large ones are refused."""

from __future__ import annotations

import pytest
from graphql import FragmentDefinitionNode, get_introspection_query, get_operation_ast, parse

from router.executor.introspection import Introspection, introspection_of
from router.executor.introspection_answers import IntrospectionAnswers, IntrospectionTooLarge
from schema import api_schema
from tests.support.federation import SUPERGRAPH, router

SCHEMA = api_schema(SUPERGRAPH)
WHOLE = get_introspection_query()


def introspection(text: str, answers: IntrospectionAnswers) -> Introspection:
    document = parse(text)
    operation = get_operation_ast(document)
    assert operation is not None
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    found = introspection_of(answers, operation, fragments)
    assert found is not None
    return found


def under_aliases(count: int) -> str:
    _, _, fragments = WHOLE.partition("fragment")
    body = WHOLE[WHOLE.index("__schema") : WHOLE.index("fragment")].rstrip().removesuffix("}")
    return "{" + " ".join(f"a{i}: {body}" for i in range(count)) + "} fragment" + fragments


async def test_a_tools_question_is_answered_within_the_limit() -> None:
    async with router() as routed:
        response = await routed.execute({"query": WHOLE})
    assert "errors" not in response
    assert len(response["data"]["__schema"]["types"]) == len(SCHEMA.type_map)


async def test_a_tools_question_under_many_aliases_is_refused() -> None:
    async with router() as routed:
        response = await routed.execute({"query": under_aliases(200)})
    assert response["errors"][0]["extensions"]["code"] == "INTROSPECTION_LIMIT_EXCEEDED"


async def test_equal_questions_are_answered_once_under_any_alias_and_in_any_operation() -> None:
    answers = IntrospectionAnswers(SCHEMA)
    fields = '__type(name: "User") { name fields { name } }'
    first = await introspection(f"{{ a: {fields} b: {fields} }}", answers).answer({})
    second = await introspection(
        f"query Other {{ ...F }} fragment F on Query {{ c: {fields} }}", answers
    ).answer({})
    assert first["a"] is first["b"] is second["c"]
    assert first["a"]["name"] == "User"


async def test_one_field_that_multiplies_inside_is_given_up_when_it_reaches_the_limit() -> None:
    nest = "types { name fields { type { name fields { type { name fields { type { name } } } } } } }"
    aliases = " ".join(f"a{i}: {nest}" for i in range(200))
    with pytest.raises(IntrospectionTooLarge):
        await introspection(f"{{ __schema {{ {aliases} }} }}", IntrospectionAnswers(SCHEMA)).answer({})


async def test_variables_decide_what_is_asked_and_are_part_of_the_question() -> None:
    text = """
        query ($name: String!, $no: Boolean!) {
          __type(name: $name) { name }
          ...S @skip(if: $no)
        }
        fragment S on Query { __schema { queryType { name } } }
    """
    asked = introspection(text, IntrospectionAnswers(SCHEMA))
    assert await asked.answer({"name": "User", "no": True}) == {"__type": {"name": "User"}}
    assert await asked.answer({"name": "Post", "no": False}) == {
        "__type": {"name": "Post"},
        "__schema": {"queryType": {"name": "Query"}},
    }


async def test_fragments_that_spread_each_other_are_gone_through_once() -> None:
    spreads = " ".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(40))
    text = f"{{ ...F0 }} {spreads} fragment F40 on Query {{ __schema {{ queryType {{ name }} }} }}"
    answer = await introspection(text, IntrospectionAnswers(SCHEMA)).answer({})
    assert answer == {"__schema": {"queryType": {"name": "Query"}}}
