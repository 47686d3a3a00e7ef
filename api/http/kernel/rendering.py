"""Renders a page of api/pages in one of the two languages."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache, partial
from importlib.resources import files
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.founded import founded
from domain.kernel.text import Language
from record.store.record import CHINA

Pairs = tuple[tuple[str, str], ...]
WEEKDAYS = "一二三四五六日"
THEME, SIZE = "annals-theme", "annals-size"  # the cookies of a reader's preferences


class NavigationPage(NamedTuple):
    """A page of the navigation; `name` is also the key of its word, `part` 2 is below the line."""

    name: str
    icon: str
    address: str
    part: int = 1


class Look(NamedTuple):
    """How a reader wants the pages to look."""

    theme: Literal["system", "light", "dark"]
    large: bool


@cache
def navigation() -> tuple[NavigationPage, ...]:
    """The pages of the navigation, in order."""
    found = tomllib.loads(_text("navigation.toml"))["page"]
    return tuple(NavigationPage(**each) for each in found)


@cache
def labels(language: Language) -> Mapping[str, str]:
    """The texts of the interface."""
    text = _text(f"locale/{language}.toml")
    return {key: str(value) for key, value in tomllib.loads(text).items()}


def page_language(request: Request) -> Language:
    """Chinese, unless the address asks for English."""
    return "en" if request.query_params.get("lang") == "en" else "zh"


def look_of(request: Request) -> Look:
    """The preferences in a reader's cookies."""
    theme = request.cookies.get(THEME, "")
    return Look(
        theme="dark" if theme == "dark" else "light" if theme == "light" else "system",
        large=request.cookies.get(SIZE) == "large",
    )


def address(path: str, pairs: Iterable[tuple[str, Any]]) -> str:
    """An address of ours with these parameters, without those that are empty."""
    found = [(name, value) for name, value in pairs if value not in (None, "")]
    before, mark, anchor = path.partition("#")
    joint = "&" if "?" in before else "?"
    return f"{before}{joint}{urlencode(found)}{mark}{anchor}" if found else path


def render(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a page with what all pages show: city, navigation, the two moments, language.

    `as_of` is the page's bar of moments, which its links keep.
    """
    language = page_language(request)
    other = request.url.include_query_params(lang="zh" if language == "en" else "en")
    as_of = context.pop("as_of", None)
    kept: Pairs = as_of.itself if as_of else (("lang", "en"),) if language == "en" else ()
    shown: dict[str, Any] = {
        "t": labels(language),
        "lang": language,
        "kept": kept,
        "to": lambda path, **asked: address(path, (*asked.items(), *kept)),
        "day": partial(_day, language),
        "weekday": partial(_weekday, language),
        "weekday_of": partial(_long_day, language),
        "path": request.url.path,
        "itself": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "other_language": f"{other.path}?{other.query}",
        "look": look_of(request),
        "navigation": navigation(),
        "here": "",
        "looked_for": "",
        "waiting": {},
        "who": None,
        "signed_in": getattr(request.state, "session", None) is not None,
        "recorded": _position(request.query_params.get("recorded", "")),
        "as_of": as_of,
        "founded": context.pop("founded", None) or founded(request),
    }
    html = _environment().get_template(template).render({**shown, **context})
    return HTMLResponse(html, status_code=status, headers={"Content-Language": language})


def _text(path: str) -> str:
    return files("api.pages").joinpath(path).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api", "pages/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(moment=_moment, grouped=_grouped)
    return environment


def _position(text: str) -> int | None:
    """The entry that a form has just recorded."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _moment(instant: datetime) -> str:
    """An instant in China's time zone."""
    return instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _grouped(number: int) -> str:
    """A position in groups of three digits, with narrow blanks that do not break."""
    return f"{number:,}".replace(",", "\u202f")


def _day(language: Language, day: date) -> str:
    """A day in words."""
    if language == "en":
        return f"{day.day} {day:%B %Y}"
    return f"{day.year}年{day.month}月{day.day}日"


def _weekday(language: Language, day: date) -> str:
    """A day with its weekday, as deadlines are written."""
    return f"{day:%m-%d %a}" if language == "en" else f"{day:%m-%d} 周{WEEKDAYS[day.weekday()]}"


def _long_day(language: Language, day: date) -> str:
    """A day in words, with its weekday."""
    if language == "en":
        return f"{day:%A}, {_day(language, day)}"
    return f"{_day(language, day)} 星期{WEEKDAYS[day.weekday()]}"
