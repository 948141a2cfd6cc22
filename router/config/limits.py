"""How large an operation may be, whatever it costs to answer."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from router.config.base import Config, Positive

LimitsMode = Literal["enforce", "warn"]


class LimitsConfig(Config, frozen=True):
    mode: Annotated[
        LimitsMode,
        Meta(
            description="Operations beyond a limit: `enforce` refuses them, `warn` logs when one is prepared."
        ),
    ] = "enforce"
    max_tokens: Annotated[
        Positive, Meta(description="Tokens of the document's text; enforced in either mode.")
    ] = 15_000
    max_depth: Annotated[Positive | None, Meta(description="Fields within fields.")] = None
    max_height: Annotated[
        Positive | None, Meta(description="Fields together, those of one name in one place once.")
    ] = None
    max_aliases: Annotated[Positive | None, Meta(description="Fields under an alias.")] = None
    max_root_fields: Annotated[
        Positive | None, Meta(description="Fields at the root, each alias counted.")
    ] = None
    max_directives: Annotated[Positive | None, Meta(description="Directives applied.")] = None
    max_fragments: Annotated[Positive | None, Meta(description="Fragments spread, inline ones included.")] = (
        None
    )
    max_list_items: Annotated[
        Positive | None, Meta(description="Items of a list in an argument or a variable.")
    ] = None
