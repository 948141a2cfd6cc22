"""An operation as a tool."""

from __future__ import annotations

from mcp import types

from router.described.catalogue import Catalogue
from router.described.operation import DescribedOperation


def find_tool(catalogue: Catalogue, name: str) -> DescribedOperation | None:
    """None for one that takes files too: no call can bring them."""
    found = catalogue.operations.get(name)
    return None if found is None or found.takes_files else found


def tools_of(catalogue: Catalogue) -> list[DescribedOperation]:
    return [one for one in catalogue.operations.values() if not one.takes_files]


def tool_of(operation: DescribedOperation) -> types.Tool:
    """What a mutation destroys is not known, so the hint is the careful one."""
    reads = operation.kind == "query"
    return types.Tool(
        name=operation.name,
        description=operation.description,
        input_schema=operation.variables,
        output_schema=operation.answer,
        annotations=types.ToolAnnotations(
            read_only_hint=reads, destructive_hint=not reads, idempotent_hint=reads, open_world_hint=False
        ),
    )
