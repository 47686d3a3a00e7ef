"""Takes the pictures of the READMEs from a demo that is being served, `make demo`:

python -m tests.browser.pictures [address]
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from demo.visitors import COMMUNITY, PASSWORD
from domain.kernel.context import Role
from tests.browser.conftest import chromium

FOLDER = Path(__file__).parents[2] / "docs" / "images"
BYTES_MAX = 240_000
SIZE: ViewportSize = {"width": 1366, "height": 800}
PICTURES: dict[str, tuple[Role, str]] = {
    "workbench": ("arbiter", "/overview"),  # and there to the office with the most to do
    "overview": ("arbiter", "/overview"),
    "community": ("arbiter", f"/communities/{COMMUNITY}"),
    "as-of": ("decider", "/communities?effective=2022-06-30&known=6000"),
}


def sign_in(page: Page, site: str, role: str) -> None:
    """Sign in as the demo's visitor in that role."""
    page.goto(f"{site}/sign-in")
    page.locator("#login").fill(role)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url(re.compile(r"/$"))


def take(browser: Browser, site: str) -> None:
    """Each picture in both languages: docs/images/workbench.zh.png and so on."""
    for name, (role, path) in PICTURES.items():
        page = browser.new_page(viewport=SIZE, locale="zh-CN", color_scheme="light")
        sign_in(page, site, role)
        for language in ("zh", "en"):
            page.goto(f"{site}{path}{'&' if '?' in path else '?'}lang={language}")
            if name == "workbench":
                page.locator("section[aria-labelledby=late] tbody a").first.click()
                page.wait_for_load_state()
            file = FOLDER / f"{name}.{language}.png"
            page.screenshot(path=file, animations="disabled")
            assert file.stat().st_size < BYTES_MAX, f"{file.name} is too large"
        page.context.close()


if __name__ == "__main__":
    with sync_playwright() as playwright:
        path = chromium()
        assert path, "make browser installs a Chromium"
        chrome = playwright.chromium.launch(executable_path=path)
        take(chrome, sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
        chrome.close()
