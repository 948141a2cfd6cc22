"""Directives that compose, applied in the supergraph: those of all sources together.

A repeatable directive is applied once for each different application. Of one that is not, differing
applications merge when its specification says how, and otherwise the most common one wins, with a hint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from schema.language.values import Value
from schema.merge.auth_sources import AuthSources
from schema.merge.state import Merge, Sources
from schema.model.built_in import BUILT_IN_DIRECTIVES
from schema.model.definitions import (
    Directive,
    DirectiveDefinition,
    Element,
    Field,
    InterfaceType,
    SchemaDefinition,
    applied,
)
from schema.model.values import print_value, values_equal
from schema.report.hints import HintCode

AnySource: TypeAlias = (
    "Sources[Element] | Sources[SchemaDefinition] | dict[int, Element] | dict[int, Element | None]"
)
_Place: TypeAlias = tuple[int, Element | SchemaDefinition]


@dataclass(slots=True)
class _Pending:
    names: list[str]
    sources: list[_Place]
    element: Element | SchemaDefinition
    coordinate: str


class AppliedDirectives:
    """Notes what to apply while elements merge, and applies it at the end, when all of them are there.

    @inaccessible alone is applied at once: whether enum values and input fields merge depends on it.
    """

    def __init__(self, merge: Merge, auth: AuthSources) -> None:
        self._merge = merge
        self._auth = auth
        self._pending: list[_Pending] = []
        self._inaccessible = merge.links.name_of("inaccessible")

    def is_inaccessible(self, element: Element) -> bool:
        """Is the merged element inaccessible?"""
        return self._inaccessible is not None and bool(applied(element, self._inaccessible))

    def record(
        self,
        sources: Iterable[tuple[int, Element | SchemaDefinition | None]],
        element: Element | SchemaDefinition,
        coordinate: str,
    ) -> None:
        """Notes the composing directives of an element's sources."""
        places = [(number, source) for number, source in sources if source is not None]
        with_directives = [place for place in places if place[1].directives]
        names = self._names(with_directives)
        if self._inaccessible is not None and self._inaccessible in names:
            names.remove(self._inaccessible)
            self._apply(self._inaccessible, with_directives, element, coordinate)
        if isinstance(element, Field | InterfaceType):
            self._record_auth(names, places, element, coordinate)
        if names:
            self._pending.append(_Pending(names, with_directives, element, coordinate))

    def _names(self, places: list[_Place]) -> list[str]:
        names: dict[str, None] = {}
        for number, source in places:
            for directive in source.directives:
                if directive.name not in names and self._merge.links.composes(number, directive.name):
                    names[directive.name] = None
        return list(names)

    def _record_auth(
        self, names: list[str], places: list[_Place], element: Field | InterfaceType, coordinate: str
    ) -> None:
        """Requirements also come from what implements an interface, or is implemented through an object for
        it.
        """
        for directive, name in self._auth.directives.items():
            additional = self._auth.of(coordinate, directive)
            if name in names or additional:
                self._pending.append(_Pending([name], [*places, *additional], element, coordinate))
            if name in names:
                names.remove(name)

    def copy_auth(self, element: Field, coordinate: str) -> None:
        """Applies the requirements a field gets from @interfaceObject fields."""
        for directive, name in self._auth.directives.items():
            additional = self._auth.of(coordinate, directive)
            if additional:
                self._apply(name, additional, element, coordinate)

    def auth_names(self) -> list[str]:
        """The supergraph's names of the directives that say who may read an element."""
        return list(self._auth.directives.values())

    def apply_all(self) -> None:
        """Applies what was noted, on elements that are still part of the supergraph."""
        for pending in self._pending:
            if isinstance(pending.element, SchemaDefinition) or pending.element not in self._merge.removed:
                for name in pending.names:
                    self._apply(name, pending.sources, pending.element, pending.coordinate)
        self._pending = []

    def _apply(
        self, name: str, places: list[_Place], element: Element | SchemaDefinition, coordinate: str
    ) -> None:
        found = [(number, applied(source, name)) for number, source in places]
        found = [(number, directives) for number, directives in found if directives]
        if not found:
            return
        definition = self._merge.merged.directives.get(name) or BUILT_IN_DIRECTIVES[name]
        if definition.repeatable:
            self._apply_each(found, definition, element)
        else:
            self._apply_one(found, definition, element, coordinate)

    def _apply_each(
        self,
        found: list[tuple[int, list[Directive]]],
        definition: DirectiveDefinition,
        element: Element | SchemaDefinition,
    ) -> None:
        composed = self._merge.links.directives.get(definition.name)
        rewrite = composed.spec.composition.rewrite if composed and composed.spec.composition else None
        kept: list[dict[str, Value]] = []
        for number, directives in found:
            for directive in directives:
                full = with_defaults(directive, definition)
                if any(values_equal(full, other) for other in kept):
                    continue
                kept.append(full)
                arguments = directive.arguments
                if rewrite is not None:
                    arguments = rewrite(self._merge.subgraphs[number].name, arguments)
                element.directives.append(Directive(definition.name, arguments))

    def _apply_one(
        self,
        found: list[tuple[int, list[Directive]]],
        definition: DirectiveDefinition,
        element: Element | SchemaDefinition,
        coordinate: str,
    ) -> None:
        different: list[tuple[Directive, dict[str, Value]]] = []
        counts: list[int] = []
        for _, directives in found:
            full = with_defaults(directives[0], definition)
            for position, (_, other) in enumerate(different):
                if values_equal(full, other):
                    counts[position] += 1
                    break
            else:
                different.append((directives[0], full))
                counts.append(1)
        arguments = different[0][0].arguments
        if len(different) > 1:
            arguments = self._settle(found, different, counts, definition, coordinate)
        element.directives.append(Directive(definition.name, arguments))

    def _settle(
        self,
        found: list[tuple[int, list[Directive]]],
        different: list[tuple[Directive, dict[str, Value]]],
        counts: list[int],
        definition: DirectiveDefinition,
        coordinate: str,
    ) -> dict[str, Value]:
        """The arguments of differing applications of a directive that can stand once."""
        merge = self._merge
        places = [
            place for number, directives in found for place in merge.token_place(number, directives[0].at)
        ]
        composed = merge.links.directives.get(definition.name)
        if composed is not None and composed.spec.merges_arguments:
            arguments: dict[str, Value] = {}
            for spec in composed.spec.arguments:
                merged = spec.merge([full[spec.name] for _, full in different]) if spec.merge else None
                if merged is not None:
                    arguments[spec.name] = merged
            how = ", ".join(f'"{spec.name}": {spec.merge_name}' for spec in composed.spec.arguments)
            merge.hint(
                HintCode.MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS,
                f'"@{definition.name}" on "{coordinate}" has different arguments in several subgraphs, '
                f"which are merged: {how}.",
                places,
            )
            return arguments
        winner = different[counts.index(max(counts))][0].arguments
        merge.hint(
            HintCode.INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS,
            f'"@{definition.name}" on "{coordinate}" has different arguments in several subgraphs: '
            f"the supergraph uses {_shown(definition.name, winner)}.",
            places,
        )
        return winner


def _shown(name: str, arguments: dict[str, Value]) -> str:
    given = ", ".join(f"{argument}: {print_value(value)}" for argument, value in arguments.items())
    return f"@{name}({given})" if given else f"@{name} without arguments"


def with_defaults(directive: Directive, definition: DirectiveDefinition) -> dict[str, Value]:
    """All arguments of an application, those not given with their default or null."""
    return {
        name: directive.arguments.get(name, argument.default if argument.has_default else None)
        for name, argument in definition.arguments.items()
    }
