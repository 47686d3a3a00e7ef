"""Programmes over HTTP: drafted, consulted on, adopted, carried out, closed.

What is read of them is in api/http/programme_board.py.
"""

from api.http.kernel.command_routes import CommandRoute, command_router
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

COMMANDS = (
    CommandRoute(
        "", "programmes.draft", DraftProgramme, "起草年度攻坚事项 · Draft a year's programme"
    ),
    CommandRoute(
        "/{programme}/consultations",
        "programmes.record-consultation",
        RecordConsultation,
        "记录征求意见 · Record a public consultation",
    ),
    CommandRoute(
        "/{programme}/adoptions",
        "programmes.adopt",
        AdoptProgramme,
        "确定攻坚事项 · Adopt a programme",
    ),
    CommandRoute(
        "/{programme}/closures",
        "programmes.close",
        CloseProgramme,
        "办结攻坚事项 · Close a programme",
    ),
    CommandRoute(
        "/{programme}/annulments",
        "programmes.annul",
        AnnulProgrammeEntry,
        "撤销条目 · Annul an entry of a programme",
    ),
    CommandRoute(
        "/{programme}/items", "programmes.add-item", AddProgrammeItem, "添加事项 · Add an item"
    ),
    CommandRoute(
        "/{programme}/item-revisions",
        "programmes.revise-item",
        ReviseProgrammeItem,
        "调整事项 · Revise an item",
    ),
    CommandRoute(
        "/{programme}/item-removals",
        "programmes.drop-item",
        DropProgrammeItem,
        "移出事项 · Drop an item with its reason",
    ),
    CommandRoute(
        "/{programme}/tasks",
        "programmes.assign-tasks",
        AssignItemTasks,
        "就事项交办任务 · Assign tasks for an item",
    ),
)
router = command_router("/api/v1/programmes", "补短板 Programmes", COMMANDS)
