"""@requires still makes sense on the merged schema: other subgraphs may ask for other arguments."""

from __future__ import annotations

from schema.merge.state import Merge
from schema.model.applications import OnField
from schema.model.field_set import FieldSetProblem, resolve
from schema.report.errors import ErrorCode
from schema.subgraph.facts import fields_argument


def check_requires(merge: Merge) -> None:
    """Every @requires of every subgraph."""
    for number, subgraph in enumerate(merge.subgraphs):
        for application in subgraph.applied(subgraph.names.requires):
            if not isinstance(application, OnField):
                continue
            fields = fields_argument(application.directive)
            try:
                resolve(merge.merged, application.parent.name, fields)
            except FieldSetProblem as problem:
                merge.fail(
                    ErrorCode.REQUIRES_INVALID_FIELDS,
                    f'Subgraph "{subgraph.name}": "@requires(fields: "{fields}")" on '
                    f'"{application.coordinate}" does not fit the merged schema: {problem}.{problem.advice}',
                    merge.token_place(number, application.directive.at),
                )
