"""context: values a field takes from an object further up the operation."""

from __future__ import annotations

from schema.language.values import Value
from schema.specs.specification import (
    ArgumentSpec,
    Composition,
    DirectiveSpec,
    Specification,
    TypeSpec,
    apollo_url,
)


def _with_subgraph(subgraph: str, arguments: dict[str, Value]) -> dict[str, Value]:
    """Two subgraphs may use one name for two contexts, so the supergraph's name carries the subgraph's."""
    return {"name": f"{subgraph}__{arguments.get('name')}"}


CONTEXT = Specification(
    apollo_url("context", 0, 1),
    directives=(
        DirectiveSpec(
            "context",
            ("INTERFACE", "OBJECT", "UNION"),
            (ArgumentSpec("name", "String!"),),
            repeatable=True,
            composition=Composition(apollo_url("context", 0, 1), rewrite=_with_subgraph),
        ),
        DirectiveSpec(
            "fromContext", ("ARGUMENT_DEFINITION",), (ArgumentSpec("field", "{ContextFieldValue}"),)
        ),
    ),
    types=(TypeSpec("ContextFieldValue"),),
    purpose="SECURITY",
)
