"""The studio in real headless Chromium: typed in, run, read; and no other host is asked for anything."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import strawberry
import uvicorn
from playwright.async_api import Browser, Page, ViewportSize, expect

from router import Router
from router.config import RouterConfig, for_development
from router.http.server import address_of, bind
from tests.support.browser import DESK, IN_A_BROWSER, PHONE, browsing

pytestmark = IN_A_BROWSER


@strawberry.federation.type(keys=["id"])
class Person:
    id: strawberry.ID
    name: str = "Ada"


@strawberry.type
class PeopleQuery:
    @strawberry.field
    def me(self) -> Person:
        return Person(id=strawberry.ID("1"))


@strawberry.federation.type(name="Person", keys=["id"])
class Author:
    id: strawberry.ID

    @strawberry.field
    def books(self) -> list[str]:
        return ["Notes on the Analytical Engine"]

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Author:
        return cls(id=id)


def schemas() -> dict[str, strawberry.federation.Schema]:
    return {
        "people": strawberry.federation.Schema(query=PeopleQuery),
        "books": strawberry.federation.Schema(types=[Author]),
    }


@asynccontextmanager
async def served() -> AsyncIterator[str]:
    router = Router.from_subgraphs(schemas(), config=for_development(RouterConfig()))
    server = uvicorn.Server(uvicorn.Config(router.asgi(), log_level="error", ws="none"))
    listener = bind("127.0.0.1:0")
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    try:
        yield f"http://{address_of(listener)}/"
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def studio(
    browser: Browser, path: str = "", viewport: ViewportSize = DESK
) -> AsyncIterator[tuple[Page, list[str]]]:
    """The open page, and what went wrong or left this machine while it was open."""
    async with served() as url, browsing(browser, url, viewport) as (page, problems):
        await page.goto(url + path)
        await page.locator(".graphiql-query-editor .monaco-editor").first.wait_for()
        yield page, problems


async def type_operation(page: Page, text: str) -> None:
    await page.locator(".graphiql-query-editor .monaco-editor").first.click()
    await page.keyboard.press("Control+A")
    await page.keyboard.press("Delete")
    await page.keyboard.type(text)


async def test_an_operation_typed_and_run_shows_the_answer_and_asks_no_other_host(browser: Browser) -> None:
    async with studio(browser) as (page, problems):
        await type_operation(page, "{ me { name books } }")
        await page.keyboard.press("Control+Enter")
        answer = page.locator(".result-window")
        await expect(answer).to_contain_text('"name": "Ada"')
        await expect(answer).to_contain_text("Notes on the Analytical Engine")
        assert problems == []


async def test_the_plan_panel_shows_each_fetch_with_its_path(browser: Browser) -> None:
    async with studio(browser, "?query={me{name%20books}}") as (page, problems):
        await page.get_by_role("button", name="Query plan").click()
        await page.get_by_role("button", name="Execute").click()
        panel = page.get_by_role("region", name="Query plan")
        await expect(panel).to_contain_text("2 fetches in 2 stages")
        await expect(panel).to_contain_text("people")
        await expect(panel.locator("code")).to_have_text(["me"])
        await expect(page.locator(".result-window")).not_to_contain_text("apolloQueryPlan")
        await panel.get_by_role("button", name="text").click()
        await expect(panel).to_contain_text("QueryPlan {")
        assert problems == []


async def test_the_plan_header_written_by_hand_works_when_the_panel_does_not_ask(browser: Browser) -> None:
    async with studio(browser, "?query={me{name}}") as (page, _):
        await page.get_by_role("button", name="Query plan").click()
        await page.get_by_label("ask for it").uncheck()
        await page.get_by_role("button", name="Execute").click()
        panel = page.get_by_role("region", name="Query plan")
        await expect(panel).to_contain_text("Tick")
        await page.get_by_role("button", name="Headers").click()
        await page.locator(".graphiql-editor-tool .monaco-editor").last.click()
        await page.keyboard.type('{"Apollo-Expose-Query-Plan": "true"}')
        await page.get_by_role("button", name="Execute").click()
        await expect(panel).to_contain_text("1 fetch in 1 stage")


async def test_the_schema_is_documented_in_the_page(browser: Browser) -> None:
    async with studio(browser) as (page, _):
        await page.get_by_role("button", name="Documentation Explorer").click()
        await expect(page.locator(".graphiql-plugin")).to_contain_text("Query")


async def test_on_a_phone_the_answer_is_as_wide_as_the_screen_and_run_is_on_it(browser: Browser) -> None:
    async with studio(browser, "?query={me{name}}", PHONE) as (page, problems):
        await page.get_by_role("button", name="Execute").click()
        answer = page.locator(".result-window")
        await expect(answer).to_contain_text('"name": "Ada"')
        box = await answer.bounding_box()
        run = await page.get_by_role("button", name="Execute").bounding_box()
        assert box is not None
        assert run is not None
        assert box["width"] > 0.8 * PHONE["width"]
        assert box["height"] > 0.3 * PHONE["height"]
        assert run["x"] + run["width"] <= PHONE["width"]
        assert problems == []


async def test_what_is_typed_at_once_into_a_new_tab_is_all_there(browser: Browser) -> None:
    async with studio(browser) as (page, _):
        await page.locator(".graphiql-tab-add").click()
        await page.locator(".graphiql-query-editor .monaco-editor").first.click()
        await page.keyboard.press("Control+A")
        await page.keyboard.type("query Typed { me { name } }")
        await expect(page.locator(".graphiql-query-editor .view-lines")).to_have_text(
            "query Typed { me { name } }".replace(" ", "\u00a0")
        )


async def test_variables_are_what_is_open_below_the_operation(browser: Browser) -> None:
    async with studio(browser) as (page, _):
        tools = page.get_by_label("Variables", exact=True)
        await expect(tools.first).to_be_visible()
        await expect(page.get_by_role("button", name="Variables")).to_have_class(re.compile("active"))


async def test_a_refused_operation_is_not_blamed_on_the_configuration(browser: Browser) -> None:
    async with studio(browser, "?query={nowhere}") as (page, _):
        await page.get_by_role("button", name="Query plan").click()
        await page.get_by_role("button", name="Execute").click()
        await expect(page.get_by_role("region", name="Query plan")).to_contain_text("was refused")
