"""Document → Operation.

Fields are collected as the specification's CollectFields does it, all selection sets of a position together
and each fragment once for a position, type and set of conditions: fragments that spread each other many times
over cost no more than what they select. What is selected is counted, and refused beyond MAX_FIELDS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
    StringValueNode,
    VariableNode,
)

from router.operation.conditions import CONDITIONAL, add_conditions, exclude, known_value, without
from router.operation.definition import find_operation, read_variables
from router.operation.errors import InvalidOperationError, OperationTooLargeError
from router.operation.minify import minify_arguments, minify_directive
from router.operation.model import (
    NO_CONDITIONS,
    TYPENAME,
    Conditions,
    Defer,
    Field,
    Operation,
    OperationDirective,
)
from router.plan import OperationKind
from schema.supergraph import Supergraph, SupergraphField

MAX_FIELDS: Final = 20_000
OPERATION_KINDS: Final = ("query", "mutation", "subscription")

_INTROSPECTION = ("__schema", "__type")


def normalize_operation(
    supergraph: Supergraph,
    document: DocumentNode,
    name: str | None = None,
    *,
    defer: bool = True,
    values: Mapping[str, object] | None = None,
) -> Operation:
    """Raises OperationError. With `defer` off, @defer is ignored: everything is answered at once. Variables
    whose Boolean `values` are given decide their conditions now.
    """
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    definition = find_operation(document, name)
    kind: OperationKind = definition.operation.value
    root = supergraph.roots.get(kind)
    if root is None:
        raise InvalidOperationError(f"The schema has no {kind} type")
    collector = _Collector(supergraph, fragments, defer, values or {})
    fields = collector.selection(
        root, [(definition.selection_set, NO_CONDITIONS, _NOTHING_AROUND)], is_root=True
    )
    return Operation(
        kind=kind,
        name=definition.name.value if definition.name else None,
        root_type=root,
        fields=fields,
        variables=read_variables(definition),
        introspects=collector.introspects,
        defers=collector.defers > 0,
        directives=tuple(_handed_on(supergraph, d) for d in definition.directives or ()),
    )


def _handed_on(supergraph: Supergraph, node: DirectiveNode) -> OperationDirective:
    used: list[str] = []
    text = minify_directive(node, used)
    kinds = frozenset(kind for kind in OPERATION_KINDS if _may_stand(supergraph, node, kind.upper()))
    return OperationDirective(text, tuple(used), kinds)


def _may_stand(supergraph: Supergraph, node: DirectiveNode, location: str) -> bool:
    """Subgraphs refuse it elsewhere: composition keeps the locations that all of them have."""
    definition = supergraph.schema.directives.get(node.name.value)
    return definition is None or location in definition.locations


class _Around(NamedTuple):
    """The fragments around a field: their @defer, and directives that mean nothing to us."""

    defer: Defer | None = None
    directives: str = ""
    variables: tuple[str, ...] = ()


_NOTHING_AROUND = _Around()

_Source = tuple[SelectionSetNode, Conditions, _Around]
"""A selection set, the conditions that its fields inherit and what is around them."""


_Identity = tuple[str | None, str, str, str, str, str, Defer | None]
"""What makes two selected fields the same: type selected on, key, name, arguments, directives, those of the
fragments around, @defer."""


class _Group:
    """Fields of one position that are the same field: their common shape, and their selection sets."""

    __slots__ = ("conditions", "field", "sources")

    def __init__(self, field: Field, conditions: Conditions) -> None:
        self.field = field
        self.conditions = conditions
        self.sources: list[_Source] = []


class _Collector:
    def __init__(
        self,
        supergraph: Supergraph,
        fragments: dict[str, FragmentDefinitionNode],
        defer: bool,
        values: Mapping[str, object],
    ) -> None:
        self.supergraph = supergraph
        self.types = supergraph.types
        self.possible = supergraph.possible_types
        self.fragments = fragments
        self.defer = defer
        self.values = values
        self.introspects = False
        self.defers = 0
        self.count = 0

    def selection(
        self, type_name: str, sources: list[_Source], *, is_root: bool = False
    ) -> tuple[Field, ...]:
        """The fields of a position of `type_name`."""
        position = _Position(self, type_name, is_root)
        for selection_set, conditions, defer in sources:
            position.collect(selection_set, type_name, conditions, defer)
        return position.finish()


class _Position:
    """Collects the fields of one position."""

    __slots__ = ("collector", "groups", "is_root", "is_serial", "order", "seen", "type_name")

    def __init__(self, collector: _Collector, type_name: str, is_root: bool) -> None:
        self.collector = collector
        self.type_name = type_name
        self.is_root = is_root
        self.is_serial = is_root and type_name == collector.supergraph.roots.get("mutation")
        self.groups: dict[_Identity, list[_Group]] = {}
        self.order: list[_Group] = []
        self.seen: set[tuple[str, str, Conditions, _Around]] = set()

    def collect(
        self, selection_set: SelectionSetNode, on: str, conditions: Conditions, around: _Around
    ) -> None:
        for node in selection_set.selections:
            own = conditions
            if node.directives:
                decided = add_conditions(node.directives, conditions, self.collector.values)
                if decided is None:
                    continue
                own = decided
            if isinstance(node, FieldNode):
                self._field(node, on, own, around)
            elif isinstance(node, InlineFragmentNode):
                type_name = node.type_condition.name.value if node.type_condition else None
                inner = self._inside(node.directives, around)
                self._fragment(node.selection_set, type_name, on, own, inner)
            else:
                assert isinstance(node, FragmentSpreadNode)
                self._spread(node, on, own, around)

    def _spread(self, node: FragmentSpreadNode, on: str, conditions: Conditions, around: _Around) -> None:
        name = node.name.value
        fragment = self.collector.fragments.get(name)
        if fragment is None:
            raise InvalidOperationError(f'Unknown fragment "{name}"')
        inner = self._inside(node.directives, around)
        key = (name, on, conditions, inner)
        if key not in self.seen:
            self.seen.add(key)
            self._fragment(fragment.selection_set, fragment.type_condition.name.value, on, conditions, inner)

    def _inside(self, directives: Iterable[DirectiveNode] | None, around: _Around) -> _Around:
        """What is around the fields of a fragment with these directives. Named fragments are inline ones by
        then, so a directive for spreads alone has no place any more.
        """
        if not directives:
            return around
        variables = list(around.variables)
        supergraph = self.collector.supergraph
        custom = [
            minify_directive(d, variables)
            for d in directives
            if d.name.value not in CONDITIONAL and _may_stand(supergraph, d, "INLINE_FRAGMENT")
        ]
        return _Around(
            self._deferred(directives, around.defer), around.directives + "".join(custom), tuple(variables)
        )

    def _deferred(self, directives: Iterable[DirectiveNode], parent: Defer | None) -> Defer | None:
        if not self.collector.defer or self.is_serial:
            return parent  # a mutation's own fields run where they stand
        for directive in directives:
            if directive.name.value == "defer":
                arguments = {a.name.value: a.value for a in directive.arguments or ()}
                when = arguments.get("if")
                known = known_value(when, self.collector.values)
                if known is False:
                    return parent
                self.collector.defers += 1
                label = arguments.get("label")
                return Defer(
                    self.collector.defers,
                    label.value if isinstance(label, StringValueNode) else None,
                    when.name.value if isinstance(when, VariableNode) and known is None else None,
                    parent,
                )
        return parent

    def _fragment(
        self,
        selection_set: SelectionSetNode,
        condition: str | None,
        on: str,
        conditions: Conditions,
        around: _Around,
    ) -> None:
        """A fragment with a type condition, inside `on`: narrowed to one type condition, or to several."""
        if condition is None or condition == on:
            self.collect(selection_set, on, conditions, around)
            return
        possible = self.collector.possible
        wanted = possible.get(condition)
        if wanted is None:
            raise InvalidOperationError(f'Unknown type "{condition}" in a fragment')
        here = possible[on]
        both = wanted & here
        if both == here and self._has_fields_of(on, condition):
            self.collect(selection_set, on, conditions, around)
        elif both and both == wanted & possible[self.type_name]:
            self.collect(selection_set, condition, conditions, around)
        else:
            for name in sorted(both):
                self.collect(selection_set, name, conditions, around)

    def _has_fields_of(self, on: str, condition: str) -> bool:
        type_ = self.collector.types[on]
        return condition in type_.interfaces or not self.collector.types[condition].fields

    def _field(self, node: FieldNode, on: str, conditions: Conditions, around: _Around) -> None:
        name = node.name.value
        definition: SupergraphField | None = None
        if name != TYPENAME:
            if self.is_root and name in _INTROSPECTION:
                self.collector.introspects = True
                return
            definition = self.collector.types[on].fields.get(name)
            if definition is None:
                raise InvalidOperationError(f'Cannot query field "{name}" on type "{on}".')
        variables = list(around.variables)
        arguments = minify_arguments(node.arguments, variables)
        directives = ""
        if node.directives:
            directives = "".join(
                minify_directive(d, variables) for d in node.directives if d.name.value not in CONDITIONAL
            )
        own = None if on == self.type_name else on
        key = node.alias.value if node.alias else name
        identity = (own, key, name, arguments, directives, around.directives, around.defer)
        if self.is_serial:
            groups = self._serial_groups(identity, definition, tuple(variables), conditions)
        else:
            groups = [self._group(identity, definition, tuple(variables), conditions)]
        if node.selection_set is not None:
            # A group may be under fewer conditions than this field: the rest applies to what is below.
            for group in groups:
                group.sources.append((node.selection_set, conditions - group.conditions, _NOTHING_AROUND))
        elif definition is not None and self._is_composite(definition.named_type):
            raise InvalidOperationError(
                f'Field "{name}" of type "{definition.type}" must have a selection of subfields.'
            )

    def _is_composite(self, type_name: str) -> bool:
        type_ = self.collector.types.get(type_name)
        return type_ is not None and type_.is_composite

    def _group(
        self,
        identity: _Identity,
        definition: SupergraphField | None,
        variables: tuple[str, ...],
        conditions: Conditions,
    ) -> _Group:
        """The group of the field: one under the same conditions, or under a part of them."""
        groups = self.groups.setdefault(identity, [])
        for group in groups:
            if group.conditions <= conditions:
                return group
        group = self._new_group(identity, definition, variables, conditions)
        for wider in [g for g in groups if conditions < g.conditions]:
            groups.remove(wider)
            extra = wider.conditions - conditions
            group.sources += [(s, c | extra, d) for s, c, d in wider.sources]
        groups.append(group)
        return group

    def _new_group(
        self,
        identity: _Identity,
        definition: SupergraphField | None,
        variables: tuple[str, ...],
        conditions: Conditions,
    ) -> _Group:
        on, key, name, arguments, directives, around, defer = identity
        self.collector.count += 1
        if self.collector.count > MAX_FIELDS:
            raise OperationTooLargeError(MAX_FIELDS)
        field = Field(
            key, name, on, definition, arguments, directives, around, variables, conditions, (), defer
        )
        return _Group(field, conditions)

    def _serial_groups(
        self,
        identity: _Identity,
        definition: SupergraphField | None,
        variables: tuple[str, ...],
        conditions: Conditions,
    ) -> list[_Group]:
        """Groups of a mutation's field. It runs once, where it is selected first: so where the conditions of
        the places before do not hold, and every place before selects what is selected here as well.
        """
        known = self.groups.setdefault(identity, [])
        here = [group for group in known if not exclude(group.conditions, conditions)]
        remaining = [conditions]
        for group in known:
            remaining = [part for whole in remaining for part in without(whole, group.conditions)]
        new = [self._new_group(identity, definition, variables, part) for part in remaining]
        known += new
        self.order += new
        return here + new

    def finish(self) -> tuple[Field, ...]:
        """The collected fields, with their own selections."""
        fields: list[Field] = []
        groups = self.order if self.is_serial else [g for same in self.groups.values() for g in same]
        for group in groups:
            field = group.field
            if group.sources:
                assert field.definition is not None
                field.children = self.collector.selection(field.definition.named_type, group.sources)
                if all(child.defer is not None for child in field.children):
                    field.children = (Field(TYPENAME, TYPENAME, None, None), *field.children)
                field.size = 1 + sum(child.size for child in field.children)
            fields.append(field)
        return tuple(fields)
