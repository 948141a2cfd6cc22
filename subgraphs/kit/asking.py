"""A question to another domain on the way to a write: its answer, or a problem of the payload that says whom
it was that could not answer.

    teacher = await ask_for(peers, "teachers", TEACHER, {"telegramId": …}, request, read_teacher)

Errors beside data make it no answer: null would read as "there is none". `read` makes a value of the data and
raises KeyError, TypeError or ValueError for what is none: a peer that answers with something else is as much
its fault as one that does not answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import strawberry
from strawberry import federation

from subgraphs.kit.errors import Refused
from subgraphs.kit.peers import PeerRefused, Peers, PeerUnavailable
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import UserError

Answer = TypeVar("Answer")


@federation.type(
    shareable=True,
    description="Another service that had to be asked gave no answer that can be used. Nothing was done: "
    "PEER_AWAY can be tried again, PEER_WRONG is for who runs the service.",
)
class PeerFailed(UserError):
    service: str = strawberry.field(description="Which one.")


async def ask_for(
    peers: Peers,
    peer: str,
    query: str,
    variables: Mapping[str, Any],
    request: Request,
    read: Callable[[Mapping[str, Any]], Answer],
) -> Answer:
    """In the name of who sent the request. Raises Refused (PeerFailed)."""
    authorization = request.headers.get("authorization")
    request_id, whole = request.actor.request_id, True
    try:
        data = await peers.ask(
            peer, query, variables, request_id=request_id, authorization=authorization, whole=whole
        )
        return read(data)
    except PeerUnavailable as error:
        raise peer_away(peer) from error
    except (PeerRefused, KeyError, TypeError, ValueError) as error:
        raise peer_wrong(peer) from error


def peer_away(peer: str) -> Refused:
    message = f"The service {peer} does not answer. Nothing was done: try again."
    return Refused(PeerFailed(message=message, code="PEER_AWAY", path=[], service=peer))


def peer_wrong(peer: str) -> Refused:
    message = f"The service {peer} answered with something else than was asked. Nothing was done."
    return Refused(PeerFailed(message=message, code="PEER_WRONG", path=[], service=peer))
