"""What to do about each kind of error, when the rule that found it knows nothing more specific."""

from __future__ import annotations

from schema.errors import ErrorCode

REMEDIES: dict[ErrorCode, str] = {}
