"""Bounds and switches of preparing and executing operations."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from router.config.base import Config, Positive, Seconds


class DeduplicationConfig(Config, frozen=True):
    enabled: Annotated[
        bool, Meta(description="Whether identical queries of clients in flight are run once.")
    ] = False
    headers: Annotated[
        tuple[str, ...], Meta(description="Request headers that make two queries different.")
    ] = ("authorization", "cookie")


class ExecutionConfig(Config, frozen=True):
    operation_timeout_seconds: Annotated[
        Seconds, Meta(description="What is not answered by then becomes errors beside the data that came.")
    ] = 60.0
    preparation_timeout_seconds: Annotated[
        Seconds, Meta(description="CPU time that parsing, validating and planning an operation may take.")
    ] = 5.0
    max_fetches: Annotated[
        Positive, Meta(description="Operations whose plan needs more subgraph requests are refused.")
    ] = 500
    max_response_bytes: Annotated[
        Positive, Meta(description="What the subgraphs may answer to one operation, together.")
    ] = 100_000_000
    max_answer_bytes: Annotated[
        Positive, Meta(description="Larger answers are refused before they are made.")
    ] = 50_000_000
    expose_query_plan: Annotated[
        bool, Meta(description="Whether `Apollo-Expose-Query-Plan` is honoured.")
    ] = False
    deduplicate_operations: DeduplicationConfig = field(default_factory=DeduplicationConfig)


class CacheConfig(Config, frozen=True):
    prepared_operations: Annotated[
        Positive, Meta(description="Operations kept parsed, validated, planned and compiled.")
    ] = 1000
    prepared_operations_max_bytes: Annotated[
        Positive, Meta(description="What they may take together, roughly; those used longest ago go first.")
    ] = 200_000_000
    verified_tokens: Annotated[Positive, Meta(description="JWTs remembered as verified.")] = 10_000
    verified_tokens_max_bytes: Annotated[
        Positive, Meta(description="What they may take together, roughly.")
    ] = 20_000_000


class OverridesConfig(Config, frozen=True):
    labels: Annotated[tuple[str, ...], Meta(description="Custom `@override` labels that are on.")] = ()
