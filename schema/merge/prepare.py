"""The empty supergraph: its links, the join specification, one value of join__Graph for each subgraph."""

from __future__ import annotations

import re

from schema.language.values import EnumLiteral
from schema.link.conflicts import check_conflicts
from schema.link.definitions import Naming, define_all
from schema.link.features import Feature, Features, Import
from schema.merge.aliases import Aliases, LinkPlan
from schema.merge.compose_directive import Composed, compose_directives, link_places
from schema.merge.links import (
    ComposedDirective,
    SupergraphLinks,
    add_link,
    latest_federation,
    link_specifications,
    plan_of,
    used_directives,
)
from schema.merge.state import Merge
from schema.model.definitions import NOWHERE, Directive, EnumType, EnumValue, InputType, InputValue, Schema
from schema.report.collect import failure
from schema.report.errors import CompositionFailure, ErrorCode
from schema.report.hints import Hint, HintCode, hint
from schema.specs.federation import FEDERATION_OPERATION_TYPES
from schema.specs.join import join_for
from schema.specs.link import LINK
from schema.specs.specification import FeatureUrl, Specification, Version
from schema.subgraph.states import Subgraph

Used = dict[FeatureUrl, list[ComposedDirective]]


def prepare_merge(graphs: list[Subgraph]) -> tuple[Merge, Composed] | list[CompositionFailure]:
    """A merge ready to start, or why directives do not compose."""
    federation, implied = latest_federation(graphs)
    schema = Schema()
    join = join_for(federation)
    _define_join(schema, join, graphs)
    used, failures = used_directives(graphs)
    composed = compose_directives(graphs)
    failures += composed.failures
    if failures:
        return failures
    links, failures = _link(schema, join, graphs, used, composed)
    if failures:
        return failures
    hints = [*map(_implied_hint, implied), *composed.hints]
    return Merge(graphs, links, graph_names(graphs), schema, hints=hints), composed


def _implied_hint(implied: tuple[Subgraph, Feature, Version]) -> Hint:
    subgraph, feature, version = implied
    at = feature.directive.at
    return hint(
        HintCode.IMPLICITLY_UPGRADED_FEDERATION_VERSION,
        f'Subgraph "{subgraph.name}" links federation {subgraph.version} but is read as {version}, '
        f"which {feature.url.name} needs.",
        (subgraph.source.location(at),) if at != NOWHERE else (),
    )


def _link(
    schema: Schema, join: Specification, graphs: list[Subgraph], used: Used, composed: Composed
) -> tuple[SupergraphLinks, list[CompositionFailure]]:
    """Links what the directives that compose come from, and says which of those links clash."""
    aliases = Aliases(_plans(join, used, composed), _element_names(schema, graphs), {"link", "join"})
    features = Features()
    features.add(Feature(LINK.url, "link", (), Directive("link", {})))
    features.add(Feature(join.url, "join", (), Directive("link", {})))
    directives = link_specifications(schema, used, aliases, features)
    failures = []
    for feature, names in composed.features:
        imports = tuple(Import(f"@{original}", f"@{name}") for name, original in names.items())
        alias = aliases.alias_for(feature.url)
        add_link(schema, feature.url, alias, None, imports)
        linked = Feature(feature.url, alias, imports, schema.definition.directives[-1])
        problem = check_conflicts(linked, features)
        if problem is not None:
            code, places = ErrorCode.INVALID_LINK_DIRECTIVE_USAGE, link_places(graphs, feature.url.identity)
            failures.append(failure(code, f"In the supergraph, {problem}", places))
        features.add(linked)
    own_one_of = {number for number, graph in enumerate(graphs) if "oneOf" in graph.schema.directives}
    return SupergraphLinks(directives, features, composed.by_subgraph, own_one_of), failures


def _plans(join: Specification, used: Used, composed: Composed) -> list[LinkPlan]:
    """Everything the supergraph will link, with the names it will bring."""
    return [
        LinkPlan(LINK.url, []),
        LinkPlan(join.url, []),
        *(plan_of(url, directives) for url, directives in used.items()),
        *(
            LinkPlan(feature.url, [(original, name) for name, original in names.items()])
            for feature, names in composed.features
        ),
    ]


def _define_join(schema: Schema, join: Specification, graphs: list[Subgraph]) -> None:
    link = Feature(LINK.url, "link", (), Directive("link", {}))
    add_link(schema, LINK.url, "link", None, ())
    define_all(schema, LINK, Naming(link, LINK), None)
    add_link(schema, join.url, "join", join.purpose, ())
    feature = Feature(join.url, "join", (), schema.definition.directives[-1])
    define_all(schema, join, Naming(feature, join), None)
    if "join__ContextArgument" in schema.types:
        fields = {
            "name": "String!",
            "type": "String!",
            "context": "String!",
            "selection": "join__FieldValue!",
        }
        schema.types["join__ContextArgument"] = InputType(
            "join__ContextArgument", fields={name: InputValue(name, type_) for name, type_ in fields.items()}
        )
    values = {}
    for graph, subgraph in zip(graph_names(graphs), graphs, strict=True):
        directive = Directive("join__graph", {"name": subgraph.name, "url": subgraph.url})
        values[graph] = EnumValue(graph, [directive])
    schema.types["join__Graph"] = EnumType("join__Graph", values=values)


def graph_names(graphs: list[Subgraph]) -> list[str]:
    """A value of join__Graph for each subgraph: its name in capitals, numbered where names clash."""
    by_name: dict[str, list[int]] = {}
    for number, subgraph in enumerate(graphs):
        by_name.setdefault(_enum_name(subgraph.name), []).append(number)
    names: dict[int, str] = {}
    for name, numbers in by_name.items():
        for position, number in enumerate(numbers, start=1):
            names[number] = name if len(numbers) == 1 else f"{name}_{position}"
    return [names[number] for number in range(len(graphs))]


def _enum_name(name: str) -> str:
    name = re.sub(r"[^0-9A-Za-z_]", "_", name)
    if name[:1].isdigit():
        name = f"_{name}"
    if name[:2] == "__" or not name.strip(
        "_"
    ):  # a name of nothing but other signs, or one of introspection's
        name = "_".join(filter(None, ("subgraph", name.lstrip("_"))))
    if re.search(r"_[0-9]+\Z", name):
        name += "_"
    return EnumLiteral(name.upper())


def _element_names(schema: Schema, graphs: list[Subgraph]) -> set[str]:
    names = {*schema.types, *schema.directives}
    for subgraph in graphs:
        names.update(subgraph.schema.types, subgraph.schema.directives)
    return {name for name in names if name not in FEDERATION_OPERATION_TYPES and not name.startswith("__")}
