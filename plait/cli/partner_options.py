"""What the partner commands share: where partners are kept, and what is agreed with one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec.structs import replace

from plait.cli.failures import fail
from plait.cli.partner_values import NONE, limit, origin, rate
from router.partners.partner import Limits, Partner, PartnerContract, Rate
from router.partners.store import PartnerStore, open_store
from router.supergraph_file import read_supergraph

F = TypeVar("F", bound=Callable[..., Any])
HOME = "PLAIT_HOME"
SUPERGRAPH_FILE = "supergraph.graphql"
PARTNERS_FOLDER = "partners"
"""In the home: where `plait up` looks, and where it leaves the supergraph it serves."""


def home() -> Path:
    return Path(os.environ.get(HOME) or ".plait")


def store_option(command: F) -> F:
    """--store."""
    return click.option(
        "--store",
        "location",
        envvar="PLAIT_PARTNERS",
        default=lambda: str(home() / PARTNERS_FOLDER),
        show_default="PLAIT_HOME/partners, which `plait up` serves",
        help="The folder or Redis that routers name in partners.store. $PLAIT_PARTNERS.",
    )(command)


def supergraph_option(command: F) -> F:
    """--supergraph."""
    return click.option(
        "--supergraph",
        type=click.Path(path_type=Path),
        help="What operations and contract have to fit.",
        show_default="PLAIT_HOME/supergraph.graphql, which `plait up` writes",
    )(command)


def agreement_options(command: F) -> F:
    """What is agreed with a partner; `Agreed` reads them."""
    for option in (
        click.option("--origin", "origins", type=origin, multiple=True, metavar="ORIGIN",
                     help="Whose pages may use the key in a browser; repeatable."),
        click.option("--max-cost", type=limit, metavar="N", help="What one operation may cost."),
        click.option("--daily-cost", type=limit, metavar="N", help="What all of a day may cost."),
        click.option("--daily-operations", type=limit, metavar="N", help="Operations a day (UTC)."),
        click.option("--rate", type=rate, metavar="COUNT/SECONDS", help="How often, like 100/60."),
        click.option("--hide-unreachable-types", is_flag=True, help="Nothing that no field leads to."),
        click.option("--exclude-tag", "exclude", multiple=True, metavar="TAG", help="Hide what has it."),
        click.option("--include-tag", "include", multiple=True, metavar="TAG", help="Show only what has it."),
    ):  # fmt: skip
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Agreed:
    """The options as they were given; what was not given is as before."""

    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    hide_unreachable_types: bool = False
    rate: Rate | str | None = None
    daily_operations: int | str | None = None
    daily_cost: int | str | None = None
    max_cost: int | str | None = None
    origins: Sequence[str] = ()

    @property
    def names_contract(self) -> bool:
        return bool(self.include or self.exclude or self.hide_unreachable_types)

    def contract(self) -> PartnerContract:
        include, exclude = (tuple(dict.fromkeys(tags)) for tags in (self.include, self.exclude))
        return PartnerContract(
            include_tags=include, exclude_tags=exclude, hide_unreachable=self.hide_unreachable_types
        )

    def limits(self, before: Limits) -> Limits:
        given = {
            "rate": self.rate,
            "daily_operations": self.daily_operations,
            "daily_cost": self.daily_cost,
            "max_cost": self.max_cost,
        }
        said = {name: None if value == NONE else value for name, value in given.items() if value is not None}
        return replace(before, **said)

    def origins_of(self, before: tuple[str, ...]) -> tuple[str, ...]:
        if not self.origins:
            return before
        return tuple(origin for origin in dict.fromkeys(self.origins) if origin != NONE)

    def of(self, before: Partner) -> Partner:
        """The contract stays: who changes it has operations to check."""
        return replace(before, limits=self.limits(before.limits), origins=self.origins_of(before.origins))


def opened(location: str) -> PartnerStore:
    """Raises what `told` tells."""
    return open_store(location)


def supergraph_text(path: Path | None) -> str:
    """Of the file that was named, or of what `plait up` serves."""
    if path is None:
        path = home() / SUPERGRAPH_FILE
        if not path.is_file():
            fail(
                "MISSING_SUPERGRAPH",
                "say with --supergraph what operations have to fit; `plait up`, which leaves its own in"
                f" {home()}, has not run here",
            )
    return read_supergraph(path)
