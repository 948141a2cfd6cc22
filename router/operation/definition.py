"""The operation's definition in a document: which one, and its variables."""

from __future__ import annotations

from graphql import DocumentNode, OperationDefinitionNode, print_ast

from router.operation.errors import UnknownOperationError
from router.operation.minify import minify_directive, minify_value
from router.operation.model import Variable


def find_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """Raises UnknownOperationError when there is none of the name, or no name and not just one."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if name is None:
        if len(operations) == 1:
            return operations[0]
        count = "no operation" if not operations else "several operations: name the one to run"
        raise UnknownOperationError(f"The document has {count}")
    for operation in operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    raise UnknownOperationError(f'The document has no operation named "{name}"')


def read_variables(definition: OperationDefinitionNode) -> dict[str, Variable]:
    """In the order they are declared."""
    found: dict[str, Variable] = {}
    for node in definition.variable_definitions or ():
        name = node.variable.name.value
        text = print_ast(node.type)
        if node.default_value is not None:
            text += "=" + minify_value(node.default_value, [])
        text += "".join(minify_directive(d, []) for d in node.directives or ())
        found[name] = Variable(name, text, node.default_value is not None)
    return found
