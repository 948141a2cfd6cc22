"""Random protections on the types and fields of a composed schema, and callers with random rights."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ArgumentNode,
    ConstDirectiveNode,
    EnumTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    NameNode,
    ObjectTypeDefinitionNode,
    parse,
    parse_const_value,
    print_ast,
)

NAMES = ("a", "b", "c")
LINKS = "".join(
    f'\n  @link(url: "https://specs.apollo.dev/{name}/v0.1", for: SECURITY)'
    for name in ("authenticated", "requiresScopes", "policy")
)
DEFINITIONS = """
directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @policy(policies: [[policy__Policy!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
scalar requiresScopes__Scope
scalar policy__Policy
"""  # noqa: E501 - as composition prints them


@dataclass(frozen=True, slots=True)
class Caller:
    """Anonymous without `claims`."""

    claims: Mapping[str, Any] | None
    policies: frozenset[str]

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset((self.claims or {}).get("scope", "").split())


@dataclass(frozen=True, slots=True)
class Protection:
    """What stands on one element."""

    authenticated: bool = False
    scopes: tuple[tuple[str, ...], ...] = ()
    policies: tuple[tuple[str, ...], ...] = ()

    def grants(self, caller: Caller) -> bool:
        return (
            (caller.claims is not None or not self.authenticated)
            and _any_of(self.scopes, caller.scopes)
            and _any_of(self.policies, caller.policies)
        )

    def directives(self) -> Iterator[tuple[str, str | None, str]]:
        """Name, argument, value."""
        if self.authenticated:
            yield "authenticated", None, ""
        if self.scopes:
            yield "requiresScopes", "scopes", _literal(self.scopes)
        if self.policies:
            yield "policy", "policies", _literal(self.policies)


@dataclass(slots=True)
class Protections:
    types: dict[str, Protection] = field(default_factory=dict)
    fields: dict[tuple[str, str], Protection] = field(default_factory=dict)


def _any_of(alternatives: tuple[tuple[str, ...], ...], given: frozenset[str]) -> bool:
    return not alternatives or any(given.issuperset(names) for names in alternatives)


def _literal(alternatives: tuple[tuple[str, ...], ...]) -> str:
    return json.dumps(alternatives)


def any_caller(chooser: random.Random) -> Caller:
    policies = frozenset(name for name in NAMES if chooser.random() < 0.5)
    if chooser.random() < 0.3:
        return Caller(None, policies)
    scopes = " ".join(name for name in NAMES if chooser.random() < 0.5)
    return Caller({"sub": "x", "scope": scopes}, policies)


def any_protection(chooser: random.Random) -> Protection:
    def names() -> tuple[tuple[str, ...], ...]:
        return tuple(
            tuple(sorted(chooser.sample(NAMES, chooser.randint(1, 2)))) for _ in range(chooser.randint(1, 2))
        )

    match chooser.randrange(4):
        case 0:
            return Protection(authenticated=True)
        case 1:
            return Protection(scopes=names())
        case 2:
            return Protection(policies=names())
        case _:
            return Protection(authenticated=chooser.random() < 0.5, scopes=names(), policies=names())


def protect(supergraph_sdl: str, chooser: random.Random) -> tuple[str, Protections]:
    """The supergraph with protections on some of its elements; interfaces have none of their own."""
    document = parse(supergraph_sdl, no_location=True)
    found = Protections()
    definitions = []
    often = chooser.choice((4, 10, 25))
    for node in document.definitions:
        changed: Any = node
        if isinstance(node, ObjectTypeDefinitionNode | EnumTypeDefinitionNode):
            if "__" not in node.name.value:
                changed = _protected(node, found, chooser, often)
        elif isinstance(node, InterfaceTypeDefinitionNode):
            pass
        definitions.append(changed)
    text = "\n\n".join(map(print_ast, definitions))
    return text.replace(", for: EXECUTION)", f", for: EXECUTION){LINKS}", 1) + DEFINITIONS, found


def _protected(node: Any, found: Protections, chooser: random.Random, often: int) -> Any:
    name = node.name.value
    more: dict[str, Any] = {}
    if chooser.randrange(100) < (2 if name in ("Query", "Mutation") else often // 2):
        found.types[name] = any_protection(chooser)
        more["directives"] = (*node.directives, *_nodes(found.types[name]))
    if isinstance(node, ObjectTypeDefinitionNode):
        fields = []
        for one in node.fields or ():
            if chooser.randrange(100) < often:
                found.fields[name, one.name.value] = protection = any_protection(chooser)
                one = _with(one, directives=(*(one.directives or ()), *_nodes(protection)))
            fields.append(one)
        more["fields"] = tuple(fields)
    return _with(node, **more)


def _with(node: Any, **changes: Any) -> Any:
    return type(node)(**{key: getattr(node, key) for key in node.keys} | changes)


def _nodes(protection: Protection) -> Iterator[ConstDirectiveNode]:
    for name, argument, value in protection.directives():
        arguments = () if argument is None else (_argument(argument, value),)
        yield ConstDirectiveNode(name=NameNode(value=name), arguments=arguments)


def _argument(name: str, value: str) -> Any:
    return ArgumentNode(name=NameNode(value=name), value=parse_const_value(value))
