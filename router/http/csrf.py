"""Requests that a foreign page could have made a browser send are refused before anything is run.

A browser asks first (CORS preflight) before it sends a page's request with a header or a media type that
forms and images cannot have. Operations in JSON always have such a media type; those in an address or in
multipart need a header that shows it. The rule is the one that Apollo's servers have, so their clients pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from router.config import CSRFConfig
from router.errors import RequestError

SENT_UNASKED = frozenset(("application/x-www-form-urlencoded", "multipart/form-data", "text/plain"))
"""Media types that a page may send anywhere (Fetch, CORS-safelisted request-header)."""


class CSRFPrevention:
    """For requests whose operation is not in a JSON body."""

    def __init__(
        self, config: CSRFConfig, carries_key: Callable[[Mapping[str, str]], bool] | None = None
    ) -> None:
        """`carries_key` tells a request that shows a key, which no page can make a browser send unasked."""
        self._carries_key = carries_key
        self._is_on = config.enabled
        self._headers = tuple(name.lower() for name in config.headers)

    def check(self, headers: Mapping[str, str]) -> None:
        """Raises `RequestError` 400 with the code that Apollo Router has for it."""
        if not self._is_on or any(headers.get(name) for name in self._headers):
            return
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if "/" in media_type and media_type not in SENT_UNASKED:
            return
        if self._carries_key is not None and self._carries_key(headers):
            return
        raise RequestError(
            "This request could have been made by a foreign page (CSRF). Send it with one of the headers "
            f"{', '.join(('content-type: application/json', *self._headers))}.",
            code="CSRF_ERROR",
        )
