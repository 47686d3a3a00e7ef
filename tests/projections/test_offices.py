"""Offices and officials on a day, as known at a moment; and how they are found."""

from datetime import date
from importlib.metadata import version
from typing import Any

import pytest

from domain.person.corrections import AnnulPersonEntry, CorrectPost
from domain.person.registration import (
    DistinguishPerson,
    LeavePost,
    RegisterPerson,
    RenamePerson,
    TakePost,
)
from domain.unit.corrections import AnnulUnitEntry, CorrectUnitName, CorrectUnitPlace
from domain.unit.registration import DissolveUnit, MergeUnit, PlaceUnit, RegisterUnit, RenameUnit
from projections import people, units
from projections.people import PersonFilter
from projections.pinyin import READINGS, initials
from projections.units import UnitFilter
from tests.city import DISTRICT, SUBDISTRICT
from tests.domain.given import day
from tests.domain.units import BUREAU_CODE
from tests.projections.work import Do

WHY = "录入有误"
BEGIN, D2021, D2022, D2023 = (day(f"{year}-01-01") for year in (2020, 2021, 2022, 2023))
BUREAU = RegisterUnit(
    name="涪城区住建局",
    unit_kind="government-office",
    jurisdiction=DISTRICT,
    credit_code=BUREAU_CODE,
    effective_from=BEGIN,
)
SECTION = RegisterUnit(
    name="物业科", unit_kind="government-office", superior="u1", effective_from=BEGIN
)
COMPANY = RegisterUnit(
    name="城厢物业公司",
    unit_kind="property-company",
    jurisdiction=SUBDISTRICT,
    effective_from=BEGIN,
)
LI = RegisterPerson(name="李娜", unit="s1", title="科长", effective_from=D2021)


@pytest.fixture
def offices(do: Do) -> Do:
    do("unit:u1", BUREAU)
    do("unit:s1", SECTION)
    do("unit:c1", COMPANY)
    return do


def test_a_section_belongs_where_its_bureau_does_and_moves_with_it(offices: Do, show: Any) -> None:
    before = offices("person:p1", LI)
    offices("unit:u1", PlaceUnit(jurisdiction=SUBDISTRICT, effective_from=D2022))

    def place(on: date, known: int | None = None) -> tuple[str | None, str | None]:
        found = show(units.unit, "s1", effective=on, known=known)
        return found.superior_name, found.jurisdiction_name

    assert place(D2021) == ("涪城区住建局", "涪城区")
    assert place(D2022) == ("涪城区住建局", "城厢街道")
    assert place(D2022, before) == ("涪城区住建局", "涪城区")


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (UnitFilter(), ["城厢物业公司", "涪城区住建局", "物业科"]),
        (UnitFilter(unit_kind="property-company"), ["城厢物业公司"]),
        (UnitFilter(superior="u1"), ["物业科"]),
        (UnitFilter(jurisdiction=DISTRICT), ["涪城区住建局", "物业科"]),
        (UnitFilter(within=DISTRICT), ["城厢物业公司", "涪城区住建局", "物业科"]),
        (UnitFilter(within=SUBDISTRICT), ["城厢物业公司"]),
        (UnitFilter(q="物业"), ["城厢物业公司", "物业科"]),
        (UnitFilter(q="zjj"), ["涪城区住建局"]),
        (UnitFilter(q="WYK"), ["物业科"]),
        (UnitFilter(q=BUREAU_CODE.lower()), ["涪城区住建局"]),
        (UnitFilter(q="100%"), []),
        (UnitFilter(status="dissolved"), []),
    ],
)
@pytest.mark.usefixtures("offices")
def test_units_are_listed_and_found(show: Any, where: UnitFilter, found: list[str]) -> None:
    listed = show(units.units, effective=D2021, where=where)

    assert [each.name for each in listed] == found


@pytest.mark.usefixtures("offices")
def test_a_list_goes_on_after_its_last_line(show: Any) -> None:
    first, second, third = show(units.units, effective=D2021)

    rest = show(units.units, effective=D2021, after=(first.name, first.unit), limit=1)

    assert [*rest] == [second]
    assert show(units.units, effective=D2021, after=(third.name, third.unit)) == []


def test_a_unit_has_its_name_of_the_day_until_it_ends(offices: Do, show: Any) -> None:
    known = offices("unit:u1", RenameUnit(name="涪城区城建局", effective_from=D2022))
    offices(
        "unit:u1",
        CorrectUnitName(corrects=2, name="涪城区城乡局", effective_from=D2022, reason=WHY),
    )
    offices("unit:c1", MergeUnit(successor="u1", effective_from=D2023))

    assert show(units.unit, "u1", effective=D2022).name == "涪城区城乡局"
    assert show(units.unit, "u1", effective=D2022, known=known).name == "涪城区城建局"
    merged = show(units.unit, "c1", effective=D2023)
    assert (merged.status, merged.successor_name) == ("merged", "涪城区城乡局")
    assert [each.name for each in show(units.units, effective=D2023)] == ["涪城区城乡局", "物业科"]
    before, was, now = (("u1", on) for on in (day("2019-01-01"), D2021, D2022))
    assert show(units.names, [before, was, now, ("x", D2021)]) == {
        before: "涪城区住建局",
        was: "涪城区住建局",
        now: "涪城区城乡局",
    }
    periods = show(units.periods, "u1")
    assert [each.name for each in periods] == ["涪城区住建局", "涪城区城乡局"]


def test_what_was_never_there_is_not_shown(offices: Do, show: Any) -> None:
    offices("unit:c1", AnnulUnitEntry(annuls=1, reason=WHY))
    offices("unit:s1", DissolveUnit(effective_from=D2022))
    offices("unit:s1", AnnulUnitEntry(annuls=2, reason=WHY))
    offices(
        "unit:s1",
        CorrectUnitPlace(corrects=1, jurisdiction=SUBDISTRICT, effective_from=BEGIN, reason=WHY),
    )

    assert show(units.unit, "c1", effective=D2021) is None
    section = show(units.unit, "s1", effective=D2023)
    assert (section.status, section.superior, section.jurisdiction) == (
        "active",
        None,
        SUBDISTRICT,
    )


def test_an_official_has_the_name_and_the_posts_of_the_day(offices: Do, show: Any) -> None:
    before = offices("person:p1", LI)
    offices("person:p1", TakePost(unit="u1", title="副局长", effective_from=D2022))
    offices("person:p1", LeavePost(post=2, effective_from=D2023))
    offices("person:p1", RenamePerson(name="李娜娜", effective_from=D2023))
    known = offices("person:p1", DistinguishPerson(distinction="物业科"))

    def shown(on: date, known: int | None = None) -> list[Any]:
        found = show(people.person, "p1", effective=on, known=known)
        return [found.name, found.distinction, *(each.title for each in found.posts)]

    assert shown(BEGIN) == ["李娜", "物业科"]
    assert shown(D2022) == ["李娜", "物业科", "科长", "副局长"]
    assert shown(D2023) == ["李娜娜", "物业科", "副局长"]
    assert shown(D2023, before) == ["李娜", None, "科长"]
    offices(
        "person:p1",
        CorrectPost(corrects=2, unit="s1", title="主任", effective_from=D2021, reason=WHY),
    )
    assert shown(D2022) == ["李娜", "物业科", "主任", "副局长"]
    assert shown(D2022, known) == ["李娜", "物业科", "科长", "副局长"]
    offices("person:p1", AnnulPersonEntry(annuls=3, reason=WHY))
    assert shown(D2022) == ["李娜", "物业科", "主任"]
    periods = show(people.periods, "p1", effective=D2022)
    assert [(each.name, each.effective_from) for each in periods.names] == [
        ("李娜", None),
        ("李娜娜", D2023),
    ]
    assert [(p.title, p.unit_name, p.effective_until) for p in periods.posts] == [
        ("主任", "物业科", D2023)
    ]


def test_officials_are_listed_by_where_they_are_and_found_by_name(offices: Do, show: Any) -> None:
    offices("person:p1", LI)
    offices(
        "person:p2",
        RegisterPerson(name="单雄", unit="c1", title="经理", effective_from=D2021),
    )

    def found(on: date = D2021, **fields: Any) -> list[str]:
        listed = show(people.people, effective=on, where=PersonFilter(**fields))
        return [each.person for each in listed]

    assert found() == ["p2", "p1"]
    assert found(BEGIN) == []
    assert found(BEGIN, any=True) == []
    assert found(unit="s1") == found(superior="u1") == found(jurisdiction=DISTRICT) == ["p1"]
    assert found(unit="u1") == []
    assert found(within=DISTRICT) == ["p2", "p1"]
    assert found(within=SUBDISTRICT) == ["p2"]
    assert found(q="李") == found(q="ln") == ["p1"]
    assert found(q="sx") == found(q="dx") == ["p2"]
    assert list(show(people.names, [("p1", BEGIN), ("x", BEGIN)]).values()) == ["李娜"]
    offices("person:p1", LeavePost(post=2, effective_from=D2023))
    assert (found(D2023), found(D2023, any=True)) == (["p2"], ["p2", "p1"])


def test_initials_are_those_of_a_name_as_it_is_read() -> None:
    assert initials("重庆路 A3 办公室")[0] == "cqla3bgs"
    assert initials("ABC公司") == ("abcgs",)
    assert set(initials("单雄")) >= {"dx", "sx"}
    assert initials("（）") == ()


def test_the_rows_say_by_which_readings_they_were_made() -> None:
    """Another edition may read characters otherwise: naming it in the source rebuilds the rows."""
    assert version("pypinyin") == READINGS
