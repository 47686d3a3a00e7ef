"""Programmes over HTTP: commands, and the board of each year's items with their progress."""

from datetime import date
from typing import Annotated

from fastapi import Query

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import (
    LIT_PROBLEMS,
    READ_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    not_there,
    unfit,
)
from api.http.policies import policy_asked
from api.http.timelines import add_timeline
from domain.kernel.ids import Id, JurisdictionId
from domain.programme.drafting import (
    AdoptProgramme,
    AnnulProgrammeEntry,
    CloseProgramme,
    DraftProgramme,
    RecordConsultation,
)
from domain.programme.items import (
    AddProgrammeItem,
    AssignItemTasks,
    DropProgrammeItem,
    ReviseProgrammeItem,
)
from domain.programme.state import Programme
from projections import programmes
from projections.engine.shape import Shape
from projections.programmes import ConsultationView, ProgrammeItemView, ProgrammeView

COMMANDS = (
    CommandRoute(
        "", "programmes.draft", DraftProgramme, "起草年度攻坚事项 · Draft a year's programme"
    ),
    CommandRoute(
        "/{programme}/consultations",
        "programmes.record-consultation",
        RecordConsultation,
        "记录征求意见 · Record a public consultation",
    ),
    CommandRoute(
        "/{programme}/adoptions",
        "programmes.adopt",
        AdoptProgramme,
        "确定攻坚事项 · Adopt a programme",
    ),
    CommandRoute(
        "/{programme}/closures",
        "programmes.close",
        CloseProgramme,
        "办结攻坚事项 · Close a programme",
    ),
    CommandRoute(
        "/{programme}/annulments",
        "programmes.annul",
        AnnulProgrammeEntry,
        "撤销条目 · Annul an entry of a programme",
    ),
    CommandRoute(
        "/{programme}/items", "programmes.add-item", AddProgrammeItem, "添加事项 · Add an item"
    ),
    CommandRoute(
        "/{programme}/item-revisions",
        "programmes.revise-item",
        ReviseProgrammeItem,
        "调整事项 · Revise an item",
    ),
    CommandRoute(
        "/{programme}/item-removals",
        "programmes.drop-item",
        DropProgrammeItem,
        "移出事项 · Drop an item with its reason",
    ),
    CommandRoute(
        "/{programme}/tasks",
        "programmes.assign-tasks",
        AssignItemTasks,
        "就事项交办任务 · Assign tasks for an item",
    ),
)
router = command_router("/api/v1/programmes", "补短板 Programmes", COMMANDS)


class ProgrammeInFull(Shape):
    """A programme with its items and consultations."""

    programme: ProgrammeView
    items: list[ProgrammeItemView]
    consultations: list[ConsultationView]
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
) -> Listing[ProgrammeView]:
    """Programmes of the city and its districts, by year."""
    if key is not None and not (key[0].isascii() and key[0].isdigit() and len(key[0]) <= 4):
        raise unfit("cursor", "parameter.foreign-cursor")
    with reading.view() as view:
        found = programmes.programmes(
            view,
            effective=reading.effective,
            jurisdiction=jurisdiction,
            year=year,
            after=key,
            limit=limit + 1,
        )
        return reading.page(view, found, limit, key=lambda each: (str(each.year), each.programme))


@router.get(
    "/{programme}",
    operation_id="programmes.get",
    summary="一个年度攻坚事项 · One programme",
    responses=LIT_PROBLEMS,
)
def get_programme(programme: Id, reading: TheReading) -> ProgrammeInFull:
    """The programme on the day, with the progress and light of each item."""
    day = reading.effective
    with reading.view() as view:
        found = programmes.programmes(view, effective=day, programme=programme, limit=1)
        if not found:
            raise not_there(f"programme:{programme}", day)
        reading.tag(view, f"programme:{programme}")
        policy = policy_asked(reading, view)
        return ProgrammeInFull(
            programme=found[0],
            items=programmes.items(view, policy, programme, effective=day),
            consultations=programmes.consultations(view, programme, effective=day),
            effective=day,
            position=view.stands_at,
        )


add_timeline(
    router,
    "/{programme}/timeline",
    "programmes.timeline",
    Programme,
    "攻坚事项大事记 · A programme's timeline",
)
