"""Polls: asked with a post, answered by who sees it, until they close. Who voted for what is told to nobody
but the voter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import invalid, not_found
from subgraphs.kit.validation import Checks
from subgraphs.posts.errors import poll_closed
from subgraphs.posts.repository.protocol import PollRepository
from subgraphs.posts.service.readers import reader_of
from subgraphs.posts.values import (
    AuthorId,
    Closed,
    NewPoll,
    OptionId,
    Poll,
    PollOption,
    Post,
    PostId,
    TakesOne,
    UnknownOption,
)

FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
OPTION_CHARACTERS = 100
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Polls:
    polls: PollRepository

    async def find_polls(self, posts: Sequence[PostId]) -> Mapping[PostId, Poll]:
        """Of posts the viewer was shown."""
        return await self.polls.find_polls(posts)

    async def find_votes(
        self, viewer: Viewer, posts: Sequence[PostId]
    ) -> Mapping[PostId, frozenset[OptionId]]:
        """The viewer's own."""
        return await self.polls.find_votes(AuthorId(viewer.id), posts)

    async def vote(
        self, viewer: Viewer, post_id: PostId, options: Sequence[OptionId], checks: Checks
    ) -> Post:
        """These are the viewer's votes from now on; none takes them back. Raises Refused (InvalidInput,
        NotFound, PollClosed).
        """
        checks.require(len(set(options)) == len(options), "optionIds", "An option is chosen once.")
        checks.done()
        voted = await self.polls.vote(reader_of(viewer), AuthorId(viewer.id), post_id, options)
        match voted:
            case None:
                raise Refused(not_found("poll", "postId"))
            case Closed(closed_at):
                raise poll_closed(closed_at)
            case UnknownOption():
                raise Refused(not_found("option", "optionIds"))
            case TakesOne():
                raise Refused(invalid("This poll takes one option.", "optionIds"))
            case Post():
                return voted


def checked_poll(
    checks: Checks, options: Sequence[str], closes_at: datetime | None, *, allows_several: bool
) -> NewPoll:
    """As it is stored; what is wrong is told by its place in `poll`."""
    place = ("poll", "options")
    fits = FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS
    checks.require(fits, place, f"A poll has {FEWEST_OPTIONS} to {MOST_OPTIONS} options.")
    texts = [
        checks.line(text, (*place, at), "An option", least=1, most=OPTION_CHARACTERS)
        for at, text in enumerate(options[:MOST_OPTIONS])
    ]
    alike = {text.casefold() for text in texts}
    checks.require(len(alike) == len(texts), place, "No two options of a poll are the same.")
    if closes_at is not None:
        now = datetime.now(UTC)
        checks.require(now < closes_at < now + LONGEST, ("poll", "closesAt"), "Within a year from now.")
    made = tuple(PollOption(OptionId(uuid4()), text, 0) for text in texts)
    return NewPoll(made, allows_several, closes_at)
