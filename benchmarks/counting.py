"""Calls and instructions of Python, by function: the same in every run, however busy the machine is."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def counting() -> Iterator[tuple[Counter[str], Counter[str]]]:
    """Calls and instructions of what begins inside, by `file:line name`."""
    calls, instructions = Counter[str](), Counter[str]()

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        code = frame.f_code
        name = f"{code.co_filename}:{code.co_firstlineno} {code.co_name}"
        if event == "call":
            calls[name] += 1
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        elif event == "opcode":
            instructions[name] += 1
        return trace

    sys.settrace(trace)
    try:
        yield calls, instructions
    finally:
        sys.settrace(None)
