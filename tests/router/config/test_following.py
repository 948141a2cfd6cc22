"""What is followed, and what is read once."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from router.config import BatchingConfig, RouterConfig
from router.config.file import ConfigFile, read_config_file
from router.config.following import follow_config
from router.errors import ConfigError

ON = RouterConfig(batching=BatchingConfig(enabled=True))


async def never(_: RouterConfig) -> None:
    raise AssertionError("nothing changed")


def reader(path: Path) -> Callable[[], ConfigFile]:
    return lambda: read_config_file(path, {})


async def test_a_pipe_is_read_once_and_not_taken_for_an_empty_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with caplog.at_level(logging.INFO):
        current = ConfigFile(ON, frozenset({pipe}))
        await asyncio.wait_for(follow_config(pipe, current, reader(pipe), never), 5)
    assert "is read once" in caplog.text


async def test_a_configuration_that_fits_no_supergraph_is_tried_again_with_the_next(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "router.yaml"
    path.write_text("{}")
    supergraphs, tried, taken = [0], asyncio.Event(), asyncio.Event()

    async def replace(config: RouterConfig) -> None:
        tried.set()
        if supergraphs[0] == 0:
            raise ConfigError("Not in the supergraph: subgraph new")
        assert config == ON
        taken.set()

    current = read_config_file(path, {})
    following = asyncio.create_task(
        follow_config(path, current, reader(path), replace, lambda: supergraphs[0])
    )
    path.write_text("batching: {enabled: true}")
    await asyncio.wait_for(tried.wait(), 10)
    supergraphs[0] = 1
    path.touch()
    await asyncio.wait_for(taken.wait(), 10)
    following.cancel()
    assert caplog.text.count("is not taken over") == 1


async def test_what_is_written_between_reading_and_following_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No change is told of then: the file is looked at now and again."""
    monkeypatch.setattr(f"{follow_config.__module__}.LOOK_MILLISECONDS", 50)
    path = tmp_path / "router.yaml"
    path.write_text("batching: {enabled: true}")
    taken = asyncio.Event()

    async def replace(config: RouterConfig) -> None:
        assert config == ON
        taken.set()

    current = ConfigFile(RouterConfig(), frozenset({path}))
    following = asyncio.create_task(follow_config(path, current, reader(path), replace))
    await asyncio.wait_for(taken.wait(), 10)
    following.cancel()
