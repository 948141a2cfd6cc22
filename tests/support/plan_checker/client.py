"""The client's operation as the checker reads it: its fragments, variables and conditions."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    DocumentNode,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from router.plan import (
    BatchFetch,
    Condition,
    Defer,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    Sequence,
    Subscription,
)

MAX_ASSIGNED = 6
"""Up to this many Boolean variables every assignment is tried; beyond it, a seeded sample of 64."""


@dataclass(frozen=True, slots=True)
class ClientOperation:
    document: DocumentNode
    operation: OperationDefinitionNode
    variables: Mapping[str, str]
    """Name to type, as written."""

    @property
    def kind(self) -> str:
        return self.operation.operation.value


def read_operation(text: str | DocumentNode, name: str | None) -> ClientOperation:
    document = parse(text, no_location=True) if isinstance(text, str) else text
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    chosen = [o for o in operations if name is None or (o.name and o.name.value == name)]
    if len(chosen) != 1:
        raise ValueError(f"{len(chosen)} operations match the name {name!r}")
    variables = {v.variable.name.value: print_ast(v.type) for v in chosen[0].variable_definitions or ()}
    return ClientOperation(document, chosen[0], variables)


def condition_variables(document: DocumentNode) -> set[str]:
    """Variables that decide @skip, @include or @defer."""
    found: set[str] = set()

    class Conditions(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: object) -> None:
            if node.name.value in ("skip", "include", "defer"):
                for argument in node.arguments or ():
                    if argument.name.value == "if" and isinstance(argument.value, VariableNode):
                        found.add(argument.value.name.value)

    visit(document, Conditions())
    return found


def plan_conditions(node: PlanNode | None) -> set[str]:
    match node:
        case Condition():
            return {node.condition} | plan_conditions(node.if_clause) | plan_conditions(node.else_clause)
        case Sequence() | Parallel():
            return set().union(*(plan_conditions(n) for n in node.nodes))
        case Flatten():
            return plan_conditions(node.node)
        case Defer():
            deferred = (plan_conditions(d.node) for d in node.deferred)
            return plan_conditions(node.primary.node).union(*deferred)
        case Subscription():
            return plan_conditions(node.rest)
        case BatchFetch():
            return {variable for entity in node.entities for variable, _ in entity.condition}
        case Fetch() | None:
            return set()


def assignments(variables: set[str]) -> Iterator[dict[str, bool]]:
    names = sorted(variables)
    if len(names) <= MAX_ASSIGNED:
        for values in itertools.product((True, False), repeat=len(names)):
            yield dict(zip(names, values, strict=True))
        return
    yield dict.fromkeys(names, True)
    yield dict.fromkeys(names, False)
    for name in names:
        yield {n: n == name for n in names}
        yield {n: n != name for n in names}
    chooser = random.Random(0)
    for _ in range(max(0, 2**MAX_ASSIGNED - 2 - 2 * len(names))):
        yield {n: chooser.random() < 0.5 for n in names}
