"""What tests cost in processor time, their processes and servers included: `pytest -p tests.support.cpu …`.

At the end the costliest files, fixtures and tests are listed, in seconds. A fixture's are without those of
the fixtures it asks for; a test's are its own, without any fixture. Each test process gets a control group of
its own, because an embedded server is nobody's child: Linux, as somebody who may make one (root). It works
with `-n`, too; what a server does by itself is counted to the test that runs meanwhile.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SHOWN = 40
WORTH_SHOWING_SECONDS = 0.05
GROUPS = ("/sys/fs/cgroup/cpuacct", "/sys/fs/cgroup")
"""Version 1, version 2."""


class ControlGroup:
    """This process and all that it starts from now on."""

    def __init__(self) -> None:
        parent = next(Path(each) for each in GROUPS if (Path(each) / "cgroup.procs").exists())
        self.folder = parent / f"plait-tests-{os.getpid()}"
        self.folder.mkdir()
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))
        self.parent = parent

    def seconds(self) -> float:
        if (usage := self.folder / "cpuacct.usage").exists():
            return int(usage.read_text()) / 1e9
        first = (self.folder / "cpu.stat").read_text().split("\n", 1)[0]
        return int(first.removeprefix("usage_usec ")) / 1e6

    def leave(self) -> None:
        """Its servers end after us: an empty group is a folder that anybody may remove."""
        (self.parent / "cgroup.procs").write_text(str(os.getpid()))
        if not (self.folder / "cgroup.procs").read_text():
            self.folder.rmdir()


class Measurement:
    """In each test process: what is measured goes to the reports of the tests."""

    def __init__(self) -> None:
        self.group = ControlGroup()
        self.inside = [0.0]
        """What the fixtures within each one that is being made have cost."""
        self.costs: list[tuple[str, str, float]] = []

    @contextmanager
    def _measured(self, kind: str, name: str) -> Iterator[None]:
        began = self.group.seconds()
        self.inside.append(0.0)
        try:
            yield
        finally:
            lasted = self.group.seconds() - began
            self.costs.append((kind, name, lasted - self.inside.pop()))
            self.inside[-1] += lasted

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        where = fixturedef.baseid or "pytest"
        with self._measured("fixture", f"{where}::{fixturedef.argname}"):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Generator[None, object, object]:
        with self._measured("overhead", "collection"):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        with self._measured("overhead", "between a test's parts"):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        with self._measured("setup", item.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        with self._measured("test", item.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        with self._measured("teardown", item.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        report.user_properties = [("cpu", cost) for cost in self.costs]
        self.costs.clear()
        return report

    def pytest_unconfigure(self) -> None:
        self.group.leave()


class Summary:
    """In the process that shows the outcome."""

    def __init__(self) -> None:
        self.kinds: dict[str, Counter[str]] = {
            kind: Counter() for kind in ("overhead", "file", "fixture", "test", "setup", "teardown")
        }

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for _, (kind, name, seconds) in report.user_properties:
            self.kinds[kind][name] += seconds
            self.kinds["file"][report.location[0]] += seconds

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        files = self.kinds["file"]
        terminalreporter.section(f"processor time: {files.total():.1f} s")
        for kind, costs in self.kinds.items():
            terminalreporter.write_line(f"{kind}: {costs.total():.1f} s")
            for name, seconds in costs.most_common(SHOWN):
                if seconds >= WORTH_SHOWING_SECONDS:
                    terminalreporter.write_line(f"{seconds:9.2f} {name}")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Summary())
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        config.pluginmanager.register(Measurement())
