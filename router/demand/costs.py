"""Weights and list sizes of a supergraph, as `@cost` and `@listSize` say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schema.language.values import Value
from schema.model.definitions import EnumType, InputType, InputValue, ScalarType
from schema.model.type_references import base_name
from schema.supergraph import AppliedDirective, Supergraph, SupergraphField, TypeKind

OBJECT_WEIGHT = 1.0
MUTATION_WEIGHT = 10.0


@dataclass(frozen=True, slots=True)
class ListSize:
    """`slicing` are arguments, `a.b` for field `b` of argument `a`. The size is of `sized` fields, if any."""

    assumed: int | None = None
    slicing: tuple[str, ...] = ()
    sized: tuple[str, ...] = ()
    requires_one: bool = True


@dataclass(frozen=True, slots=True)
class FieldCost:
    """`weight` is None where the type it returns decides."""

    weight: float | None
    list_size: ListSize | None


class Costs:
    """`default_size` is taken for lists nothing is said about."""

    def __init__(self, supergraph: Supergraph, default_size: int) -> None:
        self.supergraph = supergraph
        self.default_size = default_size
        feature = supergraph.features.find("cost")
        self._cost = feature.directive_name("cost") if feature else None
        self._list_size = feature.directive_name("listSize") if feature else None
        self._types = {name: self._type_weight(name) for name in supergraph.types}
        self._fields: dict[tuple[str, str], FieldCost] = {}

    def of_type(self, name: str) -> float:
        """Of an output type, each time it is answered."""
        return self._types.get(name, 0.0)

    def of_field(self, type_name: str, field: SupergraphField) -> FieldCost:
        key = (type_name, field.name)
        found = self._fields.get(key)
        if found is None:
            own = self.supergraph.types[type_name].fields.get(field.name, field)
            found = self._fields[key] = self._read(own)
        return found

    def of_argument(self, argument: InputValue) -> float | None:
        return self._weight(argument.directives)

    def of_input(self, type_reference: str) -> float:
        """Of a value given for an input type: objects weigh 1, scalars and enums what they say."""
        definition = self.supergraph.schema.types.get(base_name(type_reference))
        match definition:
            case InputType():
                return OBJECT_WEIGHT
            case ScalarType() | EnumType():
                return self._weight(definition.directives) or 0.0
            case _:
                return 0.0

    def input_fields(self, type_reference: str) -> Mapping[str, InputValue]:
        definition = self.supergraph.schema.types.get(base_name(type_reference))
        return definition.fields if isinstance(definition, InputType) else {}

    def _type_weight(self, name: str) -> float:
        """Of an interface or union the largest of its objects."""
        type_ = self.supergraph.types[name]
        own = self._weight(type_.directives)
        if own is not None:
            return own
        if type_.is_abstract:
            members = self.supergraph.possible_types.get(name, ())
            weights = (self._weight(self.supergraph.types[one].directives) for one in members)
            return max((OBJECT_WEIGHT if one is None else one for one in weights), default=OBJECT_WEIGHT)
        if type_.kind is TypeKind.OBJECT:
            return 0.0 if name in self.supergraph.roots.values() else OBJECT_WEIGHT
        return 0.0

    def _weight(self, directives: Iterable[AppliedDirective]) -> float | None:
        for directive in directives:
            weight = directive.arguments.get("weight")
            if directive.name == self._cost and isinstance(weight, int | float | str):
                return float(weight)
        return None

    def _read(self, field: SupergraphField) -> FieldCost:
        size = next((one.arguments for one in field.directives if one.name == self._list_size), None)
        return FieldCost(self._weight(field.directives), None if size is None else _size(size))


def _size(arguments: Mapping[str, Value]) -> ListSize:
    assumed = arguments.get("assumedSize")
    return ListSize(
        assumed if isinstance(assumed, int) else None,
        _texts(arguments.get("slicingArguments")),
        _texts(arguments.get("sizedFields")),
        arguments.get("requireOneSlicingArgument") is not False,
    )


def _texts(value: Value) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(item for item in items if isinstance(item, str))
