"""Entities by key: processing's own, and another subgraph's tracks."""

from __future__ import annotations

import strawberry

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.processing.loaders import ProcessingContext
from subgraphs.processing.types import ProcessingJob, Track, job_type
from subgraphs.processing.values import JobId


def resolve_job(representation: Representation, context: ProcessingContext) -> ProcessingJob | None:
    return context.loaders.job.found(JobId(parse_id(_key(representation))), job_type)


def resolve_track(representation: Representation, _context: ProcessingContext) -> Track:
    return Track(id=strawberry.ID(str(parse_id(_key(representation)))))


def _key(representation: Representation) -> str:
    return key_text(representation, "id") or ""


REFERENCES = {"ProcessingJob": resolve_job, "Track": resolve_track}
