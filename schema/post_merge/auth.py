"""A field that needs other fields asks for the access they ask for.

The router fetches what @requires and @fromContext select on behalf of the field. Without the same
requirements on the field, a client could learn from it what it may not read itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from schema.language.values import Value
from schema.merge.state import Merge
from schema.model.applications import OnArgument, OnField
from schema.model.definitions import Field, InterfaceType, ObjectType, TypeDefinition, applied
from schema.model.field_set import FieldSetProblem, Resolved, ResolvedField, resolve
from schema.model.type_references import base_name
from schema.report.errors import ErrorCode, Location
from schema.specs.auth import conjunction, implies
from schema.subgraph.context_field import split_context
from schema.subgraph.facts import fields_argument

_ARGUMENTS = {"requiresScopes": "scopes", "policy": "policies"}


@dataclass(frozen=True, slots=True)
class _Requirements:
    """What reading an element needs; scopes and policies in disjunctive normal form."""

    authenticated: bool
    scopes: Value
    policies: Value

    def meet(self, wanted: _Requirements) -> bool:
        return (
            (self.authenticated or not wanted.authenticated)
            and implies(self.scopes, wanted.scopes)
            and implies(self.policies, wanted.policies)
        )


def check_transitive_auth(merge: Merge) -> None:
    """Every @requires and @fromContext of every subgraph, if any subgraph restricts access at all."""
    if not any(merge.links.name_of(name) for name in ("authenticated", *_ARGUMENTS)):
        return
    checker = _Checker(merge)
    for number, subgraph in enumerate(merge.subgraphs):
        for application in subgraph.applied(subgraph.names.requires):
            if isinstance(application, OnField):
                fields = fields_argument(application.directive)
                places = merge.token_place(number, application.directive.at)
                checker.check(application.coordinate, application.parent.name, fields, "@requires", places)
        for application in subgraph.applied(subgraph.names.from_context):
            if isinstance(application, OnArgument) and application.field is not None:
                context, selection = split_context(application.directive.arguments.get("field"))
                coordinate = f"{application.parent.name}.{application.field.name}"
                places = merge.token_place(number, application.directive.at)
                for type_ in _setting(merge, number, context):
                    checker.check(coordinate, type_, selection, "@fromContext", places, on_type=True)


def _setting(merge: Merge, number: int, context: str) -> list[str]:
    subgraph = merge.subgraphs[number]
    return [
        application.coordinate
        for application in subgraph.applied(subgraph.names.context)
        if application.directive.arguments.get("name") == context
    ]


class _Refused(Exception):
    """The message names what the field needs but does not ask access for."""


@dataclass(frozen=True, slots=True)
class _Checker:
    merge: Merge

    def check(
        self,
        coordinate: str,
        type_: str,
        fields: str,
        directive: str,
        places: tuple[Location, ...],
        *,
        on_type: bool = False,
    ) -> None:
        schema = self.merge.merged
        parent, name = coordinate.split(".")
        owner = schema.types.get(parent)
        if not isinstance(owner, ObjectType | InterfaceType) or name not in owner.fields:
            return
        given = _both(self._of(owner), self._of(owner.fields[name]))
        try:
            if on_type and not given.meet(self._of(schema.types[type_])):
                raise _Refused(f'"{type_}"')
            self._check_selections(given, resolve(schema, type_, fields))
        except FieldSetProblem:
            return
        except _Refused as needed:
            self.merge.fail(
                ErrorCode.MISSING_TRANSITIVE_AUTH_REQUIREMENTS,
                f'"{coordinate}" needs {needed} through {directive}, but does not ask for the access '
                "(@authenticated, @requiresScopes or @policy) that reading it takes.",
                places,
            )

    def _check_selections(self, given: _Requirements, selections: tuple[Resolved, ...]) -> None:
        types = self.merge.merged.types
        for selection in selections:
            if isinstance(selection, ResolvedField):
                if selection.field is None:
                    continue
                base = types.get(base_name(selection.field.type))
                wanted = [self._of(selection.field)] + ([self._of(base)] if base is not None else [])
                if not all(map(given.meet, wanted)):
                    raise _Refused(f'"{selection.parent}.{selection.field.name}"')
            elif not given.meet(self._of(types[selection.type])):
                raise _Refused(f'"... on {selection.type}"')
            self._check_selections(given, selection.selections)

    def _of(self, element: TypeDefinition | Field) -> _Requirements:
        found: dict[str, Value] = {}
        links = self.merge.links
        for directive, argument in _ARGUMENTS.items():
            name = links.name_of(directive)
            if name is not None:
                for application in applied(element, name)[:1]:
                    found[argument] = application.arguments.get(argument)
        authenticated = links.name_of("authenticated")
        return _Requirements(
            authenticated is not None and bool(applied(element, authenticated)),
            found.get("scopes"),
            found.get("policies"),
        )


def _both(one: _Requirements, other: _Requirements) -> _Requirements:
    return _Requirements(
        one.authenticated or other.authenticated,
        _join(one.scopes, other.scopes),
        _join(one.policies, other.policies),
    )


def _join(one: Value, other: Value) -> Value:
    given: list[Value] = [value for value in (one, other) if value is not None]
    return conjunction(given) if given else None
