"""A community takes up measures of its type; a reclassification leaves none of them hanging."""

from typing import Any

import pytest

from domain.community.events import CommunityClassified, CommunityReclassified
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import derive_id
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.measure.adoption import (
    AdoptMeasure,
    AnnulMeasureEntry,
    CarryMeasureOver,
    CloseMeasure,
    PlanMeasure,
    ReadoptMeasure,
)
from domain.measure.events import (
    MeasureAdopted,
    MeasureCarriedOver,
    MeasureClosed,
    MeasureEntryAnnulled,
    MeasurePlanned,
    MeasureTasked,
)
from domain.measure.tasks import AssignMeasureTasks
from domain.task.completion import AnnulTaskStep
from domain.task.events import (
    Assignment,
    TaskAccepted,
    TaskAssigned,
    TaskCancelled,
    TaskClosedOut,
    TaskReported,
    TaskStepAnnulled,
)
from tests.domain.given import POLICY, REGISTERED, TODAY, Given, abolished, day, given

OLD, NEW = POLICY.types[2], POLICY.types[0]
CODE, CODE_2 = OLD.measures[0].code, OLD.measures[1].code
NEWS = NEW.measures[0].code
OF: Any = {"community": "a", "measure": CODE}
CLASSIFIED = CommunityClassified(type=OLD.code, effective_from=day("2021-03-31"))
RECLASSIFIED = CommunityReclassified(
    proposal="p1", type=NEW.code, effective_from=day("2023-07-01"), reason="改造完成"
)
ADOPT = AdoptMeasure(**OF, adopted_on=day("2022-01-10"))
ADOPTED = MeasureAdopted(**vars(ADOPT), type=OLD.code)
PLAN = PlanMeasure(
    planned_on=day("2022-02-01"),
    plan="两年内完成加装电梯",
    unit="street-office",
    person="zhao",
    due_on=day("2023-12-31"),
)
PLANNED = MeasurePlanned(**OF, **vars(PLAN))
WORK = Assignment(title="加装电梯", unit="street-office", person="zhao", due_on=day("2022-12-31"))
ASSIGN = AssignMeasureTasks(assigned_on=day("2022-02-10"), tasks=(WORK,))
TASKED = MeasureTasked(**OF, assigned_on=day("2022-02-10"), tasks=("t1",))
TASK = TaskAssigned(
    **vars(WORK),
    source="measure",
    source_stream=f"measure:a.{CODE}",
    community="a",
    assigned_on=day("2022-02-10"),
)
DONE: tuple[Event, ...] = (
    TaskAccepted(title=WORK.title, accepted_on=day("2022-02-11"), accepted_by="zhao"),
    TaskReported(
        title=WORK.title, reported_on=day("2022-11-01"), evidence="照片", reported_by="zhao"
    ),
    TaskClosedOut(title=WORK.title, closed_on=day("2022-11-05")),
)
CARRY = CarryMeasureOver(carried_on=day("2023-07-10"), reason="尚有两栋未完工")
CARRIED = MeasureCarriedOver(**OF, **vars(CARRY), type=NEW.code)
GIVE_UP = CloseMeasure(closed_on=day("2023-07-10"), ending="given-up", reason="类型已改划")
CARRY_OUT = CloseMeasure(closed_on=day("2023-06-10"), ending="carried-out", reason="全部完工")


def measure(*events: Event, code: str = CODE) -> Given:
    at = given(*events).on(f"measure:a.{code}")
    return at.with_("community:a", REGISTERED, CLASSIFIED)


def reclassified(at: Given) -> Given:
    return at.with_("community:a", RECLASSIFIED)


def changed(command: Any, **fields: Any) -> Any:
    return command.model_copy(update=fields)


def test_a_measure_is_taken_from_the_catalogue_of_the_communitys_type() -> None:
    measure().when(ADOPT).then(ADOPTED)

    other = changed(ADOPT, measure=NEWS)
    measure(code=NEWS).when(other).refused("measure.not-of-this-type")
    unknown = changed(ADOPT, measure="dancing")
    measure(code="dancing").when(unknown).refused("policy.unknown-code", code="dancing")


def test_a_measure_has_one_stream_for_each_community() -> None:
    measure(code=CODE_2).when(ADOPT).refused("measure.id-does-not-fit", NotOnRecord)
    measure(ADOPTED).when(ADOPT).refused("measure.pursued-already")
    measure(ADOPTED, MeasureClosed(**OF, **vars(GIVE_UP))).when(ADOPT).refused(
        "measure.adopted-before"
    )


def test_a_community_without_a_type_takes_up_nothing() -> None:
    early = changed(ADOPT, adopted_on=day("2020-01-01"))

    measure().when(early).refused("classification.missing", day=day("2020-01-01"))
    measure().when(changed(ADOPT, adopted_on=day("2017-01-01"))).refused(
        "lifetime.not-begun", begins_on=day("2018-01-01")
    )


def test_only_those_whom_the_policy_names_take_up_measures() -> None:
    measure().when(ADOPT, by="arbiter").refused("role.lacking", NotAuthorised)


def test_a_measure_is_planned_and_planned_anew() -> None:
    measure(ADOPTED).when(PLAN).then(PLANNED)
    assert measure(ADOPTED, PLANNED).when(changed(PLAN, person="qian")).refusal is None
    measure(ADOPTED, PLANNED).when(PLAN).refused("statement.repeated", entry=2)
    measure(ADOPTED).when(changed(PLAN, due_on=day("2022-01-31"))).refused(
        "measure.due-before-plan"
    )


def test_a_planned_measure_is_carried_out_through_tasks() -> None:
    id = derive_id("task", "command-1", f"measure:a.{CODE}", 2, 0)

    measure(ADOPTED, PLANNED).when(ASSIGN).then(
        TASKED.model_copy(update={"tasks": (id,)}), StreamEvent(f"task:{id}", TASK)
    )
    measure(ADOPTED).when(ASSIGN).refused("measure.not-planned")


def tasked(*steps: Event) -> Given:
    return measure(ADOPTED, PLANNED, TASKED).with_("task:t1", TASK, *steps)


def test_a_measure_is_carried_out_when_its_tasks_are_closed_out() -> None:
    closed = MeasureClosed(**OF, **vars(CARRY_OUT))

    tasked(*DONE).when(CARRY_OUT).then(closed)
    tasked().when(CARRY_OUT).refused("measure.tasks-open")
    measure(ADOPTED, PLANNED).when(CARRY_OUT).refused("measure.no-task-done")


def test_a_measure_that_is_given_up_takes_its_open_tasks_along() -> None:
    closed = MeasureClosed(**OF, **vars(GIVE_UP))
    cancelled = TaskCancelled(
        title=WORK.title, community="a", cancelled_on=GIVE_UP.closed_on, reason=GIVE_UP.reason
    )

    with_it = closed.model_copy(update={"cancelled": ("t1",)})
    tasked().when(GIVE_UP).then(with_it, StreamEvent("task:t1", cancelled))
    tasked(*DONE).when(GIVE_UP).then(closed)


@pytest.mark.parametrize(
    "command",
    [
        changed(PLAN, planned_on=day("2023-08-01")),
        changed(ASSIGN, assigned_on=day("2023-08-01")),
    ],
)
def test_after_a_reclassification_an_open_measure_is_settled_first(command: Any) -> None:
    at = reclassified(measure(ADOPTED, PLANNED))
    late = {"due_on": day("2024-06-30")}
    if isinstance(command, AssignMeasureTasks):
        command = changed(command, tasks=(changed(WORK, **late),))

    at.when(command).refused("measure.of-another-type")
    assert at.with_(f"measure:a.{CODE}", CARRIED).when(command).refusal is None


def test_a_measure_is_carried_over_into_the_new_type_with_a_reason() -> None:
    reclassified(measure(ADOPTED)).when(CARRY).then(CARRIED)

    measure(ADOPTED).when(CARRY).refused("measure.nothing-to-carry-over")
    reclassified(measure(ADOPTED, CARRIED)).when(CARRY).refused("measure.nothing-to-carry-over")
    before = changed(CARRY, carried_on=day("2023-06-30"))
    reclassified(measure(ADOPTED)).when(before).refused("measure.nothing-to-carry-over")


def test_a_closed_measure_is_pursued_no_further_until_it_is_adopted_again() -> None:
    closed = MeasureClosed(**OF, **vars(CARRY_OUT))
    again = ReadoptMeasure(adopted_on=day("2023-06-20"))

    for command in (PLAN, CARRY, CARRY_OUT):
        measure(ADOPTED, closed).when(command).refused("measure.closed")
    measure(ADOPTED, closed).when(again).then(
        MeasureAdopted(**OF, adopted_on=day("2023-06-20"), type=OLD.code)
    )
    measure(ADOPTED).when(again).refused("measure.pursued-already")
    reclassified(measure(ADOPTED, closed)).when(
        changed(again, adopted_on=day("2023-08-01"))
    ).refused("measure.not-of-this-type")


def annul(version: int) -> AnnulMeasureEntry:
    return AnnulMeasureEntry(annuls=version, reason="误录")


def test_the_newest_of_adoption_carrying_over_and_closing_is_annulled() -> None:
    closed = MeasureClosed(**OF, **vars(GIVE_UP))
    at = reclassified(measure(ADOPTED, CARRIED, closed))

    outcome = at.when(annul(3))

    outcome.then(MeasureEntryAnnulled(**OF, **vars(annul(3))))
    assert outcome.state().is_open
    at.when(annul(2)).refused("measure.not-newest-entry")
    carried_back = reclassified(measure(ADOPTED, CARRIED)).when(annul(2)).state()
    assert carried_back.type == OLD.code


def test_a_measure_is_closed_behind_its_plan_and_its_tasks() -> None:
    early = changed(CARRY_OUT, closed_on=day("2022-11-04"))

    tasked(*DONE).when(early).refused("task.before-last-step")
    assert tasked(*DONE).when(changed(early, closed_on=day("2022-11-05"))).refusal is None
    before = changed(GIVE_UP, closed_on=day("2022-01-31"))
    measure(ADOPTED, PLANNED).when(before).refused("measure.before-last-entry")


def test_the_tasks_of_a_measure_go_on_when_its_closing_is_annulled() -> None:
    at = tasked().after(f"measure:a.{CODE}", GIVE_UP)

    outcome = at.when(annul(4))

    resumed = TaskStepAnnulled(title=WORK.title, community="a", annuls=2, reason="误录")
    outcome.then(MeasureEntryAnnulled(**OF, **vars(annul(4))), StreamEvent("task:t1", resumed))
    assert outcome.state("task:t1").is_open
    assert outcome.state().is_open


def test_a_close_out_on_which_a_closed_measure_rests_is_not_annulled() -> None:
    undo = AnnulTaskStep(annuls=4, reason="误录")
    at = tasked(*DONE)

    assert at.at("task:t1").when(undo).refusal is None
    closed = at.after(f"measure:a.{CODE}", CARRY_OUT).at("task:t1")
    closed.when(undo).refused("measure.task-not-reopened")


def test_an_annulled_readoption_leaves_the_measure_as_it_was_closed() -> None:
    closed = MeasureClosed(**OF, **vars(CARRY_OUT))
    again = ADOPTED.model_copy(update={"adopted_on": day("2023-06-20")})
    at = measure(ADOPTED, closed, again)
    void = MeasureEntryAnnulled(**OF, **vars(annul(3)))

    assert at.when(annul(3)).state().now.closed_by == 2
    at = at.with_(f"measure:a.{CODE}", void)
    at.when(PLAN).refused("measure.closed")
    assert at.when(annul(2)).state().is_open
    early = ReadoptMeasure(adopted_on=day("2023-06-09"))
    at.when(early).refused("measure.before-last-entry")


def test_an_adoption_is_annulled_only_while_nothing_rests_on_it() -> None:
    state = measure(ADOPTED).when(annul(1)).state()

    assert not state.is_open
    measure(ADOPTED, PLANNED).when(annul(1)).refused("measure.planned-already")
    void = MeasureEntryAnnulled(**OF, **vars(annul(1)))
    measure(ADOPTED, void).when(PLAN).refused("measure.not-adopted")
    assert measure(ADOPTED, void).when(ReadoptMeasure(adopted_on=day("2022-03-01"))).state().is_open


def test_a_step_is_not_before_the_one_it_follows() -> None:
    early = changed(PLAN, planned_on=day("2022-01-01"))

    measure(ADOPTED).when(early).refused("measure.before-last-entry")


def test_a_measure_has_the_same_task_once_while_it_is_open() -> None:
    tasked().when(ASSIGN).refused("task.assigned-already")
    other = changed(WORK, title=f"{WORK.title}（二期）")
    assert tasked().when(changed(ASSIGN, tasks=(other,))).refusal is None
    assert tasked(*DONE).when(ASSIGN).refusal is None


def test_nothing_of_a_measure_is_of_a_day_before_its_newest_plan() -> None:
    at = measure(ADOPTED, PLANNED)
    before, on_its_day = day("2022-01-31"), PLAN.planned_on

    anew = changed(PLAN, plan="一年内完成加装电梯")
    for command, field in ((ASSIGN, "assigned_on"), (anew, "planned_on"), (GIVE_UP, "closed_on")):
        at.when(changed(command, **{field: before})).refused("measure.before-last-entry")
        assert at.when(changed(command, **{field: on_its_day})).refusal is None
    early = reclassified(measure(ADOPTED, PLANNED.model_copy(update={"planned_on": TODAY})))
    early.when(CARRY).refused("measure.before-last-entry")


def test_a_measure_of_a_community_that_is_gone_is_closed_and_nothing_else() -> None:
    gone = reclassified(measure(ADOPTED, PLANNED)).with_("community:a", abolished("2023-07-05"))

    gone.when(CARRY).refused("lifetime.ended", day=day("2023-07-10"))
    gone.when(changed(PLAN, planned_on=day("2023-07-10"))).refused(
        "lifetime.ended", day=day("2023-07-10")
    )
    assert gone.when(GIVE_UP).refusal is None


ACTIONS = [each.code for each in OLD.measures[0].actions]
OTHERS = OLD.measures[1].actions[0].code


def test_a_plan_names_the_actions_of_the_measure_that_it_carries_out() -> None:
    planned = PLAN.model_copy(update={"actions": (ACTIONS[5], ACTIONS[0])})

    measure(ADOPTED).when(planned).then(MeasurePlanned(**OF, **vars(planned)))


@pytest.mark.parametrize("action", [OTHERS, POLICY.common[0].code, "x"])
def test_what_is_no_action_of_the_measure_is_named_by_no_plan_and_no_task_of_it(
    action: str,
) -> None:
    planned = PLAN.model_copy(update={"actions": (action,)})
    work = WORK.model_copy(update={"action": action})
    assign = ASSIGN.model_copy(update={"tasks": (work,)})

    measure(ADOPTED).when(planned).refused("measure.no-such-action", action=action)
    measure(ADOPTED, PLANNED).when(assign).refused("measure.no-such-action", action=action)


def test_a_plan_names_an_action_once() -> None:
    planned = PLAN.model_copy(update={"actions": (ACTIONS[0], ACTIONS[0])})

    measure(ADOPTED).when(planned).refused("measure.action-named-twice")


def test_a_task_of_a_measure_says_which_action_it_carries_out() -> None:
    work = WORK.model_copy(update={"action": ACTIONS[5]})

    outcome = measure(ADOPTED, PLANNED).when(ASSIGN.model_copy(update={"tasks": (work,)}))

    assigned = outcome.events[-1]
    assert isinstance(assigned, StreamEvent)
    assert isinstance(assigned.event, TaskAssigned)
    assert assigned.event.action == ACTIONS[5]
