"""What a contract hides: by tags, then what that empties, then what nothing leads to any more."""

from __future__ import annotations

from dataclasses import dataclass, field

from schema.api_schema import Features, Hiding
from schema.model.definitions import (
    BUILT_IN_SCALARS,
    Element,
    EnumType,
    EnumValue,
    Field,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    ScalarType,
    Schema,
    TypeDefinition,
    UnionType,
    applied,
)
from schema.model.type_references import base_name


@dataclass(frozen=True, slots=True)
class Contract:
    """What one audience sees. Without tags it is the whole API, less what cannot be reached if that is
    hidden.
    """

    include_tags: frozenset[str] = frozenset()
    exclude_tags: frozenset[str] = frozenset()
    hide_unreachable: bool = False


@dataclass(slots=True)
class Cut:
    """What is hidden so far. Elements are known by identity, types by name; `emptied` are types that were not
    hidden themselves but have nothing left.
    """

    schema: Schema
    contract: Contract
    features: Features
    hiding: Hiding | None
    types: set[str] = field(default_factory=set)
    emptied: set[str] = field(default_factory=set)
    parts: set[Field | InputValue | EnumValue] = field(default_factory=set)
    tag: str | None = None

    def __post_init__(self) -> None:
        feature = self.features.find("tag")
        self.tag = feature.directive_name("tag") if feature else None

    def own_types(self) -> list[TypeDefinition]:
        """The types that are the users', not the machinery's."""
        return [
            type_
            for type_ in self.schema.types.values()
            if type_.name not in BUILT_IN_SCALARS and not self.features.owns_type(type_.name)
        ]

    def is_hidden_type(self, name: str) -> bool:
        type_ = self.schema.types.get(name)
        return name in self.types or (type_ is not None and self.is_inaccessible(type_))

    def is_hidden_part(self, part: Field | InputValue | EnumValue) -> bool:
        return part in self.parts or self.is_inaccessible(part)

    def is_inaccessible(self, element: Element) -> bool:
        return self.hiding is not None and self.hiding.hides(element)

    def _tags(self, element: Element) -> frozenset[str]:
        if self.tag is None:
            return frozenset()
        names = (directive.arguments.get("name") for directive in applied(element, self.tag))
        return frozenset(name for name in names if isinstance(name, str))

    def _is_excluded(self, tags: frozenset[str]) -> bool:
        return bool(tags & self.contract.exclude_tags)

    def _is_left_out(self, tags: frozenset[str]) -> bool:
        include = self.contract.include_tags
        return self._is_excluded(tags) or bool(include and not tags & include)

    def by_tags(self) -> None:
        """Hides what the tags say."""
        for type_ in self.own_types():
            tags = self._tags(type_)
            if self._is_excluded(tags) or (isinstance(type_, UnionType) and self._is_left_out(tags)):
                self.types.add(type_.name)
            match type_:
                case ObjectType() | InterfaceType():
                    self._fields_by_tags(type_, tags)
                case EnumType():
                    self.parts |= {v for v in type_.values.values() if self._is_excluded(self._tags(v))}
                case InputType():
                    self.parts |= {f for f in type_.fields.values() if self._is_excluded(self._tags(f))}
                case UnionType() | ScalarType():
                    continue

    def _fields_by_tags(self, type_: ObjectType | InterfaceType, type_tags: frozenset[str]) -> None:
        for item in type_.fields.values():
            if self._is_left_out(type_tags | self._tags(item)):
                self.parts.add(item)
            arguments = item.arguments.values()
            self.parts |= {argument for argument in arguments if self._is_excluded(self._tags(argument))}

    def what_is_emptied(self) -> None:
        """Hides types without visible children and what returns or takes them, until nothing changes."""
        changed = True
        while changed:
            before = len(self.emptied)
            for type_ in self.own_types():
                if not self.is_hidden_type(type_.name) and self._is_empty(type_):
                    self.types.add(type_.name)
                    self.emptied.add(type_.name)
            changed = len(self.emptied) > before
            if changed:
                self._hide_uses_of_emptied()

    def _is_empty(self, type_: TypeDefinition) -> bool:
        match type_:
            case ObjectType() | InterfaceType() | InputType():
                return all(map(self.is_hidden_part, type_.fields.values()))
            case EnumType():
                return all(map(self.is_hidden_part, type_.values.values()))
            case UnionType():
                return all(map(self.is_hidden_type, type_.members))
            case ScalarType():
                return False

    def _hide_uses_of_emptied(self) -> None:
        for type_ in self.own_types():
            match type_:
                case ObjectType() | InterfaceType():
                    for item in type_.fields.values():
                        self._hide_if_emptied(item)
                        for argument in item.arguments.values():
                            self._hide_if_emptied(argument)
                case InputType():
                    for input_field in type_.fields.values():
                        self._hide_if_emptied(input_field)
                case _:
                    continue

    def _hide_if_emptied(self, element: Field | InputValue) -> None:
        if base_name(element.type) in self.emptied:
            self.parts.add(element)

    def what_cannot_be_reached(self) -> None:
        """Hides types no visible operation, argument or directive leads to."""
        reached = self._reached()
        self.types |= {type_.name for type_ in self.own_types() if type_.name not in reached}

    def _reached(self) -> set[str]:
        implementations: dict[str, list[str]] = {}
        for type_ in self.schema.fields_types():
            for interface in type_.interfaces:
                implementations.setdefault(interface, []).append(type_.name)
        open_names = list(self.schema.definition.roots.values())
        for directive in self.schema.directives.values():
            if not self.features.owns_directive(directive.name):
                open_names += [base_name(argument.type) for argument in directive.arguments.values()]
        reached: set[str] = set()
        while open_names:
            name = open_names.pop()
            type_or_none = self.schema.types.get(name)
            if name in reached or type_or_none is None or self.is_hidden_type(name):
                continue
            reached.add(name)
            open_names += [*self._leads_to(type_or_none), *implementations.get(name, ())]
        return reached

    def _leads_to(self, type_: TypeDefinition) -> list[str]:
        match type_:
            case ObjectType() | InterfaceType():
                visible = [item for item in type_.fields.values() if not self.is_hidden_part(item)]
                arguments = [a for item in visible for a in item.arguments.values()]
                inputs = [a for a in arguments if not self.is_hidden_part(a)]
                references = [item.type for item in visible] + [argument.type for argument in inputs]
                return [*type_.interfaces, *map(base_name, references)]
            case InputType():
                fields = type_.fields.values()
                return [base_name(item.type) for item in fields if not self.is_hidden_part(item)]
            case UnionType():
                return list(type_.members)
            case EnumType() | ScalarType():
                return []
