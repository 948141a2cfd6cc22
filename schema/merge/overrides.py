"""@override: a field moves from one subgraph to another, at once or for a share of operations (a label)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from schema.merge.state import Merge, Sources, abstracting_fields
from schema.model.definitions import Directive, Field, InterfaceType, TypeDefinition, applied
from schema.report.errors import ErrorCode
from schema.report.hints import HintCode
from schema.report.suggestions import did_you_mean
from schema.report.wording import listed
from schema.subgraph.facts import is_interface_object

_LABEL = re.compile(r"[A-Za-z][0-9A-Za-z_\-:./]*", re.ASCII)
_PERCENT = re.compile(r"percent\((?:[0-9]{1,2}(?:\.[0-9]{1,8})?|100)\)", re.ASCII)
_COLLISION = ErrorCode.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE


@dataclass(slots=True)
class FieldOverrides:
    """What overrides mean for one field, by subgraph.

    `used` and `unused` are overridden subgraphs whose field something there still needs, or not. `labels`
    are the labels of both sides of an override in progress. `unknown_source` overrides a subgraph that does
    not exist.
    """

    used: set[int] = field(default_factory=set)
    unused: set[int] = field(default_factory=set)
    labels: dict[int, str] = field(default_factory=dict)
    unknown_source: set[int] = field(default_factory=set)

    def overridden(self, number: int) -> bool:
        """Is the field of that subgraph overridden?"""
        return number in self.used or number in self.unused


NO_OVERRIDES = FieldOverrides()


def find_overrides(
    merge: Merge, sources: Sources[Field], parent: TypeDefinition, name: str
) -> FieldOverrides:
    """Checks every @override of one field and works out what they mean."""
    overriding: dict[int, Directive] = {}
    for number, source in sources.items():
        if source is not None and source.directives:
            found = applied(source, merge.subgraphs[number].names.override)
            if found:
                overriding[number] = found[0]
    if not overriding:
        return NO_OVERRIDES
    result = FieldOverrides()
    for number, directive in overriding.items():
        _Override(
            merge, sources, parent, f"{parent.name}.{name}", name, overriding, result, number, directive
        ).check()
    return result


@dataclass(frozen=True, slots=True)
class _Override:
    merge: Merge
    sources: Sources[Field]
    parent: TypeDefinition
    coordinate: str
    name: str
    overriding: dict[int, Directive]
    result: FieldOverrides
    number: int
    directive: Directive

    def _fail(self, code: ErrorCode, message: str, other: int | None = None) -> None:
        merge = self.merge
        places = [*merge.token_place(self.number, self.directive.at)]
        if other is not None and (element := self.sources.get(other)) is not None:
            places += merge.place(other, element)
        merge.fail(code, f'Subgraph "{merge.subgraphs[self.number].name}": {message}', places)

    def _hint(self, code: HintCode, message: str, number: int) -> None:
        source = self.sources.get(number)
        places = self.merge.place(number, source) if source is not None else ()
        self.merge.hint(code, message, places)

    def check(self) -> None:
        merge, subgraph = self.merge, self.merge.subgraphs[self.number]
        own_parent = subgraph.schema.types.get(self.parent.name)
        if isinstance(own_parent, InterfaceType):
            self._fail(
                ErrorCode.OVERRIDE_ON_INTERFACE,
                f'"{self.coordinate}" has an @override but is the field of an interface.',
            )
            return
        if is_interface_object(own_parent, subgraph.names):
            self._fail(
                _COLLISION, f'"{self.coordinate}" has an @override but is the field of an @interfaceObject.'
            )
            return
        source_name = str(self.directive.arguments.get("from"))
        names = [other.name for other in merge.subgraphs]
        if source_name not in names:
            self.result.unknown_source.add(self.number)
            self._hint(
                HintCode.FROM_SUBGRAPH_DOES_NOT_EXIST,
                f'"{self.coordinate}" overrides subgraph "{source_name}", which does not exist.'
                f"{did_you_mean(source_name, names)}",
                self.number,
            )
            return
        self._check_source(names.index(source_name), source_name)

    def _check_source(self, other: int, source_name: str) -> None:
        if other == self.number:
            self._fail(ErrorCode.OVERRIDE_FROM_SELF_ERROR, f'"{self.coordinate}" overrides its own subgraph.')
        elif other in self.overriding:
            self._fail(
                ErrorCode.OVERRIDE_SOURCE_HAS_OVERRIDE,
                f'"{self.coordinate}" overrides subgraph "{source_name}", which has an @override on it too.',
                other,
            )
        elif self.sources.get(other) is None:
            self._missing_source(other, source_name)
        else:
            self._check_pair(other, source_name)

    def _missing_source(self, other: int, source_name: str) -> None:
        abstracting = abstracting_fields(self.merge, self.parent, self.name, other)
        if abstracting:
            types = listed([f'"{name}"' for name, _ in abstracting])
            self._fail(
                _COLLISION,
                f'"{self.coordinate}" overrides subgraph "{source_name}", which resolves it through the '
                f"@interfaceObject {types}: that cannot be overridden.",
            )
            return
        self._hint(
            HintCode.OVERRIDE_DIRECTIVE_CAN_BE_REMOVED,
            f'"{self.coordinate}" overrides subgraph "{source_name}", which no longer has it: '
            "the @override can be removed.",
            self.number,
        )

    def _check_pair(self, other: int, source_name: str) -> None:
        """Both subgraphs have the field."""
        merge = self.merge
        overridden = self.sources[other]
        assert overridden is not None
        names, facts = merge.subgraphs[other].names, merge.subgraphs[other].facts
        for conflicting in (names.requires, names.provides):
            if applied(overridden, conflicting):
                self._fail(
                    _COLLISION,
                    f'"{self.coordinate}" overrides subgraph "{source_name}", where it has "@{conflicting}".',
                    other,
                )
                return
        own = self.sources[self.number]
        if own is not None and merge.is_external(self.number, own):
            self._fail(_COLLISION, f'"{self.coordinate}" has an @override but is external.')
            return
        used = overridden in facts.used
        label = self.directive.arguments.get("label")
        if overridden in facts.external:
            self._hint(
                HintCode.OVERRIDE_DIRECTIVE_CAN_BE_REMOVED,
                f'"{self.coordinate}" is external in subgraph "{source_name}", which it overrides: '
                "the @override can be removed.",
                self.number,
            )
        else:
            (self.result.used if used else self.result.unused).add(other)
            if not label:
                self._overridden_hint(other, source_name, used)
        if label:
            self._check_label(str(label), other, source_name, used)

    def _overridden_hint(self, other: int, source_name: str, used: bool) -> None:
        advice = (
            "some directive or interface there still needs it, so mark it @external or remove what needs it"
            if used
            else "it can be removed there"
        )
        self._hint(
            HintCode.OVERRIDDEN_FIELD_CAN_BE_REMOVED,
            f'"{self.coordinate}" of subgraph "{source_name}" is overridden: {advice}.',
            other,
        )

    def _check_label(self, label: str, other: int, source_name: str, used: bool) -> None:
        if _LABEL.fullmatch(label) or _PERCENT.fullmatch(label):
            self.result.labels[self.number] = self.result.labels[other] = label
        else:
            self._fail(
                ErrorCode.OVERRIDE_LABEL_INVALID,
                f'the @override of "{self.coordinate}" has the label "{label}", which is neither a name '
                "(a letter, then letters, digits and any of _-:./) nor percent(0 to 100).",
            )
        advice = "mark it @external there" if used else "remove it there"
        self._hint(
            HintCode.OVERRIDE_MIGRATION_IN_PROGRESS,
            f'"{self.coordinate}" is moving away from subgraph "{source_name}"; afterwards, {advice}.',
            other,
        )
