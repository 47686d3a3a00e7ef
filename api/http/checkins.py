"""Check-ins over HTTP: participants, pledges, services, feedback, opinions."""

from datetime import date
from typing import Annotated

from fastapi import Query

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.problem_kinds import problems
from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    Text,
    TheKey,
    TheReading,
    day_of_key,
    not_there,
)
from api.http.policies import policy_asked
from api.http.timelines import add_timeline
from domain.checkin.events import ParticipantKind
from domain.checkin.opinion import AskOpinion, GiveOpinion
from domain.checkin.presence import (
    AnnulCheckInEntry,
    CorrectCheckInEntry,
    RecordCheckIn,
    RecordCheckOut,
)
from domain.checkin.service import FulfilPledge, MakePledge, RecordService, SendFeedback
from domain.checkin.state import CheckIn
from domain.kernel.ids import CommunityId, Id, UnitId
from projections import checkins
from projections.checkins import (
    CheckInItemView,
    CheckInView,
    FeedbackPeriodView,
    FeedbackStatus,
    Filter,
    ItemKind,
    ItemStatus,
    Presence,
)
from projections.engine.shape import Shape

COMMANDS = (
    CommandRoute("", "checkins.check-in", RecordCheckIn, "报到 · Record a check-in"),
    CommandRoute(
        "/{checkin}/check-outs",
        "checkins.check-out",
        RecordCheckOut,
        "结束报到 · Record a check-out",
    ),
    CommandRoute("/{checkin}/pledges", "checkins.pledge", MakePledge, "作出承诺 · Record a pledge"),
    CommandRoute(
        "/{checkin}/pledge-fulfilments",
        "checkins.fulfil-pledge",
        FulfilPledge,
        "承诺兑现 · Record a pledge as fulfilled",
    ),
    CommandRoute(
        "/{checkin}/services",
        "checkins.serve",
        RecordService,
        "服务社区 · Record a service to the community",
    ),
    CommandRoute(
        "/{checkin}/feedback",
        "checkins.send-feedback",
        SendFeedback,
        "向所在单位反馈 · Record feedback to the work unit",
    ),
    CommandRoute(
        "/{checkin}/opinion-requests",
        "checkins.ask-opinion",
        AskOpinion,
        "征求社区意见 · Ask for the community's opinion",
    ),
    CommandRoute(
        "/{checkin}/opinions",
        "checkins.give-opinion",
        GiveOpinion,
        "提出社区意见 · Give the community's opinion",
    ),
    CommandRoute(
        "/{checkin}/corrections",
        "checkins.correct",
        CorrectCheckInEntry,
        "更正条目 · Correct an entry",
    ),
    CommandRoute(
        "/{checkin}/annulments", "checkins.annul", AnnulCheckInEntry, "撤销条目 · Annul an entry"
    ),
)
router = command_router("/api/v1/check-ins", "报到 Check-ins", COMMANDS)


class CheckInInFull(Shape):
    """A check-in with its items and the feedback to its unit."""

    checkin: CheckInView
    items: list[CheckInItemView]
    effective: date
    position: int


@router.get(
    "", operation_id="checkins.list", summary="报到名册 · List check-ins", responses=READ_PROBLEMS
)
def list_check_ins(
    reading: TheReading,
    key: TheKey,
    community: Annotated[CommunityId | None, Query()] = None,
    participant: Annotated[ParticipantKind | None, Query()] = None,
    status: Annotated[Presence | None, Query()] = None,
    unit: Annotated[UnitId | None, Query()] = None,
    unit_name: Annotated[Text | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[CheckInView]:
    """Check-ins on the day, ordered by the unit's name."""
    with reading.view() as view:
        found = checkins.check_ins(
            view,
            effective=reading.effective,
            where=Filter(community, participant, unit, unit_name or None, status),
            after=key,
            limit=limit + 1,
        )
        return reading.page(view, found, limit, key=lambda each: (each.unit_name, each.checkin))


@router.get(
    "/items",
    operation_id="checkins.items",
    summary="承诺、服务与征求意见 · Pledges, services and opinions",
    responses=READ_PROBLEMS,
)
def list_items(
    reading: TheReading,
    key: TheKey,
    kind: Annotated[ItemKind | None, Query()] = None,
    status: Annotated[ItemStatus | None, Query()] = None,
    overdue: Annotated[bool | None, Query()] = None,
    community: Annotated[CommunityId | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[CheckInItemView]:
    """Items with their status on the day, oldest first."""
    with reading.view() as view:
        found = checkins.items(
            view,
            effective=reading.effective,
            kind=kind,
            item_status=status,
            overdue=overdue,
            where=Filter(community),
            after=day_of_key(key),
            limit=limit + 1,
        )
        return reading.page(view, found, limit, key=lambda each: each.key)


@router.get(
    "/feedback",
    operation_id="checkins.feedback",
    summary="反馈情况 · Feedback sent, due and overdue",
    responses={**READ_PROBLEMS, **problems("refused")},
)
def list_feedback(
    reading: TheReading,
    key: TheKey,
    status: Annotated[FeedbackStatus | None, Query()] = None,
    community: Annotated[CommunityId | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[FeedbackPeriodView]:
    """The calendar periods of all check-ins up to the day, and whether feedback was sent."""
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = checkins.feedback(
            view,
            policy.checkins.feedback_per,
            effective=reading.effective,
            status=status,
            where=Filter(community),
        )
        later = [each for each in found if key is None or each.key > key]
        return reading.page(view, later, limit, key=lambda each: each.key)


@router.get(
    "/{checkin}",
    operation_id="checkins.get",
    summary="一项报到 · One check-in",
    responses=READ_PROBLEMS,
)
def get_check_in(checkin: Id, reading: TheReading) -> CheckInInFull:
    """The check-in on the day, with its items."""
    with reading.view() as view:
        found = checkins.check_in(view, checkin, effective=reading.effective)
        if found is None:
            raise not_there(f"checkin:{checkin}", reading.effective)
        reading.tag(view, f"checkin:{checkin}")
        return CheckInInFull(
            checkin=found,
            items=checkins.items(view, effective=reading.effective, where=Filter(checkin=checkin)),
            effective=reading.effective,
            position=view.stands_at,
        )


add_timeline(
    router,
    "/{checkin}/timeline",
    "checkins.timeline",
    CheckIn,
    "报到大事记 · A check-in's timeline",
)
