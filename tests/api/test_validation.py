"""What is malformed is told in the reader's own language, whatever it is."""

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Annotated, Any, cast

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from api.http.app import ROUTES
from api.validation import MALFORMED, errors_of
from tests.api.clerk import Clerk

LONG = "甲" * 10_000
WRONG: tuple[Any, ...] = (
    *(None, "", " ", "x y\n", LONG, "李娜", "a" * 2_001, "\ud800", "\x00", "1e3", "NaN"),
    *(True, -1, 0, 1.5, 10**30, 12345.5, 0.123456789, float("inf"), "9" * 5_000),
    *(
        "2024-13-40",
        "2024-07-01T10:00",
        "2024-07-01T",
        object(),
        {},
        {"x": "y"},
        (),
        [None] * 3,
    ),
)
COMPOUND: tuple[Any, ...] = (
    *([each] for each in WRONG),
    *({"k": each} for each in WRONG),
    *({each: 1} for each in ("", LONG)),
)


def asked_for() -> Iterator[TypeAdapter[Any]]:
    """Everything that a request may state, each kind of field once."""
    fields = {repr((each.annotation, each.metadata)): each for each in _stated()}
    for field in fields.values():
        yield TypeAdapter(cast(Any, Annotated[field.annotation, field]))


def _stated() -> Iterator[FieldInfo]:
    seen: set[type[BaseModel]] = set()
    for route in (each for module in ROUTES for each in import_module(module).router.routes):
        if not isinstance(route, APIRoute):
            continue
        for field in _parameters(route.dependant):
            yield from _within(field, seen)


def _parameters(of: Dependant) -> Iterator[FieldInfo]:
    for field in (*of.query_params, *of.path_params, *of.header_params, *of.body_params):
        yield field.field_info
    for each in of.dependencies:
        yield from _parameters(each)


def _within(info: FieldInfo, seen: set[type[BaseModel]]) -> Iterator[FieldInfo]:
    yield info
    for model in _models(info.annotation):
        if model not in seen:
            seen.add(model)
            for field in model.model_fields.values():
                yield from _within(field, seen)


def _models(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models(part)


def found_wrong() -> dict[str, dict[str, Any]]:
    """An error of every kind that they find in what is wrong."""
    found = {}
    for adapter in asked_for():
        for value in (*WRONG, *COMPOUND):
            try:
                adapter.validate_python(value)
            except ValidationError as wrong:
                for each in wrong.errors(include_url=False):
                    context = each.get("ctx", {})
                    kind = each["type"] + str(context.get("pattern", context.get("expected", "")))
                    found[kind] = {**each, "loc": ("body", *each["loc"])}
    return found


def test_every_kind_of_error_is_told_in_one_language() -> None:
    errors = found_wrong().values()

    assert len(errors) > 30
    for error in errors:
        (chinese,), (english,) = errors_of([error], "zh"), errors_of([error], "en")
        assert MALFORMED.zh != chinese["detail"], error
        assert MALFORMED.en != english["detail"], error
        assert not re.search(r"[A-Za-z'] [A-Za-z]|\^", chinese["detail"]), error
        assert not re.search(r"[，。；：]|\^", english["detail"]), error


@pytest.mark.parametrize(
    ("query", "chinese"),
    [
        ("light=purple", "应为下列之一：near、behind、overdue"),
        (
            "unit=李娜",
            "应为编号：小写字母、数字、点与连字符，以字母或数字开头，至多 64 个字符，如 li.na",
        ),
        ("known=yesterday", "参数 known 不是位置、时刻或日期"),
    ],
)
def test_a_parameter_is_told_in_the_language_that_was_asked_for(
    clerk: Clerk, query: str, chinese: str
) -> None:
    clerk.found()
    zh = clerk.get(f"/api/v1/tasks?{query}", **{"Accept-Language": "zh"}).json()
    en = clerk.get(f"/api/v1/tasks?{query}", **{"Accept-Language": "en"}).json()

    assert zh["errors"][0]["detail"].startswith(chinese)
    assert " · " not in zh["errors"][0]["detail"]
    assert not re.search("[\u4e00-\u9fff]", en["errors"][0]["detail"])
