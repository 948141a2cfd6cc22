"""What the mutations of streaming answer with."""

from __future__ import annotations

from subgraphs.kit.payloads import outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.streaming.types import RecordedPlays


@payload
class RecordPlaysPayload:
    plays: RecordedPlays | None = outcome("What came of them.")
    errors: list[UserError] = problems()
