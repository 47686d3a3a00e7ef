"""Partnerships over HTTP: agreements, needs, resources, projects, feedback, appraisals and
facilities; commands and reads."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.http.kernel.command_routes import CommandRoute, command_router
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
from api.http.timelines import add_timeline
from domain.kernel.ids import CommunityId, Id, JurisdictionId, UnitId
from domain.partnership.agreement import (
    AnnulPartnershipEntry,
    CorrectPartnershipEntry,
    EndAgreement,
    RenewAgreement,
    SignAgreement,
)
from domain.partnership.events import Side
from domain.partnership.exchange import (
    AppraisePartner,
    CloseFacility,
    CloseNeed,
    GiveFeedback,
    OfferResource,
    OpenFacility,
    StateNeed,
    WithdrawResource,
)
from domain.partnership.project import (
    ClaimProject,
    DeliverProject,
    DropProject,
    EvaluateProject,
    ListProject,
    ReleaseProject,
)
from domain.partnership.state import Partnership
from projections import partnerships
from projections.engine.shape import Shape
from projections.partnerships import (
    ExchangeView,
    Filter,
    ItemKind,
    ItemStatus,
    PartnershipItemView,
    PartnershipView,
)

COMMANDS = (
    CommandRoute(
        "", "partnerships.sign", SignAgreement, "签订共建协议 · Sign a partnership agreement"
    ),
    CommandRoute(
        "/{partnership}/renewals", "partnerships.renew", RenewAgreement, "续签 · Renew an agreement"
    ),
    CommandRoute(
        "/{partnership}/ends", "partnerships.end", EndAgreement, "终止共建 · End an agreement"
    ),
    CommandRoute(
        "/{partnership}/needs", "partnerships.state-need", StateNeed, "提出需求 · State a need"
    ),
    CommandRoute(
        "/{partnership}/need-closings",
        "partnerships.close-need",
        CloseNeed,
        "需求办结 · Close a need",
    ),
    CommandRoute(
        "/{partnership}/resources",
        "partnerships.offer-resource",
        OfferResource,
        "提供资源 · Offer a resource",
    ),
    CommandRoute(
        "/{partnership}/resource-withdrawals",
        "partnerships.withdraw-resource",
        WithdrawResource,
        "撤回资源 · Withdraw a resource",
    ),
    CommandRoute(
        "/{partnership}/projects",
        "partnerships.list-project",
        ListProject,
        "列入共建项目 · List a project",
    ),
    CommandRoute(
        "/{partnership}/project-claims",
        "partnerships.claim-project",
        ClaimProject,
        "认领项目 · Claim a project",
    ),
    CommandRoute(
        "/{partnership}/project-releases",
        "partnerships.release-project",
        ReleaseProject,
        "放弃认领 · Give up a claimed project",
    ),
    CommandRoute(
        "/{partnership}/project-deliveries",
        "partnerships.deliver-project",
        DeliverProject,
        "项目完成 · Deliver a project",
    ),
    CommandRoute(
        "/{partnership}/project-evaluations",
        "partnerships.evaluate-project",
        EvaluateProject,
        "项目评价 · Evaluate a project",
    ),
    CommandRoute(
        "/{partnership}/project-drops",
        "partnerships.drop-project",
        DropProject,
        "取消项目 · Drop a project",
    ),
    CommandRoute(
        "/{partnership}/feedback",
        "partnerships.give-feedback",
        GiveFeedback,
        "沟通反馈 · Give feedback to the partner",
    ),
    CommandRoute(
        "/{partnership}/appraisals",
        "partnerships.appraise",
        AppraisePartner,
        "考核评价 · Appraise the partner",
    ),
    CommandRoute(
        "/{partnership}/facilities",
        "partnerships.open-facility",
        OpenFacility,
        "设施向居民开放 · Open a facility to residents",
    ),
    CommandRoute(
        "/{partnership}/facility-closings",
        "partnerships.close-facility",
        CloseFacility,
        "设施停止开放 · Close a facility to residents",
    ),
    CommandRoute(
        "/{partnership}/corrections",
        "partnerships.correct",
        CorrectPartnershipEntry,
        "更正条目 · Correct an entry",
    ),
    CommandRoute(
        "/{partnership}/annulments",
        "partnerships.annul",
        AnnulPartnershipEntry,
        "撤销条目 · Annul an entry",
    ),
)
router = command_router("/api/v1", "共建 Partnerships", COMMANDS, under="/partnerships")


class PartnershipInFull(Shape):
    """A partnership with its items and its exchanges in both directions (四个双向)."""

    partnership: PartnershipView
    items: list[PartnershipItemView]
    exchanges: list[ExchangeView] = Field(description="What is missing here has not happened.")
    effective: date
    position: int


@router.get(
    "/partnerships",
    operation_id="partnerships.list",
    summary="共建单位 · List partnerships",
    responses=READ_PROBLEMS,
)
def list_partnerships(
    reading: TheReading,
    key: TheKey,
    community: Annotated[CommunityId | None, Query()] = None,
    subdistrict: Annotated[JurisdictionId | None, Query()] = None,
    unit: Annotated[UnitId | None, Query()] = None,
    unit_name: Annotated[Text | None, Query()] = None,
    in_force: Annotated[bool | None, Query(description="Whether it holds on the day.")] = None,
    limit: Limit = 50,
) -> Listing[PartnershipView]:
    """Partnerships on the day by the unit's name; `subdistrict` includes its communities'."""
    with reading.view() as view:
        found = partnerships.partnerships(
            view,
            effective=reading.effective,
            where=Filter(community, subdistrict, unit, unit_name or None, in_force),
            after=key,
            limit=limit + 1,
        )
        return reading.page(view, found, limit, key=lambda each: (each.unit_name, each.partnership))


@router.get(
    "/partnership-items",
    operation_id="partnerships.items",
    summary="共建看板 · The partnership board",
    responses=READ_PROBLEMS,
)
def list_items(
    reading: TheReading,
    key: TheKey,
    kind: Annotated[ItemKind | None, Query()] = None,
    status: Annotated[ItemStatus | None, Query()] = None,
    by_side: Annotated[Side | None, Query()] = None,
    overdue: Annotated[bool | None, Query()] = None,
    community: Annotated[CommunityId | None, Query()] = None,
    subdistrict: Annotated[JurisdictionId | None, Query()] = None,
    unit: Annotated[UnitId | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[PartnershipItemView]:
    """Needs, resources, projects and other items with their status on the day, oldest first."""
    with reading.view() as view:
        found = partnerships.items(
            view,
            effective=reading.effective,
            kind=kind,
            status=status,
            by_side=by_side,
            overdue=overdue,
            where=Filter(community, subdistrict, unit),
            after=day_of_key(key),
            limit=limit + 1,
        )
        return reading.page(view, found, limit, key=lambda each: each.key)


@router.get(
    "/partnerships/{partnership}",
    operation_id="partnerships.get",
    summary="一项共建 · One partnership",
    responses=READ_PROBLEMS,
)
def get_partnership(partnership: Id, reading: TheReading) -> PartnershipInFull:
    """The partnership on the day, with its items and the four exchanges of that year."""
    with reading.view() as view:
        found = partnerships.partnership(view, partnership, effective=reading.effective)
        if found is None:
            raise not_there(f"partnership:{partnership}", reading.effective)
        reading.tag(view, f"partnership:{partnership}")
        return PartnershipInFull(
            partnership=found,
            items=partnerships.items(
                view, effective=reading.effective, where=Filter(partnership=partnership)
            ),
            exchanges=partnerships.exchanges(view, partnership, effective=reading.effective),
            effective=reading.effective,
            position=view.stands_at,
        )


add_timeline(
    router,
    "/partnerships/{partnership}/timeline",
    "partnerships.timeline",
    Partnership,
    "共建大事记 · A partnership's timeline",
)
