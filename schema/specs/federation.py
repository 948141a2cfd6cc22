"""federation: the directives by which subgraphs share types, version by version, and those of federation
1.
"""

from __future__ import annotations

from schema.specs.auth import AUTHENTICATED, POLICY, REQUIRES_SCOPES
from schema.specs.cache_tag import CACHE_TAG_DIRECTIVE
from schema.specs.context import CONTEXT
from schema.specs.cost import COST
from schema.specs.inaccessible import INACCESSIBLE
from schema.specs.specification import (
    APOLLO,
    ArgumentSpec,
    DirectiveSpec,
    Specification,
    TypeSpec,
    Version,
    apollo_url,
)
from schema.specs.tag import TAG_V2, TAG_V3

FEDERATION_IDENTITY = APOLLO + "federation"
_FIELDS = ArgumentSpec("fields", "{FieldSet}!")

_KEY = DirectiveSpec(
    "key",
    ("OBJECT", "INTERFACE"),
    (_FIELDS, ArgumentSpec("resolvable", "Boolean", True)),
    repeatable=True,
)
_FEDERATION_1 = (
    _KEY,
    DirectiveSpec("requires", ("FIELD_DEFINITION",), (_FIELDS,)),
    DirectiveSpec("provides", ("FIELD_DEFINITION",), (_FIELDS,)),
    DirectiveSpec("external", ("OBJECT", "FIELD_DEFINITION"), (ArgumentSpec("reason", "String"),)),
    TAG_V2.directives[0],
    DirectiveSpec("extends", ("OBJECT", "INTERFACE")),
)


def _federation(minor: int) -> Specification:
    override = (ArgumentSpec("from", "String!"), ArgumentSpec("label", "String"))
    directives = [
        *(TAG_V3.directives[0] if minor >= 3 and spec.name == "tag" else spec for spec in _FEDERATION_1),
        DirectiveSpec("shareable", ("OBJECT", "FIELD_DEFINITION"), repeatable=minor >= 2),
        *INACCESSIBLE.directives,
        DirectiveSpec("override", ("FIELD_DEFINITION",), override if minor >= 7 else override[:1]),
    ]
    types = [TypeSpec("FieldSet")]
    if minor >= 1:
        directives.append(
            DirectiveSpec("composeDirective", ("SCHEMA",), (ArgumentSpec("name", "String"),), repeatable=True)
        )
    if minor >= 3:
        directives.append(DirectiveSpec("interfaceObject", ("OBJECT",)))
    for since, part in ((5, AUTHENTICATED), (5, REQUIRES_SCOPES), (6, POLICY), (8, CONTEXT), (9, COST)):
        if minor >= since:
            directives += part.directives
            types += part.types
    if minor >= 12:
        directives.append(CACHE_TAG_DIRECTIVE)
    return Specification(apollo_url("federation", 2, minor), tuple(directives), tuple(types))


LATEST_MINOR = 15
RECOMMENDED_MINOR = 12
"""The version that remedies tell to link."""
FEDERATIONS = tuple(_federation(minor) for minor in range(LATEST_MINOR + 1))

FEDERATION_1 = Specification(
    apollo_url("federation", 1, 0), directives=_FEDERATION_1, types=(TypeSpec("FieldSet"),)
)
"""What a schema without @link to federation may use, under fixed names (types with a leading "_")."""

UPGRADED_FEDERATION = FEDERATIONS[4]
"""The version a federation 1 subgraph is read as."""

FEDERATION_DIRECTIVE_NAMES = tuple(directive.name for directive in FEDERATIONS[-1].directives)
FEDERATION_OPERATION_TYPES = frozenset({"_Entity", "_Service", "_Any"})
FEDERATION_OPERATION_FIELDS = frozenset({"_entities", "_service"})


def is_federation_version(version: Version) -> bool:
    """Do we know this version of federation 2?"""
    return version.major == 2 and version.minor <= LATEST_MINOR
