"""link: how a schema says which specifications it uses."""

from __future__ import annotations

from schema.specs.specification import (
    ArgumentSpec,
    DirectiveSpec,
    Specification,
    TypeSpec,
    apollo_url,
)

LINK = Specification(
    apollo_url("link", 1, 0),
    directives=(
        DirectiveSpec(
            "link",
            ("SCHEMA",),
            (
                ArgumentSpec("url", "String"),
                ArgumentSpec("as", "String"),
                ArgumentSpec("for", "{Purpose}"),
                ArgumentSpec("import", "[{Import}]"),
            ),
            repeatable=True,
        ),
    ),
    types=(
        TypeSpec(
            "Purpose",
            (
                (
                    "SECURITY",
                    "`SECURITY` features provide metadata necessary to securely resolve fields.",
                ),
                ("EXECUTION", "`EXECUTION` features provide metadata necessary for operation execution."),
            ),
        ),
        TypeSpec("Import"),
    ),
)
