"""The answers other routers give for merged data: order, aliases, conditions, null propagation."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, build_schema, get_operation_ast, parse

from router.executor.projection import Projection
from tests.support.corpus import corpus_params


def defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        definition.variable.name.value: getattr(definition.default_value, "value", None)
        for definition in operation.variable_definitions or ()
        if definition.default_value is not None
    }


@pytest.mark.parametrize("case", corpus_params("shaping.jsonl"))
def test_the_answer_has_the_reference_shape(case: dict[str, Any]) -> None:
    document = parse(case["operation"])
    operation = get_operation_ast(document, case["operation_name"])
    assert operation is not None
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    projection = Projection(build_schema(case["types_sdl"], assume_valid=True), operation, fragments)

    variables = defaults(operation) | (case["variables"] or {})
    projected, errors = projection.variant(variables).project(case["merged_data"])
    data = msgspec.to_builtins(projected)

    assert data == case.get("expected_data")
    assert list(data or ()) == list(case.get("expected_data") or ())
    expected_errors = [e["path"] for e in case.get("expected_errors") or []]
    if expected_errors:
        assert {tuple(error.path) for error in errors} <= {tuple(path) for path in expected_errors}
