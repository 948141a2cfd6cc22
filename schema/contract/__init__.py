"""Contracts: variants of one supergraph for different audiences, cut along @tag.

    tagged elements → what the contract hides → the same supergraph with more @inaccessible

A tag on an object or interface type counts for all of its fields. What `exclude_tags` names is hidden. With
`include_tags`, unions and fields of objects and interfaces are hidden unless tagged with one of them; input
types, enums, scalars and arguments stay unless excluded. Exclusion wins. A type left without children is
hidden too, and so is what returns it; a visible element that needs a type hidden by its own tag is an error,
as for any @inaccessible. The router and every other reader need to know nothing of contracts.

Each stage is O(size); emptying repeats at most once per nesting of types that empty each other.
"""

from __future__ import annotations

import re

from schema.api_schema import find_breaches, hiding_of, read_features
from schema.contract.cut import Contract, Cut
from schema.contract.mark import mark
from schema.contract.tags import tags_of
from schema.model.definitions import Schema
from schema.report.errors import CompositionError, CompositionFailure, ErrorCode

__all__ = ["Contract", "apply_contract", "tags_of"]

TAG_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_/-]{0,127}")


def apply_contract(supergraph: Schema, contract: Contract) -> Schema:
    """The supergraph of the contract's variant, its API schema the part the contract leaves. The given one
    stays as it is; untouched elements are shared.

    Raises CompositionError: INVALID_TAG_NAME for a tag no element can have, QUERY_ROOT_TYPE_INACCESSIBLE when
    no query is left, or a code of the rules of @inaccessible when something visible needs something hidden.
    """
    _require_tag_names(contract)
    features = read_features(supergraph)
    hiding = hiding_of(supergraph, features)
    cut = Cut(supergraph, contract, features, hiding)
    cut.by_tags()
    cut.what_is_emptied()
    if contract.hide_unreachable:
        cut.what_cannot_be_reached()
    _require_queries(cut)
    variant = mark(cut, hiding.directive if hiding else "inaccessible")
    variant_features = read_features(variant)
    variant_hiding = hiding_of(variant, variant_features)
    if variant_hiding is not None:
        breaches = find_breaches(variant, variant_features, variant_hiding)
        if breaches:
            raise CompositionError([CompositionFailure(b.code, _message(b.message)) for b in breaches])
    return variant


def _require_tag_names(contract: Contract) -> None:
    """A misspelt tag would hide everything, or nothing."""
    wrong = sorted(
        tag for tag in contract.include_tags | contract.exclude_tags if not TAG_NAME.fullmatch(tag)
    )
    if wrong:
        raise CompositionError([_not_a_tag(tag) for tag in wrong])


def _not_a_tag(tag: str) -> CompositionFailure:
    return CompositionFailure(
        ErrorCode.INVALID_TAG_NAME,
        f'The contract names the tag "{tag}", which cannot be the name of a tag.',
        remedy="A tag is a letter or _, then letters, digits, _, - and /; at most 128 characters.",
    )


def _message(breach: str) -> str:
    return f"The contract leaves no valid schema. {breach}"


def _require_queries(cut: Cut) -> None:
    query = cut.schema.definition.roots.get("query", "Query")
    if cut.is_hidden_type(query):
        raise CompositionError([_nothing_left(query, cut.contract)])


def _nothing_left(query: str, contract: Contract) -> CompositionFailure:
    tags = [f"include {_list(contract.include_tags)}"] if contract.include_tags else []
    tags += [f"exclude {_list(contract.exclude_tags)}"] if contract.exclude_tags else []
    return CompositionFailure(
        ErrorCode.QUERY_ROOT_TYPE_INACCESSIBLE,
        f"Nothing is left of the graph with this contract ({', '.join(tags) or 'no tags'}): "
        f'it hides every field of "{query}".',
        remedy=f'Tag the fields of "{query}" that the contract is meant to offer, and what they return.',
    )


def _list(tags: frozenset[str]) -> str:
    return " ".join(f'"{tag}"' for tag in sorted(tags))
