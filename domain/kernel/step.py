"""Markers on the events of a staged subject: the matter of a step, the stage that it leads to, the
labels of its fields. Also the shape of corrections and annulments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import BaseModel, Field, StrictBool, StrictInt, StringConstraints, ValidationError
from pydantic.fields import FieldInfo

from domain.kernel.event import Event
from domain.kernel.ids import CommunityId, Names, PersonId, Reason, Slug, Title, UnitId, Version
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

M = TypeVar("M")
V = TypeVar("V", bound=Event)


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a field in a correction; in English, by default, the field's own name.

    A field without a label cannot be corrected: to change who did something or which matter it
    is, annul the entry and record it again. A `derived` field changes only with its source.
    """

    zh: str
    en: str = ""
    derived: bool = False


@dataclass(frozen=True, slots=True)
class MatterId:
    """Marks the field that names the matter to which a step belongs."""


@dataclass(frozen=True, slots=True)
class OwnEnd:
    """Marks the field with the day on which a matter ends by itself."""


# Fields shared by the steps of several subjects.
Day = Annotated[date, Label("日期")]
DueOn = Annotated[date, Label("期限", "due day")]
From = Annotated[date, Label("起始日期", "from")]
Until = Annotated[date, Label("终止日期", "until")]
StepUnit = Annotated[UnitId, Label("单位", "unit")]
StepPerson = Annotated[PersonId, Label("责任人", "person")]
StepTitle = Annotated[Title, Label("标题")]
Description = Annotated[Reason, Label("说明")]
Content = Annotated[Reason, Label("内容")]
Result = Annotated[Reason, Label("结果")]
Comment = Annotated[Reason, Label("意见")]
Grounds = Annotated[Reason, Label("理由")]


class Step(BaseModel):
    """An event that takes a matter to a stage.

    A step belongs to the matter that its `MatterId` field names, or to the subject's own course. A
    step that is `alone` is a matter by itself. A step that `ends_early` comes before the matter's
    own end.
    """

    stage: ClassVar[str]
    alone: ClassVar[bool] = False
    ends_early: ClassVar[bool] = False


FieldName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z_]*$", max_length=40), Names("field")
]
Text = Annotated[str, StringConstraints(max_length=2000)]
Changes = Annotated[
    dict[FieldName, StrictBool | StrictInt | Text | dict[Slug, Text] | None],
    Field(
        min_length=1,
        max_length=20,
        description="The fields of the entry that were wrong, as they should have been; null "
        "for a field that should have been left out.",
        examples=[{"description": "更正后的内容"}],
    ),
]


class Correction(BaseModel):
    """These fields of an entry of the same stream were wrong."""

    community: CommunityId | None = None
    corrects: Version
    changes: Changes
    reason: Reason


class Annulment(BaseModel):
    """An entry of the same stream is void from the start."""

    community: CommunityId | None = None
    annuls: Version
    reason: Reason


CORRECTED = Bilingual(
    zh="更正{corrects}：{changes}（{reason}）。",
    en="Entry {corrects} corrected: {changes} ({reason}).",
)
ANNULLED = Bilingual(zh="撤销{annuls}：{reason}。", en="Entry {annuls} annulled: {reason}.")


def stages_of(events: Any) -> Mapping[type[Event], str]:
    """The stage that each step of a union of events leads to."""
    return {each: each.stage for each in get_args(events) if issubclass(each, Step)}


@cache
def labels(event: type[Event]) -> Mapping[str, Bilingual]:
    """The labels of an event's fields, by field."""
    return {
        name: Bilingual(zh=label.zh, en=label.en or name.replace("_", " "))
        for name, label in _marked(event, Label)
    }


@cache
def correctable(event: type[Event]) -> tuple[str, ...]:
    """The fields of an event that can be corrected."""
    return tuple(name for name, label in _marked(event, Label) if not label.derived)


@cache
def matter_field(event: type[Event]) -> str | None:
    """The field that names the matter of an event, if it has one."""
    return next((name for name, _ in _marked(event, MatterId)), None)


@cache
def own_end_field(event: type[Event]) -> str | None:
    """The field with the day on which the matter of an event ends by itself, if it has one."""
    return next((name for name, _ in _marked(event, OwnEnd)), None)


@cache
def day_field(event: type[Event]) -> str | None:
    """The field with the day that an event is about: its first date."""
    return next((n for n, f in event.model_fields.items() if f.annotation is date), None)


def day_of(event: Event) -> date | None:
    """The day that an event is about."""
    name = day_field(type(event))
    day: date | None = getattr(event, name) if name else None
    return day


def as_it_should_read(event: V, changes: Mapping[str, Any]) -> V:
    """An event with these fields changed; Refused if a field cannot have the value."""
    fields = {**event.model_dump(mode="json"), **changes}
    try:
        return type(event).model_validate(fields)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        name = where.partition(".")[0]
        empty = first["input"] is None
        raise Refused(
            "correction.value-malformed",
            label=labels(type(event)).get(name, Bilingual(zh=name, en=name)),
            field=where,
            value=Bilingual(zh="空", en="empty") if empty else str(first["input"]),
            problem=first["msg"],
        ) from problem


def _marked(event: type[Event], kind: type[M]) -> Iterable[tuple[str, M]]:
    for name, field in event.model_fields.items():
        if mark := _mark(field, kind):
            yield name, mark


def _mark(field: FieldInfo, kind: type[M]) -> M | None:
    nested = (mark for part in get_args(field.annotation) for mark in _nested(part))
    return next((mark for mark in (*field.metadata, *nested) if isinstance(mark, kind)), None)


def _nested(annotation: Any) -> Iterable[Any]:
    return getattr(annotation, "__metadata__", ())
