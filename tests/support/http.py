"""A GraphQL client of few words for tests that talk to a real process."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any


def post(url: str, body: Any, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body; `body` is sent as JSON unless it is bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def run(url: str, query: str, variables: Mapping[str, Any] | None = None, token: str | None = None) -> Any:
    """The decoded answer of one operation."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return json.loads(post(url, {"query": query, "variables": variables or {}}, headers)[1])
