"""Names that the machinery of federation keeps for itself: merging leaves such types out, so none may mean
anything else.
"""

from __future__ import annotations

from schema.language.nodes import Document
from schema.model.definitions import BUILT_IN_SCALARS, ObjectType, ScalarType, TypeDefinition, UnionType
from schema.report.collect import SubgraphReport
from schema.specs.join import JOIN_IDENTITY
from schema.specs.link import LINK
from schema.subgraph.states import Subgraph

_KINDS: dict[str, type[TypeDefinition]] = {"_Any": ScalarType, "_Entity": UnionType, "_Service": ObjectType}
_LINK_TYPES = frozenset(f"link__{type_.name}" for type_ in LINK.types)


def check_built_in_scalars(document: Document, report: SubgraphReport) -> None:
    """A schema may define Int, Float, String, Boolean and ID again, but not say anything about them."""
    for node in document.types:
        if node.name in BUILT_IN_SCALARS and not node.extension:
            for directive in node.directives:
                problem = f'"@{directive.name}" cannot be applied to "{node.name}", which is built in.'
                report.invalid(problem, directive.at)


def check_reserved_names(subgraph: Subgraph, report: SubgraphReport) -> None:
    """Every type's name."""
    for name, type_ in subgraph.schema.types.items():
        if name in _KINDS and not isinstance(type_, _KINDS[name]):
            report.invalid(f'"{name}" is a type of federation itself, which defines it otherwise.', type_.at)
        elif _is_kept(subgraph, name):
            prefix = name.partition("__")[0]
            report.invalid(
                f'"{name}": names that start with "{prefix}__" are kept for the supergraph.', type_.at
            )


def _is_kept(subgraph: Subgraph, name: str) -> bool:
    if name.startswith("link__"):
        return name not in _LINK_TYPES and subgraph.features.type_origin(name) is None
    return name.startswith("join__") and JOIN_IDENTITY not in subgraph.features.by_identity
