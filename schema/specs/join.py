"""join: how a supergraph says which subgraph has what. The version follows the newest federation version
linked.
"""

from __future__ import annotations

from schema.specs.specification import (
    APOLLO,
    ArgumentSpec,
    DirectiveSpec,
    Specification,
    TypeSpec,
    Version,
    apollo_url,
)

_GRAPH = ArgumentSpec("graph", "{Graph}!")
_TYPES = ("OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT", "SCALAR")


def _join(minor: int) -> Specification:
    field = [
        ArgumentSpec("graph", "{Graph}"),
        ArgumentSpec("requires", "{FieldSet}"),
        ArgumentSpec("provides", "{FieldSet}"),
        ArgumentSpec("type", "String"),
        ArgumentSpec("external", "Boolean"),
        ArgumentSpec("override", "String"),
        ArgumentSpec("usedOverridden", "Boolean"),
    ]
    directives = []
    types = [TypeSpec("FieldSet"), TypeSpec("Graph", (("", ""),))]
    if minor >= 4:
        field.append(ArgumentSpec("overrideLabel", "String"))
        types.append(TypeSpec("DirectiveArguments"))
        directives.append(
            DirectiveSpec(
                "directive",
                ("SCHEMA", "OBJECT", "INTERFACE", "FIELD_DEFINITION"),
                (
                    ArgumentSpec("graphs", "[{Graph}!]"),
                    ArgumentSpec("name", "String!"),
                    ArgumentSpec("args", "{DirectiveArguments}"),
                ),
                repeatable=True,
            )
        )
    if minor >= 5:
        field.append(ArgumentSpec("contextArguments", "[{ContextArgument}!]"))
        types += [TypeSpec("FieldValue"), TypeSpec("ContextArgument")]
    directives += [
        DirectiveSpec(
            "graph", ("ENUM_VALUE",), (ArgumentSpec("name", "String!"), ArgumentSpec("url", "String!"))
        ),
        DirectiveSpec(
            "type",
            _TYPES,
            (
                _GRAPH,
                ArgumentSpec("key", "{FieldSet}"),
                ArgumentSpec("extension", "Boolean!", False),
                ArgumentSpec("resolvable", "Boolean!", True),
                ArgumentSpec("isInterfaceObject", "Boolean!", False),
            ),
            repeatable=True,
        ),
        DirectiveSpec("field", ("FIELD_DEFINITION", "INPUT_FIELD_DEFINITION"), tuple(field), repeatable=True),
        DirectiveSpec(
            "implements",
            ("OBJECT", "INTERFACE"),
            (_GRAPH, ArgumentSpec("interface", "String!")),
            repeatable=True,
        ),
        DirectiveSpec(
            "unionMember", ("UNION",), (_GRAPH, ArgumentSpec("member", "String!")), repeatable=True
        ),
        DirectiveSpec("enumValue", ("ENUM_VALUE",), (_GRAPH,), repeatable=True),
    ]
    return Specification(apollo_url("join", 0, minor), tuple(directives), tuple(types), purpose="EXECUTION")


JOIN_IDENTITY = APOLLO + "join"
JOINS = ((Version(2, 8), _join(5)), (Version(2, 7), _join(4)), (Version(2, 0), _join(3)))


def join_for(federation: Version) -> Specification:
    """The version of join that carries everything a version of federation can say."""
    return next(join for since, join in JOINS if federation >= since)
