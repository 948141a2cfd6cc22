"""Unions: all members of all sources."""

from __future__ import annotations

from schema.merge.joins import graph_value
from schema.merge.state import Merge
from schema.model.definitions import Directive, TypeDefinition, UnionType
from schema.report.hints import HintCode


def merge_union(merge: Merge, union: UnionType, sources: dict[int, TypeDefinition]) -> None:
    """Adds members and says where each is one."""
    unions = {number: source for number, source in sources.items() if isinstance(source, UnionType)}
    for source in unions.values():
        union.members.update(dict.fromkeys(source.members, -1))
    for member in union.members:
        having = {number: source if member in source.members else None for number, source in unions.items()}
        for number, source_with_member in having.items():
            if source_with_member is not None:
                arguments = {"graph": graph_value(merge, number), "member": member}
                union.directives.append(Directive("join__unionMember", {**arguments}))
        if None in having.values():
            merge.hint(
                HintCode.INCONSISTENT_UNION_MEMBER,
                f'the union "{union.name}" has the member "{member}" in {merge.split(having)}.',
                merge.places(unions),
            )
