"""`plait operations usage`: which fields are used by whom, as running routers have counted it."""

from __future__ import annotations

import click
import httpx2 as httpx
import msgspec

from plait.cli.failures import fail
from router.telemetry.usage_report import FieldUse, UsageReport, merged

SECONDS = 30.0
CODE = "FIELD_USAGE_NOT_AVAILABLE"


@click.command(name="usage")
@click.option(
    "--admin",
    "addresses",
    multiple=True,
    default=("http://127.0.0.1:9090",),
    show_default=True,
    metavar="URL",
    help="A router's admin address; repeat it for each router, they count apart.",
)
@click.option("--unused", is_flag=True, help="Only what nobody used: what may be removed.")
@click.option("--client", help="Only what this client used.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(addresses: tuple[str, ...], unused: bool, client: str | None, form: str) -> None:
    """Show which fields and arguments are used by whom since the routers count."""
    report = merged(_read(address) for address in addresses)
    fields = tuple(field for field in report.fields if _is_wanted(field, client, unused=unused))
    chosen = msgspec.structs.replace(report, fields=fields)
    click.echo(msgspec.json.format(msgspec.json.encode(chosen)).decode() if form == "json" else _text(chosen))


def _read(address: str) -> UsageReport:
    url = f"{address.rstrip('/')}/usage"
    try:
        response = httpx.get(url, timeout=SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        fail(CODE, f"{url} cannot be read: {error or type(error).__name__}. Is it a router's admin address?")
    if response.status_code != 200:
        fail(CODE, f"{url} answers {response.status_code}: {_message(response)}")
    try:
        return msgspec.json.decode(response.content, type=UsageReport)
    except msgspec.DecodeError as error:
        fail(CODE, f"{url} does not answer as a router's admin address: {error}")


def _message(response: httpx.Response) -> str:
    try:
        return str(response.json()["message"])
    except (ValueError, KeyError, TypeError):
        return "it is not a router's admin address, or an older router's"


def _is_wanted(field: FieldUse, client: str | None, *, unused: bool) -> bool:
    if unused:
        return not field.clients
    return client is None or any(use.name == client for use in field.clients)


def _text(report: UsageReport) -> str:
    if not report.fields:
        return f"since {report.since:%Y-%m-%d %H:%M} UTC: nothing"
    width = max(len(field.coordinate) for field in report.fields)
    lines = [f"{field.coordinate:{width}}  {_told(field)}".rstrip() for field in report.fields]
    return "\n".join((f"since {report.since:%Y-%m-%d %H:%M} UTC", *lines))


def _told(field: FieldUse) -> str:
    clients = ", ".join(
        f"{_printable(use.name)} {use.requests} (last {use.last_used:%Y-%m-%d %H:%M})"
        for use in field.clients
    )
    mark = "  deprecated" if field.deprecated is not None else ""
    return f"{clients or 'not used'}{mark}"


def _printable(name: str) -> str:
    """Clients name themselves, and a terminal obeys what it is shown."""
    return "".join(c if c.isprintable() else "?" for c in name)
