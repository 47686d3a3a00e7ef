"""Walks from link to link as somebody in a role, over HTTP: what every page must be."""

import re
from collections import Counter
from collections.abc import Iterator, Set
from functools import cache
from html import unescape
from importlib import import_module
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import httpx2
from fastapi.routing import APIRoute

from api.http.app import ROUTES
from api.http.kernel.rendering import labels
from api.http.kernel.signed_in import COOKIE
from domain.kernel.text import Language
from tests.browser.conftest import Site

LINK = re.compile(r'(?:href|action|src)="([^"]*)"')
UNSHOWN = re.compile(r"<(script|style|template|pre)\b.*?</\1>|<[^>]*>", re.S)
SHOWN_VALUE = re.compile(
    r'<(?:option|button)[^>]*>([^<]*)<|(?:title|placeholder|aria-label)="([^"]*)"'
)
ID = re.compile(r"(?<![a-z2-7-])(?=[a-z2-7]*[2-7])[a-z2-7]{16}(?![a-z2-7-])")
UNFILLED = re.compile(r"built-in method|\bNone\b|\{[a-z_]+\}|Undefined")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NOT_WALKED = ("/preferences", "/sign-out", "/sign-in", "/static/", "/docs", "/api/", "/openapi")


class Visited(NamedTuple):
    """A page as it was answered."""

    address: str
    status: int
    html: str

    @property
    def words(self) -> str:
        """The text that a reader sees or hears, but for JSON."""
        heard = " ".join(a or b for a, b in SHOWN_VALUE.findall(self.html))
        return unescape(f"{UNSHOWN.sub(' ', self.html)} {heard}")


def shape(address: str) -> str:
    """What pages have in common that differ in their subject only: the route, with the operation
    if it is a form, and what is asked of it."""
    parts = urlsplit(address)
    route = next((each for each in _pages() if each.path_regex.match(parts.path)), None)
    path = route.path if route else parts.path
    if path.startswith("/forms/"):
        path = parts.path.rpartition("/")[0] if path.endswith("{subject}") else parts.path
    asked = sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    return f"{path}?{'&'.join(asked)}"


@cache
def _pages() -> list[APIRoute]:
    """The routes of all pages."""
    modules = [import_module(each) for each in ROUTES if each.startswith("api.pages.")]
    return [
        each for module in modules for each in module.router.routes if isinstance(each, APIRoute)
    ]


def walk(
    site: Site, role: str, *beginnings: str, languages: int = 2, of_a_shape: int = 1
) -> Iterator[Visited]:
    """Every page that links lead to, some of each shape; only Chinese ones in one language."""
    seen, shapes, waiting = set(beginnings), Counter[str](), [*beginnings]
    with httpx2.Client(base_url=site.address, cookies={COOKIE: site.tokens[role]}) as client:
        while waiting:
            address = waiting.pop(0)
            answer = client.get(address, headers={"Accept": "text/html"})
            yield Visited(address, answer.status_code, answer.text)
            for found in map(unescape, LINK.findall(answer.text)):
                path = found.partition("#")[0]
                ours = path.startswith("/") and not path.startswith(NOT_WALKED)
                ours = ours and (languages == 2 or "lang=" not in path)
                if ours and path not in seen and shapes[shape(path)] < of_a_shape:
                    seen.add(path)
                    shapes[shape(path)] += 1
                    waiting.append(path)


def faults(page: Visited) -> Iterator[str]:
    """What is wrong with a page, whoever sees it."""
    words = page.words
    if page.status != 200:
        yield f"answers {page.status}"
    foreign = [each for each in LINK.findall(page.html) if re.match(r"[a-z]+://|//", each)]
    if foreign:
        yield f"leads to {foreign}"
    yield from (f"shows the id {id}" for id in set(ID.findall(words)))
    yield from (f"shows {text!r}" for text in set(UNFILLED.findall(words)))
    if len(page.html.encode()) > 100_000:
        yield f"is of {len(page.html.encode())} bytes"
    shown = {unescape(each).strip() for each in re.findall(r">([^<>]+)<", page.html)}
    foreign_words = shown & _words_not_of("en" if "lang=en" in page.address else "zh")
    yield from (f"says {text!r} in the other language" for text in foreign_words)


@cache
def _words_not_of(language: Language) -> Set[str]:
    """The words of the interface that only the other language has."""
    ours, other = labels(language), labels("zh" if language == "en" else "en")
    return set(other.values()) - set(ours.values()) - {other["language"]}
