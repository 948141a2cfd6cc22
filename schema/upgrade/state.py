"""One upgrade under way: a copy of the schema that steps change, beside the originals they look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schema.link.features import Features
from schema.link.link_schema import upgrade_links
from schema.model.build import copy_schema
from schema.model.definitions import Directive, Element, InterfaceType, ObjectType
from schema.report.collect import SubgraphReport
from schema.specs.federation import UPGRADED_FEDERATION
from schema.subgraph.states import Subgraph

TypeIndex = dict[str, list[tuple[Subgraph, ObjectType | InterfaceType]]]


@dataclass(slots=True)
class Upgrade:
    """`subgraph` is the copy being changed; call `changed` before asking it for facts again."""

    original: Subgraph
    subgraph: Subgraph
    index: TypeIndex
    report: SubgraphReport

    def changed(self) -> None:
        """Forgets what was computed of the copy before."""
        old = self.subgraph
        old.schema.forget_implementations()
        self.subgraph = Subgraph(old.name, old.url, old.source, old.schema, old.features, old.version)

    def elsewhere(self, name: str) -> Iterator[tuple[Subgraph, ObjectType | InterfaceType]]:
        """The same type in the other subgraphs, as those were given."""
        return ((other, type_) for other, type_ in self.index.get(name, ()) if other is not self.original)


def start_upgrade(original: Subgraph, index: TypeIndex, report: SubgraphReport) -> Upgrade:
    """Copies a subgraph and links the copy to federation 2."""
    schema = copy_schema(original.schema)
    features = Features(
        dict(original.features.by_identity),
        dict(original.features.by_alias),
        dict(original.features.by_import),
    )
    upgrade_links(schema, features, report)
    version = UPGRADED_FEDERATION.url.version
    copy = Subgraph(original.name, original.url, original.source, schema, features, version)
    return Upgrade(original, copy, index, report)


def remove_applied(element: Element, name: str) -> bool:
    """Takes a directive off an element; was it there?"""
    kept = [directive for directive in element.directives if directive.name != name]
    removed = len(kept) < len(element.directives)
    element.directives = kept
    return removed


def replace_applied(element: Element, old: Directive, new: Directive | None) -> None:
    """Puts one application in another's place, or just removes it."""
    found = [new if directive is old else directive for directive in element.directives]
    element.directives = [directive for directive in found if directive is not None]
