"""The programme board over HTTP: what is taken on each year, how far each item is. Reads only."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.http.kernel.reading import (
    LIT_PROBLEMS,
    READ_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    unfit,
)
from api.http.policies import policy_asked
from api.http.timelines import TimelineLine, timeline_of
from domain.kernel.ids import Id, JurisdictionId
from domain.kernel.refusal import NotOnRecord
from domain.task.lights import Light
from projections import programmes
from projections.programmes import ProgrammeItemView

router = APIRouter(prefix="/api/v1/programmes", tags=["补短板 Programmes"])


class ProgrammeShown(BaseModel):
    """A programme on the asked day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    programme: str
    jurisdiction: str
    jurisdiction_name: str | None
    year: int
    title: str
    of_city: bool
    standing: Literal["draft", "adopted", "closed"]
    drafted_on: date
    adopted_on: date | None
    closed_on: date | None
    summary: str | None
    items: int = Field(description="Items that were not dropped.")
    done: int = Field(description="Those of which all tasks are closed out.")
    position: int


class ItemShown(BaseModel):
    """An item as it was stated on the asked day, with its tasks in figures and its light."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    programme: str
    item: str
    version: int
    added_on: date
    title: str
    description: str | None
    focus: str | None
    unit: str
    person: str
    due_on: date
    reason: str | None = Field(description="Why it was revised.")
    dropped_on: date | None
    dropped_for: str | None
    tasks: int
    tasks_open: int
    tasks_closed: int
    percent: int = Field(description="The average of its tasks.")
    done: bool
    position: int
    light: Light


class ConsultationShown(BaseModel):
    """A public consultation, and what came of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    programme: str
    version: int
    consulted_from: date
    consulted_until: date
    replies: int
    summary: str
    position: int


class ProgrammeInFull(BaseModel):
    """A programme with its items and consultations."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    programme: ProgrammeShown
    items: list[ItemShown]
    consultations: list[ConsultationShown]
    effective: date
    position: int


@router.get(
    "",
    operation_id="programmes.list",
    summary="补短板看板 · The programme board",
    responses=READ_PROBLEMS,
)
def list_programmes(
    reading: TheReading,
    key: TheKey,
    jurisdiction: Annotated[JurisdictionId | None, Query()] = None,
    year: Annotated[int | None, Query(ge=1950, le=2200)] = None,
    limit: Limit = 50,
) -> Listing[ProgrammeShown]:
    """Programmes of the city and of districts, by year."""
    if key is not None and not (key[0].isascii() and key[0].isdigit() and len(key[0]) <= 4):
        raise unfit(
            "cursor",
            "is none that this list gave; begin again without it",
            "不是本列表给出的游标；请去掉该参数，从头查询",
        )
    with reading.view() as view:
        found = programmes.programmes(
            view,
            effective=reading.effective,
            jurisdiction=jurisdiction,
            year=year,
            after=key,
            limit=limit + 1,
        )
        return reading.page(
            view, ProgrammeShown, found, limit, key=lambda each: (str(each.year), each.programme)
        )


@router.get(
    "/{programme}",
    operation_id="programmes.get",
    summary="一个年度攻坚事项 · One programme",
    responses=LIT_PROBLEMS,
)
def get_programme(programme: Id, reading: TheReading) -> ProgrammeInFull:
    """The programme on the day, with the progress and the light of each item."""
    day = reading.effective
    with reading.view() as view:
        found = programmes.programmes(view, effective=day, programme=programme, limit=1)
        if not found:
            raise NotOnRecord(
                f"There is no programme {programme} on {day}; check its id and the day.",
                f"{day} 没有编号为 {programme} 的年度攻坚事项；请核对编号与日期。",
            )
        reading.tag(view, f"programme:{programme}")
        policy = policy_asked(reading, view)
        items = programmes.items(view, policy, programme, effective=day)
        consulted = programmes.consultations(view, programme, effective=day)
        return ProgrammeInFull(
            programme=ProgrammeShown.model_validate(found[0]._asdict()),
            items=[_item(each) for each in items],
            consultations=[ConsultationShown.model_validate(c._asdict()) for c in consulted],
            effective=day,
            position=view.stands_at,
        )


@router.get(
    "/{programme}/timeline",
    operation_id="programmes.timeline",
    summary="攻坚事项大事记 · A programme's timeline",
    responses=READ_PROBLEMS,
)
def programme_timeline(
    programme: Id, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TimelineLine]:
    """What happened to the programme, in the order of the days it is about."""
    return timeline_of(reading, f"programme:{programme}", key, limit)


def _item(found: ProgrammeItemView) -> ItemShown:
    return ItemShown.model_validate(found._asdict())
