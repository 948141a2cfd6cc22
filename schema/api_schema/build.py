"""From a supergraph to its API schema: link, check what is hidden, strip, build, print."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    OperationType,
    build_ast_schema,
    parse,
)
from graphql.validation.validate import validate_sdl

from schema.api_schema.elements import Elements, gather
from schema.api_schema.features import Features, read_features, schema_nodes
from schema.api_schema.inaccessible import Breach, find_breaches
from schema.api_schema.print import print_sorted
from schema.api_schema.references import find_dangling_references
from schema.api_schema.strip import strip
from schema.errors import CompositionError, CompositionFailure, ErrorCode, Location

INACCESSIBLE_VERSIONS = frozenset({"0.1", "0.2"})

Locate = Callable[[str], tuple[Location, ...]]
"""Schema coordinate → its places in the subgraphs: composition knows them, a supergraph file does not."""


def api_schema(supergraph: str | DocumentNode, *, locate: Locate | None = None) -> GraphQLSchema:
    """The schema clients see.

    Text is checked to be a valid SDL document; a document already parsed is trusted to be one. Raises
    CompositionError with INVALID_GRAPHQL, QUERY_ROOT_MISSING, a code of an @inaccessible rule, or
    REFERENCED_INACCESSIBLE when something visible needs a type that belongs to a linked feature. `locate`
    puts subgraph places on these errors.
    """
    return _build(api_schema_document(supergraph, locate=locate))


def api_schema_sdl(supergraph: str | DocumentNode, *, locate: Locate | None = None) -> str:
    """The API schema as text: every type, field and argument in lexicographic order."""
    return print_sorted(api_schema_document(supergraph, locate=locate))


def api_schema_document(supergraph: str | DocumentNode, *, locate: Locate | None = None) -> DocumentNode:
    """The API schema as an AST, in the supergraph's order. Errors as for api_schema()."""
    document = _parse(supergraph) if isinstance(supergraph, str) else supergraph
    features = read_features(document)
    hiding = _hiding_directive(features)
    if hiding is not None:
        elements = gather(document, hiding)
        _require_definition(hiding, elements)
        _raise(_breach_failure(b, locate) for b in find_breaches(elements, features, _query_type(document)))
    stripped = strip(document, features, hiding)
    _raise(_breach_failure(b, locate) for b in find_dangling_references(stripped, features))
    return stripped


def _parse(text: str) -> DocumentNode:
    try:
        document = parse(text, no_location=True)
    except GraphQLError as error:
        raise CompositionError([_invalid(error)]) from error
    except RecursionError as error:
        message = "The supergraph is nested too deeply to be read."
        raise CompositionError([CompositionFailure(ErrorCode.INVALID_GRAPHQL, message)]) from error
    executable = (node for node in document.definitions if isinstance(node, ExecutableDefinitionNode))
    _raise(map(_not_a_definition, executable))
    _raise(_invalid(error) for error in validate_sdl(document))
    _require_query_root(document)
    return document


def _not_a_definition(node: ExecutableDefinitionNode) -> CompositionFailure:
    what = node.kind.removesuffix("_definition")
    return CompositionFailure(ErrorCode.INVALID_GRAPHQL, f"A schema has no place for this {what}.")


def _require_query_root(document: DocumentNode) -> None:
    name = _query_type(document)
    objects = (node for node in document.definitions if isinstance(node, ObjectTypeDefinitionNode))
    if not any(node.name.value == name for node in objects):
        message = f'The supergraph has no query root: there is no object type "{name}".'
        raise CompositionError([CompositionFailure(ErrorCode.QUERY_ROOT_MISSING, message)])


def _build(document: DocumentNode) -> GraphQLSchema:
    try:
        return build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)
    except (TypeError, GraphQLError) as error:
        message = f"The API schema cannot be built: {error}"
        raise CompositionError([CompositionFailure(ErrorCode.INVALID_GRAPHQL, message)]) from error


def _hiding_directive(features: Features) -> str | None:
    """What the schema calls @inaccessible; None when it does not link the specification."""
    feature = features.find("inaccessible")
    if feature is None:
        return None
    if feature.version not in INACCESSIBLE_VERSIONS:
        known = ", ".join(f"v{version}" for version in sorted(INACCESSIBLE_VERSIONS))
        message = f"The supergraph links {feature.url}, a version not known here (known: {known})."
        raise CompositionError([CompositionFailure(ErrorCode.UNSUPPORTED_LINKED_FEATURE, message)])
    return feature.directive_name("inaccessible")


def _require_definition(hiding: str, elements: Elements) -> None:
    if hiding not in elements.directives:
        message = f"The supergraph links the inaccessible specification but does not define @{hiding}."
        raise CompositionError([CompositionFailure(ErrorCode.DIRECTIVE_DEFINITION_INVALID, message)])


def _query_type(document: DocumentNode) -> str:
    roots = (root for node in schema_nodes(document) for root in node.operation_types or ())
    return next((r.type.name.value for r in roots if r.operation is OperationType.QUERY), "Query")


def _breach_failure(breach: Breach, locate: Locate | None) -> CompositionFailure:
    coordinates = [breach.element, *([breach.referencer] if breach.referencer else [])]
    places = dict.fromkeys(place for c in coordinates for place in (locate(c) if locate else ()))
    return CompositionFailure(breach.code, breach.message, tuple(places))


def _invalid(error: GraphQLError) -> CompositionFailure:
    places = "".join(f" (line {place.line}, column {place.column})" for place in (error.locations or ())[:1])
    return CompositionFailure(ErrorCode.INVALID_GRAPHQL, f"{error.message}{places}")


def _raise(failures: Iterable[CompositionFailure]) -> None:
    found = list(failures)
    if found:
        raise CompositionError(found)
