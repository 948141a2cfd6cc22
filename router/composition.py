"""A supergraph straight from subgraphs: each is asked for its SDL, then they are composed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from router.config import SubgraphConfig, SubgraphDefaults
from router.errors import SupergraphError, TransportError
from router.executor.subgraph_response import read_response
from router.transport.base import SubgraphDocument, SubgraphRequest, Transport
from router.transport.factory import SubgraphSource, make_transport
from router.transport.in_process import is_strawberry_schema

if TYPE_CHECKING:
    from schema.supergraph import Supergraph

SERVICE_SDL = SubgraphDocument("{ _service { sdl } }", None)
MAX_SDL_BYTES = 50_000_000
TIMEOUT_SECONDS = 30.0


def compose_subgraphs(subgraphs: Mapping[str, SubgraphSource]) -> Supergraph:
    """Raises `SupergraphError` for a subgraph without SDL, and `schema.CompositionError`."""
    from schema import SubgraphDefinition, compose

    sdls = _in_own_loop(subgraphs)
    definitions = [
        SubgraphDefinition(name=name, url=source if isinstance(source, str) else "", sdl=sdls[name])
        for name, source in subgraphs.items()
    ]
    return compose(definitions).supergraph


def _in_own_loop(subgraphs: Mapping[str, SubgraphSource]) -> dict[str, str]:
    """Works whether or not the caller runs in an event loop: a thread has a loop of its own."""
    sdls: dict[str, str] = {}
    failure: list[BaseException] = []

    def run() -> None:
        try:
            sdls.update(asyncio.run(_read_sdls(subgraphs)))
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that asked
            failure.append(error)

    thread = threading.Thread(target=run, name="read-sdl")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return sdls


async def _read_sdls(subgraphs: Mapping[str, SubgraphSource]) -> dict[str, str]:
    texts = await asyncio.gather(*(_read_sdl(name, source) for name, source in subgraphs.items()))
    return dict(zip(subgraphs, texts, strict=True))


async def _read_sdl(name: str, source: SubgraphSource) -> str:
    if is_strawberry_schema(source):
        sdl: str = cast(Any, source).as_str()  # Extensions and permissions would ask for a client's context.
        return sdl
    transport = make_transport(name, source, SubgraphConfig(deduplicate=False), SubgraphDefaults())
    try:
        return await service_sdl(transport)
    except TransportError as error:
        raise SupergraphError(f'Subgraph "{name}" did not give its SDL: {error.message}') from error
    finally:
        await transport.aclose()


async def service_sdl(transport: Transport) -> str:
    """The subgraph's SDL as federation defines it. Raises `TransportError`."""
    request = SubgraphRequest(SERVICE_SDL, {}, (), MAX_SDL_BYTES)
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            response = read_response(await transport.send(request))
    except TimeoutError as error:
        raise TransportError(f"No answer within {TIMEOUT_SECONDS:.0f} s.") from error
    if response.errors:
        first = response.errors[0]
        raise TransportError(str(first.get("message", first) if isinstance(first, Mapping) else first))
    service = (response.data or {}).get("_service")
    sdl = service.get("sdl") if isinstance(service, Mapping) else None
    if not isinstance(sdl, str) or not sdl.strip():
        raise TransportError("It serves no `_service { sdl }`.")
    return sdl
