"""Partnerships over HTTP: agreements, needs, resources, projects, feedback, appraisals, facilities.

What is read of them is in api/http/partnership_board.py.
"""

from api.http.kernel.command_routes import CommandRoute, command_router
from domain.partnership.agreement import (
    AnnulPartnershipEntry,
    CorrectPartnershipEntry,
    EndAgreement,
    RenewAgreement,
    SignAgreement,
)
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
        "放弃认领 · Give a claimed project up",
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
router = command_router("/api/v1/partnerships", "共建 Partnerships", COMMANDS)
