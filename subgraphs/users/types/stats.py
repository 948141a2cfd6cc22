"""What somebody has done, in numbers."""

from __future__ import annotations

import strawberry

from subgraphs.users import values


@strawberry.type(description="What somebody has done, in numbers: those of what everybody may see.")
class UserStats:
    posts: int = strawberry.field(description="Public posts.")
    hosted_events: int = strawberry.field(description="Published events they host or hosted.")
    attended_events: int = strawberry.field(description="Events they are going or went to.")
    invitations_sent: int = strawberry.field(description="Invitations to events that they sent.")
    invitations_accepted: int = strawberry.field(description="Those of them that were accepted.")


def stats_type(stats: values.Stats) -> UserStats:
    return UserStats(
        posts=stats.posts,
        hosted_events=stats.hosted_events,
        attended_events=stats.attended_events,
        invitations_sent=stats.invitations_sent,
        invitations_accepted=stats.invitations_accepted,
    )
