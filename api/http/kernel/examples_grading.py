"""Example bodies of the commands about rounds, reviews and support."""

from typing import Any

from domain.kernel.command import Command
from domain.policy import built_in
from domain.review.corrections import CorrectAppraisal, CorrectScore, ImposeVeto, LiftVeto
from domain.review.grading import AnnulGrade, CorrectGrade
from domain.review.objections import DecideObjection, FileObjection
from domain.review.opening import WithdrawReview
from domain.review.settling import AnnulObjectionStep, SettleObjection, WithdrawObjection
from domain.review.stages import (
    RecordAppraisal,
    ReturnReview,
    ScoreByDistrict,
    ScoreBySubdistrict,
    SelfAssess,
)
from domain.round.annulment import AnnulRound
from domain.round.entering import AdmitCommunities, OpenRound
from domain.round.grading import GradeCity, RegradeCity
from domain.round.planning import CloseStage, OpenStage, PlanRound
from domain.round.publication import CloseRound, PublishResults
from domain.support.assignment import AssignSupporter, BeginSupport, EndAssignment
from domain.support.outcome import ConcludeSupport, EndSupport
from domain.support.progress import AnnulSupportEntry, PlanSupport, ReachMilestone, ReportSupport
from domain.support.tasks import AssignSupportTasks

# Stages, grades, items and kinds come from the policy: no code names one.
POLICY = built_in()["2021"].policy
STAGES = [stage.code for stage in POLICY.stages]
COMMUNITY = "c2r6y3n8vz5ab4cd"
ROUND = "r8w3k5m2qa4bc7de"
OBJECTION = "o5t2v8k3xa6bc4de"
DAYS = ("2023-05-01", "2023-06-01", "2023-07-01", "2023-08-01", "2023-09-01", "2023-10-01")
ITEMS = [
    {"item": item.code, "points": str(item.points_max - 1), "evidence": "台账及现场查看"}
    for rubric in POLICY.rounds.rubrics
    if rubric.stage == STAGES[-2]
    for item in rubric.items
]
ASSEMBLIES = [
    {
        "assembly": assembly.code,
        "held_on": "2023-05-10",
        "members": 60,
        "present": 52,
        "votes": {
            ballot.code: votes
            for ballot, votes in zip(POLICY.rounds.ballots, (45, 5, 2), strict=False)
        },
    }
    for assembly in POLICY.rounds.assemblies
]

ROUNDS: dict[type[Command[Any]], dict[str, Any]] = {
    PlanRound: {
        "title": "2023年三分类三升级评定",
        "begins_on": "2023-05-01",
        "cutoff_on": "2023-04-30",
        "windows": [
            {"stage": stage, "planned_from": begin, "planned_until": until}
            for stage, begin, until in zip(STAGES, DAYS, DAYS[1:], strict=False)
        ],
    },
    OpenRound: {"opened_on": "2023-05-01", "communities": [COMMUNITY]},
    AdmitCommunities: {"admitted_on": "2023-05-20", "communities": [COMMUNITY]},
    OpenStage: {"stage": STAGES[0], "opened_on": "2023-05-01"},
    CloseStage: {"stage": STAGES[0], "closed_on": "2023-06-01"},
    GradeCity: {"graded_on": "2023-09-20"},
    RegradeCity: {"graded_on": "2023-10-12", "reason": "异议成立，更正得分后重新排名"},
    PublishResults: {"published_on": "2023-10-08"},
    CloseRound: {"closed_on": "2023-10-20"},
    AnnulRound: {"annulled_on": "2023-10-25", "reason": "评定程序违规"},
}
REVIEWS: dict[type[Command[Any]], dict[str, Any]] = {
    RecordAppraisal: {"assemblies": ASSEMBLIES},
    SelfAssess: {"scored_on": "2023-06-10", "items": ITEMS},
    ScoreBySubdistrict: {"scored_on": "2023-07-10", "items": ITEMS},
    ScoreByDistrict: {"scored_on": "2023-08-10", "items": ITEMS},
    ReturnReview: {"returned_on": "2023-08-15", "reason": "佐证材料不全，请补充"},
    WithdrawReview: {"withdrawn_on": "2023-07-01", "reason": "社区已撤并"},
    CorrectAppraisal: {
        "corrects": 2,
        "assemblies": ASSEMBLIES,
        "corrected_on": "2023-05-15",
        "reason": "计票有误",
    },
    CorrectScore: {
        "corrects": 5,
        "items": ITEMS,
        "corrected_on": "2023-08-20",
        "reason": "计分有误",
    },
    ImposeVeto: {
        "veto": POLICY.rounds.vetoes[0].code,
        "imposed_on": "2023-09-01",
        "reason": "经核查，所报数据不实",
    },
    LiftVeto: {"annuls": 6, "lifted_on": "2023-09-10", "reason": "复查未发现问题"},
    FileObjection: {"filed_on": "2023-10-10", "grounds": "县级复评漏计一项得分"},
    DecideObjection: {
        "objection": OBJECTION,
        "outcome": "upheld",
        "decided_on": "2023-10-12",
        "reason": "经核查，情况属实",
    },
    SettleObjection: {
        "objection": OBJECTION,
        "corrections": [{"community": COMMUNITY, "version": 9}],
        "settled_on": "2023-10-14",
        "reason": "已按裁定更正得分",
    },
    WithdrawObjection: {
        "objection": OBJECTION,
        "withdrawn_on": "2023-10-11",
        "reason": "经沟通，对结果无异议",
    },
    AnnulObjectionStep: {
        "annuls": 8,
        "annulled_on": "2023-10-13",
        "reason": "误录为成立，重新裁定",
    },
    CorrectGrade: {
        "corrects": 6,
        "grade": POLICY.grades[0].code,
        "corrected_on": "2023-10-12",
        "reason": "复核决定",
    },
    AnnulGrade: {"annuls": 6, "annulled_on": "2023-10-12", "reason": "评定程序违规"},
}
TASK = {
    "title": "推选居民议事会成员",
    "unit": "chengxiang.street",
    "person": "zhang.wei",
    "due_on": "2024-02-29",
}
SUPPORTS: dict[type[Command[Any]], dict[str, Any]] = {
    BeginSupport: {"effective_from": "2023-10-20"},
    AssignSupporter: {
        "kind": POLICY.supports[0].code,
        "effective_from": "2023-10-20",
        "effective_until": "2025-10-20",
        "person": "zhang.wei",
    },
    EndAssignment: {
        "assignment": "x5p7k2m4qa3bc6de",
        "effective_until": "2024-10-20",
        "reason": "工作调动，改由他人联系",
    },
    PlanSupport: {
        "planned_on": "2023-11-01",
        "aim": "两年内晋位升级",
        "milestones": [
            {"milestone": "m1", "title": "健全居民议事会", "due_on": "2024-03-31"},
            {"milestone": "m2", "title": "补建活动室", "due_on": "2024-12-31"},
        ],
        "tasks": [{"milestone": "m1", **TASK}],
    },
    AssignSupportTasks: {"milestone": "m2", "assigned_on": "2024-01-10", "tasks": [TASK]},
    ReachMilestone: {"milestone": "m1", "reached_on": "2024-03-20", "comment": "已开会三次"},
    ReportSupport: {"reported_on": "2024-04-01", "progress": "议事会运转正常，活动室已选址"},
    ConcludeSupport: {
        "next_round": ROUND,
        "concluded_on": "2025-10-20",
        "consequence": "转为常态指导",
    },
    EndSupport: {"ended_on": "2024-06-01", "reason": "社区已撤并"},
    AnnulSupportEntry: {"annuls": 4, "reason": "该记录系误录"},
}
EXAMPLES = {**ROUNDS, **REVIEWS, **SUPPORTS}
