"""Findings in words: failures as composition errors, disagreeing runtime types as errors or hints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from schema.report.errors import CompositionFailure, ErrorCode, Location
from schema.report.hints import Hint, HintCode, hint
from schema.satisfiability.detours import Detour
from schema.satisfiability.findings import AnyFailure, Failure, MutationFailure, NoRuntimeType, RuntimeTypes
from schema.satisfiability.model import ApiField
from schema.satisfiability.operation import print_operation
from schema.satisfiability.reasons import Explainer, Reason
from schema.satisfiability.refine import Unfinished
from schema.satisfiability.selections import Cast
from schema.satisfiability.state import State, Step

Locate = Callable[[str, str], Location | None]
"""Subgraph name and schema coordinate → where that subgraph has the element; None when it does not."""


class Wording:
    """Puts findings into words."""

    def __init__(self, explainer: Explainer, locate: Locate | None) -> None:
        self._explainer = explainer
        self._locate = locate

    def failures(self, found: Iterable[AnyFailure]) -> list[CompositionFailure]:
        """One error per field and way to get stuck: the first met is the shortest operation, and one met
        later with more places to go on from adds nothing.
        """
        first: dict[tuple[str, str], list[AnyFailure]] = {}
        for failure in found:
            earlier = first.setdefault(_coordinate(failure), [])
            if not any(other.state.arrived <= failure.state.arrived for other in earlier):
                earlier.append(failure)
        return [self._failure(failure) for failures in first.values() for failure in failures]

    def _failure(self, failure: AnyFailure) -> CompositionFailure:
        reasons = self._reasons(failure)
        remedies = dict.fromkeys(reason.remedy for reason in reasons if reason.remedy)
        return CompositionFailure(
            ErrorCode.SATISFIABILITY_ERROR,
            self._message(failure, reasons),
            self._locations(failure, reasons),
            _one_of(list(remedies)),
        )

    def _message(self, failure: AnyFailure, reasons: list[Reason]) -> str:
        match failure:
            case Failure(state=state, field=field):
                asked = _asked(state, field, self._explainer)
                return f"No subgraph can answer this operation:\n{asked}\n{_by_subgraph(reasons)}"
            case NoRuntimeType(state=state, type=type_name):
                steps = [*state.steps(), Step(Cast(type_name))]
                shown = print_operation(state.operation, steps, open_ended=True)
                return (
                    f'No subgraph can tell which results of this operation are "{type_name}":\n{shown}\n'
                    f"{_by_subgraph(reasons)}"
                )
            case MutationFailure(field=field, by_subgraph=by_subgraph):
                return self._mutation(failure.state, field, by_subgraph.keys(), failure)
            case _:
                assert_never(failure)

    def _mutation(
        self, state: State, field: ApiField, subgraphs: Iterable[str], failure: MutationFailure
    ) -> str:
        coordinate = f"{state.type}.{field.name}"
        parts = [
            f'The mutation "{coordinate}" runs once, in one of the subgraphs that have it '
            f"({', '.join(_quoted(subgraphs))}), but none of them leads to all that can be asked of its "
            f"result."
        ]
        for name, failures in failure.by_subgraph.items():
            parts += [f'When it runs in "{name}": {error.message}' for error in self.failures(failures)]
        return "\n".join(parts)

    def _reasons(self, failure: AnyFailure) -> list[Reason]:
        match failure:
            case Failure():
                return self._explainer.reasons(failure)
            case NoRuntimeType(state=state, type=type_name):
                return list(_untold(state, type_name))
            case MutationFailure(by_subgraph=by_subgraph):
                return [r for failures in by_subgraph.values() for f in failures for r in self._reasons(f)]
            case _:
                assert_never(failure)

    def _locations(self, failure: AnyFailure, reasons: Iterable[Reason]) -> tuple[Location, ...]:
        """The field wherever it is defined, and its type wherever the operation got stuck."""
        if self._locate is None:
            return ()
        type_name = failure.state.type
        coordinates = [type_name]
        if not isinstance(failure, NoRuntimeType):
            coordinates = [f"{type_name}.{failure.field.name}", type_name]
        names = [subgraph.name for subgraph in self._explainer.places.views.subgraphs]
        stuck = {reason.subgraph for reason in reasons}
        found = [self._locate(name, coordinates[0]) for name in names]
        found += [self._locate(name, coordinates[-1]) for name in names if name in stuck]
        return tuple(dict.fromkeys(place for place in found if place))

    def runtime_types(self, found: Iterable[RuntimeTypes]) -> tuple[list[CompositionFailure], list[Hint]]:
        """Disagreements without any common type are errors, the others hints; each field is mentioned
        once.
        """
        errors: dict[str, CompositionFailure] = {}
        hints: dict[str, Hint] = {}
        for item in found:
            coordinate = f"{item.state.type}.{item.field.name}"
            if not item.common:
                errors.setdefault(coordinate, self._nothing_in_common(item, coordinate))
            else:
                hints.setdefault(coordinate, self._not_the_same(item, coordinate))
        return list(errors.values()), [h for coordinate, h in hints.items() if coordinate not in errors]

    def unfinished(self, unfinished: Unfinished) -> CompositionFailure:
        """The error that the budget was spent, with the type that spent most of it."""
        counted = unfinished.taken.most_common(1)
        type_name, count = counted[0] if counted else ("Query", 0)
        message = (
            f'Whether every operation can be answered is still open: "{type_name}" is reached with {count} '
            f"different sets of subgraphs, and there are more"
        )
        if unfinished.remembered:
            labels = ", ".join(_quoted(sorted(unfinished.remembered)))
            message += f"; they depend on the override labels {labels}"
        names = [subgraph.name for subgraph in self._explainer.places.views.subgraphs]
        found = [self._locate(name, type_name) for name in names] if self._locate else []
        return CompositionFailure(
            ErrorCode.MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED,
            f"{message}.",
            tuple(place for place in found if place),
            f'Give "{type_name}" a @key in the subgraphs that share it, or let one of them resolve all of '
            "its fields"
            + (", or finish some of the moves with labels first." if unfinished.remembered else "."),
        )

    def detour(self, detour: Detour) -> Hint:
        """The hint that the graph relies on a key other composers do not follow."""
        subgraph, type_name = detour.target.subgraph.name, detour.target.view.name
        message = (
            f'The @key(fields: "{detour.key.text}") of "{type_name}" in "{subgraph}" can only be given with '
            f'fields that "{subgraph}" itself resolves elsewhere. Some operations need it: our router plans '
            "them, other composers refuse the graph. A @key of fields that other subgraphs resolve works "
            "everywhere."
        )
        place = self._locate(subgraph, type_name) if self._locate else None
        return hint(HintCode.KEY_THROUGH_ITS_OWN_SUBGRAPH, message, (place,) if place else ())

    def _nothing_in_common(self, item: RuntimeTypes, coordinate: str) -> CompositionFailure:
        lines = [f'- "{name}": {_types(types)}' for name, types in item.by_subgraph.items()]
        return CompositionFailure(
            ErrorCode.SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES,
            f'"{coordinate}" is shared, but no runtime type of "{item.field.type_text}" is in '
            "all of its subgraphs:\n" + "\n".join(lines),
            self._field_locations(item, coordinate),
            f'Let all of them return the same types from "{coordinate}", or give the field to one.',
        )

    def _not_the_same(self, item: RuntimeTypes, coordinate: str) -> Hint:
        lines = [
            f'- "{name}" should never return {_types(types - item.common)}'
            for name, types in item.by_subgraph.items()
            if types - item.common
        ]
        message = (
            f'"{coordinate}" is shared, but the runtime types of "{item.field.type_text}" differ. '
            f"A shared field must resolve alike everywhere, so only {_types(item.common)} can be returned:\n"
            + "\n".join(lines)
        )
        code = HintCode.INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN
        return hint(code, message, self._field_locations(item, coordinate))

    def _field_locations(self, item: RuntimeTypes, coordinate: str) -> tuple[Location, ...]:
        found = [self._locate(name, coordinate) for name in item.by_subgraph] if self._locate else []
        return tuple(place for place in found if place)


def _coordinate(failure: AnyFailure) -> tuple[str, str]:
    if isinstance(failure, NoRuntimeType):
        return failure.state.type, failure.type
    return failure.state.type, failure.field.name


def _asked(state: State, field: ApiField, explainer: Explainer) -> str:
    steps = [*state.steps(), Step(field.name, field.arguments)]
    open_ended = not explainer.places.views.api.is_leaf(field.type)
    return print_operation(state.operation, steps, open_ended=open_ended)


def _untold(state: State, type_name: str) -> Iterator[Reason]:
    for place in sorted(state.arrived, key=lambda place: place.order):
        if place.view.interface_object:
            name = place.view.name
            text = (
                f'it has "{name}" as an @interfaceObject, and no @key leads from it to the interface itself'
            )
            remedy = f'Add a @key to the interface "{name}" in a subgraph that defines its types.'
        else:
            text = f'it does not return "{type_name}" here'
            remedy = f'Let "{place.subgraph.name}" return "{type_name}", or go on by a @key.'
        yield Reason(place.subgraph.name, text, remedy)


def _by_subgraph(reasons: Iterable[Reason]) -> str:
    grouped: dict[str, list[str]] = {}
    for reason in reasons:
        texts = grouped.setdefault(reason.subgraph, [])
        if reason.text not in texts:
            texts.append(reason.text)
    return "\n".join(f'- "{name}": {"; ".join(texts)}.' for name, texts in grouped.items())


def _one_of(remedies: list[str]) -> str | None:
    if len(remedies) < 2:
        return remedies[0] if remedies else None
    return "\n".join(["One of these helps:", *(f"- {remedy}" for remedy in remedies)])


def _quoted(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]


def _types(types: Iterable[str]) -> str:
    return ", ".join(_quoted(sorted(types))) or "nothing"
