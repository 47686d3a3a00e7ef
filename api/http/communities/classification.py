"""Profiles, classification and dynamic reclassification over HTTP.

The reads are in api/http/worklist.py.
"""

from api.http.kernel.command_routes import CommandRoute, command_router
from domain.classification.classification import (
    AnnulClassification,
    ClassifyCommunity,
    CorrectClassification,
    RepealClassification,
    SetFeatures,
    SetSubtype,
)
from domain.classification.reclassification import (
    ApproveReclassification,
    EndorseReclassification,
    ProposeReclassification,
    RejectReclassification,
    ReturnReclassification,
    ReviseReclassification,
    WithdrawReclassification,
)
from domain.community.profile import CorrectProfile, SurveyProfile

COMMANDS = (
    CommandRoute(
        "/{community}/surveys",
        "communities.survey",
        SurveyProfile,
        "记录调查 · Record a profile survey",
    ),
    CommandRoute(
        "/{community}/survey-corrections",
        "communities.correct-survey",
        CorrectProfile,
        "更正调查 · Correct a survey",
    ),
    CommandRoute(
        "/{community}/classifications",
        "communities.classify",
        ClassifyCommunity,
        "划分类型 · Classify a community",
    ),
    CommandRoute(
        "/{community}/subtypes", "communities.set-subtype", SetSubtype, "设定子类型 · Set a subtype"
    ),
    CommandRoute(
        "/{community}/features",
        "communities.set-features",
        SetFeatures,
        "设定次要特征 · Set secondary features",
    ),
    CommandRoute(
        "/{community}/classification-corrections",
        "communities.correct-classification",
        CorrectClassification,
        "更正类型 · Correct a classification",
    ),
    CommandRoute(
        "/{community}/classification-annulments",
        "communities.annul-classification",
        AnnulClassification,
        "撤销类型 · Annul a classification",
    ),
    CommandRoute(
        "/{community}/classification-repeals",
        "communities.repeal-classification",
        RepealClassification,
        "废止类型 · Repeal a classification",
    ),
    CommandRoute(
        "/{community}/reclassifications",
        "communities.propose-reclassification",
        ProposeReclassification,
        "提议重新划分 · Propose a reclassification",
        locates=True,
    ),
    CommandRoute(
        "/{community}/reclassifications/endorsements",
        "communities.endorse-reclassification",
        EndorseReclassification,
        "同意重新划分 · Endorse a reclassification",
    ),
    CommandRoute(
        "/{community}/reclassifications/returns",
        "communities.return-reclassification",
        ReturnReclassification,
        "退回重新划分 · Return a reclassification",
    ),
    CommandRoute(
        "/{community}/reclassifications/revisions",
        "communities.revise-reclassification",
        ReviseReclassification,
        "修改重新划分 · Revise a returned reclassification",
    ),
    CommandRoute(
        "/{community}/reclassifications/withdrawals",
        "communities.withdraw-reclassification",
        WithdrawReclassification,
        "撤回重新划分 · Withdraw a reclassification",
    ),
    CommandRoute(
        "/{community}/reclassifications/rejections",
        "communities.reject-reclassification",
        RejectReclassification,
        "否决重新划分 · Reject a reclassification",
    ),
    CommandRoute(
        "/{community}/reclassifications/approvals",
        "communities.approve-reclassification",
        ApproveReclassification,
        "批准重新划分 · Approve a reclassification",
    ),
)
router = command_router("/api/v1/communities", "分类 Classification", COMMANDS)
