"""Partnerships over HTTP: agreements, needs, resources, projects, feedback, appraisals, facilities.

What is read of them is in api/http/partnership_board.py.
"""

from fastapi import APIRouter

from api.http.kernel.requests import Statement, TheDoor, states
from domain.kernel.ids import Id, derive_id
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
from record.store.entry import Receipt

router = APIRouter(prefix="/api/v1/partnerships", tags=["共建 Partnerships"])


@states(router, "", "partnerships.sign")
def sign(statement: Statement[SignAgreement], door: TheDoor) -> Receipt:
    """签订共建协议 · Sign a partnership agreement"""
    partnership = derive_id("partnership", door.key)
    return door.carry_out(
        _stream(partnership), statement, location=f"{router.prefix}/{partnership}"
    )


@states(router, "/{partnership}/renewals", "partnerships.renew")
def renew(partnership: Id, statement: Statement[RenewAgreement], door: TheDoor) -> Receipt:
    """续签 · Renew an agreement"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/ends", "partnerships.end")
def end(partnership: Id, statement: Statement[EndAgreement], door: TheDoor) -> Receipt:
    """终止共建 · End an agreement"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/needs", "partnerships.state-need")
def state_need(partnership: Id, statement: Statement[StateNeed], door: TheDoor) -> Receipt:
    """提出需求 · State a need"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/need-closings", "partnerships.close-need")
def close_need(partnership: Id, statement: Statement[CloseNeed], door: TheDoor) -> Receipt:
    """需求办结 · Close a need"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/resources", "partnerships.offer-resource")
def offer_resource(partnership: Id, statement: Statement[OfferResource], door: TheDoor) -> Receipt:
    """提供资源 · Offer a resource"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/resource-withdrawals", "partnerships.withdraw-resource")
def withdraw_resource(
    partnership: Id, statement: Statement[WithdrawResource], door: TheDoor
) -> Receipt:
    """撤回资源 · Withdraw a resource"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/projects", "partnerships.list-project")
def list_project(partnership: Id, statement: Statement[ListProject], door: TheDoor) -> Receipt:
    """列入共建项目 · List a project"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/project-claims", "partnerships.claim-project")
def claim_project(partnership: Id, statement: Statement[ClaimProject], door: TheDoor) -> Receipt:
    """认领项目 · Claim a project"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/project-releases", "partnerships.release-project")
def release_project(
    partnership: Id, statement: Statement[ReleaseProject], door: TheDoor
) -> Receipt:
    """放弃认领 · Give a claimed project up"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/project-deliveries", "partnerships.deliver-project")
def deliver_project(
    partnership: Id, statement: Statement[DeliverProject], door: TheDoor
) -> Receipt:
    """项目完成 · Deliver a project"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/project-evaluations", "partnerships.evaluate-project")
def evaluate_project(
    partnership: Id, statement: Statement[EvaluateProject], door: TheDoor
) -> Receipt:
    """项目评价 · Evaluate a project"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/project-drops", "partnerships.drop-project")
def drop_project(partnership: Id, statement: Statement[DropProject], door: TheDoor) -> Receipt:
    """取消项目 · Drop a project"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/feedback", "partnerships.give-feedback")
def give_feedback(partnership: Id, statement: Statement[GiveFeedback], door: TheDoor) -> Receipt:
    """沟通反馈 · Give feedback to the partner"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/appraisals", "partnerships.appraise")
def appraise(partnership: Id, statement: Statement[AppraisePartner], door: TheDoor) -> Receipt:
    """考核评价 · Appraise the partner"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/facilities", "partnerships.open-facility")
def open_facility(partnership: Id, statement: Statement[OpenFacility], door: TheDoor) -> Receipt:
    """设施向居民开放 · Open a facility to residents"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/facility-closings", "partnerships.close-facility")
def close_facility(partnership: Id, statement: Statement[CloseFacility], door: TheDoor) -> Receipt:
    """设施停止开放 · Close a facility to residents"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/corrections", "partnerships.correct")
def correct(
    partnership: Id, statement: Statement[CorrectPartnershipEntry], door: TheDoor
) -> Receipt:
    """更正条目 · Correct an entry"""
    return door.carry_out(_stream(partnership), statement)


@states(router, "/{partnership}/annulments", "partnerships.annul")
def annul(partnership: Id, statement: Statement[AnnulPartnershipEntry], door: TheDoor) -> Receipt:
    """撤销条目 · Annul an entry"""
    return door.carry_out(_stream(partnership), statement)


def _stream(partnership: str) -> str:
    return f"partnership:{partnership}"
