"""A city takes on three to seven items a year, after asking widely; a district as it likes."""

from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.command import Command
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.programme.drafting import (
    AdoptProgramme,
    AnnulProgrammeEntry,
)
from domain.programme.events import (
    ProgrammeClosed,
    ProgrammeEntryAnnulled,
    ProgrammeItemDropped,
)
from domain.task.completion import AnnulTaskStep
from tests.domain.given import POLICY, day, given
from tests.domain.programmes import (
    ADD,
    ADOPT,
    ASSIGN,
    CITY,
    CLOSE,
    CONSULT,
    CONSULTED,
    DISTRICT,
    DISTRICT_DRAFT,
    DISTRICT_DRAFTED,
    DONE,
    DRAFT,
    DRAFTED,
    DROP,
    FOUR,
    REVISE,
    STANDING,
    adopted,
    annul,
    changed,
    city,
    district,
    done,
    items,
    tasked,
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
    city(DRAFTED, CONSULTED, *items(count)).when(ADOPT).irregular("programme.number-of-items")


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

    city(DRAFTED, CONSULTED, *items(3), early).when(ADOPT).irregular(
        "programme.number-of-items", items=2
    )
    city(DRAFTED, CONSULTED, *items(8), early).when(ADOPT).then(adopted(7))


def test_of_what_a_city_adopted_three_items_stay() -> None:
    once = city(*FOUR).after("programme:c.2023", DROP, by="arbiter")
    another = changed(DROP, item="i2")

    once.when(another).irregular("programme.too-few-items-left")
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
    city(DRAFTED, *items(3)).when(ADOPT).irregular("programme.not-consulted")
    late = CONSULTED.model_copy(update={"consulted_until": day("2023-03-02")})
    city(DRAFTED, late, *items(3)).when(ADOPT).irregular("programme.not-consulted")


def test_a_city_may_ask_before_it_drafts_but_no_earlier_than_in_the_year_before() -> None:
    asked = changed(CONSULT, consulted_from=day("2021-11-01"), consulted_until=day("2022-01-01"))
    at = city(DRAFTED).after("programme:c.2023", asked, by="arbiter")
    for item in items(3):
        at = at.with_("programme:c.2023", item)

    assert at.when(ADOPT, by="arbiter").refusal is None
    long_ago = changed(asked, consulted_until=day("2021-12-31"))
    city(DRAFTED).when(long_ago).irregular("consultation.too-early", earliest_year=2022)


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
    city().when(DRAFT, by="decider", jurisdiction="d1").refused("place.out-of-scope", NotAuthorised)


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


def test_a_programme_is_closed_when_every_item_is_done_or_dropped() -> None:
    at = city(*STANDING)
    for number in (1, 2):
        event, stream, task = tasked(number)
        at = at.with_("programme:c.2023", event).with_(stream, task, *DONE)
    dropped = ProgrammeItemDropped(**CITY, **{**vars(DROP), "item": "i3"}, title="事项3")

    at.when(CLOSE).refused("programme.items-not-done", items=["事项3"])
    at.with_("programme:c.2023", dropped).when(CLOSE).then(ProgrammeClosed(**CITY, **vars(CLOSE)))


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


def test_nothing_else_is_annulled_this_way() -> None:
    for version in (1, 3, 9):
        city(*STANDING).when(annul(version)).refused("programme.nothing-to-annul")


def test_the_same_consultation_is_not_recorded_twice() -> None:
    city(DRAFTED, CONSULTED).when(CONSULT).refused("statement.repeated", entry=2)
    more = changed(CONSULT, replies=CONSULT.replies + 1)
    assert city(DRAFTED, CONSULTED).when(more).refusal is None
    void = city(DRAFTED, CONSULTED).after("programme:c.2023", annul(2), by="arbiter")
    assert void.when(CONSULT).refusal is None
