"""From a supergraph to its API schema: read, link, check what is hidden, strip, then build or print."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from graphql import GraphQLError, GraphQLSchema, build_ast_schema, validate_schema

from schema.api_schema.elements import Hiding
from schema.api_schema.inaccessible import Breach, find_breaches
from schema.api_schema.print import print_sorted
from schema.api_schema.references import find_dangling_references
from schema.api_schema.strip import strip
from schema.api_schema.to_ast import schema_to_ast
from schema.model.definitions import ObjectType, Schema
from schema.report.errors import CompositionError, CompositionFailure, ErrorCode, Location
from schema.supergraph import Supergraph
from schema.supergraph.links import Features, read_features
from schema.supergraph.text import TextProblem, read_text

INACCESSIBLE_VERSIONS = frozenset({"0.1", "0.2"})

Locate = Callable[[str], tuple[Location, ...]]
"""Schema coordinate → its places in the subgraphs: composition knows them, a supergraph file does not."""


def api_schema(supergraph: str | Schema | Supergraph, *, locate: Locate | None = None) -> GraphQLSchema:
    """The schema clients see, ready to validate and execute with.

    Text is checked to be valid; a supergraph or schema somebody has read is trusted to be. Raises
    CompositionError with INVALID_GRAPHQL, QUERY_ROOT_MISSING, a code of an @inaccessible rule, or
    REFERENCED_INACCESSIBLE when something visible needs a type that belongs to a linked feature. `locate`
    puts subgraph places on these errors. O(size); text of a megabyte takes about a second.
    """
    return _build(reduce_to_api(_read(supergraph), locate), trusted=not isinstance(supergraph, str))


def api_schema_sdl(supergraph: str | Schema | Supergraph, *, locate: Locate | None = None) -> str:
    """The API schema as text: every type, field and argument in lexicographic order. Errors as above."""
    api = reduce_to_api(_read(supergraph), locate)
    if isinstance(supergraph, str):
        _build(api, trusted=False)
    return print_sorted(api)


def reduce_to_api(supergraph: Schema, locate: Locate | None = None) -> Schema:
    """The API schema as a Schema that shares what it can with the supergraph."""
    features = read_features(supergraph)
    hiding = hiding_of(supergraph, features)
    if hiding is not None:
        _raise(_breach_failure(breach, locate) for breach in find_breaches(supergraph, features, hiding))
    api = strip(supergraph, features, hiding)
    _raise(_breach_failure(breach, locate) for breach in find_dangling_references(api, features))
    return api


def hiding_of(supergraph: Schema, features: Features) -> Hiding | None:
    """What hides elements of this supergraph; None when it does not link the inaccessible specification."""
    feature = features.find("inaccessible")
    if feature is None:
        return None
    if feature.version not in INACCESSIBLE_VERSIONS:
        known = ", ".join(f"v{version}" for version in sorted(INACCESSIBLE_VERSIONS))
        message = f"The supergraph links {feature.url}, a version not known here (known: {known})."
        raise CompositionError([CompositionFailure(ErrorCode.UNSUPPORTED_LINKED_FEATURE, message)])
    name = feature.directive_name("inaccessible")
    if name not in supergraph.directives:
        message = f"The supergraph links the inaccessible specification but does not define @{name}."
        raise CompositionError([CompositionFailure(ErrorCode.DIRECTIVE_DEFINITION_INVALID, message)])
    return Hiding(name)


def read_supergraph_schema(text: str) -> Schema:
    """A supergraph's text as a Schema; raises CompositionError with INVALID_GRAPHQL and the line."""
    read = read_text(text)
    _raise(map(_text_failure, read.problems))
    return read.schema


def _text_failure(problem: TextProblem) -> CompositionFailure:
    place = f" (line {problem.place.line}, column {problem.place.column})" if problem.place else ""
    return CompositionFailure(problem.code, f"The supergraph is invalid: {problem.message}{place}")


def _read(supergraph: str | Schema | Supergraph) -> Schema:
    match supergraph:
        case Supergraph():
            return supergraph.schema
        case Schema():
            return supergraph
        case str():
            schema = read_supergraph_schema(supergraph)
            _require_query_root(schema)
            return schema


def _require_query_root(schema: Schema) -> None:
    name = schema.definition.roots.get("query", "Query")
    if not isinstance(schema.types.get(name), ObjectType):
        message = f'The supergraph has no query root: there is no object type "{name}".'
        raise CompositionError([CompositionFailure(ErrorCode.QUERY_ROOT_MISSING, message)])


def _build(api: Schema, *, trusted: bool) -> GraphQLSchema:
    try:
        schema = build_ast_schema(schema_to_ast(api), assume_valid=trusted, assume_valid_sdl=True)
        problems = validate_schema(schema)
    except (TypeError, GraphQLError) as error:  # what graphql-core raises for types in the wrong place
        message = f"The API schema cannot be built: {error}"
        raise CompositionError([CompositionFailure(ErrorCode.INVALID_GRAPHQL, message)]) from error
    _raise(CompositionFailure(ErrorCode.INVALID_GRAPHQL, problem.message) for problem in problems)
    return schema


def _breach_failure(breach: Breach, locate: Locate | None) -> CompositionFailure:
    coordinates = [breach.element, *([breach.referencer] if breach.referencer else [])]
    places = dict.fromkeys(place for c in coordinates for place in (locate(c) if locate else ()))
    return CompositionFailure(breach.code, breach.message, tuple(places))


def _raise(failures: Iterable[CompositionFailure]) -> None:
    found = list(failures)
    if found:
        raise CompositionError(found)
