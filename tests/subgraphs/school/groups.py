"""Groups that tests are not about, made through the graph."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.subgraphs.school.people import Member

SECRET = "invitation { code invitation { id state uses } }"


async def make_group(by: Member, **given: Any) -> str:
    """Its id."""
    details = {"name": "English A2", "language": "en", "level": "A2", **given}
    made = await by.person.act("createGroup", "group { id }", **details)
    return str(made["group"]["id"])


async def invite(by: Member, group: str, uses: int = 10, days: float = 7) -> Any:
    """The invitation with its code."""
    until = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    given = {"groupId": group, "expiresAt": until, "maxUses": uses}
    return (await by.person.act("createGroupInvitation", SECRET, **given))["invitation"]


async def join_group(by: Member, group: str, *members: Member) -> None:
    """By an invitation; the school has heard of it afterwards."""
    code = (await invite(by, group, uses=len(members)))["code"]
    for member in members:
        await member.person.act("joinGroup", "group { id }", code=code)
    await by.person.mesh.settle()
