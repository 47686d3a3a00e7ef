"""A small city of the demo, served to a real Chromium. Without one these tests are skipped."""

import re
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any, NamedTuple

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from access.access import Access
from api.http.app import create_app
from api.http.kernel.signed_in import COOKIE
from demo.recording import record_demo_city
from demo.visitors import PASSWORD, VISITORS, Visitor
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up, work
from record.store.migrate import migrate
from record.store.record import Record
from tests.databases import Server
from tests.officials import CHEAP, INITIAL

NAMES = ("chromium", "chromium-browser", "google-chrome")
# The first months have a round with its reviews, councils, tasks and a programme.
UNTIL = datetime(2021, 7, 1, tzinfo=UTC)
WIDE = {"width": 1366, "height": 900}
NARROW = {"width": 390, "height": 844}
ANSWERED = re.compile("the server responded with a status of 4")  # a refusal is an answer


def chromium() -> str | None:
    """Where the distribution's Chromium is; None if there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The distribution's Chromium; Playwright brings none of its own."""
    if (found := chromium()) is None:
        pytest.skip("there is no Chromium here; `make browser` installs one")
    return {**browser_type_launch_args, "executable_path": found}


def _record(url: str) -> None:
    migrate(url)
    record_demo_city(url, lambda _done, _total: None, until=UNTIL)
    catch_up(url, PROJECTIONS)


class Site(NamedTuple):
    """Where the city is served, and the token of a session in each role."""

    address: str
    tokens: Mapping[str, str]

    def cookie(self, role: str) -> dict[str, str]:
        """The cookie of a visitor in that role."""
        return {"name": COOKIE, "value": self.tokens[role], "url": self.address}


@pytest.fixture(scope="session")
def site(server: Server) -> Iterator[Site]:
    """The city, served with a worker."""
    url = server.made_once("browser", _record)
    stop, record = Event(), Record(url)
    serving = uvicorn.Server(
        uvicorn.Config(create_app(record, ReadModels(url)), log_config=None, access_log=False)
    )
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        tokens: dict[str, str] = {each.role: session_of(record, each) for each in VISITORS}
        threads = [
            Thread(target=serving.run, kwargs={"sockets": [listener]}),
            Thread(target=work, args=(url, PROJECTIONS, stop)),
        ]
        for each in threads:
            each.start()
        yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", tokens)
        stop.set()
        serving.should_exit = True
        for each in threads:
            each.join()


def session_of(record: Record, visitor: Visitor) -> str:
    """The token of a session of the visitor, who can also sign in by the demo's password."""
    access = Access(record.recorder.datastore, passwords=CHEAP)
    access.accounts.add(person=visitor.person, login=visitor.login, password=INITIAL)
    access.sign_in.change_password(visitor.login, old=INITIAL, new=PASSWORD)
    return access.sessions.begin(visitor.person, address=None, agent=None)


class Window(NamedTuple):
    """A page of the browser, and what it complained of."""

    page: Page
    site: str
    complaints: list[str]

    def open(self, path: str) -> Page:
        """Go to an address of ours."""
        self.page.goto(self.site + path, wait_until="load")
        return self.page


@contextmanager
def window(browser: Browser, site: Site, role: str | None, **more: Any) -> Iterator[Window]:
    """A window of a visitor in that role; whatever goes wrong in it, and whatever it asks of
    another host, fails the test."""
    context = browser.new_context(**{"viewport": WIDE, "locale": "zh-CN", **more})
    if role:
        context.add_cookies([site.cookie(role)])  # type: ignore[list-item]
    page, complaints = context.new_page(), list[str]()

    def watch(request: Request) -> None:
        if not request.url.startswith((site.address, "data:", "about:")):
            complaints.append(f"asks {request.url}")

    def listen(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not ANSWERED.search(said.text):
            complaints.append(f"{page.url}: {said.text}")

    page.on("request", watch)
    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    yield Window(page, site.address, complaints)
    context.close()
    assert complaints == []


@pytest.fixture
def arbiter(browser: Browser, site: Site) -> Iterator[Window]:
    """A window of the city's arbiter."""
    with window(browser, site, "arbiter") as opened:
        yield opened
