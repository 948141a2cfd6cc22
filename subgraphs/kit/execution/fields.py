"""A field of a selection: what its values are read with, and how they are completed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    VariableNode,
    Visitor,
    default_field_resolver,
    get_argument_values,
    get_nullable_type,
    is_leaf_type,
    visit,
)
from graphql.execution.values import VariableValues
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

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
    try:
        call = run.call_of(field)
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


class Arguments:
    """A field's arguments: the same for every object, and for every run where no variable is in them."""

    __slots__ = ("_constant", "_definition", "_node")

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        self._definition = definition
        self._node = node
        self._constant: Mapping[str, Any] | None = None if definition.args or node.arguments else {}
        if self._constant is None and not _has_variables(node):
            with suppress(GraphQLError):
                self._constant = get_argument_values(definition, node, VariableValues({}, {}))

    def of(self, run: Run) -> Mapping[str, Any]:
        """Raises GraphQLError for what does not fit."""
        if self._constant is not None:
            return self._constant
        return get_argument_values(self._definition, self._node, run.variables)


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def enter_variable(self, _node: VariableNode, *_: Any) -> None:
        self.found = True


def _has_variables(node: FieldNode) -> bool:
    seen = _Variables()
    for argument in node.arguments or ():
        visit(argument, seen)
    return seen.found


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

    def prepare(run: Run, selected: Field) -> Call:
        info: Info[Any, Any] = Info(_raw_info=run.info_of(selected), _field=field)
        given = arguments.of(run)
        values = {
            python: given[name] if convert is None else convert(given[name], info)
            for name, python, convert in converted
            if name in given
        }
        if info_name is not None:
            values[info_name] = info
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
        leaf = _is_leaf(definition.args[name])
        convert = None if leaf else partial(_convert, argument, name, config, scalars)
        yield name, argument.python_name, convert


def _is_leaf(argument: GraphQLArgument) -> bool:
    return is_leaf_type(get_nullable_type(argument.type))


def _convert(
    argument: StrawberryArgument,
    name: str,
    config: StrawberryConfig,
    scalars: Mapping[object, Any],
    value: object,
    info: Info,
) -> object:
    return convert_argument(value, argument.type, scalars, config, info, path=(name,))
