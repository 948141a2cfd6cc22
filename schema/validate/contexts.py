"""@context names an object further up the operation; @fromContext selects one value from it.

The selection must give a value of the argument's type on every type that sets the context: one field, or one
inline fragment for each of several object types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from schema.language.nodes import FieldNode, FragmentNode, SelectionNode
from schema.model.applications import OnArgument, OnType
from schema.model.definitions import (
    Directive,
    InterfaceType,
    ObjectType,
    TypeDefinition,
    applied,
)
from schema.model.field_set import (
    FieldSetProblem,
    Resolved,
    ResolvedField,
    ResolvedFragment,
    parse_field_set,
    resolve,
)
from schema.model.type_references import base_name, is_list, item_type, nullable
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.subgraph.context_field import split_context
from schema.subgraph.facts import is_interface_object
from schema.subgraph.states import Subgraph

_NAME = re.compile(r"[A-Za-z][0-9A-Za-z_]*", re.ASCII)


def check_contexts(subgraph: Subgraph, report: SubgraphReport) -> None:
    """The contexts a subgraph sets, then every argument taken from one."""
    contexts = _contexts(subgraph, report)
    for application in subgraph.applied(subgraph.names.from_context):
        if isinstance(application, OnArgument):
            _check_argument(subgraph, application, contexts, report)


def _contexts(subgraph: Subgraph, report: SubgraphReport) -> dict[str, list[TypeDefinition]]:
    contexts: dict[str, list[TypeDefinition]] = {}
    for application in subgraph.applied(subgraph.names.context):
        if not isinstance(application, OnType):
            continue
        name = str(application.directive.arguments.get("name"))
        if "_" in name or not _NAME.fullmatch(name):
            report.add(
                ErrorCode.CONTEXT_NAME_INVALID,
                f'the context name "{name}" must be letters and digits, starting with a letter.',
                application.directive.at,
            )
        contexts.setdefault(name, []).append(application.element)
    return contexts


def _check_argument(
    subgraph: Subgraph,
    application: OnArgument,
    contexts: dict[str, list[TypeDefinition]],
    report: SubgraphReport,
) -> None:
    def not_set(problem: str) -> None:
        report.add(ErrorCode.CONTEXT_NOT_SET, problem, application.directive.at)

    coordinate, parent, field = application.coordinate, application.parent, application.field
    if field is None:
        not_set(f'"{coordinate}" takes its value from a context, but belongs to a directive.')
        return
    if not isinstance(parent, ObjectType):
        not_set(f'"{coordinate}" takes its value from a context, but belongs to an interface.')
        return
    for name in parent.interfaces:
        interface = subgraph.schema.types[name]
        if isinstance(interface, InterfaceType) and field.name in interface.fields:
            not_set(
                f'"{coordinate}" takes its value from a context, but the interface field '
                f'"{name}.{field.name}" demands that callers give it.'
            )
    if application.element.has_default:
        not_set(f'"{coordinate}" takes its value from a context, so it cannot have a default.')
    text = application.directive.arguments.get("field")
    context, selection = split_context(text)
    if not context or not selection:
        report.add(
            ErrorCode.NO_CONTEXT_IN_SELECTION,
            f'"{coordinate}": "{text}" does not name a context; write "$name {{ field }}".',
            application.directive.at,
        )
        return
    if context not in contexts:
        not_set(f'"{coordinate}" uses the context "{context}", which no type of this subgraph sets.')
    else:
        _Selection(subgraph, application, context, report).check(selection, contexts[context])
    _check_key(subgraph, parent, report)


def _check_key(subgraph: Subgraph, parent: ObjectType, report: SubgraphReport) -> None:
    """The router fetches such a field by itself, after what set the context, so it must find the object
    again.
    """

    def resolvable(key: Directive) -> bool:
        return key.arguments.get("resolvable") is not False

    if not any(map(resolvable, applied(parent, subgraph.names.key))):
        report.add(
            ErrorCode.CONTEXT_NO_RESOLVABLE_KEY,
            f'"{parent.name}" has a field that takes an argument from a context, but no resolvable @key.',
            parent.at,
        )


class _Invalid(Exception):
    """The selection cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class _Selection:
    subgraph: Subgraph
    application: OnArgument
    context: str
    report: SubgraphReport

    def check(self, selection: str, types: list[TypeDefinition]) -> None:
        try:
            conditions = _conditions(parse_field_set(selection))
            used: set[str] = set()
            for type_ in types:
                used |= self._check_on(type_, selection, bool(conditions))
            if unused := [name for name in conditions if name not in used]:
                raise _Invalid(f'"... on {unused[0]}" never applies')
        except (FieldSetProblem, _Invalid) as problem:
            self.report.add(
                ErrorCode.CONTEXT_INVALID_SELECTION,
                f'"{self.application.coordinate}" cannot take "{selection.strip()}" from the context '
                f'"{self.context}": {problem}.',
                self.application.directive.at,
            )

    def _check_on(self, type_: TypeDefinition, selection: str, by_fragments: bool) -> set[str]:
        """Checks the selection on one type that sets the context; returns the fragment types that apply to
        it.
        """
        schema = self.subgraph.schema
        selections = resolve(schema, type_.name, selection)
        _refuse_decoration(selections)
        wanted = self.application.element.type
        if not by_fragments:
            self._check_type(self._type_of(type_.name, selections), wanted)
            return set()
        fragments = [
            fragment
            for fragment in selections
            if isinstance(fragment, ResolvedFragment)
            and fragment.type in schema.possible_types(type_.name)
            and isinstance(schema.types[fragment.type], ObjectType)
        ]
        if not fragments:
            raise _Invalid(f'no fragment applies to "{type_.name}"')
        for fragment in fragments:
            self._check_type(self._type_of(fragment.type, fragment.selections), wanted)
        return {fragment.type for fragment in fragments}

    def _check_type(self, type_: str | None, wanted: str) -> None:
        if type_ is None or not _fits_type(type_, wanted):
            raise _Invalid(f"it does not select one value of type {wanted}")

    def _type_of(self, parent: str, selections: tuple[Resolved, ...]) -> str | None:
        """The type of the one value selected; None when it is not one value."""
        schema = self.subgraph.schema
        if is_interface_object(schema.types.get(parent), self.subgraph.names):
            raise _Invalid(f'"{parent}" is an @interfaceObject')
        types = {self._selected_type(selection) for selection in selections}
        return types.pop() if len(types) == 1 else None

    def _selected_type(self, selection: Resolved) -> str | None:
        if not isinstance(selection, ResolvedField) or selection.field is None:
            return None
        type_ = selection.field.type
        inner: str | None = base_name(type_)
        if selection.selections:
            inner = self._type_of(base_name(type_), selection.selections)
        return _wrap(inner, type_) if inner is not None else None


def _conditions(nodes: tuple[SelectionNode, ...]) -> list[str]:
    """The types of the fragments a selection consists of; empty when it is one field."""
    first = nodes[0]
    if isinstance(first, FieldNode):
        if len(nodes) > 1:
            raise _Invalid("it selects more than one thing")
        return []
    names = [node.condition for node in nodes if isinstance(node, FragmentNode)]
    if len(names) != len(nodes):
        raise _Invalid("it mixes fields and fragments")
    conditions = [name for name in names if name is not None]
    if len(conditions) != len(names):
        raise _Invalid("every fragment needs a type")
    if len(set(conditions)) != len(conditions):
        raise _Invalid("two fragments have the same type")
    return conditions


def _refuse_decoration(selections: tuple[Resolved, ...]) -> None:
    for selection in selections:
        if selection.node.directives:
            raise _Invalid("directives are not allowed in it")
        if isinstance(selection, ResolvedField) and selection.node.alias is not None:
            raise _Invalid("aliases are not allowed in it")
        _refuse_decoration(selection.selections)


def _wrap(inner: str, outer: str) -> str:
    """The lists of `outer` around `inner`."""
    while is_list(outer):
        inner, outer = f"[{inner}]", item_type(outer)
    return inner


def _fits_type(type_: str, wanted: str) -> bool:
    """The same names and lists; the context may promise more than the argument asks."""
    if type_[-1] == "!":
        return _fits_type(type_[:-1], nullable(wanted))
    if wanted[-1] == "!":
        return False
    if is_list(type_) or is_list(wanted):
        return is_list(type_) and is_list(wanted) and _fits_type(item_type(type_), item_type(wanted))
    return type_ == wanted
