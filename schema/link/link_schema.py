"""One subgraph's links: from the directives on its schema definition to Features and added definitions.

A schema with @link to federation is a federation 2 subgraph of the linked version. Any other is a federation
1 subgraph: it may use that version's directives without saying so.
"""

from __future__ import annotations

from dataclasses import dataclass

from schema.link.conflicts import check_conflicts
from schema.link.definitions import FixedNaming, Naming, define_all
from schema.link.features import Feature, Features, Import
from schema.link.imports import read_imports
from schema.model.definitions import NOWHERE, Directive, Schema
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.specs.federation import (
    FEDERATION_1,
    FEDERATION_DIRECTIVE_NAMES,
    FEDERATION_IDENTITY,
    LATEST_MINOR,
    UPGRADED_FEDERATION,
    is_federation_version,
)
from schema.specs.link import LINK
from schema.specs.registry import CONNECT_IDENTITY, LINK_IDENTITY, find_specification
from schema.specs.specification import InvalidFeatureUrl, Version, parse_feature_url


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking found out. `version` is None for a federation 1 subgraph."""

    features: Features
    version: Version | None


def link_schema(schema: Schema, report: SubgraphReport) -> Linked:
    """Reads the links of a schema and adds what they define to it."""
    link_name = _link_directive(schema)
    if link_name is None:
        if any(directive.name == "link" for directive in schema.definition.directives):
            define_all(schema, LINK, Naming(_implicit_link("link"), LINK), None)
        _define_federation_1(schema, report)
        return Linked(Features(), None)
    features = _read_features(schema, link_name, report)
    own = features.by_identity[LINK_IDENTITY]
    # A schema that links link itself may define it in any shape: old tools generated many.
    implicit = own.directive.at == NOWHERE
    define_all(schema, LINK, Naming(own, LINK), report if implicit else None)
    federation = features.by_identity.get(FEDERATION_IDENTITY)
    if federation is None:
        _define_federation_1(schema, report)
    for feature in features:
        _define_feature(schema, feature, report)
    return Linked(features, federation.url.version if federation else None)


def _link_directive(schema: Schema) -> str | None:
    """The name of the link directive, when the schema links link itself or federation with it."""
    for directive in schema.definition.directives:
        url = directive.arguments.get("url")
        if not isinstance(url, str):
            continue
        alias = directive.arguments.get("as") or "link"
        if url.startswith(LINK_IDENTITY + "/") and directive.name == alias:
            return directive.name
        if url.startswith(FEDERATION_IDENTITY) and directive.name == "link":
            return "link"
    return None


def _read_features(schema: Schema, link_name: str, report: SubgraphReport) -> Features:
    features = Features()
    links = [directive for directive in schema.definition.directives if directive.name == link_name]
    own = [link for link in links if str(link.arguments.get("url")).startswith(LINK_IDENTITY + "/")]
    if not own:
        features.add(_implicit_link("link"))
    for link in [*own, *(link for link in links if link not in own)]:
        _read_feature(link, features, report)
    if LINK_IDENTITY not in features.by_identity:
        features.add(_implicit_link(link_name))
    return features


def _implicit_link(name: str) -> Feature:
    """What a schema links by using @link without linking link."""
    return Feature(LINK.url, name, (), Directive(name, {"url": str(LINK.url)}))


def _read_feature(link: Directive, features: Features, report: SubgraphReport) -> None:
    text = link.arguments.get("url")
    if not isinstance(text, str):
        report.add(ErrorCode.INVALID_LINK_IDENTIFIER, f'"@{link.name}" has no URL.', link.at)
        return
    try:
        url = parse_feature_url(text)
    except InvalidFeatureUrl as invalid:
        report.add(ErrorCode.INVALID_LINK_IDENTIFIER, f"{invalid}.", link.at)
        return
    if url.identity == LINK_IDENTITY and url.version != LINK.url.version:
        report.add(ErrorCode.UNKNOWN_LINK_VERSION, f"version {url.version} of link is not known.", link.at)
        return
    before = len(report.failures)
    imports = read_imports(url, link.arguments.get("import"), link.at, report)
    alias = link.arguments.get("as")
    feature = Feature(url, str(alias) if alias is not None else url.name, tuple(imports), link)
    problem = check_conflicts(feature, features) if len(report.failures) == before else None
    if problem is not None:
        report.add(ErrorCode.INVALID_LINK_DIRECTIVE_USAGE, problem, link.at)
    elif len(report.failures) == before:
        features.add(feature)


def _define_feature(schema: Schema, feature: Feature, report: SubgraphReport) -> None:
    if feature.url.identity == LINK_IDENTITY:
        return
    if feature.url.identity == CONNECT_IDENTITY:
        report.add(
            ErrorCode.UNSUPPORTED_FEATURE,
            "REST connectors (@connect and @source) are not supported.",
            feature.directive.at,
        )
        return
    specification = find_specification(feature.url)
    if specification is not None:
        define_all(schema, specification, Naming(feature, specification), report)
    elif feature.url.identity == FEDERATION_IDENTITY and not is_federation_version(feature.url.version):
        report.add(
            ErrorCode.UNKNOWN_FEDERATION_LINK_VERSION,
            f"version {feature.url.version} of federation is not known: v2.0 to v2.{LATEST_MINOR} are.",
            feature.directive.at,
        )


_LENIENT_FIELDS = ("String", "_FieldSet", "FieldSet")


def _define_federation_1(schema: Schema, report: SubgraphReport) -> None:
    """Adds federation 1's directives. Definitions that tools used to generate wrongly are replaced, not
    refused.
    """
    for name in ("key", "provides", "requires"):
        definition = schema.directives.get(name)
        if definition is None:
            continue
        fields = definition.arguments.get("fields")
        wrong_fields = (
            len(definition.arguments) == 1 and fields is not None and fields.type in _LENIENT_FIELDS
        )
        if not definition.arguments or wrong_fields:
            del schema.directives[name]
    define_all(schema, FEDERATION_1, FixedNaming(FEDERATION_1), report)


def upgrade_links(schema: Schema, features: Features, report: SubgraphReport) -> None:
    """Links a federation 1 schema to federation 2, importing every directive of it under its own name."""
    field_set = schema.types.pop("_FieldSet", None)
    if field_set is not None:
        field_set.name = "federation__FieldSet"
        schema.types[field_set.name] = field_set
        for definition in schema.directives.values():
            for argument in definition.arguments.values():
                argument.type = argument.type.replace("_FieldSet", field_set.name)
    if LINK_IDENTITY not in features.by_identity:
        alias = "link" if "link" not in schema.directives else "link1"
        features.add(_implicit_link(alias))
        define_all(schema, LINK, Naming(features.by_identity[LINK_IDENTITY], LINK), None)
    known = {directive.name for directive in UPGRADED_FEDERATION.directives}
    imports = tuple(Import(f"@{name}", f"@{name}") for name in FEDERATION_DIRECTIVE_NAMES if name in known)
    feature = Feature(UPGRADED_FEDERATION.url, "federation", imports, Directive("link", {}))
    problem = check_conflicts(feature, features)
    if problem is not None:
        tokens = [other.directive.at for other in features]
        report.add(ErrorCode.INVALID_LINK_DIRECTIVE_USAGE, problem, *tokens)
    features.add(feature)
    define_all(schema, UPGRADED_FEDERATION, Naming(feature, UPGRADED_FEDERATION), report)
