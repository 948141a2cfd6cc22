"""What the supergraph links, and which directives compose under which names.

Federation's own composing directives (@tag, @inaccessible, the auth ones, …) are linked when a subgraph
applies them. All subgraphs that apply one must call it by the same name. Directives named by
@composeDirective are worked out in `compose_directive`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from schema.language.values import EnumLiteral, Value
from schema.link.definitions import Naming, define_all
from schema.link.features import Feature, Features, Import
from schema.merge.aliases import Aliases, LinkPlan
from schema.model.definitions import Directive, DirectiveDefinition, Schema
from schema.report.collect import failure
from schema.report.errors import CompositionFailure, ErrorCode
from schema.report.wording import listed, subgraphs
from schema.specs.registry import find_specification, supergraph_specification
from schema.specs.specification import DirectiveSpec, FeatureUrl, Version
from schema.subgraph.states import Subgraph

_BUILT_IN = ("deprecated", "specifiedBy")


@dataclass(frozen=True, slots=True)
class ComposedDirective:
    """A directive of a known specification that composes: its specification, and its name in the
    supergraph.
    """

    spec: DirectiveSpec
    name: str


@dataclass(slots=True)
class SupergraphLinks:
    """Directives that compose, by their name in the supergraph: the same in every subgraph that applies them.

    `custom` are those @composeDirective keeps, by subgraph. `own_one_of` are subgraphs that define @oneOf
    themselves, which makes it a directive of theirs.
    """

    directives: dict[str, ComposedDirective] = field(default_factory=dict)
    features: Features = field(default_factory=Features)
    custom: dict[int, set[str]] = field(default_factory=dict)
    own_one_of: set[int] = field(default_factory=set)

    def name_of(self, directive: str) -> str | None:
        """The supergraph's name for a directive of a specification."""
        return next((found.name for found in self.directives.values() if found.spec.name == directive), None)

    def composes(self, number: int, directive: str) -> bool:
        """Does an application of the directive in that subgraph reach the supergraph as itself?"""
        if directive in self.custom.get(number, ()):
            return True
        found = self.directives.get(directive)
        if found is not None:
            return found.spec.composition is not None and not found.spec.composition.as_join_directive
        return directive in _BUILT_IN or (directive == "oneOf" and number not in self.own_one_of)


def used_directives(
    subgraphs_: list[Subgraph],
) -> tuple[dict[FeatureUrl, list[ComposedDirective]], list[CompositionFailure]]:
    """Composing directives of known specifications that some subgraph applies, by what the supergraph must
    link.
    """
    found: dict[tuple[str, str], dict[str, list[Subgraph]]] = {}
    specs: dict[tuple[str, str], DirectiveSpec] = {}
    for subgraph in subgraphs_:
        for definition in subgraph.schema.directives.values():
            spec = _composing_spec(subgraph, definition)
            if spec is not None and subgraph.applied(definition.name):
                key = (spec.name, str(spec.composition and spec.composition.supergraph_url))
                specs.setdefault(key, spec)
                found.setdefault(key, {}).setdefault(definition.name, []).append(subgraph)
    used: dict[FeatureUrl, list[ComposedDirective]] = {}
    failures = []
    for key, names in found.items():
        if len(names) > 1:
            failures.append(_differently_named(key[0], names))
            continue
        composition = specs[key].composition
        if composition is not None:
            composed = ComposedDirective(specs[key], next(iter(names)))
            used.setdefault(composition.supergraph_url, []).append(composed)
    return used, failures


def _composing_spec(subgraph: Subgraph, definition: DirectiveDefinition) -> DirectiveSpec | None:
    origin = subgraph.features.directive_origin(definition.name)
    if origin is None or origin.name is None:
        return None
    specification = find_specification(origin.feature.url)
    spec = specification.directive(origin.name) if specification else None
    return spec if spec is not None and spec.composition is not None else None


def _differently_named(directive: str, names: dict[str, list[Subgraph]]) -> CompositionFailure:
    parts = [f'"@{name}" in {subgraphs([user.name for user in users])}' for name, users in names.items()]
    places = [
        user.source.location(user.applied(name)[0].directive.at)
        for name, users in names.items()
        for user in users
        if user.applied(name)[0].directive.at >= 0
    ]
    return failure(
        ErrorCode.LINK_IMPORT_NAME_MISMATCH,
        f'"@{directive}" must have one name in all subgraphs that use it, but is {listed(parts, "but")}.',
        tuple(places),
    )


def link_specifications(
    schema: Schema,
    used: dict[FeatureUrl, list[ComposedDirective]],
    aliases: Aliases,
    features: Features,
) -> dict[str, ComposedDirective]:
    """Links what the used directives come from, and defines it in the supergraph."""
    composed: dict[str, ComposedDirective] = {}
    for url, directives in used.items():
        specification = supergraph_specification(url)
        alias = aliases.alias_for(url)
        bare = Feature(url, alias, (), Directive("link", {}))
        imports = tuple(
            Import(f"@{directive.spec.name}", f"@{directive.name}")
            for directive in directives
            if not (directive.spec.composition and directive.spec.composition.as_join_directive)
            and directive.name != bare.directive_name(directive.spec.name)
        )
        add_link(schema, url, alias, specification.purpose, imports)
        feature = Feature(url, alias, imports, schema.definition.directives[-1])
        features.add(feature)
        define_all(schema, specification, Naming(feature, specification), None)
        composed.update({directive.name: directive for directive in directives})
    return composed


def add_link(
    schema: Schema, url: FeatureUrl, alias: str, purpose: str | None, imports: Iterable[Import]
) -> None:
    """Writes @link on the supergraph's schema definition."""
    arguments: dict[str, Value] = {"url": str(url)}
    if alias != url.name:
        arguments["as"] = alias
    if purpose is not None:
        arguments["for"] = EnumLiteral(purpose)
    written: list[Value] = [
        imported.name if imported.name == imported.alias else {"name": imported.name, "as": imported.alias}
        for imported in imports
    ]
    if written:
        arguments["import"] = written
    schema.definition.directives.append(Directive("link", arguments))


def plan_of(url: FeatureUrl, directives: list[ComposedDirective]) -> LinkPlan:
    """The names a link would bring, for choosing aliases that clash with none."""
    return LinkPlan(url, [(directive.spec.name, directive.name) for directive in directives])


def latest_federation(subgraphs_: list[Subgraph]) -> tuple[Version, list[tuple[Subgraph, Feature, Version]]]:
    """The newest federation version linked, and the features that imply a newer one than their subgraph
    links.
    """
    versions: list[Version] = []
    implied: list[tuple[Subgraph, Feature, Version]] = []
    for subgraph in subgraphs_:
        linked = subgraph.version or Version(2, 0)
        needed: tuple[Version, Feature] | None = None
        for feature in subgraph.features:
            specification = find_specification(feature.url)
            minimum = specification.minimum_federation if specification else None
            if minimum is not None and minimum > linked and (needed is None or minimum > needed[0]):
                needed = (minimum, feature)
        if needed is not None:
            implied.append((subgraph, needed[1], needed[0]))
        versions.append(needed[0] if needed is not None else linked)
    return max(versions), implied
