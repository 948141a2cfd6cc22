"""How every command says what is wrong: on stderr, a code and a sentence, the place beneath; exit code 1.

    error[GRAPHQL_VALIDATION_FAILED]: Cannot query field 'nope' on type 'User'.
      --> operation.graphql:1:8

0 is success, 1 that the input is wrong or something cannot be had, 2 that the command was called wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import click

CANNOT_BE_READ = "FILE_CANNOT_BE_READ"


@dataclass(frozen=True, slots=True)
class Failure:
    """`line` and `column` count from 1."""

    code: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def lines(self) -> Iterator[str]:
        yield f"{click.style(f'error[{self.code}]', fg='red', bold=True)}: {self.message}"
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        if place:
            yield f"  {click.style('-->', fg='blue', bold=True)} {place}"


class CommandFailed(click.ClickException):
    """Ends a command with these failures and exit code 1."""

    def __init__(self, failures: Iterable[Failure]) -> None:
        self.failures = tuple(failures)
        super().__init__("\n".join(failure.message for failure in self.failures))

    def show(self, file: object = None) -> None:
        for failure in self.failures:
            click.echo("\n".join(failure.lines()), err=True)


def fail(code: str, message: str, file: str | None = None) -> NoReturn:
    raise CommandFailed([Failure(code, message, file)])


@contextmanager
def told(operation: Path | None = None) -> Iterator[None]:
    """Turns every error that has a code into `CommandFailed`; places are in the file `operation`."""
    from router.errors import RequestError, RouterError
    from router.operation import OperationError
    from router.planner import PlanningError
    from schema import CompositionError
    from schema.supergraph import SupergraphError

    try:
        yield
    except RequestError as error:
        raise CommandFailed(_of_document(error.errors, operation)) from error
    except RouterError as error:
        lines = error.message.splitlines() or [""]
        raise CommandFailed(Failure(error.code, line) for line in lines) from error
    except (OperationError, PlanningError, SupergraphError) as error:
        raise CommandFailed([Failure(str(error.code), str(error))]) from error
    except CompositionError as error:
        raise CommandFailed(Failure(str(f.code), f.message) for f in error.errors) from error


def _of_document(errors: Iterable[Mapping[str, Any]], operation: Path | None) -> Iterator[Failure]:
    for error in errors:
        extensions = error.get("extensions")
        code = str(extensions.get("code")) if isinstance(extensions, dict) else "ERROR"
        places = error.get("locations")
        place = places[0] if isinstance(places, list) and places else {}
        yield Failure(
            code,
            str(error["message"]),
            str(operation) if operation is not None and place else None,
            place.get("line"),
            place.get("column"),
        )
