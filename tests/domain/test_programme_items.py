"""Items of a programme: added, revised, tasked, dropped and done."""

from typing import Any

import pytest

from domain.jurisdiction.events import JurisdictionDissolved
from domain.kernel.event import StreamEvent
from domain.kernel.ids import derive_id
from domain.kernel.refusal import NotOnRecord
from domain.programme.drafting import (
    AnnulProgrammeEntry,
)
from domain.programme.events import (
    ProgrammeEntryAnnulled,
    ProgrammeItemAdded,
    ProgrammeItemDropped,
    ProgrammeItemRevised,
    ProgrammeItemTasked,
)
from domain.programme.items import (
    ITEMS_MAX,
)
from domain.task.completion import AnnulTaskStep
from domain.task.events import (
    TaskCancelled,
    TaskStepAnnulled,
)
from tests.domain.given import abolished, day
from tests.domain.programmes import (
    ADD,
    ASSIGN,
    CITY,
    CLOSE,
    CONSULTED,
    DISTRICT,
    DISTRICT_DRAFTED,
    DONE,
    DRAFT,
    DRAFTED,
    DROP,
    FOUR,
    REVISE,
    STANDING,
    WORK,
    adopted,
    annul,
    changed,
    city,
    district,
    items,
    tasked,
)


def test_one_title_is_one_item_of_a_programme_until_it_is_dropped() -> None:
    same = changed(ADD, item="i9", title="事项 １")
    taken = "programme-item.title-taken"
    city(DRAFTED, *items(1)).when(same).refused(taken, item="i1")
    city(*STANDING).when(changed(REVISE, item="i2", title="事项1")).refused(taken, item="i1")
    assert city(*STANDING).when(changed(REVISE, title="事项1")).refusal is None

    dropped = ProgrammeItemDropped(**CITY, **vars(DROP), title="事项1")
    early = dropped.model_copy(update={"dropped_on": day("2023-02-21")})
    anew = city(DRAFTED, *items(1), early).after("programme:c.2023", same, by="arbiter")
    anew.when(AnnulProgrammeEntry(annuls=3, reason="误录")).refused(taken, item="i9")


def test_an_item_has_a_unit_a_person_and_a_deadline() -> None:
    city(DRAFTED).when(ADD).then(ProgrammeItemAdded(**CITY, **vars(ADD)))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"focus": "parking"}, "policy.unknown-code"),
        ({"due_on": day("2023-02-19")}, "programme-item.due-before-its-day"),
        ({"added_on": day("2030-01-01")}, "day.not-come"),
    ],
)
def test_an_item_is_sound(fields: dict[str, Any], code: str) -> None:
    city(DRAFTED).when(changed(ADD, **fields)).refused(code)


def test_an_item_is_not_added_before_the_programme_is_drafted() -> None:
    early = changed(ADD, added_on=day("2023-01-09"))

    assert city(DRAFTED).when(changed(ADD, added_on=DRAFT.drafted_on)).refusal is None
    city(DRAFTED).when(early).refused("programme.before-draft")


def test_an_item_has_an_id_of_its_own() -> None:
    city(DRAFTED, *items(1)).when(ADD).refused("programme-item.id-taken")
    outcome = city(DRAFTED).when(changed(ADD, item=None))
    assert outcome.state().items.keys() == {derive_id("item", "command-1", "c.2023", 1)}


def test_a_programme_has_a_limited_number_of_items_dropped_ones_included() -> None:
    dropped = ProgrammeItemDropped(**DISTRICT, **vars(DROP), title="事项1")
    early = changed(dropped, dropped_on=ADD.added_on)
    another = changed(ADD, item=None)

    at = district(DISTRICT_DRAFTED, *items(ITEMS_MAX - 1, DISTRICT))
    assert at.when(another).refusal is None
    full = district(DISTRICT_DRAFTED, *items(ITEMS_MAX, DISTRICT), early)
    full.when(another).refused("programme.full")


def test_an_item_is_revised_with_a_reason() -> None:
    city(*STANDING).when(REVISE).then(ProgrammeItemRevised(**CITY, **vars(REVISE)))
    city(*STANDING).when(changed(REVISE, item="i9")).refused(
        "programme-item.not-on-record", NotOnRecord
    )
    city(*STANDING).when(changed(REVISE, revised_on=day("2023-02-01"))).refused(
        "programme-item.before-its-entry"
    )


def test_an_item_is_tasked_once_the_programme_stands() -> None:
    outcome = city(*STANDING).when(ASSIGN)
    _, _, assigned = tasked(1)
    id = derive_id("task", "command-1", "programme:c.2023", 6, 0)
    event = ProgrammeItemTasked(
        **CITY, item="i1", title="事项1", assigned_on=ASSIGN.assigned_on, tasks=(id,)
    )

    outcome.then(event, StreamEvent(f"task:{id}", assigned))
    city(DRAFTED, *items(3)).when(ASSIGN).refused("programme.not-adopted")


def test_a_task_of_an_item_may_be_for_a_community_that_stands() -> None:
    in_a = changed(ASSIGN, community="a")
    assert city(*STANDING).when(in_a).refusal is None

    city(*STANDING).when(changed(ASSIGN, community="b")).refused(
        "subject.not-on-record", NotOnRecord
    )
    gone = city(*STANDING).with_("community:a", abolished("2023-03-05"))
    gone.when(in_a, by="arbiter").refused("lifetime.ended")


def test_a_task_of_an_item_is_in_a_jurisdiction_that_stands() -> None:
    gone = JurisdictionDissolved(effective_from=day("2023-03-05"), reason="区划调整")
    added = (DISTRICT_DRAFTED, *items(1, DISTRICT), adopted(1, DISTRICT))
    at = district(*added)

    assert at.when(ASSIGN).refusal is None
    at.with_("jurisdiction:d1", gone).when(ASSIGN).refused("lifetime.ended")


def test_a_dropped_item_takes_its_open_tasks_along() -> None:
    event, stream, task = tasked(1)
    at = city(*FOUR, event).with_(stream, task)
    dropped = ProgrammeItemDropped(**CITY, **vars(DROP), title="事项1", cancelled=("t1",))
    cancelled = TaskCancelled(title=WORK.title, cancelled_on=DROP.dropped_on, reason=DROP.reason)

    at.when(DROP).then(dropped, StreamEvent(stream, cancelled))
    at.with_(stream, cancelled).when(DROP).then(dropped.model_copy(update={"cancelled": ()}))
    at.with_("programme:c.2023", dropped).when(DROP).refused("programme-item.dropped")
    at.with_("programme:c.2023", dropped).when(REVISE).refused("programme-item.dropped")


def test_an_item_with_an_open_task_is_not_done() -> None:
    at = city(*STANDING)
    for number in (1, 2, 3):
        event, stream, task = tasked(number)
        done = DONE if number < 3 else DONE[:2]
        at = at.with_("programme:c.2023", event).with_(stream, task, *done)

    at.when(CLOSE).refused("programme.items-not-done", items=["事项3"])


def test_a_dropping_is_annulled_unless_the_city_would_have_too_many() -> None:
    dropped = ProgrammeItemDropped(
        **CITY, **{**vars(DROP), "dropped_on": day("2023-02-21")}, title="事项1"
    )

    before = city(DRAFTED, CONSULTED, *items(8), dropped)

    assert len(before.when(annul(11)).state().current_items()) == 8
    full = before.with_("programme:c.2023", adopted(7))
    full.when(annul(11)).irregular("programme.no-room-for-item", items_max=7)


def test_the_tasks_of_an_item_go_on_when_its_dropping_is_annulled() -> None:
    event, stream, task = tasked(1)
    cancelled_before = TaskCancelled(
        title=WORK.title, cancelled_on=day("2023-05-01"), reason="重复交办"
    )
    more = event.model_copy(update={"tasks": ("t9",)})
    at = city(*FOUR, event, more).with_(stream, task).with_("task:t9", task, cancelled_before)
    at = at.after("programme:c.2023", DROP, by="arbiter")

    outcome = at.when(annul(10))

    resumed = TaskStepAnnulled(title=WORK.title, annuls=2, reason="误录")
    outcome.then(ProgrammeEntryAnnulled(**CITY, **vars(annul(10))), StreamEvent(stream, resumed))
    assert outcome.state(stream).is_open
    assert [item.id for item in outcome.state().current_items()] == ["i1", "i2", "i3", "i4"]


def test_a_task_of_a_dropped_item_does_not_go_on_by_itself() -> None:
    event, stream, task = tasked(1)
    at = city(*FOUR, event).with_(stream, task).after("programme:c.2023", DROP, by="arbiter")

    undo = AnnulTaskStep(annuls=2, reason="误录")
    at.at(stream).when(undo).refused("programme-item.task-not-reopened", entry=9)


def test_an_item_has_the_same_task_once_in_one_place_while_it_is_open() -> None:
    event, stream, task = tasked(1)
    at = city(*STANDING, event).with_(stream, task)

    at.when(ASSIGN).refused("task.assigned-already")
    assert at.when(changed(ASSIGN, community="a")).refusal is None
    assert at.when(changed(ASSIGN, item="i2")).refusal is None
    for other in ({"title": "划定夜间车位"}, {"description": "北门"}, {"person": "qian"}):
        assert at.when(changed(ASSIGN, tasks=(changed(WORK, **other),))).refusal is None
    assert at.with_(stream, *DONE).when(ASSIGN).refusal is None
    city(*STANDING).when(changed(ASSIGN, tasks=(WORK, WORK))).refused("task.assigned-already")


def test_in_one_community_an_item_has_the_same_task_once() -> None:
    event, stream, task = tasked(1)
    in_a = changed(ASSIGN, community="a")
    at = city(*STANDING, changed(event, community="a"))
    at = at.with_(stream, changed(task, jurisdiction=None, community="a"))

    at.when(in_a).refused("task.assigned-already")
    assert at.when(ASSIGN).refusal is None
