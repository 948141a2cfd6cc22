"""`plait fake-psp` as a process: its API, its page, and webhooks that come until they are taken."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from uuid import uuid4

import httpx2 as httpx
import pytest
from click.testing import CliRunner

from plait.cli.fake_psp import command
from subgraphs.payments.provider import Order, ProviderPayment, StripeShapedProvider
from subgraphs.payments.provider.port import ProviderStatus
from tests.support.processes import running

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def listening(refused: int) -> Iterator[tuple[str, Queue[tuple[dict[str, str], bytes]]]]:
    """Somebody who takes webhooks after having refused some."""
    taken: Queue[tuple[dict[str, str], bytes]] = Queue()
    left = [refused]

    class Hear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            left[0] -= 1
            self.send_response(503 if left[0] >= 0 else 204)
            self.end_headers()
            if left[0] < 0:
                taken.put(({name.lower(): value for name, value in self.headers.items()}, body))

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Hear)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", taken
    finally:
        server.shutdown()
        server.server_close()


async def test_it_takes_a_payment_over_http_and_tells_until_it_is_heard(tmp_path: Path) -> None:
    with (
        listening(refused=1) as (url, taken),
        running("fake-psp", "--port=0", f"--webhook-url={url}", environment={}, folder=ROOT) as process,
    ):
        base = process.wait_for(r"fake-psp: (\S+)")[1]
        async with httpx.AsyncClient(base_url=base) as client:
            provider = StripeShapedProvider(client, "sk_test_plait", "whsec_plait")
            order = Order(uuid4(), uuid4(), 1250, "EUR", "CARD")
            made = await provider.create(order)
            assert await provider.create(order) == made
            assert made.checkout_url == f"{base}/pay/{made.id}"
            page = await client.get(made.checkout_url)
            assert "1250 EUR" in page.text
            await client.post(made.checkout_url, data={"outcome": "succeed"})
            headers, body = taken.get(timeout=30)
            event = provider.read_webhook(headers, body)
            found = await provider.find(made.id)
    assert isinstance(event.about, ProviderPayment)
    assert event.about == found
    assert (event.type, event.about.status) == ("payment_intent.succeeded", ProviderStatus.SUCCEEDED)
    assert event.about.payment_id == order.payment_id


@pytest.mark.parametrize("arguments", [("--twice=101",), ("--lost=-1",), ("--port=x",)])
def test_an_option_that_makes_no_sense_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(command, list(arguments)).exit_code == 2
