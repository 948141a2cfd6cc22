"""What the HTTP side does to requests and answers beside running operations."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from router.config.base import Config, Positive


class CSRFConfig(Config, frozen=True):
    enabled: Annotated[
        bool, Meta(description="Whether requests that a foreign page could make a browser send are refused.")
    ] = True
    headers: Annotated[
        tuple[str, ...],
        Meta(description="Any of these with a value shows that no foreign page made the request."),
    ] = ("x-apollo-operation-name", "apollo-require-preflight")


class CacheControlConfig(Config, frozen=True):
    enabled: Annotated[
        bool, Meta(description="Whether answers say how long they may be kept, and GET answers 304.")
    ] = True


class UploadsConfig(Config, frozen=True):
    enabled: Annotated[
        bool, Meta(description="Whether mutations may come as multipart with files for subgraphs.")
    ] = False
    max_files: Annotated[Positive, Meta(description="Files of one request.")] = 10
    max_file_bytes: Annotated[Positive, Meta(description="Larger files are refused while they arrive.")] = (
        10_000_000
    )


class CompressionConfig(Config, frozen=True):
    enabled: Annotated[
        bool, Meta(description="Whether answers are compressed as `accept-encoding` asks.")
    ] = True
    min_bytes: Annotated[Positive, Meta(description="Smaller answers are sent as they are.")] = 1024
