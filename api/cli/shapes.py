"""Parses input into the domain's shapes; malformed input is a usage error (exit 2)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from api.http.kernel.problems import ApiProblem
from api.http.kernel.reading import instant_of
from api.validation import errors_of
from domain.kernel.text import Language

M = TypeVar("M", bound=BaseModel)


def checked(shape: type[M], fields: Mapping[str, Any], language: Language) -> M:
    """The shape with these fields; a usage error names every malformed field."""
    try:
        return shape.model_validate(fields)
    except ValidationError as problem:
        errors = [{**error, "loc": ("body", *error["loc"])} for error in problem.errors()]
        lines = [
            f"{error['pointer'].removeprefix('#/')}: {error['detail']}"
            for error in errors_of(errors, language)
        ]
        raise typer.BadParameter("\n".join(lines)) from problem


def day_of(text: str) -> date:
    """A day such as 2020-06-30."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r}: 2020-06-30") from None


def known_of(text: str) -> int | datetime:
    """A position, an instant with its offset, or a day (until its end)."""
    try:
        return instant_of(text)
    except ApiProblem as problem:
        raise typer.BadParameter(problem.words.zh + "\n" + problem.words.en) from None


Known = Annotated[
    str | None,
    typer.Option(
        "--known",
        metavar="INSTANT|POSITION",
        help="按当时所知：位置、带时区的时刻，或某日结束时；省略为现在所知。"
        " · As known at a position, an instant with its offset, or a day's end; by default now.",
    ),
]
