"""Exemplars over HTTP: commands and reads."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    day_of_key,
    not_there,
)
from api.http.timelines import add_timeline
from domain.exemplar.nomination import (
    AnnulExemplarEntry,
    CorrectExemplarEntry,
    DeclineExemplar,
    DesignateExemplar,
    NominateExemplar,
    ShareExperience,
    WithdrawExemplar,
)
from domain.exemplar.state import Exemplar
from domain.kernel.ids import CommunityId, Id, TypeSlug
from projections import exemplars, register
from projections.engine.shape import Shape
from projections.exemplars import ExemplarStatus, ExemplarView, Filter
from projections.register import NamedCommunityView

COMMANDS = (
    CommandRoute("", "exemplars.nominate", NominateExemplar, "推荐先进典型 · Nominate an exemplar"),
    CommandRoute(
        "/{exemplar}/declinations",
        "exemplars.decline",
        DeclineExemplar,
        "不予选树 · Decline a nomination",
    ),
    CommandRoute(
        "/{exemplar}/designations",
        "exemplars.designate",
        DesignateExemplar,
        "选树先进典型 · Designate an exemplar",
    ),
    CommandRoute(
        "/{exemplar}/sharings",
        "exemplars.share",
        ShareExperience,
        "分享经验 · Record that experience was shared",
    ),
    CommandRoute(
        "/{exemplar}/withdrawals",
        "exemplars.withdraw",
        WithdrawExemplar,
        "撤出典型 · Withdraw an exemplar",
    ),
    CommandRoute(
        "/{exemplar}/corrections",
        "exemplars.correct",
        CorrectExemplarEntry,
        "更正条目 · Correct an entry",
    ),
    CommandRoute(
        "/{exemplar}/annulments", "exemplars.annul", AnnulExemplarEntry, "撤销条目 · Annul an entry"
    ),
)
router = command_router("/api/v1/exemplars", "典型 Exemplars", COMMANDS)


class SharingView(Shape):
    """An occasion on which an exemplar shared its experience."""

    shared_on: date
    topic: str
    content: str | None
    audience: int | None
    reached: list[NamedCommunityView] = Field(description="The communities that it reached.")
    position: int


class ExemplarInFull(Shape):
    """An exemplar with the occasions on which it shared its experience."""

    exemplar: ExemplarView
    sharings: list[SharingView]
    effective: date
    position: int


@router.get(
    "", operation_id="exemplars.list", summary="先进典型 · List exemplars", responses=READ_PROBLEMS
)
def list_exemplars(
    reading: TheReading,
    key: TheKey,
    type: Annotated[TypeSlug | None, Query()] = None,
    status: Annotated[ExemplarStatus | None, Query()] = None,
    community: Annotated[CommunityId | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[ExemplarView]:
    """Exemplars with their status on the day, in the order of nomination."""
    with reading.view() as view:
        found = exemplars.exemplars(
            view,
            effective=reading.effective,
            where=Filter(type, status, community),
            after=day_of_key(key),
            limit=limit + 1,
        )
        return reading.page(
            view,
            found,
            limit,
            key=lambda each: (each.nominated_on.isoformat(), each.exemplar),
        )


@router.get(
    "/{exemplar}",
    operation_id="exemplars.get",
    summary="一个典型 · One exemplar",
    responses=READ_PROBLEMS,
)
def get_exemplar(exemplar: Id, reading: TheReading) -> ExemplarInFull:
    """The exemplar on the day, with the experience shared by then."""
    with reading.view() as view:
        found = exemplars.exemplar(view, exemplar, effective=reading.effective)
        if found is None:
            raise not_there(f"exemplar:{exemplar}", reading.effective)
        reading.tag(view, f"exemplar:{exemplar}")
        shared = exemplars.sharings(view, exemplar, effective=reading.effective)
        names = register.names(
            view, [(id, each.shared_on) for each in shared for id in each.reached]
        )
        return ExemplarInFull(
            exemplar=found,
            sharings=[
                SharingView(
                    shared_on=each.shared_on,
                    topic=each.topic,
                    content=each.content,
                    audience=each.audience,
                    reached=[
                        NamedCommunityView(
                            community=id, community_name=names.get((id, each.shared_on))
                        )
                        for id in each.reached
                    ],
                    position=each.position,
                )
                for each in shared
            ],
            effective=reading.effective,
            position=view.stands_at,
        )


add_timeline(
    router,
    "/{exemplar}/timeline",
    "exemplars.timeline",
    Exemplar,
    "典型大事记 · An exemplar's timeline",
)
