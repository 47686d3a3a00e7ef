"""A task runs from its assignment to its close-out; whoever verifies is not whoever did."""

from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.command import Command
from domain.kernel.context import Role
from domain.kernel.event import Event
from domain.kernel.refusal import NotAuthorised, Refused
from domain.task.assignment import AssignTask, CancelTask, ExtendTaskDeadline, ReassignTask
from domain.task.completion import (
    AcceptTask,
    AnnulTaskStep,
    CloseOutTask,
    RecordTaskProgress,
    ReportTask,
    ReturnTask,
)
from domain.task.events import (
    TaskAccepted,
    TaskAssigned,
    TaskCancelled,
    TaskClosedOut,
    TaskDeadlineExtended,
    TaskProgressed,
    TaskReassigned,
    TaskReported,
    TaskReturned,
    TaskStepAnnulled,
)
from domain.task.lights import Light, light
from domain.task.state import Lapse, Task
from tests.domain.given import POLICY, REGISTERED, Given, Outcome, abolished, day, given

OF: Any = {"title": "修复路灯", "community": "a"}
ASSIGN = AssignTask(
    title="修复路灯",
    community="a",
    unit="power-bureau",
    person="zhao",
    assigned_on=day("2024-03-01"),
    due_on=day("2024-04-01"),
)
ASSIGNED = TaskAssigned(**vars(ASSIGN), source="own")
ACCEPTED = TaskAccepted(**OF, accepted_on=day("2024-03-04"), accepted_by="zhao")
PROGRESSED = TaskProgressed(
    **OF, progressed_on=day("2024-03-20"), percent=60, note="已更换灯具", progressed_by="qian"
)
REPORTED = TaskReported(
    **OF, reported_on=day("2024-03-28"), evidence="现场照片", reported_by="zhao"
)
CLOSED = TaskClosedOut(**OF, closed_on=day("2024-04-02"))
RETURNED = TaskReturned(**OF, returned_on=day("2024-04-02"), reason="尚有两盏不亮")
CANCELLED = TaskCancelled(**OF, cancelled_on=day("2024-03-05"), reason="重复交办")

ACCEPT = AcceptTask(accepted_on=day("2024-03-04"))
PROGRESS = RecordTaskProgress(progressed_on=day("2024-03-20"), percent=60, note="已更换灯具")
REPORT = ReportTask(reported_on=day("2024-03-28"), evidence="现场照片")
CLOSE = CloseOutTask(closed_on=day("2024-04-02"))
RETURN = ReturnTask(returned_on=day("2024-04-02"), reason="尚有两盏不亮")
EXTEND = ExtendTaskDeadline(
    extended_on=day("2024-04-10"), due_on=day("2024-05-01"), reason="配件缺货"
)
REASSIGN = ReassignTask(
    reassigned_on=day("2024-04-10"), unit="street-office", person="sun", reason="职责调整"
)
CANCEL = CancelTask(cancelled_on=day("2024-04-10"), reason="重复交办")

HISTORY: dict[str, tuple[Event, ...]] = {
    "assigned": (ASSIGNED,),
    "accepted": (ASSIGNED, ACCEPTED),
    "reported": (ASSIGNED, ACCEPTED, REPORTED),
    "returned": (ASSIGNED, ACCEPTED, REPORTED, RETURNED),
    "closed": (ASSIGNED, ACCEPTED, REPORTED, CLOSED),
    "cancelled": (ASSIGNED, CANCELLED),
}
DOING = (AcceptTask, RecordTaskProgress, ReportTask)
TICKING = ("assigned", "accepted", "returned")
POSSIBLE: list[tuple[Command[Task], tuple[str, ...]]] = [
    (AcceptTask(accepted_on=day("2024-04-10")), ("assigned",)),
    (
        RecordTaskProgress(progressed_on=day("2024-04-10"), percent=90, note="收尾"),
        ("accepted", "returned"),
    ),
    (ReportTask(reported_on=day("2024-04-10"), evidence="照片"), ("accepted", "returned")),
    (CloseOutTask(closed_on=day("2024-04-10")), ("reported",)),
    (ReturnTask(returned_on=day("2024-04-10"), reason="未完成"), ("reported",)),
    (EXTEND, TICKING),
    (REASSIGN, TICKING),
    (CANCEL, (*TICKING, "reported")),
]


def task(*events: Event) -> Given:
    return given(*events).on("task:t1").with_("community:a", REGISTERED)


def assign(command: AssignTask = ASSIGN, **circumstances: Any) -> Outcome:
    return task().when(command, **circumstances)


def test_a_task_names_what_is_to_be_done_by_whom_and_until_when() -> None:
    assign().then(ASSIGNED)


def test_a_task_is_in_one_jurisdiction_or_one_community() -> None:
    in_district = ASSIGN.model_copy(update={"community": None, "jurisdiction": "d1"})
    assert assign(in_district).refusal is None

    for community, jurisdiction in (("a", "d1"), (None, None)):
        both = ASSIGN.model_copy(update={"community": community, "jurisdiction": jurisdiction})
        assign(both).refused("task.not-in-one-place")


def test_a_task_is_in_a_community_that_stands() -> None:
    early = {"assigned_on": day("2017-01-01"), "due_on": day("2017-02-01")}

    assign(ASSIGN.model_copy(update=early)).refused(
        "lifetime.not-begun", begins_on=day("2018-01-01")
    )
    gone = task().with_("community:a", abolished("2024-03-01"))
    gone.when(ASSIGN).refused("lifetime.ended", day=day("2024-03-01"))


def test_a_deadline_is_not_before_the_assignment() -> None:
    assign(ASSIGN.model_copy(update={"due_on": day("2024-02-29")})).refused(
        "task.due-before-assignment"
    )


def test_an_assignment_is_not_recorded_ahead() -> None:
    assign(today=day("2024-02-29")).refused("day.not-come")


@pytest.mark.parametrize("role", ["auditor", "integrator", "steward"])
def test_only_those_whom_the_policy_names_assign(role: Role) -> None:
    assign(by=role).refused("role.lacking", NotAuthorised)


def test_a_task_is_accepted_progressed_reported_and_closed_out() -> None:
    at = task(ASSIGNED)
    for command, event, person in (
        (ACCEPT, ACCEPTED, "zhao"),
        (PROGRESS, PROGRESSED, "qian"),
        (REPORT, REPORTED, "zhao"),
        (CLOSE, CLOSED, "li"),
    ):
        unit = "bureau" if person == "li" else "power-bureau"
        at.when(command, person=person, unit=unit).then(event)
        at = at.with_("task:t1", event)


@pytest.mark.parametrize(("command", "statuses"), POSSIBLE)
@pytest.mark.parametrize("status", HISTORY)
def test_each_step_is_possible_only_where_it_fits(
    command: Command[Any], statuses: tuple[str, ...], status: str
) -> None:
    person = "zhao" if isinstance(command, DOING) else "li"

    outcome = task(*HISTORY[status]).when(command, person=person)

    if status in statuses:
        assert outcome.refusal is None
    else:
        outcome.refused("task.wrong-status")


@pytest.mark.parametrize(
    ("command", "status"),
    [(ACCEPT, "assigned"), (PROGRESS, "accepted"), (REPORT, "accepted")],
)
def test_a_task_is_accepted_progressed_and_reported_by_the_responsible_person_or_unit(
    command: Command[Any], status: str
) -> None:
    at = task(*HISTORY[status])

    assert at.when(command, person="zhao", unit="other-unit").refusal is None
    assert at.when(command, person="wu", unit="power-bureau").refusal is None
    at.when(command, person="stranger", unit="other-unit").refused(
        "task.not-responsible", NotAuthorised
    )


def test_after_a_reassignment_whoever_was_responsible_reports_no_more() -> None:
    reassigned = TaskReassigned(**OF, **vars(REASSIGN))
    accepted = TaskAccepted(**OF, accepted_on=day("2024-04-11"), accepted_by="sun")
    report = ReportTask(reported_on=day("2024-04-12"), evidence="照片")
    at = task(ASSIGNED, ACCEPTED, reassigned, accepted)

    assert at.when(report, person="sun").refusal is None
    at.when(report, person="zhao", unit="power-bureau").refused(
        "task.not-responsible", NotAuthorised
    )


@pytest.mark.parametrize("person", ["zhao", "qian"])
@pytest.mark.parametrize("command", [CLOSE, RETURN])
def test_whoever_had_a_hand_in_a_task_does_not_verify_it(
    command: Command[Any], person: str
) -> None:
    at = task(ASSIGNED, ACCEPTED, PROGRESSED, REPORTED)

    at.when(command, person=person).refused("task.had-a-hand", NotAuthorised)
    assert at.when(command, person="li").refusal is None


def test_who_was_responsible_before_does_not_verify_it_either() -> None:
    reassigned = TaskReassigned(**OF, **vars(REASSIGN))
    accepted = TaskAccepted(**OF, accepted_on=day("2024-04-11"), accepted_by="sun")
    reported = REPORTED.model_copy(update={"reported_on": day("2024-04-12"), "reported_by": "sun"})
    close = CloseOutTask(closed_on=day("2024-04-12"))

    at = task(ASSIGNED, reassigned, accepted, reported)

    at.when(close, person="zhao").refused("task.had-a-hand", NotAuthorised)
    at.when(close, person="sun").refused("task.had-a-hand", NotAuthorised)


def test_only_those_whom_the_policy_names_verify() -> None:
    task(*HISTORY["reported"]).when(CLOSE, by="recorder").refused("role.lacking", NotAuthorised)


def test_a_returned_task_is_reported_anew() -> None:
    task(*HISTORY["reported"]).when(RETURN).then(RETURNED)
    again = ReportTask(reported_on=day("2024-04-12"), evidence="照片")

    assert task(*HISTORY["returned"]).when(again, person="zhao").state().now.status == "reported"


def test_a_return_may_give_a_later_deadline_but_no_earlier_one() -> None:
    later, earlier = (
        RETURN.model_copy(update={"due_on": day(text)}) for text in ("2024-04-20", "2024-03-30")
    )

    assert task(*HISTORY["reported"]).when(later).state().now.due_on == day("2024-04-20")
    task(*HISTORY["reported"]).when(earlier).refused("task.new-deadline-too-early")


def test_a_deadline_is_extended_only_to_a_later_day() -> None:
    task(ASSIGNED).when(EXTEND).then(TaskDeadlineExtended(**OF, **vars(EXTEND)))
    same = EXTEND.model_copy(update={"due_on": ASSIGN.due_on})

    gone = EXTEND.model_copy(update={"due_on": EXTEND.extended_on - timedelta(days=1)})

    task(ASSIGNED).when(same).refused("task.deadline-not-later")
    task(ASSIGNED).when(gone).refused("task.deadline-already-past")


def test_a_reassigned_task_is_to_be_accepted_anew_by_somebody_else() -> None:
    outcome = task(ASSIGNED, ACCEPTED).when(REASSIGN)
    outcome.then(TaskReassigned(**OF, **vars(REASSIGN)))
    assert outcome.state().now.status == "assigned"
    same = REASSIGN.model_copy(update={"unit": ASSIGN.unit, "person": ASSIGN.person})

    task(ASSIGNED).when(same).refused("task.responsible-already")


def test_a_task_is_cancelled_with_a_reason() -> None:
    task(ASSIGNED).when(CANCEL).then(TaskCancelled(**OF, **vars(CANCEL)))


def test_steps_follow_each_other_in_time_and_are_not_recorded_ahead() -> None:
    report = ReportTask(reported_on=day("2024-03-10"), evidence="照片")

    task(ASSIGNED, ACCEPTED, PROGRESSED).when(report, person="zhao").refused(
        "task.before-last-step"
    )
    task(ASSIGNED).when(ACCEPT, person="zhao", today=day("2024-03-03")).refused("day.not-come")


def test_the_newest_step_is_annulled_first_and_the_one_before_holds_again() -> None:
    at = task(*HISTORY["closed"])
    annul = AnnulTaskStep(annuls=4, reason="误录")

    outcome = at.when(annul)

    outcome.then(TaskStepAnnulled(**OF, **vars(annul)))
    assert outcome.state().now.status == "reported"
    at.when(AnnulTaskStep(annuls=2, reason="误录")).refused("task.not-newest-step")


@pytest.mark.parametrize("status", ["closed", "returned"])
def test_whoever_had_a_hand_in_a_task_does_not_annul_the_verdict_on_it(status: str) -> None:
    at, annul = task(*HISTORY[status]), AnnulTaskStep(annuls=4, reason="误录")

    at.when(annul, person="zhao").refused("task.had-a-hand", NotAuthorised)
    assert at.when(annul, person="li").state().now.status == "reported"


def test_whoever_did_a_task_annuls_what_is_no_verdict_on_it() -> None:
    again = REPORTED.model_copy(update={"reported_on": day("2024-04-12")})
    annul = AnnulTaskStep(annuls=5, reason="误录")

    outcome = task(*HISTORY["returned"], again).when(annul, person="zhao")

    assert outcome.state().now.status == "returned"


def test_whoever_had_a_hand_in_an_annulled_step_does_not_verify() -> None:
    by_qian = REPORTED.model_copy(update={"reported_by": "qian"})
    annulled = TaskStepAnnulled(**OF, annuls=3, reason="误录")
    at = task(*HISTORY["accepted"], by_qian, annulled, REPORTED)

    at.when(CLOSE, person="qian").refused("task.had-a-hand", NotAuthorised)
    at.when(CLOSE).then(CLOSED)


def test_after_an_annulment_the_step_before_is_the_newest() -> None:
    at = task(*HISTORY["closed"], TaskStepAnnulled(**OF, annuls=4, reason="误录"))

    assert at.when(AnnulTaskStep(annuls=3, reason="误录")).state().now.status == "accepted"
    at.when(AnnulTaskStep(annuls=4, reason="误录")).refused("task.not-newest-step")


def test_a_task_whose_assignment_was_annulled_takes_no_step() -> None:
    at = task(ASSIGNED, TaskStepAnnulled(**OF, annuls=1, reason="误录"))

    at.when(ACCEPT).refused("task.assignment-annulled")
    assert not at.when(ACCEPT).after


def lit(*events: Event, today: str) -> Light:
    state = Task(id="t1").fold(events)
    now = state.now
    return light(
        status=now.status,
        assigned_on=state.steps[0].on,
        due_on=now.due_on,
        percent=now.percent,
        lapses=now.lapses,
        today=day(today),
        policy=POLICY,
    )


@pytest.mark.parametrize(
    ("today", "colour", "days"),
    [
        ("2024-03-04", None, 20),
        ("2024-03-08", None, 16),
        ("2024-03-11", None, 15),  # 6 of 21 working days: 28 %
        ("2024-03-12", "behind", 14),  # 7 of 21: 33 %
        ("2024-04-01", "behind", 0),
        ("2024-04-02", "overdue", -1),
        ("2024-04-07", "overdue", -3),  # the holiday rests, the Sunday works
    ],
)
def test_a_task_without_progress_falls_behind_and_becomes_overdue(
    today: str, colour: str | None, days: int
) -> None:
    found = lit(ASSIGNED, today=today)

    assert (found.colour, found.days) == (colour, days)


def test_a_returned_task_is_as_far_as_it_was_before_its_report() -> None:
    def percent(*events: Event) -> int:
        state = Task(id="t1").fold(events)
        return state.now.percent

    assert percent(ASSIGNED, ACCEPTED, PROGRESSED, REPORTED) == 100
    assert percent(ASSIGNED, ACCEPTED, PROGRESSED, REPORTED, RETURNED) == 60
    assert percent(ASSIGNED, ACCEPTED, REPORTED, RETURNED, REPORTED, RETURNED) == 0


def test_a_task_that_progresses_is_only_near() -> None:
    done = PROGRESSED.model_copy(update={"percent": 90})

    assert lit(ASSIGNED, ACCEPTED, done, today="2024-03-22").colour is None
    assert lit(ASSIGNED, ACCEPTED, done, today="2024-03-25").colour == "near"


def test_a_deadline_on_a_rest_day_is_passed_on_the_next_working_day() -> None:
    due = ASSIGNED.model_copy(update={"due_on": day("2024-03-30")})  # a Saturday

    assert lit(due, today="2024-03-31").colour == "behind"
    assert lit(due, today="2024-04-01") == Light("overdue", -1, False, True)


def test_a_reported_task_has_no_light_but_was_overdue_for_ever() -> None:
    late = REPORTED.model_copy(update={"reported_on": day("2024-04-03")})
    closed = CLOSED.model_copy(update={"closed_on": day("2024-04-08")})

    assert lit(*HISTORY["reported"], today="2024-05-01") == Light(None, None, False, False)
    assert lit(ASSIGNED, ACCEPTED, late, closed, today="2030-01-01").was_overdue


def test_an_extension_after_the_deadline_hides_nothing() -> None:
    found = lit(ASSIGNED, TaskDeadlineExtended(**OF, **vars(EXTEND)), today="2024-04-11")

    assert found.colour != "overdue"
    assert found.was_overdue


def test_every_lapse_is_kept_with_its_own_deadline() -> None:
    extended = TaskDeadlineExtended(**OF, **vars(EXTEND))
    accepted = ACCEPTED.model_copy(update={"accepted_on": day("2024-05-02")})
    later = PROGRESSED.model_copy(update={"progressed_on": day("2024-05-06")})

    state = Task(id="t1").fold((ASSIGNED, extended, accepted, later))

    first = Lapse(day("2024-04-01"), day("2024-04-10"))
    assert state.now.lapses == (first, Lapse(day("2024-05-01"), day("2024-05-06")))


def test_a_holiday_hides_no_later_lapse() -> None:
    assigned = ASSIGNED.model_copy(
        update={"assigned_on": day("2021-09-01"), "due_on": day("2021-09-30")}
    )
    extended = TaskDeadlineExtended(  # all of it the National Day holiday
        **OF, extended_on=day("2021-10-07"), due_on=day("2021-10-08"), reason="节日"
    )
    accepted = ACCEPTED.model_copy(update={"accepted_on": day("2021-10-07")})
    reported = REPORTED.model_copy(update={"reported_on": day("2021-10-11")})

    at = (assigned, accepted, extended)
    assert not lit(*at, today="2021-10-08").was_overdue
    assert lit(*at, reported, today="2021-10-12").was_overdue


def test_days_in_a_year_that_is_not_announced_are_tentative() -> None:
    due = ASSIGNED.model_copy(update={"due_on": day("2027-02-01")})

    assert lit(due, today="2024-03-04").tentative


def test_what_is_neither_open_nor_done_is_said_so() -> None:
    states = {name: Task(id="t1").fold(events) for name, events in HISTORY.items()}
    void = Task(id="t1").fold((ASSIGNED, TaskStepAnnulled(**OF, annuls=1, reason="误录")))

    assert [name for name, state in states.items() if state.is_done] == ["closed"]
    assert [name for name, state in states.items() if not state.is_open] == ["closed", "cancelled"]
    assert not void.is_open
    assert not void.is_done
    with pytest.raises(Refused):
        void.require_status("assigned")
