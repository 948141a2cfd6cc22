"""Whether operations fit the graph, and the part of it that a partner's contract shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from graphql import (
    SKIP,
    ArgumentNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    NamedTypeNode,
    Node,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_location,
    get_named_type,
    visit,
)

from router.errors import GraphQLErrorDict, RequestError
from router.partners.errors import PartnerTagUnknown
from router.partners.partner import PartnerContract
from router.persisted.check import Fault, OperationCheck
from router.persisted.manifest import PersistedOperation
from router.pipeline.contracts import contract_schema
from router.pipeline.parse import parse_document
from router.pipeline.validate import validate_document
from router.planner import QueryPlanner
from schema.api_schema import api_schema
from schema.contract import tags_of
from schema.model.definitions import Schema
from schema.report.suggestions import did_you_mean_or_known

HIDDEN = "PARTNER_FIELD_HIDDEN"


def require_known_tags(supergraph: Schema, contract: PartnerContract) -> None:
    """Raises `PartnerTagUnknown`: a misspelt tag would hide nothing, or everything."""
    known = tags_of(supergraph)
    for tag in (*contract.include_tags, *contract.exclude_tags):
        if tag not in known:
            raise PartnerTagUnknown(tag, _hint(tag, known))


def _hint(tag: str, known: frozenset[str]) -> str:
    return did_you_mean_or_known(tag, sorted(known)) if known else " It has no tags at all."


class ContractCheck:
    """For one supergraph and one contract. Raises `CompositionError` for one that leaves no valid schema."""

    def __init__(self, planner: QueryPlanner, contract: PartnerContract) -> None:
        self._everybodys = OperationCheck(planner)
        self._contract = contract
        self._schema = api_schema(planner.supergraph)
        cut = contract.cut
        self._shown = self._schema if cut is None else contract_schema(planner.supergraph.schema, cut)

    def faults(self, operations: Iterable[PersistedOperation]) -> Iterator[Fault]:
        """All of all operations: what does not fit the graph, else what the contract hides. O(planning)."""
        for operation in operations:
            found = list(self._everybodys.faults([operation]))
            yield from found or self._contract_faults(operation)

    def _contract_faults(self, operation: PersistedOperation) -> Iterator[Fault]:
        document = parse_document(operation.body)
        found = list(hidden_elements(document, self._schema, self._shown))
        for coordinate, node in found:
            assert node.loc is not None, "parsed with locations"
            place = get_location(node.loc.source, node.loc.start)
            message = f"The contract ({self._contract}) hides {coordinate}."
            yield Fault(operation, HIDDEN, message, place.line, place.column)
        if not found:
            yield from self._other_faults(operation, document)

    def _other_faults(self, operation: PersistedOperation, document: DocumentNode) -> Iterator[Fault]:
        """Whatever else a router would refuse: its own judge has the last word."""
        try:
            validate_document(self._shown, document, introspection=True, suggestions=False)
        except RequestError as error:
            yield from (_fault(operation, each) for each in error.errors)


def _fault(operation: PersistedOperation, error: GraphQLErrorDict) -> Fault:
    return Fault(operation, error["extensions"]["code"], error["message"])


def hidden_elements(
    document: DocumentNode, schema: GraphQLSchema, shown: GraphQLSchema
) -> Iterator[tuple[str, Node]]:
    """Schema coordinates that a valid document uses and `shown` does not have, each once. O(document)."""
    info = TypeInfo(schema)
    finder = _Finder(info, shown)
    visit(document, TypeInfoVisitor(info, finder))
    yield from finder.found.items()


class _Finder(Visitor):
    """What is beneath a hidden element is not looked into: it would be told again and again."""

    def __init__(self, info: TypeInfo, shown: GraphQLSchema) -> None:
        super().__init__()
        self._info = info
        self._shown = shown
        self.found: dict[str, Node] = {}

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        parent, name = self._info.get_parent_type(), node.name.value
        if parent is None or name.startswith("__"):
            return None
        if (shown := self._of_shown(parent)) is None:
            return self._hidden(parent.name, node)
        fields = getattr(shown, "fields", {})
        return None if name in fields else self._hidden(f"{parent.name}.{name}", node)

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        parent, field = self._info.get_parent_type(), self._info.get_field_def()
        shown = self._of_shown(parent) if parent is not None else None
        if field is None or self._info.get_directive() is not None:
            return None
        if not isinstance(shown, GraphQLObjectType | GraphQLInterfaceType):
            return None
        name = next((name for name, one in cast(Any, parent).fields.items() if one is field), "")
        if name not in shown.fields or node.name.value in shown.fields[name].args:
            return None
        return self._hidden(f"{shown.name}.{name}({node.name.value}:)", node)

    def enter_named_type(self, node: NamedTypeNode, *_: Any) -> Any:
        name = node.name.value
        return None if self._shown.get_type(name) is not None else self._hidden(name, node)

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> Any:
        parent = get_named_type(self._info.get_parent_input_type())
        shown = self._of_shown(parent) if parent is not None else None
        if not isinstance(shown, GraphQLInputObjectType) or node.name.value in shown.fields:
            return None
        return self._hidden(f"{shown.name}.{node.name.value}", node)

    def enter_enum_value(self, node: EnumValueNode, *_: Any) -> Any:
        type_ = get_named_type(self._info.get_input_type())
        shown = self._of_shown(type_) if type_ is not None else None
        if not isinstance(shown, GraphQLEnumType) or node.value in shown.values:
            return None
        return self._hidden(f"{shown.name}.{node.value}", node)

    def _of_shown(self, type_: GraphQLNamedType) -> GraphQLNamedType | None:
        return self._shown.get_type(type_.name)

    def _hidden(self, coordinate: str, node: Node) -> Any:
        self.found.setdefault(coordinate, node)
        return SKIP
