"""Renders a page of api/pages in one of the two languages."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.founded import founded
from domain.kernel.text import Language
from record.store.record import CHINA


@cache
def labels(language: Language) -> Mapping[str, str]:
    """The texts of the interface."""
    text = (files("api.pages") / "locale" / f"{language}.toml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}


def page_language(request: Request) -> Language:
    """Chinese, unless the address asks for English."""
    return "en" if request.query_params.get("lang") == "en" else "zh"


def render(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a page with what all pages show: city, language, simulation mark."""
    language = page_language(request)
    other = request.url.include_query_params(lang="zh" if language == "en" else "en")
    html = (
        _environment()
        .get_template(template)
        .render(
            t=labels(language),
            lang=language,
            tail="?lang=en" if language == "en" else "",
            other_language=f"{other.path}?{other.query}",
            founded=context.pop("founded", None) or founded(request),
            **context,
        )
    )
    return HTMLResponse(html, status_code=status, headers={"Content-Language": language})


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api", "pages/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = _moment
    return environment


def _moment(instant: datetime) -> str:
    """An instant in China's time zone."""
    return instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
