"""Officials over HTTP: names and posts, as of any day and as known at any moment."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    Text,
    TheKey,
    TheReading,
    not_there,
)
from api.http.timelines import add_timeline
from domain.kernel.ids import JurisdictionId, PersonId, UnitId
from domain.person.corrections import (
    AnnulPersonEntry,
    CorrectPersonName,
    CorrectPost,
    CorrectPostEnd,
)
from domain.person.registration import (
    DistinguishPerson,
    LeavePost,
    RegisterPerson,
    RenamePerson,
    TakePost,
)
from domain.person.state import Person
from projections import people
from projections.people import PersonFilter, PersonPeriodsView, PersonView

COMMANDS = (
    CommandRoute("", "people.register", RegisterPerson, "登记人员 · Register an official"),
    CommandRoute("/{person}/names", "people.rename", RenamePerson, "更名 · Change a name"),
    CommandRoute(
        "/{person}/distinctions",
        "people.distinguish",
        DistinguishPerson,
        "区分同名者 · Tell namesakes apart",
    ),
    CommandRoute("/{person}/posts", "people.take-post", TakePost, "任职 · Take a post"),
    CommandRoute("/{person}/departures", "people.leave-post", LeavePost, "卸任 · Leave a post"),
    CommandRoute(
        "/{person}/name-corrections",
        "people.correct-name",
        CorrectPersonName,
        "更正姓名 · Correct a name",
    ),
    CommandRoute(
        "/{person}/post-corrections",
        "people.correct-post",
        CorrectPost,
        "更正职务 · Correct a post",
    ),
    CommandRoute(
        "/{person}/departure-corrections",
        "people.correct-departure",
        CorrectPostEnd,
        "更正卸任日期 · Correct the day of leaving",
    ),
    CommandRoute(
        "/{person}/annulments", "people.annul", AnnulPersonEntry, "撤销条目 · Annul an entry"
    ),
)
router = command_router("/api/v1/people", "人员 Officials", COMMANDS)


def narrowed(
    status: Annotated[
        Literal["in-office", "any"],
        Query(description="`any` also shows those without a post on the day."),
    ] = "in-office",
    unit: Annotated[UnitId | None, Query(description="With a post in this unit.")] = None,
    superior: Annotated[
        UnitId | None, Query(description="With a post in a unit directly under this one.")
    ] = None,
    jurisdiction: Annotated[
        JurisdictionId | None, Query(description="With a post in a unit that belongs to it.")
    ] = None,
    within: Annotated[
        JurisdictionId | None,
        Query(description="With a post in a unit that belongs to it or to one below it."),
    ] = None,
    q: Annotated[
        Text | None, Query(description="A part of the name, or its pinyin initials.")
    ] = None,
) -> PersonFilter:
    """The filters of a list of officials."""
    return PersonFilter(
        unit=unit,
        superior=superior,
        jurisdiction=jurisdiction,
        within=within,
        q=q,
        any=status == "any",
    )


@router.get(
    "",
    operation_id="people.list",
    summary="人员列表 · List officials",
    responses=READ_PROBLEMS,
)
def list_people(
    where: Annotated[PersonFilter, Depends(narrowed)],
    reading: TheReading,
    key: TheKey,
    limit: Limit = 50,
) -> Listing[PersonView]:
    """Officials on a day, with the posts that they hold, ordered by name."""
    with reading.view() as view:
        found = people.people(
            view, effective=reading.effective, where=where, after=key, limit=limit + 1
        )
        return reading.page(view, found, limit, key=lambda each: (each.name, each.person))


@router.get(
    "/{person}",
    operation_id="people.get",
    summary="人员概况 · One official",
    responses=READ_PROBLEMS,
)
def get_person(person: PersonId, reading: TheReading) -> PersonView:
    """The official's name and posts on a day. The ETag is the version."""
    with reading.view() as view:
        found = people.person(view, person, effective=reading.effective)
        reading.tag(view, f"person:{person}")
    if found is None:
        raise not_there(f"person:{person}")
    return found


@router.get(
    "/{person}/periods",
    operation_id="people.periods",
    summary="人员履历 · An official's names and posts",
    responses=READ_PROBLEMS,
)
def list_periods(person: PersonId, reading: TheReading) -> PersonPeriodsView:
    """All names and posts of the official, whenever held."""
    with reading.view() as view:
        found = people.periods(view, person, effective=reading.effective)
    if found is None:
        raise not_there(f"person:{person}")
    return found


add_timeline(
    router, "/{person}/timeline", "people.timeline", Person, "人员大事记 · An official's timeline"
)
