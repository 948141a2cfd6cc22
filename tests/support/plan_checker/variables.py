"""Variables of a subgraph operation: each is the client's, a list of representations or a context's."""

from __future__ import annotations

from collections.abc import Iterable, Set

from graphql import OperationDefinitionNode, print_ast

from tests.support.plan_checker.client import ClientOperation
from tests.support.plan_checker.finding import Findings


def check_variables(
    operation: OperationDefinitionNode,
    client: ClientOperation,
    usages: Iterable[str],
    own: Set[str],
    findings: Findings,
    step: str,
) -> None:
    """`own` names the variables the executor fills itself; `usages` those it takes from the client."""
    for definition in operation.variable_definitions or ():
        name, type_ = definition.variable.name.value, print_ast(definition.type)
        if name in own:
            continue
        if name not in client.variables:
            findings.add("variable", step, f"${name} is not a variable of the client's operation")
        elif client.variables[name] != type_:
            findings.add(
                "variable", step, f"${name} is declared {type_}, by the client {client.variables[name]}"
            )
        elif name not in usages:
            findings.add("variable", step, f"${name} is not among the fetch's variable usages")
