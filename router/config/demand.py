"""What operations may cost to answer."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from router.config.base import Config, Positive

DemandMode = Literal["off", "measure", "enforce"]


class DemandConfig(Config, frozen=True):
    mode: Annotated[
        DemandMode,
        Meta(
            description="Costs by `@cost` and `@listSize`: `enforce` refuses what is estimated beyond"
            " `max_cost`, `measure` logs it."
        ),
    ] = "off"
    max_cost: Annotated[Positive | None, Meta(description="What one operation may cost.")] = None
    max_subgraph_cost: Annotated[
        Positive | None, Meta(description="What one operation may cost at each of its subgraphs.")
    ] = None
    max_cost_by_subgraph: Annotated[
        dict[str, Positive], Meta(description="The same for single subgraphs, by name.")
    ] = field(default_factory=dict)
    list_size: Annotated[
        Positive, Meta(description="Items assumed of a list that `@listSize` says nothing about.")
    ] = 10
    actual: Annotated[
        bool,
        Meta(description="Whether the cost of each answer is counted too, and logged beyond `max_cost`."),
    ] = False
    expose: Annotated[
        bool, Meta(description="Whether `Plait-Expose-Cost: true` puts `extensions.cost` beside the data.")
    ] = False
