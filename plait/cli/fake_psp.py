"""`plait fake-psp`: a payment provider that takes no money, for trying payments out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import click

from plait.cli.domains import progress, run
from plait.cli.serving import listen, serve
from router.http.server import address_of

KEY = "sk_test_plait"
SECRET = "whsec_plait"  # noqa: S105 -- of a provider that takes no money
PERCENT = click.IntRange(0, 100)


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4020, show_default=True, help="0: any free port."
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--webhook-url",
    default="http://127.0.0.1:4012/webhooks/payments",
    show_default=True,
    help="Where the payments subgraph hears.",
)
@click.option("--key", default=KEY, show_default=True, help="What callers must have (PLAIT_PAYMENT_KEY).")
@click.option("--webhook-secret", default=SECRET, show_default=True, help="What webhooks are signed with.")
@click.option("--delay", type=float, default=0.0, show_default=True, help="Seconds each webhook waits.")
@click.option("--twice", type=PERCENT, default=0, show_default=True, help="Of 100 webhooks come twice.")
@click.option("--lost", type=PERCENT, default=0, show_default=True, help="Of 100 webhooks never come.")
@click.option("--shuffled", is_flag=True, help="Webhooks that wait together come in any order.")
@click.option("--failing", type=PERCENT, default=0, show_default=True, help="Of 100 answers fail with 503.")
def command(
    port: int,
    host: str,
    webhook_url: str,
    key: str,
    webhook_secret: str,
    delay: float,
    twice: int,
    lost: int,
    shuffled: bool,
    failing: int,
) -> None:
    """A payment provider that takes no money: an API of Stripe's shape over HTTP, a page where somebody
    "pays", signed webhooks that come again until they are taken, and bad days on request.
    """
    import httpx2 as httpx

    from plait.fake_psp import Chaos, Psp, Webhooks, fake_psp

    listener = listen(host, port)

    async def work() -> None:
        url = f"http://{address_of(listener)}"
        async with httpx.AsyncClient(timeout=10) as client:

            async def post(body: bytes, headers: Mapping[str, str]) -> bool:
                try:
                    answer = await client.post(webhook_url, content=body, headers=dict(headers))
                except httpx.HTTPError as error:
                    progress(f"a webhook was not taken: {type(error).__name__}")
                    return False
                return answer.is_success

            chaos = Chaos(delay, twice, lost, shuffled, failing)
            webhooks = Webhooks(webhook_secret, post, chaos)
            progress(f"PLAIT_PAYMENT_URL={url} PLAIT_PAYMENT_KEY={key}")
            progress(f"PLAIT_PAYMENT_WEBHOOK_SECRET={webhook_secret}")
            delivering = asyncio.create_task(webhooks.run())
            try:
                app = fake_psp(Psp(webhooks.tell, url), webhooks, key)
                await serve(app, listener, f"fake-psp: {url}")
            finally:
                delivering.cancel()
                with suppress(asyncio.CancelledError):
                    await delivering

    with listener:
        run(work, serves=True)
