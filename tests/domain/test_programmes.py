"""A city takes on three to seven items a year, after asking widely; a district as it likes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from domain.jurisdiction.events import JurisdictionDissolved
from domain.kernel.command import Command
from domain.kernel.context import Role
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import derive_id
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.programme.drafting import (
    AdoptProgramme,
    AnnulProgrammeEntry,
    CloseProgramme,
    DraftProgramme,
    RecordConsultation,
)
from domain.programme.events import (
    ConsultationRecorded,
    ProgrammeAdopted,
    ProgrammeClosed,
    ProgrammeDrafted,
    ProgrammeEntryAnnulled,
    ProgrammeItemAdded,
    ProgrammeItemDropped,
    ProgrammeItemRevised,
    ProgrammeItemTasked,
)
from domain.programme.items import (
    ITEMS_MAX,
    AddProgrammeItem,
    AssignItemTasks,
    DropProgrammeItem,
    ReviseProgrammeItem,
)
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
from tests.domain.given import POLICY, REGISTERED, Given, Outcome, abolished, day, given

CITY: Any = {"jurisdiction": "c", "year": 2023}
DISTRICT: Any = {"jurisdiction": "d1", "year": 2023}
DRAFT = DraftProgramme(**CITY, title="补短板强弱项工程", drafted_on=day("2023-01-10"))
DRAFTED = ProgrammeDrafted(**vars(DRAFT), of_city=True)
DISTRICT_DRAFT = DraftProgramme(**DISTRICT, title="自选攻坚事项", drafted_on=day("2023-01-10"))
DISTRICT_DRAFTED = ProgrammeDrafted(**vars(DISTRICT_DRAFT), of_city=False)
CONSULT = RecordConsultation(
    consulted_from=day("2023-01-15"),
    consulted_until=day("2023-02-15"),
    replies=1204,
    summary="停车难、物业服务反映最多",
)
CONSULTED = ConsultationRecorded(**CITY, **vars(CONSULT))
FOCUS = POLICY.programme.focuses[0].code
ADD = AddProgrammeItem(
    item="i1",
    added_on=day("2023-02-20"),
    title="规范小区停车",
    focus=FOCUS,
    unit="city-management",
    person="zhao",
    due_on=day("2023-11-30"),
)
ADOPT = AdoptProgramme(adopted_on=day("2023-03-01"))
WORK = Assignment(title="划定车位", unit="city-management", person="zhao", due_on=day("2023-09-30"))
ASSIGN = AssignItemTasks(item="i1", assigned_on=day("2023-03-05"), tasks=(WORK,))
DROP = DropProgrammeItem(item="i1", dropped_on=day("2023-06-01"), reason="上级已统一部署")
CLOSE = CloseProgramme(closed_on=day("2023-12-20"), summary="全部办结")
REVISE = ReviseProgrammeItem(
    item="i1",
    revised_on=day("2023-05-01"),
    title="规范小区与路内停车",
    unit="traffic-police",
    person="qian",
    due_on=day("2023-12-15"),
    reason="扩大范围",
)


def items(count: int, of: Any = CITY) -> tuple[ProgrammeItemAdded, ...]:
    numbers = range(1, count + 1)
    return tuple(
        ProgrammeItemAdded(**of, **{**vars(ADD), "item": f"i{n}", "title": f"事项{n}"})
        for n in numbers
    )


def adopted(count: int = 3, of: Any = CITY) -> ProgrammeAdopted:
    return ProgrammeAdopted(**of, adopted_on=ADOPT.adopted_on, items=count)


STANDING = (DRAFTED, CONSULTED, *items(3), adopted())
FOUR = (DRAFTED, CONSULTED, *items(4), adopted(4))  # one to spare


@dataclass(frozen=True)
class Drawing(Given):
    """What is on record, for the city."""

    def when(self, command: Command[Any], *, by: Role | None = "arbiter", **more: Any) -> Outcome:
        return super().when(command, by=by, **more)


class OfDistrict(Given):
    """What is on record, for the district."""

    def when(
        self, command: Command[Any], *, jurisdiction: str | None = "d1", **more: Any
    ) -> Outcome:
        return super().when(command, jurisdiction=jurisdiction, **more)


def city(*events: Event) -> Given:
    at = given(*events).on("programme:c.2023").with_("community:a", REGISTERED)
    return Drawing(at.histories, at.stream)


def district(*events: Event) -> Given:
    at = given(*events).on("programme:d1.2023")
    return OfDistrict(at.histories, at.stream)


def changed(command: Any, **fields: Any) -> Any:
    return command.model_copy(update=fields)


def tasked(number: int) -> tuple[ProgrammeItemTasked, str, TaskAssigned]:
    """That the item of this number has a task."""
    event = ProgrammeItemTasked(
        **CITY,
        item=f"i{number}",
        title=f"事项{number}",
        assigned_on=ASSIGN.assigned_on,
        tasks=(f"t{number}",),
    )
    task = TaskAssigned(
        **vars(WORK),
        source="programme-item",
        source_stream="programme:c.2023",
        source_part=f"i{number}",
        jurisdiction="c",
        assigned_on=ASSIGN.assigned_on,
        assigned_by="li",
    )
    return event, f"task:t{number}", task


DONE: tuple[Event, ...] = (
    TaskAccepted(title=WORK.title, accepted_on=day("2023-03-06"), accepted_by="zhao"),
    TaskReported(
        title=WORK.title, reported_on=day("2023-09-01"), evidence="照片", reported_by="zhao"
    ),
    TaskClosedOut(title=WORK.title, closed_on=day("2023-09-05"), closed_by="li"),
)


def test_a_city_and_its_districts_have_one_programme_a_year() -> None:
    city().when(DRAFT).then(DRAFTED)
    district().when(DISTRICT_DRAFT).then(DISTRICT_DRAFTED)
    city(DRAFTED).when(DRAFT).refused("programme.already-drafted", title=DRAFT.title)
    given().on("programme:other").when(DRAFT, by="arbiter").refused(
        "programme.wrong-id", NotOnRecord, programme="c.2023"
    )


def test_below_a_district_there_is_no_programme() -> None:
    below = changed(DISTRICT_DRAFT, jurisdiction="s1")

    given().on("programme:s1.2023").when(below).refused("programme.below-district")


def test_where_the_policy_says_so_only_the_city_has_a_programme() -> None:
    bounds = POLICY.programme.model_copy(update={"districts_may_add": False})
    strict = POLICY.model_copy(update={"programme": bounds})

    district().when(DISTRICT_DRAFT, policy=strict).refused("programme.city-only")


@pytest.mark.parametrize("count", [3, 4, 7])
def test_a_city_adopts_three_to_seven_items(count: int) -> None:
    city(DRAFTED, CONSULTED, *items(count)).when(ADOPT).then(adopted(count))


@pytest.mark.parametrize("count", [1, 2, 8])
def test_a_city_does_not_adopt_two_or_eight(count: int) -> None:
    city(DRAFTED, CONSULTED, *items(count)).when(ADOPT).refused("programme.number-of-items")


@pytest.mark.parametrize("count", [1, 2, 8])
def test_a_district_adopts_as_many_as_it_likes(count: int) -> None:
    at = district(DISTRICT_DRAFTED, *items(count, DISTRICT))

    at.when(ADOPT).then(adopted(count, DISTRICT))


def test_nobody_adopts_an_empty_programme() -> None:
    city(DRAFTED, CONSULTED).when(ADOPT).refused("programme.without-items")
    district(DISTRICT_DRAFTED).when(ADOPT).refused("programme.without-items")


def test_a_dropped_item_does_not_count() -> None:
    dropped = ProgrammeItemDropped(**CITY, **vars(DROP), title="事项1")
    early = dropped.model_copy(update={"dropped_on": day("2023-02-21")})

    city(DRAFTED, CONSULTED, *items(3), early).when(ADOPT).refused(
        "programme.number-of-items", items=2
    )
    city(DRAFTED, CONSULTED, *items(8), early).when(ADOPT).then(adopted(7))


def test_of_what_a_city_adopted_three_items_stay() -> None:
    once = city(*FOUR).after("programme:c.2023", DROP, by="arbiter")
    another = changed(DROP, item="i2")

    once.when(another).refused("programme.too-few-items-left")
    assert once.when(changed(REVISE, item="i2")).refusal is None
    assert city(DRAFTED, *items(3)).when(DROP).refusal is None
    of_district = (DISTRICT_DRAFTED, *items(1, DISTRICT), adopted(1, DISTRICT))
    assert district(*of_district).when(DROP, by="decider").refusal is None


def test_what_was_adopted_is_not_changed_on_a_day_before() -> None:
    before = ADOPT.adopted_on - timedelta(days=1)

    for command, day_of in ((REVISE, "revised_on"), (DROP, "dropped_on")):
        early = command.model_copy(update={day_of: before})
        city(*STANDING).when(early).refused("programme-item.before-adoption")


def test_a_city_asks_widely_before_it_adopts() -> None:
    city(DRAFTED).when(CONSULT).then(CONSULTED)
    city(DRAFTED, *items(3)).when(ADOPT).refused("programme.not-consulted")
    late = CONSULTED.model_copy(update={"consulted_until": day("2023-03-02")})
    city(DRAFTED, late, *items(3)).when(ADOPT).refused("programme.not-consulted")


def test_a_city_may_ask_before_it_drafts_but_no_earlier_than_in_the_year_before() -> None:
    asked = changed(CONSULT, consulted_from=day("2021-11-01"), consulted_until=day("2022-01-01"))
    at = city(DRAFTED).after("programme:c.2023", asked, by="arbiter")
    for item in items(3):
        at = at.with_("programme:c.2023", item)

    assert at.when(ADOPT, by="arbiter").refusal is None
    long_ago = changed(asked, consulted_until=day("2021-12-31"))
    city(DRAFTED).when(long_ago).refused("consultation.too-early", earliest_year=2022)


def test_a_consultation_ends_behind_its_beginning() -> None:
    wrong = changed(CONSULT, consulted_until=day("2023-01-14"))

    city(DRAFTED).when(wrong).refused("consultation.ends-before-it-begins")


def test_the_city_and_the_districts_each_adopt_their_own() -> None:
    city(DRAFTED, CONSULTED, *items(3)).when(ADOPT, by="decider").refused(
        "role.lacking", NotAuthorised
    )
    district(DISTRICT_DRAFTED, *items(1, DISTRICT)).when(ADOPT, by="arbiter").refused(
        "role.lacking", NotAuthorised
    )
    city().when(DRAFT, by="recorder").refused("role.lacking", NotAuthorised)


def test_a_programme_is_drawn_up_by_the_unit_whose_it_is_or_by_the_city() -> None:
    drafted = (DISTRICT_DRAFTED, *items(1, DISTRICT))
    drawn: list[tuple[Any, Command[Any]]] = [
        ((), DISTRICT_DRAFT),
        (drafted, CONSULT),
        (drafted, changed(ADD, item="i2")),
        (drafted, ADOPT),
        ((*drafted, adopted(1, DISTRICT)), REVISE),
        ((*drafted, adopted(1, DISTRICT)), DROP),
        ((*drafted, adopted(1, DISTRICT)), CLOSE),
        ((*drafted, adopted(1, DISTRICT)), AnnulProgrammeEntry(annuls=3, reason="误录")),
    ]
    for events, command in drawn:
        district(*events).when(command, jurisdiction="c").refused(
            "programme.of-another-unit", NotAuthorised, jurisdiction="d1", acting_for="c"
        )
    for events, command in drawn[:3]:
        assert district(*events).when(command, by="arbiter", jurisdiction="c").refusal is None
    city().when(DRAFT, by="decider").refused("programme.of-another-unit", NotAuthorised)


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


def test_what_was_adopted_is_changed_only_by_those_who_may_adopt_it() -> None:
    for command in (REVISE, DROP):
        assert city(*FOUR).when(command).refusal is None
        assert city(*FOUR[:-1]).when(command, by="decider", jurisdiction="c").refusal is None
        city(*FOUR).when(command, by="decider").refused("role.lacking", NotAuthorised)
    at = district(DISTRICT_DRAFTED, *items(1, DISTRICT), adopted(1, DISTRICT))
    assert at.when(REVISE, by="decider").refusal is None
    at.when(changed(ADD, item="i2"), by="arbiter").refused("role.lacking", NotAuthorised)


def test_a_citys_items_are_fixed_at_adoption_and_a_districts_are_not() -> None:
    late = changed(ADD, item="late", added_on=day("2023-04-01"))

    city(*STANDING).when(late).refused("programme.already-adopted")
    at = district(DISTRICT_DRAFTED, *items(1, DISTRICT), adopted(1, DISTRICT))
    assert at.when(late).refusal is None


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


def test_a_programme_is_closed_when_every_item_is_done_or_dropped() -> None:
    at = city(*STANDING)
    for number in (1, 2):
        event, stream, task = tasked(number)
        at = at.with_("programme:c.2023", event).with_(stream, task, *DONE)
    dropped = ProgrammeItemDropped(**CITY, **{**vars(DROP), "item": "i3"}, title="事项3")

    at.when(CLOSE).refused("programme.items-not-done", items=["事项3"])
    at.with_("programme:c.2023", dropped).when(CLOSE).then(ProgrammeClosed(**CITY, **vars(CLOSE)))


def test_an_item_with_an_open_task_is_not_done() -> None:
    at = city(*STANDING)
    for number in (1, 2, 3):
        event, stream, task = tasked(number)
        done = DONE if number < 3 else DONE[:2]
        at = at.with_("programme:c.2023", event).with_(stream, task, *done)

    at.when(CLOSE).refused("programme.items-not-done", items=["事项3"])


def done() -> Given:
    """A programme whose three items are done on 2023-09-05."""
    at = city(*STANDING)
    for number in (1, 2, 3):
        event, stream, task = tasked(number)
        at = at.with_("programme:c.2023", event).with_(stream, task, *DONE)
    return at


def test_a_programme_is_closed_behind_the_last_step_of_its_tasks() -> None:
    assert done().when(changed(CLOSE, closed_on=day("2023-09-05"))).refusal is None
    early = changed(CLOSE, closed_on=day("2023-09-04"))
    done().when(early).refused("task.before-last-step")


def test_a_programme_is_closed_behind_the_dropping_of_an_item() -> None:
    dropped = ProgrammeItemDropped(
        **CITY, **{**vars(DROP), "dropped_on": day("2023-12-21")}, title="事项1"
    )

    done().with_("programme:c.2023", dropped).when(CLOSE).refused(
        "programme.out-of-order", last=day("2023-12-21")
    )


def test_a_close_out_on_which_a_closed_programme_rests_is_not_annulled() -> None:
    undo = AnnulTaskStep(annuls=4, reason="误录")
    closed = ProgrammeClosed(**CITY, **vars(CLOSE))

    assert done().at("task:t1").when(undo).refusal is None
    at = done().with_("programme:c.2023", closed).at("task:t1")
    at.when(undo).refused("programme.task-not-reopened", entry=10)


def test_a_closed_programme_changes_no_more() -> None:
    closed = ProgrammeClosed(**CITY, **vars(CLOSE))

    for command in (REVISE, DROP, ASSIGN, CLOSE):
        city(*STANDING, closed).when(command).refused("programme.closed", entry=7)


@pytest.mark.parametrize("command", [ADOPT, CONSULT])
def test_an_adopted_programme_is_not_adopted_or_consulted_on_again(command: Any) -> None:
    city(*STANDING).when(command).refused("programme.already-adopted")


def test_an_adoption_is_behind_the_items() -> None:
    early = AdoptProgramme(adopted_on=day("2023-02-18"))

    city(DRAFTED, CONSULTED, *items(3)).when(early).refused(
        "programme.out-of-order", last=ADD.added_on
    )


def annul(version: int) -> AnnulProgrammeEntry:
    return AnnulProgrammeEntry(annuls=version, reason="误录")


def test_an_adoption_by_mistake_is_annulled_while_nothing_rests_on_it() -> None:
    outcome = city(*STANDING).when(annul(6))

    outcome.then(ProgrammeEntryAnnulled(**CITY, **vars(annul(6))))
    assert outcome.state().adopted_on is None
    event, stream, task = tasked(1)
    city(*STANDING, event).with_(stream, task).when(annul(6)).refused("programme.adoption-in-use")


def test_a_closing_by_mistake_is_annulled() -> None:
    closed = ProgrammeClosed(**CITY, **vars(CLOSE))

    outcome = city(*STANDING, closed).when(annul(7))

    assert outcome.state().closed_by is None
    city(*STANDING, closed).when(annul(6)).refused("programme.closed", entry=7)


def test_a_consultation_is_annulled_before_the_adoption() -> None:
    assert city(DRAFTED, CONSULTED).when(annul(2)).state().consultations == {}
    city(*STANDING).when(annul(2)).refused("programme.already-adopted")


def test_a_dropping_is_annulled_unless_the_city_would_have_too_many() -> None:
    dropped = ProgrammeItemDropped(
        **CITY, **{**vars(DROP), "dropped_on": day("2023-02-21")}, title="事项1"
    )

    before = city(DRAFTED, CONSULTED, *items(8), dropped)

    assert len(before.when(annul(11)).state().current_items()) == 8
    full = before.with_("programme:c.2023", adopted(7))
    full.when(annul(11)).refused("programme.no-room-for-item", items_max=7)


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


def test_nothing_else_is_annulled_this_way() -> None:
    for version in (1, 3, 9):
        city(*STANDING).when(annul(version)).refused("programme.nothing-to-annul")


def test_the_same_consultation_is_not_recorded_twice() -> None:
    city(DRAFTED, CONSULTED).when(CONSULT).refused("statement.repeated", entry=2)
    more = changed(CONSULT, replies=CONSULT.replies + 1)
    assert city(DRAFTED, CONSULTED).when(more).refusal is None
    void = city(DRAFTED, CONSULTED).after("programme:c.2023", annul(2), by="arbiter")
    assert void.when(CONSULT).refusal is None


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
