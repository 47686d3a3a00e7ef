"""One page of each kind in a real browser: for a screen reader, the keyboard, a phone, paper."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from api.pages.forms.operations import operations
from api.pages.forms.shapes import shapes_of
from tests.browser.conftest import NARROW, Site, Window, window
from tests.browser.walk import shape, walk

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """
async (values) => (await axe.run({runOnly: {type: "tag", values}, resultTypes: ["violations"]}))
    .violations.map((each) => [each.id, each.nodes[0].html.slice(0, 200), each.nodes.length])
"""
COLOURS = """
async () => (await axe.run({runOnly: ["color-contrast"], resultTypes: ["violations"]}))
    .violations.map((each) => [each.id, each.nodes[0].html.slice(0, 200), each.nodes.length])
"""
# What is repeated: the fourth row and later ones are made as the first three are.
ALIKE = """
() => {
  document.querySelectorAll("tbody > tr, ol > li, ul > li, option").forEach((each) => {
    if ([...each.parentElement.children].indexOf(each) > 2) each.remove();
  });
  scrollTo({top: 0, behavior: "instant"}); // where the bar at the top lies over nothing
}
"""
PARTS = 6
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUSED = """
() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  return [at.className || at.name || at.tagName, style.outlineStyle !== "none" && box.width > 0];
}
"""


@pytest.fixture(scope="session")
def kinds(site: Site) -> list[str]:
    """The address of one page of each kind that the arbiter finds, and of one that is not there."""
    found: dict[Any, str] = {}
    for page in walk(site, "arbiter", "/", languages=1):
        found.setdefault(_kind(page.address), page.address)
    return [*found.values(), "/gallery", "/docs/problems", "/nowhere"]


def _kind(address: str) -> Any:
    """The route of a page; of a form, the inputs that it is made of."""
    if not address.startswith("/forms/"):
        return shape(address).partition("?")[0]
    command = operations()[urlsplit(address).path.split("/")[2]].command
    return frozenset((each.kind, each.names) for each in shapes_of(command))


def _violations(page: Page) -> Iterator[Any]:
    page.evaluate(ALIKE)
    page.evaluate(AXE)
    page.emulate_media(color_scheme="light")
    yield from page.evaluate(RUN, RULES)
    page.emulate_media(color_scheme="dark")
    yield from (("dark", *each) for each in page.evaluate(COLOURS))


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_on_a_page_of_each_kind(
    arbiter: Window, kinds: list[str], part: int
) -> None:
    found = {
        address: violations
        for address in kinds[part::PARTS]
        if (violations := list(_violations(arbiter.open(address))))
    }

    assert found == {}


def test_axe_finds_nothing_in_english(arbiter: Window, kinds: list[str]) -> None:
    found = {}
    forms = [each for each in kinds if each.startswith("/forms/")]
    for address in (*kinds[:1], *forms[:4]):
        page = arbiter.open(address + ("&" if "?" in address else "?") + "lang=en")
        page.evaluate(ALIKE)
        page.evaluate(AXE)
        if violations := page.evaluate(RUN, ["wcag2a", "best-practice"]):
            found[address] = violations

    assert found == {}


def test_no_page_is_wider_than_a_phone(browser: Browser, site: Site, kinds: list[str]) -> None:
    with window(browser, site, "arbiter", viewport=NARROW) as phone:
        wide = {each: by for each in kinds if (by := phone.open(each).evaluate(TOO_WIDE)) > 0}

    assert wide == {}


def test_a_page_is_printed_on_paper(arbiter: Window, kinds: list[str]) -> None:
    page = arbiter.open(next(each for each in kinds if each.startswith("/communities/")))
    page.emulate_media(media="print")

    assert page.pdf(format="A4")[:5] == b"%PDF-"
    assert not page.locator(".top").is_visible()
    assert page.locator(".slip").is_visible()


def test_a_page_is_gone_through_by_keyboard(arbiter: Window) -> None:
    page = arbiter.open("/communities")
    focused = []
    for _ in range(12):
        page.keyboard.press("Tab")
        focused.append(page.evaluate(FOCUSED))

    assert focused[0][0] == "skip"
    assert [name for name, seen in focused if not seen] == []
    names = [name for name, _ in focused]
    assert "q" in names  # the search


def test_the_skip_link_leads_past_the_navigation(arbiter: Window) -> None:
    page = arbiter.open("/communities")
    page.keyboard.press("Tab")
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_slash_focuses_the_search(arbiter: Window) -> None:
    page = arbiter.open("/")
    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.type") == "search"
