"""What an official does: signs in, renames a community by a form, looks at a past day."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.visitors import PASSWORD
from tests.browser.conftest import Site, Window, window

NUMBERS = count(1)


@pytest.fixture(params=[True, False], ids=["with a script", "without"])
def official(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Window]:
    """A window of the arbiter, with JavaScript and without."""
    with window(browser, site, "arbiter", java_script_enabled=request.param) as opened:
        yield opened


def _community(official: Window) -> Page:
    """The page of the first community of the list."""
    page = official.open("/communities")
    page.locator("main a.title").first.click()
    return page


def _rename(official: Window, name: str, day: str = "2025-03-03") -> Page:
    """The form of another name, opened from the community's page and filled in."""
    page = _community(official)
    page.locator("details.do > summary").click()
    page.locator('details.do a[href^="/forms/communities.rename/"]').click()
    _fill(page, name, day)
    return page


def _fill(page: Page, name: str, day: str) -> None:
    page.locator('input[name="name"].wide').fill(name)
    page.locator('input[name="effective_from"]').fill(day)


def _send(page: Page) -> None:
    """Preview, and record what the preview shows."""
    page.locator('form button[value="preview"]').first.click()
    page.locator('form button[value="record"]').click()


def test_a_visitor_signs_in_and_out(browser: Browser, site: Site) -> None:
    with window(browser, site, None) as opened:
        page = opened.open("/tasks")
        page.locator("#login").fill("reviewer")
        page.locator("#password").fill(PASSWORD)
        page.locator("main form button").click()
        expect(page).to_have_url(f"{site.address}/tasks")
        page.locator('form[action="/sign-out"] button').click()
        opened.open("/tasks")
        expect(page.locator("#login")).to_be_visible()


def test_a_community_is_renamed_from_its_page(official: Window) -> None:
    name = f"新澜第{next(NUMBERS)}社区"
    page = _rename(official, name)
    page.locator('form button[value="preview"]').first.click()
    expect(page.locator(".said-box").first).to_contain_text(name)
    page.locator('form button[value="record"]').click()

    expect(page.locator(".recorded")).to_be_visible()
    expect(page.locator("h1")).to_have_text(name)


def test_a_wrong_day_comes_back_beside_its_field_with_all_that_was_typed(official: Window) -> None:
    page = _rename(official, "钟楼社区", "1900-01-01")
    page.locator('form button[value="preview"]').first.click()

    expect(page.locator("#effective_from-problem")).to_be_visible()
    expect(page.locator('input[name="name"].wide')).to_have_value("钟楼社区")
    expect(page.locator(".summary")).to_have_attribute("role", "alert")


def test_a_stale_form_says_what_changed_meanwhile(browser: Browser, site: Site) -> None:
    mine, theirs = (f"{each}第{next(NUMBERS)}社区" for each in ("青云", "白塔"))
    with ExitStack() as windows:
        one, another = (windows.enter_context(window(browser, site, "arbiter")) for _ in range(2))
        page = _rename(one, mine, "2025-06-03")
        _send(_rename(another, theirs, "2025-05-03"))
        expect(another.page.locator("h1")).to_have_text(theirs)
        _send(page)

        expect(page.locator(".summary.stale")).to_contain_text(theirs)
        expect(page.locator('input[name="name"].wide')).to_have_value(mine)


def test_a_double_click_records_once(official: Window) -> None:
    name = f"双桥第{next(NUMBERS)}社区"
    page = _rename(official, name)
    page.locator('form button[value="preview"]').first.click()
    page.locator('form button[value="record"]').dblclick()

    expect(page.locator(".recorded")).to_be_visible()
    expect(page.locator("p.sentence").filter(has_text=name)).to_have_count(1)


def test_an_office_is_chosen_by_its_initials_with_the_keyboard(
    browser: Browser, site: Site
) -> None:
    with window(browser, site, "reviewer") as opened:
        page = opened.open("/forms/tasks.assign")
        unit = page.locator("#unit")
        unit.press_sequentially("jsj")
        expect(unit).to_have_attribute("aria-expanded", "true")
        unit.press("ArrowDown")
        first = page.locator('[role="option"][aria-selected]')
        expect(first).to_have_id(unit.get_attribute("aria-activedescendant") or "")
        name = first.evaluate("option => option.firstChild.textContent")
        unit.press("Enter")
        expect(unit).to_have_value(re.compile(f"^{name}（"))
        expect(unit).to_have_attribute("aria-expanded", "false")
        unit.fill("j")
        expect(unit).to_have_attribute("aria-expanded", "true")
        unit.press("Escape")
        expect(unit).to_have_attribute("aria-expanded", "false")
        expect(unit).to_have_value("j")


def test_a_reader_chooses_dark_and_large_pages(official: Window) -> None:
    page = official.open("/communities")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator('button[name="theme"]').click()
    expect(page.locator('button[name="theme"][value="light"]')).to_be_visible()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator('button[name="size"]').click()

    assert light != dark
    expect(page.locator("html.large")).to_be_attached()
    expect(page).to_have_url(f"{official.site}/communities")


def test_a_reader_looks_at_a_past_day_and_comes_back(official: Window) -> None:
    page = official.open("/communities")
    page.locator(".moments summary").click()
    page.locator("#effective").fill("2021-05-01")
    page.locator(".moments button").click()
    expect(page.locator(".banner.history")).to_be_visible()
    page.locator("main a.title").first.click()
    expect(page.locator(".banner.history")).to_be_visible()
    expect(page.locator("details.do")).to_have_count(0)
    page.locator(".banner.history a").click()

    expect(page.locator(".banner.history")).to_have_count(0)


def test_the_other_language_shows_the_same_page(official: Window) -> None:
    page = official.open("/communities")
    page.locator('.tools a[hreflang="en"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("main a.title").first.click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
