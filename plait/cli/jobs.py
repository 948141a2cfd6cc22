"""`plait jobs`: what processing is at, for who runs it."""

from __future__ import annotations

import json
from uuid import UUID

import click

from plait.cli.domains import progress, run

STATES = ("PENDING", "PROCESSING", "COMPLETED", "FAILED")


@click.command()
@click.option("--status", type=click.Choice(STATES, case_sensitive=False), help="Only those.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Latest first.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--retry", type=click.UUID, metavar="ID", help="Have a failed job tried again first.")
def command(status: str | None, limit: int, form: str, retry: UUID | None) -> None:
    """The jobs that make tracks' sound: how far each is, on which worker, and why it failed."""
    from db.clients import open_clients
    from db.stores import open_stores
    from plait.cli.settings import Settings
    from subgraphs.kit.audit import Actor
    from subgraphs.processing.repository import PostgresJobRepository
    from subgraphs.processing.values import Job, JobId, Status

    def line(job: Job) -> str:
        told = job.reason or job.error_log or ""
        state = f"{job.status.value:<10} {job.progress:>3}%"
        why = told.splitlines()[0] if told else ""
        return f"{job.id}  {state}  {job.track_id}  {job.worker_pod or '-'}  {why}"

    def facts(job: Job) -> dict[str, object]:
        names = ("attempts", "progress", "reason", "error_log", "worker_pod", "duration_sec")
        ids = {"id": str(job.id), "track_id": str(job.track_id), "status": job.status.value}
        times = {"created_at": job.created_at.isoformat(), "updated_at": job.updated_at.isoformat()}
        return ids | {name: getattr(job, name) for name in names} | times

    async def work() -> None:
        settings = Settings.from_environment()
        wanted = None if status is None else Status(status.upper())
        async with (
            open_stores(settings.stores, ["processing"], progress=progress) as stores,
            open_clients(stores["processing"]) as clients,
        ):
            jobs = PostgresJobRepository(clients.postgres)
            if retry is not None and await jobs.retry(JobId(retry), Actor("job:plait jobs")) is None:
                raise click.ClickException(
                    f"{retry} is no job that has failed, or its track has another under way"
                )
            found = await jobs.list_jobs(wanted, limit)
        if form == "json":
            click.echo(json.dumps([facts(job) for job in found], indent=2))
        else:
            for job in found:
                click.echo(line(job).rstrip())

    run(work)
