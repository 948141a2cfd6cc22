"""The names federation's directives have in one schema."""

from __future__ import annotations

from dataclasses import dataclass, fields

from schema.link.features import Features
from schema.specs.auth import AUTHENTICATED, POLICY, REQUIRES_SCOPES
from schema.specs.cost import COST
from schema.specs.federation import FEDERATION_1, FEDERATION_IDENTITY, FEDERATIONS
from schema.specs.specification import Version

UNDEFINED = ""
"""The name of a directive that the schema's version of federation does not have: nothing can be called that.
"""


def _linked_by_themselves(features: Features) -> dict[str, str]:
    """The names of directives whose own specification is linked beside federation, which defines them
    too."""
    return {
        directive.name: feature.directive_name(directive.name)
        for specification in (COST, AUTHENTICATED, REQUIRES_SCOPES, POLICY)
        if (feature := features.by_identity.get(specification.url.identity))
        for directive in specification.directives
    }


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@dataclass(frozen=True, slots=True)
class FederationNames:
    """Each directive's name in the schema, without "@"; UNDEFINED where the version has no such directive."""

    key: str
    requires: str
    provides: str
    external: str
    tag: str
    extends: str
    shareable: str
    inaccessible: str
    override: str
    compose_directive: str
    interface_object: str
    authenticated: str
    requires_scopes: str
    policy: str
    context: str
    from_context: str
    cost: str
    list_size: str
    cache_tag: str

    @classmethod
    def of(cls, features: Features, version: Version | None) -> FederationNames:
        """The names in a schema with these links; fixed ones when it is a federation 1 schema (version
        None).
        """
        federation = features.by_identity.get(FEDERATION_IDENTITY)
        if version is None or federation is None:
            known = {directive.name for directive in FEDERATION_1.directives}
            names = {name: name for name in known}
        else:
            minor = min(version.minor, len(FEDERATIONS) - 1)
            directives = FEDERATIONS[minor].directives
            names = {directive.name: federation.directive_name(directive.name) for directive in directives}
            names |= _linked_by_themselves(features)
        return cls(**{field.name: names.get(_camel(field.name), UNDEFINED) for field in fields(cls)})
