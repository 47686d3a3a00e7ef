"""Officials: names, posts, and how two of one name are told apart."""

from typing import Any

import pytest

from domain.kernel.command import Command
from domain.kernel.event import StreamEvent
from domain.kernel.refusal import NotOnRecord
from domain.person.corrections import (
    AnnulPersonEntry,
    CorrectPersonName,
    CorrectPost,
    CorrectPostEnd,
)
from domain.person.events import (
    PersonDistinguished,
    PersonEntryAnnulled,
    PersonNameCorrected,
    PersonNameReserved,
    PersonRegistered,
    PersonRenamed,
    PostCorrected,
    PostEndCorrected,
    PostLeft,
    PostTaken,
)
from domain.person.namesake import NameInUnit
from domain.person.registration import (
    DistinguishPerson,
    LeavePost,
    RegisterPerson,
    RenamePerson,
    TakePost,
)
from domain.person.state import Person
from domain.unit.registration import DissolveUnit
from tests.domain.given import day
from tests.domain.units import person, with_units

WHY = "录入有误"
D2021, D2022, D2023 = day("2021-03-01"), day("2022-01-01"), day("2023-01-01")
UNITS = with_units()
NEW = UNITS.at("person:new")
REGISTER = RegisterPerson(name="李娜", unit="u1", title="科长", effective_from=D2021)
LI = UNITS.at("person:p1").after("person:p1", REGISTER)
TAKE = TakePost(unit="u1", title="副局长", effective_from=D2022)
LEAVE = LeavePost(post=2, effective_from=D2023)


def other(command: Command[Any], **fields: Any) -> Any:
    return command.model_copy(update=fields)


def left(**fields: Any) -> PostLeft:
    return PostLeft(**{**vars(LEAVE), "unit": "u1", "title": "科长", **fields})


def test_an_official_is_registered_with_a_post_and_the_name_is_reserved_in_the_unit() -> None:
    outcome = NEW.when(other(REGISTER, distinction="物业科"))

    outcome.then(*person(distinction="物业科"))
    (stream,) = NameInUnit("u1", "李娜", "物业科").streams()
    assert outcome.events[2:] == (
        StreamEvent(
            stream, PersonNameReserved(person="new", unit="u1", name="李娜", distinction="物业科")
        ),
    )
    state: Person = outcome.state()
    assert state.name_on(day("1999-01-01")) == "李娜"
    assert [(number, post.title, span) for number, post, span in state.tenures()] == [
        (2, "科长", (D2021, None))
    ]


@pytest.mark.parametrize("command", [REGISTER, TAKE])
def test_a_post_is_in_a_unit_that_exists(command: Any) -> None:
    given = UNITS.with_("person:p1", *person()) if command is TAKE else UNITS
    at = given.at("person:p1")

    at.when(other(command, unit="x")).refused("subject.not-on-record", NotOnRecord)
    ended = at.after("unit:s1", DissolveUnit(effective_from=day("2020-01-01")))
    ended.when(other(command, unit="s1")).refused("lifetime.ended")


def test_two_of_one_name_in_a_unit_are_told_apart() -> None:
    second = LI.at("person:p2")

    second.when(REGISTER).refused("person.namesake", person="person:p1")
    second.when(other(REGISTER, name="李 娜", title="科员")).refused("person.namesake")
    apart = other(REGISTER, distinction="物业科")
    second.when(apart).then(*person(distinction="物业科"))
    second.when(other(REGISTER, unit="u2")).then(*person(unit="u2"))
    LI.after("person:p1", LEAVE).at("person:p2").when(other(REGISTER, effective_from=D2023)).then(
        *person(effective_from=D2023)
    )


def test_a_namesake_is_refused_by_whichever_way_two_become_one() -> None:
    given = LI.after("person:p2", other(REGISTER, name="王芳"))
    given = given.after("person:p3", other(REGISTER, unit="u2"))
    given = given.after("person:p4", other(REGISTER, name="李娜", distinction="物业科"))

    given.at("person:p2").when(RenamePerson(name="李娜", effective_from=D2022)).refused(
        "person.namesake"
    )
    corrected = CorrectPersonName(corrects=1, name="李娜", reason=WHY)
    given.at("person:p2").when(corrected).refused("person.namesake")
    given.at("person:p3").when(TAKE).refused("person.namesake")
    moved = CorrectPost(corrects=2, unit="u1", title="科长", effective_from=D2021, reason=WHY)
    given.at("person:p3").when(moved).refused("person.namesake")
    given.at("person:p4").when(DistinguishPerson(distinction=None)).refused("person.namesake")


def test_the_first_of_two_may_be_distinguished_instead() -> None:
    given = LI.after("person:p1", DistinguishPerson(distinction="办公室"))

    given.at("person:p2").when(REGISTER).then(*person())
    given.at("person:p1").when(DistinguishPerson(distinction="办公室")).refused(
        "person.distinguished-so"
    )
    LI.when(DistinguishPerson(distinction="办公室")).then(PersonDistinguished(distinction="办公室"))


def test_a_name_holds_until_the_next() -> None:
    renamed = RenamePerson(name="李娜娜", effective_from=D2022)

    state: Person = LI.when(renamed).then(PersonRenamed(**vars(renamed))).state()

    assert (state.name_on(D2021), state.name_on(D2022)) == ("李娜", "李娜娜")
    LI.after("person:p1", renamed).when(renamed).refused("attribute.unchanged")


def test_several_posts_are_held_at_once_but_the_same_one_once() -> None:
    LI.when(TAKE).then(PostTaken(**vars(TAKE)))
    LI.when(other(TAKE, title="科 长")).refused("person.post-held-already", entry=2)
    again = other(TAKE, title="科长", effective_from=D2023)
    LI.after("person:p1", LEAVE).when(again).then(PostTaken(**vars(again)))


def test_a_post_is_left_once_and_after_it_was_taken() -> None:
    state: Person = LI.when(LEAVE).then(left()).state()

    assert [span for _, _, span in state.tenures()] == [(D2021, D2023)]
    LI.when(other(LEAVE, post=1)).refused("person.no-such-post")
    LI.when(other(LEAVE, effective_from=D2021)).refused("person.post-left-too-early")
    LI.after("person:p1", LEAVE).when(LEAVE).refused("person.post-left-already", left_on=D2023)


def test_a_wrong_name_is_corrected_and_that_of_the_registration_has_no_day() -> None:
    first = CorrectPersonName(corrects=1, name="李纳", reason=WHY)

    state: Person = LI.when(first).then(PersonNameCorrected(**vars(first))).state()

    assert state.name_on(D2021) == "李纳"
    LI.when(other(first, effective_from=D2021)).refused("person.first-name-without-day")
    LI.when(other(first, name="李娜")).refused("correction.without-change")
    renamed = LI.after("person:p1", RenamePerson(name="李娜娜", effective_from=D2022))
    second = CorrectPersonName(corrects=3, name="李纳纳", reason=WHY)
    renamed.when(second).then(PersonNameCorrected(**{**vars(second), "effective_from": D2022}))
    later = other(second, effective_from=D2023)
    renamed.when(later).then(PersonNameCorrected(**vars(later)))


def test_a_wrong_post_is_corrected() -> None:
    correct = CorrectPost(corrects=2, unit="u2", title="副科长", effective_from=D2022, reason=WHY)

    state: Person = LI.when(correct).then(PostCorrected(**vars(correct))).state()

    assert [(*post, *span) for _, post, span in state.tenures()] == [("u2", "副科长", D2022, None)]
    LI.when(other(correct, corrects=1)).refused("entry.without-attribute")
    LI.when(other(correct, corrects=9)).refused("entry.not-on-record", NotOnRecord)
    same = other(correct, unit="u1", title="科长", effective_from=D2021)
    LI.when(same).refused("correction.without-change")
    over = LI.after("person:p1", LEAVE)
    over.when(other(correct, effective_from=D2023)).refused("person.post-left-too-early")
    over.when(other(correct, corrects=3)).refused("entry.without-attribute")
    both = LI.after("person:p1", TAKE)
    both.when(other(correct, corrects=3, unit="u1", title="科长")).refused(
        "person.post-held-already"
    )


def test_the_day_on_which_a_post_was_left_is_corrected() -> None:
    over = LI.after("person:p1", LEAVE)
    correct = CorrectPostEnd(corrects=3, effective_from=D2022, reason=WHY)

    state: Person = over.when(correct).then(PostEndCorrected(**vars(correct))).state()

    assert [span for _, _, span in state.tenures()] == [(D2021, D2022)]
    over.when(other(correct, corrects=2)).refused("person.entry-ends-no-post")
    over.when(other(correct, effective_from=D2021)).refused("person.post-left-too-early")
    over.when(other(correct, effective_from=D2023)).refused("correction.without-change")


def test_an_annulled_leaving_holds_the_post_again_unless_another_took_the_name() -> None:
    over = LI.after("person:p1", LEAVE)
    annul = AnnulPersonEntry(annuls=3, reason=WHY)

    state: Person = over.when(annul).then(PersonEntryAnnulled(annuls=3, reason=WHY)).state()

    assert [span for _, _, span in state.tenures()] == [(D2021, None)]
    given = over.after("person:p2", other(REGISTER, effective_from=D2023))
    given.at("person:p1").when(annul).refused("person.namesake")
    again = over.after("person:p1", other(TAKE, title="科长", effective_from=D2023))
    again.when(annul).refused("person.post-held-already")


def test_whoever_was_registered_by_mistake_is_annulled_after_the_posts() -> None:
    LI.when(AnnulPersonEntry(annuls=1, reason=WHY)).refused("annulment.rested-on", resting=2)
    without = LI.after("person:p1", AnnulPersonEntry(annuls=2, reason=WHY))
    nobody = without.after("person:p1", AnnulPersonEntry(annuls=1, reason=WHY))

    nobody.when(TAKE).refused("subject.first-entry-annulled")
    nobody.at("person:p2").when(REGISTER).then(*person())


def test_the_record_of_an_official_has_no_room_for_private_data() -> None:
    fields = {name for event in (PersonRegistered, PostTaken) for name in event.model_fields}

    assert fields == {"name", "distinction", "unit", "title", "effective_from", "reason"}
