"""A field of a selection: what its values are read with, and how they are completed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLObjectType,
    default_field_resolver,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.base import StrawberryMaybe
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

from subgraphs.kit.execution.arguments import Arguments
from subgraphs.kit.execution.infos import FieldInfo
from subgraphs.kit.execution.watching import Following

if TYPE_CHECKING:
    from subgraphs.kit.execution.completion import Completion
    from subgraphs.kit.execution.run import Run

Sources = Sequence[Any]
Call = Callable[[Any], Any]
"""Of an object of the field's type: its value, or an awaitable of it."""
Convert = Callable[[Any, Info], Any]


class Read(Protocol):
    def __call__(self, run: Run, field: Field, sources: Sources, /) -> list[Any]:
        """The field's value for each object; a Failure where there is none. Never raises."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    key: str
    """Its name in the answer."""
    name: str
    parent_type: GraphQLObjectType
    definition: GraphQLField
    nodes: tuple[FieldNode, ...]
    completion: Completion
    read: Read
    call: Callable[[Run, Field], Call] | None = None
    """What `read` calls for each object, made once per run."""

    @property
    def parent(self) -> str:
        return self.parent_type.name

    def fill(self, run: Run, sources: Sources, answers: list[dict[str, Any]]) -> None:
        """Put the field into the answers of its objects, now or when it is known."""
        values = self.read(run, self, sources) if run.watch is None else self._watched(run, sources)
        if run.waits(values):
            run.when(values, partial(self._place, run, answers))
        else:
            self._place(run, answers, values)

    def _watched(self, run: Run, sources: Sources) -> list[Any]:
        if run.watch is None or self.call is None:  # An attribute is no work of anybody.
            return self.read(run, self, sources)
        span = run.watch.resolver(self.parent, self.name, len(sources))
        following = Following(span, run.begun)
        with span.inside():
            values = [following.value(value) for value in self.read(run, self, sources)]
        following.less()
        return values

    def _place(self, run: Run, answers: list[dict[str, Any]], values: Sequence[Any]) -> None:
        key = self.key
        for answer, value in zip(answers, self.completion.complete(run, self, values), strict=True):
            answer[key] = value


def read_attribute(name: str) -> Read:
    get = attrgetter(name)

    def read(run: Run, field: Field, sources: Sources) -> list[Any]:
        try:
            return list(map(get, sources))
        except Exception:  # noqa: BLE001 -- found again below, where it belongs
            return _each(run, get, sources)

    return read


def read_called(run: Run, field: Field, sources: Sources) -> list[Any]:
    call = run.calls.get(field)
    if call is None:
        try:
            call = run.calls[field] = field.call(run, field)  # type: ignore[misc]  # it has one
        except Exception as error:  # noqa: BLE001 -- an argument that does not fit fails the field
            return [run.failure(error) for _ in sources]
    return _each(run, call, sources)


def _each(run: Run, call: Call, sources: Sources) -> list[Any]:
    values = []
    for source in sources:
        try:
            values.append(call(source))
        except Exception as error:  # noqa: BLE001 -- whatever it is, it has a place in the answer
            values.append(run.failure(error))
    return values


def call_resolver(arguments: Arguments, definition: GraphQLField) -> Callable[[Run, Field], Call]:
    """Any resolver of graphql-core's form."""
    resolve = definition.resolve or default_field_resolver

    def prepare(run: Run, field: Field) -> Call:
        info, given = run.info_of(field), arguments.of(run)
        return lambda source: resolve(source, info, **given)

    return prepare


def call_function(
    arguments: Arguments,
    definition: GraphQLField,
    field: StrawberryField,
    config: StrawberryConfig,
    scalars: Mapping[object, Any],
) -> Callable[[Run, Field], Call]:
    """A Strawberry field's own function, without the layers that Strawberry puts around each call."""
    resolver = field.base_resolver
    assert resolver is not None
    function: Any = resolver.wrapped_func
    converted = tuple(_converted(field, definition, config, scalars))
    named_source = resolver.parent_parameter or resolver.root_parameter
    source_name = None if named_source is None else named_source.name
    info_name = None if resolver.info_parameter is None else resolver.info_parameter.name
    takes_source = resolver.self_parameter is not None

    given_always = None if any(convert for _, _, convert in converted) else arguments.constant

    def python_values(given: Mapping[str, Any], info: Any) -> dict[str, Any]:
        return {
            python: given[name] if convert is None else convert(given[name], info)
            for name, python, convert in converted
            if name in given
        }

    fixed = None if given_always is None else python_values(given_always, None)

    if takes_source and source_name is None and fixed == {} and info_name is not None:
        return lambda run, selected: partial(function, **{info_name: FieldInfo(run, selected, field)})

    def prepare(run: Run, selected: Field) -> Call:
        info = FieldInfo(run, selected, field)
        values = python_values(arguments.of(run), info) if fixed is None else fixed
        if info_name is not None:
            values = {**values, info_name: info}
        if source_name is not None:
            name = source_name
            return lambda source: function(**values, **{name: source})
        return partial(function, **values) if takes_source else lambda _source: function(**values)

    return prepare


def _converted(
    field: StrawberryField, definition: GraphQLField, config: StrawberryConfig, scalars: Mapping[object, Any]
) -> Iterator[tuple[str, str, Convert | None]]:
    """GraphQL's name, Python's, and how the value is made Python's: None where it is already."""
    for argument in field.arguments:
        name = config.name_converter.from_argument(argument)
        convert: Convert | None = partial(_convert, argument, name, config, scalars)
        if _is_leaf(definition.args[name]):
            convert = None
        elif _is_list_of_leaves(definition.args[name], argument.type):
            convert = _copy
        yield name, argument.python_name, convert


def _is_leaf(argument: GraphQLArgument) -> bool:
    return is_leaf_type(get_nullable_type(argument.type))


def _is_list_of_leaves(argument: GraphQLArgument, type_: Any) -> bool:
    kind = get_nullable_type(argument.type)
    inner = get_nullable_type(kind.of_type) if is_list_type(kind) else None
    return is_leaf_type(inner) and not isinstance(type_, StrawberryMaybe)


def _copy(value: Any, _info: Info) -> Any:
    """A default is one list for all requests."""
    return list(value) if isinstance(value, list) else value


def _convert(
    argument: StrawberryArgument,
    name: str,
    config: StrawberryConfig,
    scalars: Mapping[object, Any],
    value: object,
    info: Info,
) -> object:
    return convert_argument(value, argument.type, scalars, config, info, path=(name,))
