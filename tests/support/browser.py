"""Real headless Chromium on pages of ours, which ask no other host for anything."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from router.http.studio import ASSETS

CHROMIUM = shutil.which("chromium")
DESK: ViewportSize = {"width": 1400, "height": 850}
PHONE: ViewportSize = {"width": 375, "height": 700}
OFFLINE = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

IN_A_BROWSER = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium (Debian: apt-get install chromium)"),
    pytest.mark.skipif(not (ASSETS / "index.html").is_file(), reason="needs the studio built (make studio)"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:websockets"),
    pytest.mark.asyncio(loop_scope="module"),
]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Started once for the tests of a module: that takes longer than most of them."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=OFFLINE)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def browsing(
    browser: Browser, url: str, viewport: ViewportSize = DESK
) -> AsyncIterator[tuple[Page, list[str]]]:
    """An empty page for what is at `url`, in a profile of its own, and what goes wrong or leaves this machine
    while it is open.
    """
    context = await browser.new_context(viewport=viewport)
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.on("request", lambda request: problems.extend(foreign(request.url, url)))
    try:
        yield page, problems
    finally:
        await context.close()


def foreign(asked: str, own: str) -> list[str]:
    parts = urlsplit(asked)
    local = parts.scheme in ("data", "blob") or parts.netloc == urlsplit(own).netloc
    return [] if local else [f"asked another host: {asked}"]
