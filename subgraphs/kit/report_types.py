"""Reports in GraphQL: what somebody says about what they report, and the moderators' queue.

@strawberry.input(description="What is wrong with which post.")
class ReportPostInput:
    post_id: strawberry.ID = strawberry.field(description="A post you may see.")
    reason: ReportReason = reason()
    note: str = note()
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import strawberry
from strawberry import federation

from subgraphs.kit import connections as relay
from subgraphs.kit.connections import Counter, PageInfo
from subgraphs.kit.enums import describe_enum
from subgraphs.kit.pages import Page
from subgraphs.kit.reports import NOTE_CHARACTERS, OLDEST_CASES, Case, ReportReason
from subgraphs.kit.validation import Checks

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

Node = TypeVar("Node")
FOR_MODERATORS = "For moderators and administrators."

describe_enum(
    ReportReason,
    "ReportReason",
    "What is wrong with something.",
    {
        "SPAM": "It advertises, or says the same everywhere.",
        "HARASSMENT": "It goes at somebody.",
        "HATE": "It goes at people for what they are.",
        "VIOLENCE": "It threatens, or shows violence.",
        "NUDITY": "It shows what is not for everybody's eyes.",
        "FALSEHOOD": "It says what is not so, and does harm by it.",
        "ILLEGAL": "It is against the law.",
        "OTHER": "Something else: the note says what.",
    },
)


@federation.type(shareable=True, description="How many reported it for a reason.")
class ReportedReason:
    reason: ReportReason = strawberry.field(description="What is wrong with it.")
    count: int = strawberry.field(description="How many said so.")


@strawberry.type(description="Something that was reported and is not decided.")
class ReportEdge(Generic[Node]):
    cursor: str = strawberry.field(description=relay.CURSOR)
    node: Node | None = strawberry.field(description="What was reported; null when it is gone meanwhile.")
    report_count: int = strawberry.field(description="How many people reported it, ever.")
    reasons: list[ReportedReason] = strawberry.field(description="What for.")
    notes: list[str] = strawberry.field(description="What they said about it: the latest five.")
    reported_at: datetime = strawberry.field(description="Since when it waits to be decided.")


@strawberry.type(description="A page of what was reported and is not decided, the longest waiting first.")
class ReportConnection(Generic[Node]):
    counter: strawberry.Private[Counter]
    edges: list[ReportEdge[Node]] = strawberry.field(description=relay.EDGES)
    nodes: list[Node | None] = strawberry.field(description=relay.NODES)
    page_info: PageInfo = strawberry.field(description=relay.PAGE_INFO)

    @strawberry.field(description=relay.TOTAL)
    async def total_count(self) -> int:
        return await self.counter() or 0


def reason() -> Any:
    return strawberry.field(description="What is wrong with it.")


def note() -> Any:
    return strawberry.field(default="", description="More about it, in up to 1000 characters.")


def why() -> Any:
    return strawberry.field(
        description="Why: kept in the audit, and told to who wrote it. 1 to 500 characters."
    )


def checked_note(checks: Checks, text: str) -> str:
    return checks.prose(text, "note", "A note", most=NOTE_CHARACTERS)


def checked_why(checks: Checks, text: str) -> str:
    return checks.prose(text, "why", "A reason", least=1, most=500)


def report_connection(
    page: Page[Case], nodes: Mapping[UUID, Node], counter: Counter
) -> ReportConnection[Node]:
    """`nodes` has what is there still of what was reported."""
    cursors = [OLDEST_CASES.cursor(case.position) for case in page.items]
    found = [nodes.get(case.subject_id) for case in page.items]
    edges = [
        ReportEdge(
            cursor=at,
            node=node,
            report_count=case.report_count,
            reasons=[ReportedReason(reason=each, count=count) for each, count in case.reasons.items()],
            notes=list(case.notes),
            reported_at=case.opened_at,
        )
        for at, node, case in zip(cursors, found, page.items, strict=True)
    ]
    return ReportConnection(
        counter=counter, edges=edges, nodes=found, page_info=relay.page_info(page, cursors)
    )
