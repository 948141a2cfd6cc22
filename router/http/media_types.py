"""Which media type to answer in (GraphQL over HTTP, section 6.1)."""

from __future__ import annotations

from functools import lru_cache

from router.errors import RequestError

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"


@lru_cache(maxsize=256)
def response_media_type(accept: str) -> str:
    """Raises `RequestError` 406.

    The higher weight wins. Between equals the GraphQL type does when it is named; a client that takes
    anything, or says nothing, gets `application/json`.
    """
    if not accept.strip():
        return JSON
    weights: dict[str, tuple[int, float]] = {}
    for part in accept.split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        weight = _weight(parameters)
        for media_type in (GRAPHQL_RESPONSE, JSON):
            precision = _precision(media_range.lower(), media_type)
            if precision > weights.get(media_type, (0, 0.0))[0]:
                weights[media_type] = (precision, weight)
    chosen = max(
        (
            (weight, precision, media_type)
            for media_type, (precision, weight) in weights.items()
            if weight > 0
        ),
        key=lambda found: (found[0], found[1], found[2] == (GRAPHQL_RESPONSE if found[1] == 3 else JSON)),
        default=None,
    )
    if chosen is None:
        raise RequestError(
            f"The answer comes as {GRAPHQL_RESPONSE} or {JSON}; neither is accepted.",
            code="NOT_ACCEPTABLE",
            status=406,
        )
    return chosen[2]


def _precision(media_range: str, media_type: str) -> int:
    if media_range == media_type:
        return 3
    if media_range == "application/*":
        return 2
    return 1 if media_range == "*/*" else 0


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
