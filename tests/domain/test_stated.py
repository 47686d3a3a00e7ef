"""Every day and every text of every command is looked at, however deep it is."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from domain.commands import COMMANDS
from domain.community.identity import RenameCommunity
from domain.kernel.context import Document
from domain.kernel.refusal import Refused
from domain.kernel.stated import fault_of, require_sound
from domain.kernel.text import comparable, plain
from tests.domain.given import REGISTERED, TODAY, day, given

Made = tuple[str, Callable[[date], Any]]
FAR = ("9999-12-31", "4024-06-30", "0001-01-01")


def days_of(annotation: Any) -> Iterator[Made]:
    """How each day within a value of this type is reached, and such a value with that day alone."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from days_of(parts[0])
    elif origin in (Union, UnionType):
        for part in parts:
            yield from days_of(part)
    elif annotation is date:
        yield "", _itself
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            for path, make in days_of(field.annotation):
                yield f"{name}.{path}".rstrip("."), _within(annotation, name, make)
    elif origin in (tuple, list):
        for path, make in days_of(parts[0]):
            yield f"0.{path}".rstrip("."), _first(make)
    elif origin in (dict, Mapping):
        for path, make in days_of(parts[1]):
            yield f"k.{path}".rstrip("."), _valued(make)


def _itself(day: date) -> Any:
    return day


def _first(make: Callable[[date], Any]) -> Callable[[date], Any]:
    return lambda day: (make(day),)


def _valued(make: Callable[[date], Any]) -> Callable[[date], Any]:
    return lambda day: {"k": make(day)}


def _within(model: type[BaseModel], name: str, make: Callable[[date], Any]) -> Any:
    return lambda each: model.model_construct(**{name: make(each)})


EVERY_DAY = {
    f"{command.__name__}.{path}": (path, make)
    for command in COMMANDS.values()
    for path, make in days_of(command)
}


def test_days_are_found_in_the_parts_of_a_command() -> None:
    assert len(EVERY_DAY) > 150
    assert {"AssignTask.due_on", "AssignMeasureTasks.tasks.0.due_on"} <= EVERY_DAY.keys()


@pytest.mark.parametrize("named", EVERY_DAY)
def test_every_day_of_every_command_is_near_enough_to_be_meant(named: str) -> None:
    path, make = EVERY_DAY[named]

    for far in FAR:
        with pytest.raises(Refused) as refused:
            require_sound(make(day(far)), TODAY)
        assert (refused.value.code, refused.value.params["field"]) == ("day.implausible", path)
    require_sound(make(day("2030-06-30")), TODAY)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("北街\u202e社区", "text.invisible"),
        ("北街社区\u200b", "text.invisible"),
        ("\ufeff北街社区", "text.invisible"),
        ("北街\xad社区", "text.invisible"),
        ("北街\x07社区", "text.invisible"),
        ("北街\x1b[31m社区", "text.invisible"),
        ("\u3164", "text.invisible"),
        ("北街\ufffd社区", "text.damaged"),
        ("\ue863口社区", "text.damaged"),
        ("\U0010fffd街社区", "text.damaged"),
    ],
)
def test_a_text_has_only_characters_that_can_be_seen_and_that_everybody_knows(
    name: str, code: str
) -> None:
    renamed = RenameCommunity(name=name, effective_from=day("2024-01-01"))

    given(REGISTERED).when(renamed).refused(code)


def test_texts_of_the_documents_that_a_command_rests_on_are_looked_at_too() -> None:
    document = Document(issuer="民政局\u200b", title="通知", issued_on=day("2024-06-01"))

    with pytest.raises(Refused, match="invisible") as refused:
        require_sound((document,), TODAY)
    assert refused.value.params["field"] == "0.issuer"


@pytest.mark.parametrize(
    "text",
    [
        "第一步\r\n第二步\n\t第三步",
        "丽江（一期）社区",
        "㙍街",
        "葛\U000e0100城社区",
        "A　B",
        "①号Ⅱ区·１",
    ],
)
def test_what_people_write_is_sound(text: str) -> None:
    assert fault_of(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北街社区", "北街社区\u200b"),
        ("北街社区", "北街 社区"),
        ("丽江（一期）社区", "丽江(一期)社区"),
        ("葛城社区", "葛\U000e0100城社区"),
        ("大山社区", "⼤⼭社区"),
        ("A1社区", "Ａ１社区"),
    ],
)
def test_two_names_that_look_alike_are_alike_where_they_are_compared(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)
    assert plain(one) == " ".join(one.replace("（", "(").replace("）", ")").split())
