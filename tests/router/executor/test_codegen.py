"""Generated code is code: it has a name, and a traceback shows its lines."""

from __future__ import annotations

import traceback

from router.executor.code.source import Source


def test_a_traceback_shows_the_line_of_generated_code() -> None:
    source = Source()
    source.line(0, "def divide(a, b):")
    source.line(1, "return a / b")
    divide = source.compile("divide")
    try:
        divide(1, 0)
    except ZeroDivisionError as error:
        shown = "".join(traceback.format_exception(error))
    assert "generated/divide-" in shown
    assert "return a / b" in shown
