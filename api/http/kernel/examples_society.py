"""Example bodies of the commands about partnerships, check-ins, exemplars and honours."""

from typing import Any

from domain.checkin.opinion import AskOpinion, GiveOpinion
from domain.checkin.presence import (
    AnnulCheckInEntry,
    CorrectCheckInEntry,
    RecordCheckIn,
    RecordCheckOut,
)
from domain.checkin.service import FulfilPledge, MakePledge, RecordService, SendFeedback
from domain.exemplar.nomination import (
    AnnulExemplarEntry,
    CorrectExemplarEntry,
    DeclineExemplar,
    DesignateExemplar,
    NominateExemplar,
    ShareExperience,
    WithdrawExemplar,
)
from domain.honour.board import PostOnBoard, RectifyBoardEntry, RemoveBoardEntry
from domain.honour.household import (
    AnnulHonourEntry,
    CorrectHonourEntry,
    HonourHousehold,
    WithdrawHonour,
)
from domain.kernel.command import Command
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
from domain.policy import built_in

POLICY = built_in()["2021"].policy
RATING = POLICY.partnerships.ratings[0].code
FACILITY = POLICY.partnerships.facilities[0].code
OPINION = POLICY.checkins.opinions[0].code
TITLE = POLICY.honours.titles[0].code
STRICT_BOARD = next(each.code for each in POLICY.honours.boards if each.needs_legal_basis)

COMMUNITY = "c2r6y3n8vz5ab4cd"
OTHER_COMMUNITY = "c5t7u4m9wx2bc3de"
NEED = "n4k8d2s6fy3ab7cd"
RESOURCE = "r6w2h9j4ez5bc3df"
PROJECT = "j3m7q5x2ka4cd6eb"
FACILITY_ID = "f8v4t2y6ub3de5ac"
PLEDGE = "g2z6c4r8ni5ab3de"
OPINION_ID = "a7b3e5k2lw6cd4fx"
WRONG = "录入有误"

PARTNERSHIPS: dict[type[Command[Any]], dict[str, Any]] = {
    SignAgreement: {
        "community": COMMUNITY,
        "unit_name": "示例大学",
        "unit_code": "91510700MA6AQ7TR6U",
        "title": "共驻共建协议",
        "signed_on": "2024-01-10",
        "effective_from": "2024-01-10",
        "effective_until": "2025-01-10",
    },
    RenewAgreement: {
        "signed_on": "2025-01-05",
        "effective_from": "2025-01-10",
        "effective_until": "2026-01-10",
    },
    EndAgreement: {"effective_until": "2024-12-01", "reason": "单位搬迁"},
    StateNeed: {"by": "community", "description": "缺少活动场地", "stated_on": "2024-02-01"},
    CloseNeed: {"need": NEED, "closed_on": "2024-06-01", "met": True, "result": "场馆周末开放"},
    OfferResource: {"by": "unit", "description": "法律咨询志愿者", "offered_on": "2024-02-01"},
    WithdrawResource: {
        "resource": RESOURCE,
        "withdrawn_on": "2024-09-01",
        "reason": "人员调整",
    },
    ListProject: {"need": NEED, "title": "共用体育馆", "listed_on": "2024-02-10"},
    ClaimProject: {
        "project": PROJECT,
        "by": "unit",
        "person": "zhao.min",
        "claimed_on": "2024-02-20",
        "due_on": "2024-06-30",
    },
    ReleaseProject: {"project": PROJECT, "released_on": "2024-03-01", "reason": "力量不足"},
    DeliverProject: {
        "project": PROJECT,
        "delivered_on": "2024-05-20",
        "result": "体育馆每周末向居民开放",
    },
    EvaluateProject: {"project": PROJECT, "evaluated_on": "2024-06-20", "rating": RATING},
    DropProject: {"project": PROJECT, "dropped_on": "2024-03-15", "reason": "需求已变化"},
    GiveFeedback: {"by": "unit", "given_on": "2024-06-25", "content": "居民使用有序"},
    AppraisePartner: {"by": "community", "appraised_on": "2024-12-20", "rating": RATING},
    OpenFacility: {
        "facility_kind": FACILITY,
        "name": "大学图书馆",
        "opening_hours": "周六、周日 9:00—17:00",
        "effective_from": "2024-03-01",
    },
    CloseFacility: {
        "facility": FACILITY_ID,
        "effective_until": "2024-10-01",
        "reason": "装修改造",
    },
    CorrectPartnershipEntry: {
        "corrects": 5,
        "changes": {"due_on": "2024-07-31"},
        "reason": WRONG,
    },
    AnnulPartnershipEntry: {"annuls": 6, "reason": "该记录系误录"},
}

OTHERS: dict[type[Command[Any]], dict[str, Any]] = {
    RecordCheckIn: {
        "community": COMMUNITY,
        "participant": "member",
        "unit_name": "示例局",
        "person": "zhao.min",
        "checked_in_on": "2024-01-15",
    },
    RecordCheckOut: {"checked_out_on": "2024-12-31", "reason": "工作调动"},
    MakePledge: {"content": "每月一次义务宣讲", "pledged_on": "2024-01-20"},
    FulfilPledge: {"pledge": PLEDGE, "fulfilled_on": "2024-12-20", "result": "宣讲十二次"},
    RecordService: {
        "pledge": PLEDGE,
        "content": "防诈骗宣讲",
        "served_on": "2024-03-05",
        "hours": 2,
    },
    SendFeedback: {
        "sent_on": "2024-04-03",
        "period_from": "2024-01-01",
        "content": "按时参加服务",
    },
    AskOpinion: {"about": OPINION, "subject": "年度评优人选", "asked_on": "2024-11-20"},
    GiveOpinion: {"opinion": OPINION_ID, "given_on": "2024-11-25", "stance": "supports"},
    CorrectCheckInEntry: {"corrects": 4, "changes": {"hours": 3}, "reason": WRONG},
    AnnulCheckInEntry: {"annuls": 4, "reason": "该记录系误录"},
    NominateExemplar: {
        "community": COMMUNITY,
        "title": "红色物业联盟",
        "merits": {each.code: "详见推荐材料" for each in POLICY.exemplars.criteria},
        "nominated_on": "2024-03-01",
    },
    DeclineExemplar: {"declined_on": "2024-04-01", "reason": "做法尚未成熟"},
    DesignateExemplar: {"designated_on": "2024-04-01"},
    ShareExperience: {
        "shared_on": "2024-06-01",
        "topic": "现场观摩会",
        "audience": 60,
        "reached": [OTHER_COMMUNITY],
    },
    WithdrawExemplar: {"withdrawn_on": "2025-04-01", "reason": "成效未能保持"},
    CorrectExemplarEntry: {"corrects": 1, "changes": {"title": "红色物业"}, "reason": WRONG},
    AnnulExemplarEntry: {"annuls": 3, "reason": "该记录系误录"},
    HonourHousehold: {
        "community": COMMUNITY,
        "household": "3栋2单元501",
        "honour": TITLE,
        "stars": 5,
        "awarded_on": "2024-05-15",
    },
    WithdrawHonour: {"withdrawn_on": "2024-11-01", "reason": "不再符合条件"},
    PostOnBoard: {
        "community": COMMUNITY,
        "board": STRICT_BOARD,
        "place": "3栋楼道",
        "conduct": "楼道堆物，经劝告未清理",
        "legal_basis": "《中华人民共和国消防法》第二十八条",
        "posted_on": "2024-05-15",
        "posted_until": "2024-06-10",
    },
    RectifyBoardEntry: {"rectified_on": "2024-05-20", "result": "已全部清理"},
    RemoveBoardEntry: {"removed_on": "2024-05-21", "reason": "已整改"},
    CorrectHonourEntry: {"corrects": 1, "changes": {"stars": 4}, "reason": WRONG},
    AnnulHonourEntry: {"annuls": 1, "reason": "该记录系误录"},
}
EXAMPLES = {**PARTNERSHIPS, **OTHERS}
