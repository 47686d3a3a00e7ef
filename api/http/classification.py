"""Profiles, classification and dynamic reclassification over HTTP.

What is read of them is in api/http/worklist.py.
"""

from fastapi import APIRouter

from api.http.kernel.requests import Statement, TheDoor, states
from domain.community.classification import (
    AnnulClassification,
    ClassifyCommunity,
    CorrectClassification,
    RepealClassification,
    SetFeatures,
    SetSubtype,
)
from domain.community.profile import CorrectProfile, SurveyProfile
from domain.community.reclassification import (
    ApproveReclassification,
    EndorseReclassification,
    ProposeReclassification,
    RejectReclassification,
    ReturnReclassification,
    ReviseReclassification,
    WithdrawReclassification,
)
from domain.kernel.ids import CommunityId
from record.store.entry import Receipt

router = APIRouter(prefix="/api/v1/communities", tags=["分类 Classification"])


@states(router, "/{community}/surveys", "communities.survey")
def survey(community: CommunityId, statement: Statement[SurveyProfile], door: TheDoor) -> Receipt:
    """记录调查 · Record a profile survey"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/survey-corrections", "communities.correct-survey")
def correct_survey(
    community: CommunityId, statement: Statement[CorrectProfile], door: TheDoor
) -> Receipt:
    """更正调查 · Correct a survey"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/classifications", "communities.classify")
def classify(
    community: CommunityId, statement: Statement[ClassifyCommunity], door: TheDoor
) -> Receipt:
    """划分类型 · Classify a community"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/subtypes", "communities.set-subtype")
def set_subtype(community: CommunityId, statement: Statement[SetSubtype], door: TheDoor) -> Receipt:
    """设定子类型 · Set a subtype"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/features", "communities.set-features")
def set_features(
    community: CommunityId, statement: Statement[SetFeatures], door: TheDoor
) -> Receipt:
    """设定次要特征 · Set secondary features"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/classification-corrections", "communities.correct-classification")
def correct_classification(
    community: CommunityId, statement: Statement[CorrectClassification], door: TheDoor
) -> Receipt:
    """更正类型 · Correct a classification"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/classification-annulments", "communities.annul-classification")
def annul_classification(
    community: CommunityId, statement: Statement[AnnulClassification], door: TheDoor
) -> Receipt:
    """撤销类型 · Annul a classification"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/classification-repeals", "communities.repeal-classification")
def repeal_classification(
    community: CommunityId, statement: Statement[RepealClassification], door: TheDoor
) -> Receipt:
    """废止类型 · Repeal a classification"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/reclassifications", "communities.propose-reclassification")
def propose_reclassification(
    community: CommunityId, statement: Statement[ProposeReclassification], door: TheDoor
) -> Receipt:
    """提议重新划分 · Propose a reclassification"""
    proposals = f"{router.prefix}/{community}/reclassifications"
    return door.carry_out(_stream(community), statement, location=proposals)


@states(
    router, "/{community}/reclassifications/endorsements", "communities.endorse-reclassification"
)
def endorse_reclassification(
    community: CommunityId, statement: Statement[EndorseReclassification], door: TheDoor
) -> Receipt:
    """同意重新划分 · Endorse a reclassification"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/reclassifications/returns", "communities.return-reclassification")
def return_reclassification(
    community: CommunityId, statement: Statement[ReturnReclassification], door: TheDoor
) -> Receipt:
    """退回重新划分 · Return a reclassification"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/reclassifications/revisions", "communities.revise-reclassification")
def revise_reclassification(
    community: CommunityId, statement: Statement[ReviseReclassification], door: TheDoor
) -> Receipt:
    """修改重新划分 · Revise a returned reclassification"""
    return door.carry_out(_stream(community), statement)


@states(
    router, "/{community}/reclassifications/withdrawals", "communities.withdraw-reclassification"
)
def withdraw_reclassification(
    community: CommunityId, statement: Statement[WithdrawReclassification], door: TheDoor
) -> Receipt:
    """撤回重新划分 · Withdraw a reclassification"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/reclassifications/rejections", "communities.reject-reclassification")
def reject_reclassification(
    community: CommunityId, statement: Statement[RejectReclassification], door: TheDoor
) -> Receipt:
    """否决重新划分 · Reject a reclassification"""
    return door.carry_out(_stream(community), statement)


@states(router, "/{community}/reclassifications/approvals", "communities.approve-reclassification")
def approve_reclassification(
    community: CommunityId, statement: Statement[ApproveReclassification], door: TheDoor
) -> Receipt:
    """批准重新划分 · Approve a reclassification"""
    return door.carry_out(_stream(community), statement)


def _stream(community: str) -> str:
    return f"community:{community}"
