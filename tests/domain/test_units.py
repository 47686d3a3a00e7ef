"""Offices and organisations: where they belong, what they are called, and for how long."""

from typing import Any

import pytest

from domain.kernel.command import Command
from domain.kernel.event import StreamEvent
from domain.kernel.refusal import NotOnRecord
from domain.unit.corrections import (
    AnnulUnitEntry,
    CorrectUnitCode,
    CorrectUnitKind,
    CorrectUnitName,
    CorrectUnitPlace,
    CorrectUnitRegistration,
)
from domain.unit.events import (
    CreditCodeReserved,
    UnitCodeCorrected,
    UnitDissolved,
    UnitEntryAnnulled,
    UnitKindChanged,
    UnitKindCorrected,
    UnitMerged,
    UnitNameCorrected,
    UnitNameReserved,
    UnitPlaceCorrected,
    UnitPlaced,
    UnitRecoded,
    UnitRegistered,
    UnitRegistrationCorrected,
    UnitRenamed,
)
from domain.unit.keys import UnitCode, UnitName
from domain.unit.registration import (
    ChangeUnitKind,
    DissolveUnit,
    MergeUnit,
    PlaceUnit,
    RecodeUnit,
    RegisterUnit,
    RenameUnit,
)
from domain.unit.state import Unit
from tests.domain.given import Outcome, day
from tests.domain.units import BUREAU_CODE, OTHER_CODE, with_units

WHY = "录入有误"
D2020, D2022 = day("2020-01-01"), day("2022-01-01")
UNITS = with_units()
NEW = UNITS.at("unit:new")
BUREAU = UNITS.at("unit:u1")
REGISTER = RegisterUnit(
    name="涪城区教育局",
    unit_kind="government-office",
    jurisdiction="d1",
    credit_code=BUREAU_CODE,
    effective_from=D2020,
)


def reserved(outcome: Outcome) -> list[StreamEvent]:
    return [each for each in outcome.events if isinstance(each, StreamEvent)]


def other(command: Command[Any], **fields: Any) -> Any:
    return command.model_copy(update=fields)


def test_a_unit_is_registered_in_a_jurisdiction_with_its_code_and_name_reserved() -> None:
    outcome = NEW.when(REGISTER)

    outcome.then(UnitRegistered(**vars(REGISTER)))
    (code,) = UnitCode(BUREAU_CODE).streams()
    (name,) = UnitName("jurisdiction:d1", REGISTER.name).streams()
    assert reserved(outcome) == [
        StreamEvent(code, CreditCodeReserved(unit="new", credit_code=BUREAU_CODE)),
        StreamEvent(
            name, UnitNameReserved(unit="new", place="jurisdiction:d1", name=REGISTER.name)
        ),
    ]
    state: Unit = outcome.state()
    assert state.exists_on(D2020)
    assert not state.exists_on(day("2019-12-31"))


def test_a_unit_may_belong_to_a_superior_unit_instead() -> None:
    section = other(REGISTER, jurisdiction=None, superior="u1", credit_code=None)

    state: Unit = NEW.when(section).then(UnitRegistered(**vars(section))).state()

    assert state.superior_on(D2020) == "unit:u1"


@pytest.mark.parametrize("fields", [{"superior": "u1"}, {"jurisdiction": None}])
def test_a_unit_belongs_to_exactly_one_place(fields: dict[str, Any]) -> None:
    NEW.when(other(REGISTER, **fields)).refused("unit.not-in-one-place")
    both = PlaceUnit(**{"jurisdiction": "d1", **fields}, effective_from=D2020)
    BUREAU.when(both).refused("unit.not-in-one-place")


def test_what_a_unit_belongs_to_exists() -> None:
    NEW.when(other(REGISTER, jurisdiction="x")).refused("subject.not-on-record", NotOnRecord)
    nowhere = other(REGISTER, jurisdiction=None, superior="x")
    NEW.when(nowhere).refused("subject.not-on-record", NotOnRecord)
    early = other(nowhere, superior="u1", effective_from=day("2009-12-31"))
    NEW.when(early).refused("lifetime.not-begun")


def test_the_kind_is_one_of_the_policy_and_the_code_ends_in_its_check_digit() -> None:
    NEW.when(other(REGISTER, unit_kind="castle")).refused("policy.unknown-code")
    wrong = other(REGISTER, credit_code="11990102MB0000001T")
    NEW.when(wrong).refused("credit-code.wrong-check-digit")
    BUREAU.when(ChangeUnitKind(unit_kind="castle", effective_from=D2020)).refused(
        "policy.unknown-code"
    )
    BUREAU.when(RecodeUnit(credit_code=wrong.credit_code, effective_from=D2020)).refused(
        "credit-code.wrong-check-digit"
    )


def test_a_name_belongs_to_one_unit_in_a_place_on_any_day() -> None:
    given = UNITS.after("unit:a", REGISTER)
    again = other(REGISTER, name="涪城区 教育局", credit_code=None)

    given.at("unit:b").when(again).refused("unit.name-taken", unit="unit:a")
    given.at("unit:b").when(other(again, jurisdiction="d2")).then(
        UnitRegistered(**vars(other(again, jurisdiction="d2")))
    )
    ended = given.after("unit:a", DissolveUnit(effective_from=D2022))
    ended.at("unit:b").when(other(again, effective_from=D2022)).then(
        UnitRegistered(**vars(other(again, effective_from=D2022)))
    )
    ended.at("unit:b").when(again).refused("unit.name-taken")


def test_two_units_may_each_have_an_office_of_the_same_name() -> None:
    office = other(REGISTER, name="办公室", jurisdiction=None, superior="u1", credit_code=None)
    theirs = other(office, superior="u2")

    UNITS.after("unit:a", office).at("unit:b").when(theirs).then(UnitRegistered(**vars(theirs)))


def test_a_code_belongs_to_one_unit_on_any_day() -> None:
    given = UNITS.after("unit:a", REGISTER)
    again = other(REGISTER, name="另一单位", jurisdiction="d2")

    given.at("unit:b").when(again).refused("unit.code-taken", unit="unit:a")
    given.at("unit:u1").when(RecodeUnit(credit_code=BUREAU_CODE, effective_from=D2022)).refused(
        "unit.code-taken"
    )
    given_up = given.after("unit:a", RecodeUnit(credit_code=None, effective_from=D2022))
    later = RecodeUnit(credit_code=BUREAU_CODE, effective_from=D2022)
    given_up.at("unit:u1").when(later).then(UnitRecoded(**vars(later)))


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (RenameUnit(name="涪城区住建局", effective_from=D2020), UnitRenamed),
        (RecodeUnit(credit_code=OTHER_CODE, effective_from=D2020), UnitRecoded),
        (ChangeUnitKind(unit_kind="enterprise", effective_from=D2020), UnitKindChanged),
        (PlaceUnit(jurisdiction="d2", effective_from=D2020), UnitPlaced),
        (PlaceUnit(superior="u2", effective_from=D2020), UnitPlaced),
        (MergeUnit(successor="u2", effective_from=D2020), UnitMerged),
        (DissolveUnit(effective_from=D2020), UnitDissolved),
        (DissolveUnit(successor="u2", effective_from=D2020), UnitDissolved),
    ],
)
def test_a_unit_changes_only_while_it_exists_and_only_to_something_else(
    command: Any, event: Any
) -> None:
    BUREAU.when(command).then(event(**vars(command)))
    BUREAU.when(other(command, effective_from=day("2009-01-01"))).refused("lifetime.not-begun")
    BUREAU.after("unit:u1", DissolveUnit(effective_from=day("2019-01-01"))).when(command).refused(
        "lifetime.ended"
    )
    if not issubclass(event, UnitMerged | UnitDissolved):
        BUREAU.after("unit:u1", command).when(command).refused("attribute.unchanged")


def test_a_unit_that_was_merged_says_into_which() -> None:
    merged = BUREAU.when(MergeUnit(successor="u2", effective_from=D2020))

    state: Unit = merged.state()

    assert state.successors.on(D2020) == "u2"
    assert not state.exists_on(D2020)
    BUREAU.when(MergeUnit(successor="u1", effective_from=D2020)).refused("unit.own-successor")
    BUREAU.when(MergeUnit(successor="x", effective_from=D2020)).refused(
        "subject.not-on-record", NotOnRecord
    )
    BUREAU.when(DissolveUnit(successor="u1", effective_from=D2020)).refused("unit.own-successor")


def test_a_unit_ends_once() -> None:
    late = UNITS.after("unit:u1", DissolveUnit(effective_from=D2022))

    late.at("unit:u1").when(MergeUnit(successor="u2", effective_from=D2020)).refused(
        "lifetime.out-of-turn"
    )


def test_no_unit_is_its_own_superior_on_any_day() -> None:
    under_itself = PlaceUnit(superior="u1", effective_from=D2020)
    BUREAU.when(under_itself).refused("unit.under-itself")
    BUREAU.when(PlaceUnit(superior="s1", effective_from=D2020)).refused("unit.under-itself")


def test_an_office_and_its_superior_may_change_places() -> None:
    given = UNITS.after("unit:s1", PlaceUnit(jurisdiction="d1", effective_from=D2022))
    turned = PlaceUnit(superior="s1", effective_from=D2022)

    given.at("unit:u1").when(turned).then(UnitPlaced(**vars(turned)))
    given.at("unit:u1").when(other(turned, effective_from=D2020)).refused("unit.under-itself")


def test_a_circle_that_closes_on_a_later_day_is_refused() -> None:
    given = UNITS.after("unit:s1", PlaceUnit(jurisdiction="d1", effective_from=D2020)).after(
        "unit:s1", PlaceUnit(superior="u1", effective_from=D2022)
    )

    given.at("unit:u1").when(PlaceUnit(superior="s1", effective_from=D2020)).refused(
        "unit.under-itself", day=D2022
    )


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (CorrectUnitName(corrects=1, name="住建局", effective_from=D2020, reason=WHY), 0),
        (CorrectUnitCode(corrects=1, credit_code=OTHER_CODE, effective_from=D2020, reason=WHY), 1),
        (CorrectUnitKind(corrects=1, unit_kind="school", effective_from=D2020, reason=WHY), 2),
        (CorrectUnitPlace(corrects=1, jurisdiction="d2", effective_from=D2020, reason=WHY), 3),
    ],
)
def test_a_wrong_value_is_corrected_by_its_entry(command: Any, event: int) -> None:
    event_type = (UnitNameCorrected, UnitCodeCorrected, UnitKindCorrected, UnitPlaceCorrected)[
        event
    ]
    begins = other(command, effective_from=day("2010-01-01"))

    after = BUREAU.when(begins).then(event_type(**vars(begins)))

    BUREAU.when(command).refused("correction.first-value-moved")
    BUREAU.when(other(begins, corrects=2)).refused("entry.not-on-record", NotOnRecord)
    again = BUREAU.after("unit:u1", begins)
    again.when(begins).refused("entry.already-corrected")
    again.when(other(begins, corrects=2)).refused("correction.without-change")
    annulled = again.when(AnnulUnitEntry(annuls=2, reason=WHY))
    annulled.then(UnitEntryAnnulled(annuls=2, reason=WHY))
    before: Unit = BUREAU.when(RenameUnit(name="x", effective_from=D2022)).state()
    assert after.state() != annulled.state()
    for name in ("kinds", "places", "codes"):
        assert getattr(annulled.state(), name).on(D2020) == getattr(before, name).on(D2020)


def test_a_correction_keeps_to_what_names_codes_and_places_allow() -> None:
    given = UNITS.after("unit:a", REGISTER)
    name = CorrectUnitName(
        corrects=1, name=REGISTER.name, effective_from=day("2010-01-01"), reason=WHY
    )
    given.at("unit:u1").when(name).refused("unit.name-taken")
    code = CorrectUnitCode(
        corrects=1, credit_code=BUREAU_CODE, effective_from=day("2010-01-01"), reason=WHY
    )
    given.at("unit:u1").when(code).refused("unit.code-taken")
    place = CorrectUnitPlace(
        corrects=1, superior="s1", effective_from=day("2010-01-01"), reason=WHY
    )
    given.at("unit:u1").when(place).refused("unit.under-itself")


def test_a_unit_began_on_another_day() -> None:
    earlier = CorrectUnitRegistration(corrects=1, effective_from=day("2005-01-01"), reason=WHY)

    state: Unit = BUREAU.when(earlier).then(UnitRegistrationCorrected(**vars(earlier))).state()

    assert state.exists_on(day("2005-01-01"))
    assert state.names.on(day("2005-01-01"))
    BUREAU.when(other(earlier, effective_from=day("1999-01-01"))).refused("lifetime.not-begun")


def test_a_unit_that_was_registered_by_mistake_never_existed_and_frees_its_name() -> None:
    given = UNITS.after("unit:a", REGISTER).after("unit:a", AnnulUnitEntry(annuls=1, reason=WHY))

    given.at("unit:b").when(REGISTER).then(UnitRegistered(**vars(REGISTER)))
    given.at("unit:a").when(RenameUnit(name="甲", effective_from=D2022)).refused(
        "subject.first-entry-annulled"
    )


def test_an_annulled_end_may_not_bring_back_a_name_that_another_unit_has() -> None:
    given = (
        UNITS.after("unit:a", REGISTER)
        .after("unit:a", DissolveUnit(effective_from=D2022))
        .after("unit:b", other(REGISTER, effective_from=D2022))
    )

    given.at("unit:a").when(AnnulUnitEntry(annuls=2, reason=WHY)).refused("unit.code-taken")


def test_an_annulled_placing_may_not_close_a_circle() -> None:
    given = UNITS.after("unit:s1", PlaceUnit(jurisdiction="d1", effective_from=D2020)).after(
        "unit:u1", PlaceUnit(superior="s1", effective_from=D2020)
    )

    given.at("unit:s1").when(AnnulUnitEntry(annuls=2, reason=WHY)).refused("unit.under-itself")
