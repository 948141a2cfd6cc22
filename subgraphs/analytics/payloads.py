"""What the mutations of analytics answer with."""

from __future__ import annotations

from subgraphs.analytics.types import RecordedEventViews
from subgraphs.kit.payloads import outcome, payload, problems
from subgraphs.kit.user_errors import UserError


@payload
class RecordEventViewsPayload:
    views: RecordedEventViews | None = outcome("What came of them.")
    errors: list[UserError] = problems()
