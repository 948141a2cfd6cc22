"""A supergraph straight from subgraphs: each is asked for its SDL, then they are composed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from router.config import SubgraphConfig, SubgraphDefaults
from router.errors import SupergraphError
from router.subgraph_sdl import IntrospectionFailed, ask_sdl, fetch_sdl
from router.transport.factory import SubgraphSource, make_transport
from router.transport.in_process import is_strawberry_schema

if TYPE_CHECKING:
    from schema.supergraph import Supergraph


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
    try:
        if isinstance(source, str):
            return await asyncio.to_thread(fetch_sdl, source, {})
        return await _ask(name, source)
    except IntrospectionFailed as error:
        raise SupergraphError(f'Subgraph "{name}" did not give its SDL: {error.message}.') from error


async def _ask(name: str, source: SubgraphSource) -> str:
    transport = make_transport(name, source, SubgraphConfig(deduplicate=False), SubgraphDefaults())
    try:
        return await ask_sdl(name, transport)
    finally:
        await transport.aclose()
