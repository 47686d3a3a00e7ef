"""Tasks, councils, programmes and measures as shown on a day, and as known."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from domain.command import Command
from domain.community.classification import ClassifyCommunity
from domain.community.lineage import AbolishCommunity
from domain.community.reclassification import (
    ApproveReclassification,
    EndorseReclassification,
    ProposeReclassification,
)
from domain.council.annulment import AnnulCouncilEntry
from domain.council.membership import (
    AnnulMembership,
    DissolveCouncil,
    FoundCouncil,
    JoinCouncil,
    LeaveCouncil,
    Member,
)
from domain.council.minutes import AdoptResolution, AmendMinutes, AnnulResolution, RecordMinutes
from domain.council.sessions import (
    CancelSession,
    ConveneSession,
    CorrectSession,
    HoldSession,
    SetAgenda,
)
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
from domain.task.assignment import (
    Assignment,
    AssignTask,
    CancelTask,
    ExtendTaskDeadline,
    ReassignTask,
)
from domain.task.completion import (
    AcceptTask,
    AnnulTaskStep,
    CloseOutTask,
    RecordTaskProgress,
    ReportTask,
    ReturnTask,
)
from projections import councils, measures, minutes, programmes, tasks
from projections.all import PROJECTIONS
from projections.sentences import tell
from projections.view import ReadModels, View
from projections.worker import catch_up
from record.record import Record
from tests.city import BASIS, CITY, DISTRICT, acting, register

POLICY = built_in()["2021"].policy
OLD, NEW = POLICY.types[2], POLICY.types[0]
CODE = OLD.measures[0].code
KIND = POLICY.councils[1].code
WHY = "误录"
Do = Callable[..., int]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def do(record: Record) -> Do:
    """Carries a command out with whoever may; answers with its last position."""

    def do(stream: str, command: Command[Any], role: Any = "decider", person: str = "li") -> int:
        by = acting(role, person)
        receipt = record.carry_out(stream, command, by=by, basis=BASIS, command_id=uuid4().hex)
        return receipt.last_position

    do("community:a", register("甲社区", "510703001001"))
    return do


@pytest.fixture
def show(record: Record, models: ReadModels) -> Callable[..., Any]:
    """Asks the read models, once they have caught up."""

    def show(ask: Callable[..., Any], *args: Any, known: int | None = None, **asked: Any) -> Any:
        catch_up(record.url, PROJECTIONS)
        with models.view(known=known) as view:
            return ask(view, *args, **asked)

    return show


def assign(do: Do, id: str = "t1", **fields: Any) -> int:
    stated = {
        "title": "修复路灯",
        "community": "a",
        "unit": "power",
        "person": "zhao",
        "assigned_on": day("2024-03-01"),
        "due_on": day("2024-04-01"),
    }
    return do(f"task:{id}", AssignTask(**{**stated, **fields}))


def test_a_task_is_shown_as_it_stood_on_a_day_with_its_light(do: Do, show: Any) -> None:
    assign(do)
    do("task:t1", AcceptTask(accepted_on=day("2024-03-04")), person="zhao")
    progress = RecordTaskProgress(progressed_on=day("2024-03-20"), percent=80, note="收尾")
    do("task:t1", progress, person="zhao")
    do("task:t1", ReportTask(reported_on=day("2024-04-08"), evidence="照片"), person="zhao")
    do("task:t1", CloseOutTask(closed_on=day("2024-04-09")))

    def on(text: str) -> tuple[Any, ...] | None:
        found = show(tasks.task, POLICY, "t1", effective=day(text))
        return found and (found.status, found.percent, found.light.colour, found.light.was_overdue)

    assert on("2024-02-29") is None
    assert on("2024-03-01") == ("assigned", 0, None, False)
    assert on("2024-03-19") == ("accepted", 0, "behind", False)
    assert on("2024-03-27") == ("accepted", 80, "near", False)
    assert on("2024-04-02") == ("accepted", 80, "overdue", True)
    assert on("2024-04-08") == ("reported", 100, None, True)
    assert on("2024-04-09") == ("closed", 100, None, True)


def test_an_annulled_step_was_believed_and_holds_no_more(do: Do, show: Any) -> None:
    assign(do)
    do("task:t1", AcceptTask(accepted_on=day("2024-03-04")), person="zhao")
    believed = do("task:t1", CancelTask(cancelled_on=day("2024-03-06"), reason=WHY))
    do("task:t1", AnnulTaskStep(annuls=3, reason=WHY))
    do("task:t1", ReportTask(reported_on=day("2024-03-08"), evidence="照片"), person="zhao")

    def status(text: str, known: int | None = None) -> str:
        asked = {"effective": day(text), "known": known}
        return str(show(tasks.task, POLICY, "t1", **asked).status)

    assert [status(text) for text in ("2024-03-05", "2024-03-07", "2024-03-08")] == [
        "accepted",
        "accepted",
        "reported",
    ]
    assert status("2024-03-07", believed) == "cancelled"
    course = show(tasks.steps, "t1")
    assert [(step.version, step.annulled_by) for step in course] == [
        (1, None),
        (2, None),
        (3, 4),
        (5, None),
    ]


def test_a_task_whose_assignment_was_annulled_is_on_no_list(do: Do, show: Any) -> None:
    believed = assign(do)
    do("task:t1", AnnulTaskStep(annuls=1, reason=WHY))
    effective = day("2024-03-05")

    assert show(tasks.task, POLICY, "t1", effective=effective) is None
    assert show(tasks.task, POLICY, "t1", effective=effective, known=believed) is not None
    assert show(tasks.tasks, POLICY, effective=effective) == []


def test_a_list_of_tasks_is_narrowed_and_paged(do: Do, show: Any) -> None:
    assign(do, "t1")
    assign(do, "t2", due_on=day("2024-03-15"), person="qian")
    assign(do, "t3", community=None, jurisdiction=DISTRICT, unit="water")
    assign(do, "t4", due_on=day("2024-03-15"))
    do("task:t4", CancelTask(cancelled_on=day("2024-03-02"), reason=WHY))

    def listed(text: str = "2024-03-05", **asked: Any) -> list[str]:
        page = {k: asked.pop(k) for k in ("after", "limit") if k in asked}
        where = tasks.Filter(**asked)
        return [
            each.task
            for each in show(tasks.tasks, POLICY, effective=day(text), where=where, **page)
        ]

    assert listed() == ["t2", "t1", "t3"]
    assert listed(status=None) == ["t2", "t4", "t1", "t3"]
    assert listed(status="cancelled") == ["t4"]
    assert listed("2024-03-01") == ["t2", "t4", "t1", "t3"]
    assert listed(unit="water") == ["t3"]
    assert listed(person="qian") == ["t2"]
    assert listed(community="a") == ["t2", "t1"]
    assert listed(district=DISTRICT) == ["t2", "t1", "t3"]
    assert listed(district="elsewhere") == []
    assert listed("2024-03-16") == ["t2", "t1", "t3"]
    assert listed("2024-03-18", light="overdue") == ["t2"]
    assert listed("2024-03-18", light="behind") == ["t1", "t3"]
    assert listed("2024-03-04", light="near") == []
    assert listed(after=(day("2024-03-15"), "t2"), limit=1) == ["t1"]


def test_tasks_are_counted_by_unit_as_the_lists_show_them(do: Do, show: Any) -> None:
    assign(do, "t1")
    assign(do, "t2", due_on=day("2024-03-15"))
    do("task:t1", AcceptTask(accepted_on=day("2024-03-04")), person="zhao")
    do("task:t1", ReportTask(reported_on=day("2024-03-05"), evidence="照片"), person="zhao")

    (tally,) = show(tasks.by_unit, POLICY, effective=day("2024-03-18"))

    assert tally == tasks.Tally("power", open=2, near=0, behind=0, overdue=1, reported=1)


def test_a_task_returned_reassigned_and_extended_keeps_its_course(do: Do, show: Any) -> None:
    assign(do)
    do("task:t1", AcceptTask(accepted_on=day("2024-03-04")), person="zhao")
    do("task:t1", ReportTask(reported_on=day("2024-03-05"), evidence="照片"), person="zhao")
    returned = ReturnTask(returned_on=day("2024-03-06"), due_on=day("2024-04-05"), reason=WHY)
    do("task:t1", returned)
    extended = ExtendTaskDeadline(
        extended_on=day("2024-04-10"), due_on=day("2024-05-01"), reason=WHY
    )
    do("task:t1", extended)
    reassigned = ReassignTask(
        reassigned_on=day("2024-04-11"), unit="water", person="sun", reason=WHY
    )
    do("task:t1", reassigned)

    found = show(tasks.task, POLICY, "t1", effective=day("2024-04-11"))

    assert (found.status, found.unit, found.due_on) == ("assigned", "water", day("2024-05-01"))
    assert found.light.was_overdue
    assert [step.status for step in show(tasks.steps, "t1")] == [
        "assigned",
        "accepted",
        "reported",
        "returned",
        "returned",
        "assigned",
    ]


def council(do: Do, founded: str = "2023-01-01") -> None:
    members = (Member(member="school", title="小学"), Member(member="bank", title="支行"))
    found = FoundCouncil(
        community="a",
        title="驻区单位联席会议",
        council_kind=KIND,
        founded_on=day(founded),
        members=members,
    )
    do("council:j1", found, "recorder")


def convene(do: Do, id: str, noticed: str, scheduled: str) -> None:
    command = ConveneSession(session=id, noticed_on=day(noticed), scheduled_on=day(scheduled))
    do("council:j1", command, "recorder")
    do("council:j1", SetAgenda(session=id, agenda=("停车", "消防")), "recorder")


def hold(do: Do, id: str, text: str, **lists: Any) -> None:
    stated = {"present": ("school", "bank"), **lists}
    do("council:j1", HoldSession(session=id, held_on=day(text), **stated), "recorder")


def test_a_quarter_without_a_session_is_missed_from_its_end_on(do: Do, show: Any) -> None:
    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    hold(do, "q1", "2023-03-10")

    def missed(text: str) -> list[str]:
        (found,) = show(councils.councils, effective=day(text))
        return [each.begins_on.isoformat() for each in found.missed]

    assert missed("2023-06-30") == []
    assert missed("2023-07-01") == ["2023-04-01"]
    assert missed("2023-12-31") == ["2023-04-01", "2023-07-01"]
    assert show(councils.councils, effective=day("2022-12-31")) == []
    assert show(councils.councils, effective=day("2023-06-30"), missed=True) == []
    assert len(show(councils.councils, effective=day("2023-07-01"), missed=True)) == 1


def test_the_council_of_a_community_that_ended_owes_nothing_more(do: Do, show: Any) -> None:
    council(do)
    do("community:a", AbolishCommunity(effective_from=day("2023-08-15")))

    def missed(text: str) -> list[str]:
        (found,) = show(councils.councils, effective=day(text))
        return [each.begins_on.isoformat() for each in found.missed]

    assert missed("2023-07-01") == ["2023-01-01", "2023-04-01"]
    assert missed("2024-01-01") == ["2023-01-01", "2023-04-01"]  # not the quarter in which it ended


def test_the_calendar_shows_what_was_so_on_a_day(do: Do, show: Any) -> None:
    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    hold(do, "q1", "2023-03-12", present=("school",), excused=("bank",), observers=("街道办",))
    convene(do, "q2", "2023-05-01", "2023-05-10")
    cancel = CancelSession(session="q2", cancelled_on=day("2023-05-04"), reason=WHY)
    do("council:j1", cancel, "recorder")

    def calendar(text: str, **asked: Any) -> list[tuple[str, str, str]]:
        found = show(councils.sessions, effective=day(text), **asked)
        return [(each.session, each.day.isoformat(), each.standing) for each in found]

    assert calendar("2023-03-05") == [("q1", "2023-03-10", "convened")]
    assert calendar("2023-05-02") == [
        ("q1", "2023-03-12", "held"),
        ("q2", "2023-05-10", "convened"),
    ]
    assert calendar("2023-06-01", begin=day("2023-05-01")) == [("q2", "2023-05-10", "cancelled")]
    assert calendar("2023-06-01", end=day("2023-05-01")) == [("q1", "2023-03-12", "held")]
    assert calendar("2023-06-01", after=(day("2023-03-12"), "j1/q1")) == [
        ("q2", "2023-05-10", "cancelled")
    ]
    assert calendar("2023-06-01", where=councils.Filter(district="elsewhere")) == []
    (held,) = show(councils.sessions, effective=day("2023-04-01"), session="q1")
    assert (held.present, held.excused, held.observers) == (("school",), ("bank",), ("街道办",))


def test_members_come_and_go(do: Do, show: Any) -> None:
    council(do)
    join = JoinCouncil(member="clinic", title="卫生站", joined_on=day("2023-02-01"))
    do("council:j1", join, "recorder")
    leave = LeaveCouncil(member="bank", left_on=day("2023-06-01"), reason="迁出")
    believed = do("council:j1", leave, "recorder")
    do("council:j1", AnnulMembership(annuls=3, reason=WHY), "recorder")

    def members(text: str, known: int | None = None) -> list[str]:
        found = show(councils.members, "j1", effective=day(text), known=known)
        return [each.member for each in found]

    assert members("2023-01-01") == ["bank", "school"]
    assert members("2023-06-01", believed) == ["school", "clinic"]
    assert members("2023-06-01") == ["bank", "school", "clinic"]


def test_every_version_of_the_minutes_stays(do: Do, show: Any) -> None:
    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    hold(do, "q1", "2023-03-10")
    record = RecordMinutes(session="q1", recorded_on=day("2023-03-12"), text="议定停车。")
    do("council:j1", record, "recorder")
    amend = AmendMinutes(
        session="q1", amended_on=day("2023-03-20"), text="议定夜间停车。", reason="漏记时段"
    )
    do("council:j1", amend, "recorder")
    correct = CorrectSession(
        session="q1", corrects=4, held_on=day("2023-03-11"), present=("school",), reason=WHY
    )
    do("council:j1", correct, "recorder")

    found = show(minutes.versions, "j1", "q1", effective=day("2023-03-20"))
    assert [(each.number, each.text) for each in found] == [
        (1, "议定停车。"),
        (2, "议定夜间停车。"),
    ]
    assert len(show(minutes.versions, "j1", "q1", effective=day("2023-03-19"))) == 1
    (newest,) = show(minutes.register, effective=day("2023-04-01"), text="夜间")
    assert (newest.number, newest.held_on) == (2, day("2023-03-11"))
    assert show(minutes.register, effective=day("2023-03-15"), text="夜间") == []
    (session,) = show(councils.sessions, effective=day("2023-04-01"))
    assert (session.day, session.versions, session.present) == (day("2023-03-11"), 2, ("school",))


def test_a_resolution_leads_to_its_tasks(do: Do, show: Any) -> None:
    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    hold(do, "q1", "2023-03-10")
    work = Assignment(title="划线", unit="school", person="zhao", due_on=day("2023-05-01"))
    adopt = AdoptResolution(session="q1", text="开放停车。", tasks=(work, work))
    do("council:j1", adopt, "recorder")

    (resolution,) = show(councils.resolutions, "j1", effective=day("2023-03-10"))
    where = tasks.Filter(source_stream="council:j1", source_part=resolution.resolution)
    found = show(tasks.tasks, POLICY, effective=day("2023-03-10"), where=where)
    assert sorted(each.task for each in found) == sorted(resolution.tasks.split())

    annul = AnnulResolution(
        resolution=resolution.resolution, annulled_on=day("2023-04-01"), reason=WHY
    )
    do("council:j1", annul, "recorder")
    (annulled,) = show(councils.resolutions, "j1", effective=day("2023-04-01"))
    assert annulled.annulled_for == WHY
    assert show(tasks.tasks, POLICY, effective=day("2023-04-01"), where=where) == []


def test_a_dissolved_council_stands_no_more_and_its_lack_shows(do: Do, show: Any) -> None:
    wanting = next(type for type in POLICY.councils[1].types)
    do("community:a", ClassifyCommunity(type=wanting, effective_from=day("2021-03-31")))
    council(do)
    do("council:j1", DissolveCouncil(dissolved_on=day("2023-09-01"), reason=WHY), "recorder")

    def lacking(text: str) -> list[str]:
        return [each.council_kind for each in show(councils.lacking, POLICY, effective=day(text))]

    assert lacking("2022-12-31") == [KIND]
    assert lacking("2023-08-31") == []
    assert lacking("2023-09-01") == [KIND]
    assert show(councils.councils, effective=day("2023-09-01")) == []
    named = councils.Filter(council="j1")
    assert show(councils.councils, effective=day("2023-09-01"), where=named)[0].dissolved_on


def test_what_was_annulled_of_a_council_holds_no_more(do: Do, show: Any) -> None:
    def annul(version: int) -> None:
        do("council:j1", AnnulCouncilEntry(annuls=version, reason=WHY), "recorder")

    def standing(known: int | None = None) -> list[tuple[str, int]]:
        found = show(councils.sessions, effective=day("2023-06-01"), known=known)
        return [(each.standing, len(each.present)) for each in found]

    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    held = do(
        "council:j1",
        HoldSession(session="q1", held_on=day("2023-03-10"), present=("bank",)),
        "recorder",
    )
    annul(4)
    assert standing(held) == [("held", 1)]
    assert standing() == [("convened", 0)]
    annul(2)
    assert standing() == []
    do("council:j1", DissolveCouncil(dissolved_on=day("2023-09-01"), reason=WHY), "recorder")
    annul(7)
    assert len(show(councils.councils, effective=day("2023-09-01"))) == 1
    annul(1)
    assert show(councils.councils, effective=day("2023-09-01")) == []


def programme(do: Do, count: int = 3) -> str:
    stream = f"programme:{CITY}.2023"
    draft = DraftProgramme(
        jurisdiction=CITY, year=2023, title="补短板强弱项", drafted_on=day("2023-01-10")
    )
    do(stream, draft, "arbiter")
    consult = RecordConsultation(
        consulted_from=day("2023-01-15"),
        consulted_until=day("2023-02-15"),
        replies=9,
        summary="停车难",
    )
    do(stream, consult, "arbiter")
    for number in range(1, count + 1):
        add = AddProgrammeItem(
            item=f"i{number}",
            added_on=day("2023-02-20"),
            title=f"事项{number}",
            unit="city",
            person="zhao",
            due_on=day("2023-11-30"),
        )
        do(stream, add, "arbiter")
    do(stream, AdoptProgramme(adopted_on=day("2023-03-01")), "arbiter")
    return stream


def test_a_programme_is_shown_with_its_items_tasks_and_lights(do: Do, show: Any) -> None:
    stream = programme(do)
    id = stream.partition(":")[2]
    work = Assignment(title="划线", unit="city", person="zhao", due_on=day("2023-09-30"))
    assign = AssignItemTasks(
        item="i1", assigned_on=day("2023-03-05"), community="a", tasks=(work, work)
    )
    do(stream, assign, "arbiter")
    where = tasks.Filter(source_stream=stream, source_part="i1")
    ids = [
        each.task for each in show(tasks.tasks, POLICY, effective=day("2023-03-05"), where=where)
    ]
    for task in ids:
        do(f"task:{task}", AcceptTask(accepted_on=day("2023-03-06")), person="zhao")
        do(
            f"task:{task}",
            ReportTask(reported_on=day("2023-12-05"), evidence="照片"),
            person="zhao",
        )
        do(f"task:{task}", CloseOutTask(closed_on=day("2023-12-06")))

    def item(text: str) -> tuple[Any, ...]:
        first = show(programmes.items, POLICY, id, effective=day(text))[0]
        return (first.tasks, first.tasks_open, first.done, first.light.colour)

    assert item("2023-03-04") == (0, 0, False, None)
    assert item("2023-11-30") == (2, 2, False, "behind")
    assert item("2023-12-01") == (2, 2, False, "overdue")
    assert item("2023-12-06") == (2, 0, True, None)
    late = show(programmes.items, POLICY, id, effective=day("2024-01-01"))[0]
    assert late.light.was_overdue
    (found,) = show(programmes.programmes, effective=day("2023-12-06"))
    assert (found.standing, found.items, found.done) == ("adopted", 3, 1)
    (draft,) = show(programmes.programmes, effective=day("2023-02-28"), year=2023)
    assert (draft.standing, draft.items) == ("draft", 3)
    assert len(show(programmes.consultations, id, effective=day("2023-02-15"))) == 1


def test_items_are_shown_as_they_were_stated_on_a_day(do: Do, show: Any) -> None:
    stream = programme(do)
    id = stream.partition(":")[2]
    revise = ReviseProgrammeItem(
        item="i1",
        revised_on=day("2023-05-01"),
        title="事项一",
        unit="police",
        person="qian",
        due_on=day("2023-12-15"),
        reason="扩大范围",
    )
    do(stream, revise, "arbiter")
    drop = DropProgrammeItem(item="i1", dropped_on=day("2023-06-01"), reason="已统一部署")
    do(stream, drop, "arbiter")

    def first(text: str, known: int | None = None) -> tuple[str, str, date | None]:
        found = show(programmes.items, POLICY, id, effective=day(text), known=known)[0]
        return found.title, found.unit, found.dropped_on

    assert first("2023-04-30") == ("事项1", "city", None)
    assert first("2023-05-01") == ("事项一", "police", None)
    assert first("2023-06-01") == ("事项一", "police", day("2023-06-01"))
    assert show(programmes.programmes, effective=day("2023-06-01"))[0].items == 2


def test_a_closed_programme_and_what_was_annulled(do: Do, show: Any) -> None:
    stream = programme(do)
    for number in (1, 2, 3):
        drop = DropProgrammeItem(item=f"i{number}", dropped_on=day("2023-06-01"), reason=WHY)
        do(stream, drop, "arbiter")
    believed = do(stream, CloseProgramme(closed_on=day("2023-12-20"), summary="完"), "arbiter")

    def standing(known: int | None = None) -> tuple[str, int]:
        (found,) = show(programmes.programmes, effective=day("2023-12-31"), known=known)
        return found.standing, found.items

    assert standing() == ("closed", 0)
    do(stream, AnnulProgrammeEntry(annuls=10, reason=WHY), "arbiter")
    do(stream, AnnulProgrammeEntry(annuls=9, reason=WHY), "arbiter")
    do(stream, AnnulProgrammeEntry(annuls=6, reason=WHY), "arbiter")
    do(stream, AnnulProgrammeEntry(annuls=2, reason=WHY), "arbiter")
    assert standing() == ("draft", 1)
    assert standing(believed) == ("closed", 0)


def classified(do: Do) -> None:
    do("community:a", ClassifyCommunity(type=OLD.code, effective_from=day("2021-03-31")))


def reclassify(do: Do, text: str) -> None:
    propose = ProposeReclassification(
        proposal="p1", type=NEW.code, effective_from=day(text), reason="改造", origin="community"
    )
    do("community:a", propose, "recorder", "wang")
    do("community:a", EndorseReclassification(proposal="p1"), "reviewer", "wu")
    do("community:a", ApproveReclassification(proposal="p1", effective_from=day(text)))


def measure(show: Any, text: str, known: int | None = None) -> Any:
    (row,) = show(measures.matrix, POLICY, effective=day(text), known=known)
    return row.measures[0] if row.measures else None


def test_the_matrix_shows_how_far_each_measure_of_the_type_is(do: Do, show: Any) -> None:
    classified(do)
    stream = f"measure:a.{CODE}"
    adopt = AdoptMeasure(community="a", measure=CODE, adopted_on=day("2022-01-10"))
    do(stream, adopt)
    plan = PlanMeasure(
        planned_on=day("2022-02-01"),
        plan="加装电梯",
        unit="street",
        person="zhao",
        due_on=day("2023-12-31"),
    )
    do(stream, plan)
    work = Assignment(title="电梯", unit="street", person="zhao", due_on=day("2022-12-31"))
    do(stream, AssignMeasureTasks(assigned_on=day("2022-02-10"), tasks=(work,)))

    (row,) = show(measures.matrix, POLICY, effective=day("2022-01-01"))
    assert row.catalogue == tuple(each.code for each in OLD.measures)
    assert row.measures == ()
    statuses = [measure(show, text).status for text in ("2022-01-10", "2022-02-01", "2022-02-10")]
    assert statuses == ["adopted", "planned", "under-way"]
    assert measure(show, "2022-02-10").tasks_open == 1


def test_a_reclassification_leaves_open_measures_to_be_settled(do: Do, show: Any) -> None:
    classified(do)
    stream = f"measure:a.{CODE}"
    do(stream, AdoptMeasure(community="a", measure=CODE, adopted_on=day("2022-01-10")))
    reclassify(do, "2023-07-01")

    assert not measure(show, "2023-06-30").unsettled
    assert measure(show, "2023-07-01").unsettled
    assert len(show(measures.matrix, POLICY, effective=day("2023-07-01"), unsettled=True)) == 1
    assert show(measures.matrix, POLICY, effective=day("2023-06-30"), unsettled=True) == []

    believed = do(stream, CarryMeasureOver(carried_on=day("2023-07-10"), reason="未完工"))
    carried = measure(show, "2023-07-10")
    assert (carried.unsettled, carried.type, carried.carried_for) == (False, NEW.code, "未完工")
    assert measure(show, "2023-07-09").unsettled
    do(stream, AnnulMeasureEntry(annuls=2, reason=WHY))
    assert measure(show, "2023-07-10").unsettled
    assert not measure(show, "2023-07-10", believed).unsettled


def test_a_measure_is_closed_and_taken_up_again(do: Do, show: Any) -> None:
    classified(do)
    stream = f"measure:a.{CODE}"
    do(stream, AdoptMeasure(community="a", measure=CODE, adopted_on=day("2022-01-10")))
    close = CloseMeasure(closed_on=day("2022-06-01"), ending="given-up", reason="资金不足")
    do(stream, close)
    do(stream, ReadoptMeasure(adopted_on=day("2022-09-01")))

    assert measure(show, "2022-05-31").status == "adopted"
    assert measure(show, "2022-06-01").closed_for == "资金不足"
    assert measure(show, "2022-09-01").closed_on is None
    history = show(measures.history, f"a.{CODE}", effective=day("2022-12-31"))
    assert [spell.ending for spell in history.spells] == ["given-up", None]
    do(stream, AnnulMeasureEntry(annuls=3, reason=WHY))
    assert measure(show, "2022-09-01").closed_for == "资金不足"


def test_every_step_is_told_in_both_languages(do: Do, record: Record, show: Any) -> None:
    classified(do)
    do(f"measure:a.{CODE}", AdoptMeasure(community="a", measure=CODE, adopted_on=day("2022-01-10")))
    council(do)
    assign(do)
    programme(do)
    entries = record.entries(after=0)

    def told(view: View) -> list[tuple[str, str]]:
        return list(zip(tell(view, entries, "zh"), tell(view, entries, "en"), strict=True))

    sentences = show(told)
    assert all("{" not in zh + en for zh, en in sentences)
    assert any(OLD.measures[0].title.zh in zh for zh, _ in sentences)
    assert any(POLICY.councils[1].title.en in en for _, en in sentences)
    assert any("来源：直接交办" in zh for zh, _ in sentences)
