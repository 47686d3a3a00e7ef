"""Example bodies of the commands about councils, programmes, tasks and measures."""

from typing import Any

from domain.council.annulment import AnnulCouncilEntry
from domain.council.membership import (
    AnnulMembership,
    DissolveCouncil,
    FoundCouncil,
    JoinCouncil,
    LeaveCouncil,
)
from domain.council.minutes import AdoptResolution, AmendMinutes, AnnulResolution, RecordMinutes
from domain.council.sessions import (
    CancelSession,
    ConveneSession,
    CorrectSession,
    HoldSession,
    SetAgenda,
)
from domain.kernel.command import Command
from domain.measure.adoption import (
    AdoptMeasure,
    AnnulMeasureEntry,
    CarryMeasureOver,
    CloseMeasure,
    PlanMeasure,
    ReadoptMeasure,
)
from domain.measure.tasks import AssignMeasureTasks
from domain.policy import built_in
from domain.programme.drafting import (
    AdoptProgramme,
    AnnulProgrammeEntry,
    CloseProgramme,
    DraftProgramme,
    RecordConsultation,
)
from domain.programme.items import (
    AddProgrammeItem,
    AssignItemTasks,
    DropProgrammeItem,
    ReviseProgrammeItem,
)
from domain.task.assignment import AssignTask, CancelTask, ExtendTaskDeadline, ReassignTask
from domain.task.completion import (
    AcceptTask,
    AnnulTaskStep,
    CloseOutTask,
    RecordTaskProgress,
    ReportTask,
    ReturnTask,
)

# Kinds, measures and focuses come from the policy: no code names one.
POLICY = built_in()["2021"].policy
KIND = POLICY.councils[-1].code
MEASURE = POLICY.types[2].measures[0].code
FOCUS = POLICY.programme.focuses[0].code

COMMUNITY = "c2r6y3n8vz5ab4cd"
CITY = "y4t6w2p8qr3ab5cd"
SESSION = "s6q2m4k8xa3bc5de"
RESOLUTION = "r3w7t5p2mb4ac6de"
ITEM = "i5k3n7v2qc4ab6de"
TASK = {
    "title": "划定夜间共享车位",
    "description": "学校操场及路侧，共六十个。",
    "unit": "city-management",
    "person": "zhao.lei",
    "due_on": "2024-06-30",
}
STATED_ITEM = {
    "title": "规范老旧小区停车",
    "focus": FOCUS,
    "unit": "city-management",
    "person": "zhao.lei",
    "due_on": "2024-11-30",
}
ATTENDANCE = {
    "held_on": "2024-03-15",
    "present": ["no1-school", "city-bank"],
    "excused": ["clinic"],
    "observers": ["城厢街道办事处"],
}

EXAMPLES: dict[type[Command[Any]], dict[str, Any]] = {
    AssignTask: {**TASK, "community": COMMUNITY, "assigned_on": "2024-03-20"},
    AcceptTask: {"accepted_on": "2024-03-21"},
    RecordTaskProgress: {
        "progressed_on": "2024-04-20",
        "percent": 60,
        "note": "已划定四十个车位",
    },
    ExtendTaskDeadline: {
        "extended_on": "2024-06-25",
        "due_on": "2024-07-31",
        "reason": "连日降雨，无法施划",
    },
    ReassignTask: {
        "reassigned_on": "2024-05-06",
        "unit": "traffic-police",
        "person": "qian.wei",
        "reason": "职责调整",
    },
    ReportTask: {"reported_on": "2024-07-10", "evidence": "现场照片十二张，见附件。"},
    CloseOutTask: {"closed_on": "2024-07-12", "finding": "现场核查，车位已启用。"},
    ReturnTask: {
        "returned_on": "2024-07-12",
        "due_on": "2024-08-10",
        "reason": "尚有八个车位未划线",
    },
    CancelTask: {"cancelled_on": "2024-05-06", "reason": "与另一任务重复"},
    AnnulTaskStep: {"annuls": 4, "reason": "误录"},
    FoundCouncil: {
        "community": COMMUNITY,
        "title": "驻区单位联席会议",
        "council_kind": KIND,
        "founded_on": "2024-01-05",
        "members": [
            {"member": "no1-school", "title": "第一小学"},
            {"member": "city-bank", "title": "城市银行城厢支行"},
            {"member": "clinic", "title": "社区卫生服务站"},
        ],
    },
    JoinCouncil: {"member": "power-grid", "title": "供电所", "joined_on": "2024-02-01"},
    LeaveCouncil: {"member": "city-bank", "left_on": "2024-09-01", "reason": "网点迁出社区"},
    AnnulMembership: {"annuls": 2, "reason": "误录"},
    AnnulCouncilEntry: {"annuls": 5, "reason": "误录"},
    DissolveCouncil: {"dissolved_on": "2025-01-01", "reason": "社区合并"},
    ConveneSession: {
        "noticed_on": "2024-03-08",
        "scheduled_on": "2024-03-15",
        "place": "社区会议室",
    },
    SetAgenda: {"session": SESSION, "agenda": ["停车资源共享", "消防通道整治"]},
    HoldSession: {"session": SESSION, **ATTENDANCE},
    CorrectSession: {
        "session": SESSION,
        "corrects": 4,
        **ATTENDANCE,
        "present": ["no1-school", "city-bank", "clinic"],
        "excused": [],
        "reason": "卫生站代表迟到，漏记出席",
    },
    CancelSession: {
        "session": SESSION,
        "cancelled_on": "2024-03-14",
        "reason": "改为书面征求意见",
    },
    RecordMinutes: {
        "session": SESSION,
        "recorded_on": "2024-03-18",
        "text": "会议议定：学校操场夜间向居民开放停车。",
    },
    AmendMinutes: {
        "session": SESSION,
        "amended_on": "2024-03-25",
        "text": "会议议定：学校操场每晚七时至次日七时向居民开放停车。",
        "reason": "漏记开放时段",
    },
    AdoptResolution: {
        "session": SESSION,
        "text": "学校操场夜间向居民开放停车。",
        "tasks": [TASK],
    },
    AnnulResolution: {
        "resolution": RESOLUTION,
        "annulled_on": "2024-04-01",
        "reason": "出席成员未过半数",
    },
    DraftProgramme: {
        "jurisdiction": CITY,
        "year": 2024,
        "title": "补短板强弱项工程",
        "drafted_on": "2024-01-10",
    },
    RecordConsultation: {
        "consulted_from": "2024-01-15",
        "consulted_until": "2024-02-15",
        "replies": 1204,
        "summary": "停车、物业服务、配套设施反映最多。",
    },
    AdoptProgramme: {"adopted_on": "2024-03-01"},
    CloseProgramme: {"closed_on": "2024-12-25", "summary": "各项均已办结。"},
    AnnulProgrammeEntry: {"annuls": 6, "reason": "误录"},
    AddProgrammeItem: {"added_on": "2024-02-20", **STATED_ITEM},
    ReviseProgrammeItem: {
        "item": ITEM,
        "revised_on": "2024-05-10",
        **STATED_ITEM,
        "title": "规范老旧小区及周边道路停车",
        "reason": "扩大整治范围",
    },
    DropProgrammeItem: {
        "item": ITEM,
        "dropped_on": "2024-06-01",
        "reason": "已由上级统一部署",
    },
    AssignItemTasks: {
        "item": ITEM,
        "assigned_on": "2024-03-20",
        "community": COMMUNITY,
        "tasks": [TASK],
    },
    AdoptMeasure: {"community": COMMUNITY, "measure": MEASURE, "adopted_on": "2024-01-10"},
    ReadoptMeasure: {"adopted_on": "2024-09-01"},
    PlanMeasure: {
        "planned_on": "2024-02-01",
        "plan": "两年内完成六栋住宅改造。",
        "unit": "subdistrict-office",
        "person": "sun.yue",
        "due_on": "2025-12-31",
    },
    AssignMeasureTasks: {"assigned_on": "2024-03-20", "tasks": [TASK]},
    CarryMeasureOver: {"carried_on": "2024-08-05", "reason": "尚有两栋未完工"},
    CloseMeasure: {
        "closed_on": "2024-08-05",
        "ending": "given-up",
        "reason": "社区类型已改划",
    },
    AnnulMeasureEntry: {"annuls": 3, "reason": "误录"},
}
