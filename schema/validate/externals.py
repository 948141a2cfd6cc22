"""@external fields are on object types, and something needs them."""

from __future__ import annotations

from schema.model.definitions import InterfaceType
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.subgraph.states import Subgraph


def check_externals(subgraph: Subgraph, report: SubgraphReport) -> None:
    """Every field that is external."""
    facts = subgraph.facts
    for type_ in subgraph.schema.fields_types():
        for field in type_.fields.values():
            if field not in facts.external:
                continue
            coordinate = f"{type_.name}.{field.name}"
            if isinstance(type_, InterfaceType):
                report.add(
                    ErrorCode.EXTERNAL_ON_INTERFACE,
                    f'"{coordinate}" is external, but a field of an interface is resolved by no subgraph.',
                    field.at,
                )
            if field not in facts.used:
                report.add(
                    ErrorCode.EXTERNAL_UNUSED,
                    f'"{coordinate}" is external, but no @key, @requires, @provides or interface needs it.',
                    field.at,
                )
