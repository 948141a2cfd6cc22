"""Where in a configuration file each key stands, and what is written there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from router.config.expansion import EXPANSION, join
from router.config.file import Loader
from router.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Written:
    """`line` counts from 1. `text` is as written, expansions included; None for what has keys beneath it."""

    line: int
    text: str | None

    @property
    def expansions(self) -> list[str]:
        found = (match.group() for match in EXPANSION.finditer(self.text or ""))
        return [text for text in found if not text.startswith("$$")]


def written_in(text: str) -> dict[str, Written]:
    """Every key and entry of a file by its place (`headers.all.request[0]`). Raises `ConfigError`."""
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        return dict(_walk(loader, node, "")) if node is not None else {}
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError("not YAML that can be read; `plait config validate` says where") from error
    finally:
        loader.dispose()


def _walk(loader: Loader, node: Any, place: str) -> Iterator[tuple[str, Written]]:
    text = node.value if isinstance(node, yaml.ScalarNode) else None
    yield place, Written(node.start_mark.line + 1, text)
    if isinstance(node, yaml.MappingNode):
        loader.flatten_mapping(node)
        for key, child in node.value:
            yield from _walk(loader, child, join(place, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _walk(loader, child, f"{place}[{index}]")
