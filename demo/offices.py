"""The demo city's register of offices and officials, which follows the city's story.

The office of a jurisdiction has the jurisdiction's id, and an official the id by which they act:
so whatever the story says of units and persons names those on the register.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from demo.acts import Import
from demo.chronicle import CHINA, Chronicle, Tenure, Unit
from demo.names import CITY_NAME, CITY_SINCE, written
from demo.resident_units import (
    AGENCIES,
    ResidentUnit,
    ResidentUnitKind,
    residents,
    residents_of_city,
    unit_id,
)
from demo.streams import LAST_DAY
from demo.working_days import last_working_day, later, working_day
from domain.jurisdiction.levels import Level
from domain.jurisdiction.tree import (
    DissolveJurisdiction,
    EstablishJurisdiction,
    ReconstituteJurisdiction,
    RenameJurisdiction,
)
from domain.kernel.command import Command
from domain.kernel.ids import id_of, kind_of
from domain.person.registration import LeavePost, RegisterPerson
from domain.unit.registration import DissolveUnit, RegisterUnit, RenameUnit

REGISTERED_ON = date(2021, 3, 2)
STAFF_ON = date(2021, 3, 4)
FIRST_POST = 2  # the number of the post with which a person is registered

KINDS: dict[ResidentUnitKind, str] = {
    "office": "government-office",
    "school": "school",
    "hospital": "hospital",
    "company": "enterprise",
    "culture": "institution",
}
# What somebody is who acts in a role, by the beginning of role and seat; the first that fits.
TITLES = (
    ("arbiter objections", "法规科科长"),
    ("arbiter programmes", "基层治理科科长"),
    ("arbiter", "副局长"),
    ("decider programmes", "基层治理科科长"),
    ("decider leader-sponsorship", "党组成员"),
    ("decider agency-pairing", "机关党委书记"),
    ("decider mentoring", "社区治理科科长"),
    ("decider first-secretary", "选派干部"),
    ("decider", "副局长"),
    ("reviewer", "社区建设办公室主任"),
    ("recorder desk", "社区事务专干"),
    ("recorder", "社区建设办公室工作人员"),
    ("steward", "办公室主任"),
)


class Standing(NamedTuple):
    """A jurisdiction as its last act left it: its name, level and first day."""

    name: str
    level: Level
    since: date


def register(chronicle: Chronicle) -> None:
    """Register the offices in the third month, then their staff and the bodies that sit in
    councils; all change with the city."""
    day = REGISTERED_ON
    steward = chronicle.by("steward", chronicle.city, day)
    city = _registered(f"{CITY_NAME}民政局", chronicle.city, CITY_SINCE)
    asked = [(f"unit:{chronicle.city}", city), *_of_city(chronicle.city)]
    since = {chronicle.city: day}
    stands: dict[str, Standing] = {}
    for id, on, command in list(_acts_of_jurisdictions(chronicle)):
        match command:
            case EstablishJurisdiction():
                name = chronicle.first_name(id)
                stands[id] = Standing(name, command.level, command.effective_from)
                units = [_own(id, stands[id])]
                if unit := chronicle.units.get(id):
                    units += _residents(unit, name, command.effective_from)
                since[id] = max(day, later(on, 2))
                if on < day:
                    asked += units
                else:
                    _hand_in(chronicle, since[id], f"{name}单位名册.xlsx", units)
            case ReconstituteJurisdiction():
                stands[id] = stands[id]._replace(level=command.level)
            case RenameJurisdiction():
                _rename(chronicle, id, stands[id], on, command)
                stands[id] = stands[id]._replace(name=command.name)
            case DissolveJurisdiction():
                dissolve = DissolveUnit(**vars(command))
                noted = later(on, 1)
                by = chronicle.by("steward", chronicle.city, noted)
                chronicle.note(noted, f"unit:{id}", dissolve, by)
    name = f"{CITY_NAME}单位名册2021.xlsx"
    chronicle.hand_in(day, name, day, asked, steward, source="units")
    _staff(chronicle, since, stands)
    _bodies(chronicle, since)


def _acts_of_jurisdictions(chronicle: Chronicle) -> Iterator[tuple[str, date, Command[Any]]]:
    """The acts on jurisdictions, in order: the id, the day, the command."""
    for act in sorted(chronicle.acts, key=lambda each: each.at):
        if isinstance(act, Import) or kind_of(act.stream) != "jurisdiction":
            continue
        if isinstance(act.ask, Command):
            yield id_of(act.stream), (act.at + CHINA).date(), act.ask


def _registered(name: str, jurisdiction: str, since: date, **more: Any) -> RegisterUnit:
    stated = {"unit_kind": "government-office", **more}
    return RegisterUnit(name=name, jurisdiction=jurisdiction, effective_from=since, **stated)


def _own(id: str, stands: Standing) -> tuple[str, Command[Any]]:
    """The office by which a jurisdiction acts."""
    return f"unit:{id}", _registered(_office(stands), id, stands.since)


def _office(stands: Standing) -> str:
    match stands.level:
        case "subdistrict":
            return f"{stands.name}办事处"
        case "town" | "township":
            return f"{stands.name}人民政府"
        case "park":
            return f"{stands.name}社会事务局"
    return f"{stands.name}民政局"


def _of_city(city: str) -> Iterator[tuple[str, Command[Any]]]:
    """The units that reside in the city, and the bodies that are paired with communities."""
    for each in residents_of_city():
        yield f"unit:{each.id}", _resident(each, city, CITY_SINCE)
    for name, kind in AGENCIES.items():
        if kind:
            yield f"unit:{unit_id(name)}", _registered(name, city, CITY_SINCE, unit_kind=kind)


def _residents(unit: Unit, first_name: str, since: date) -> Iterator[tuple[str, Command[Any]]]:
    """The units that reside in a district, by the name that the district began with."""
    for each in residents(replace(unit, name=first_name), first_name):
        yield f"unit:{each.id}", _resident(each, unit.id, since)


def _resident(unit: ResidentUnit, jurisdiction: str, since: date) -> RegisterUnit:
    return _registered(
        unit.name,
        jurisdiction,
        since,
        unit_kind="property-company" if "物业" in unit.name else KINDS[unit.kind],
        credit_code=unit.code,
    )


def _rename(
    chronicle: Chronicle, id: str, was: Standing, on: date, renamed: RenameJurisdiction
) -> None:
    """The offices of a jurisdiction take its new name."""
    day, stated = later(on, 1), {"effective_from": renamed.effective_from}
    reason = "行政区划调整，机构随之更名。"
    by = chronicle.by("steward", chronicle.city, day)
    own = RenameUnit(name=_office(was._replace(name=renamed.name)), reason=reason, **stated)
    chronicle.note(day, f"unit:{id}", own, by)
    if unit := chronicle.units.get(id):
        before = replace(unit, name=was.name)
        for each in residents(before, chronicle.first_name(id)):
            if was.name in each.name:
                name = each.name.replace(was.name, renamed.name)
                rename = RenameUnit(name=name, reason=reason, **stated)
                chronicle.note(day, f"unit:{each.id}", rename, by)


def _hand_in(
    chronicle: Chronicle, day: date, file: str, asked: list[tuple[str, Command[Any]]]
) -> None:
    by = chronicle.by("steward", chronicle.city, day)
    chronicle.hand_in(day, file, day, asked, by, source="units")


def _staff(chronicle: Chronicle, since: dict[str, date], stands: dict[str, Standing]) -> None:
    """Whoever acts for a jurisdiction is on record before the first day of their office, and leaves
    on its last; all changes of a day are one list, with who is to be named in resident units."""
    asked: defaultdict[date, list[tuple[str, Command[Any]]]] = defaultdict(list)
    # The stewards who hand the lists in have offices, too: they are known before.
    days = {working_day(date(year, 1, 1)) for year in range(2022, LAST_DAY.year + 1)}
    for day in (STAFF_ON, *sorted(days)):
        chronicle.by("steward", chronicle.city, day)
    for each in chronicle.tenures():
        if each.where not in since:
            continue
        begun = stands[each.where].since if each.where in stands else CITY_SINCE
        begins = max(each.effective_from, begun)
        named_on = last_working_day(max(begins - timedelta(days=1), STAFF_ON))
        known = max(named_on, later(since[each.where], 1))
        stream = f"person:{each.person}"
        asked[known].append((stream, _appointed(each, begins)))
        if each.effective_until <= LAST_DAY:
            left = LeavePost(
                post=FIRST_POST, effective_from=each.effective_until, reason="任期届满，岗位调整。"
            )
            asked[max(known, working_day(each.effective_until))].append((stream, left))
    for id, insider in chronicle.insiders.items():
        known = _before_the_month(insider.by)
        registered = RegisterPerson(
            name=insider.name, unit=insider.unit, title="职工", effective_from=known
        )
        asked[known].append((f"person:{id}", registered))
    for day, commands in sorted(asked.items()):
        if day > LAST_DAY:
            continue
        file = f"{CITY_NAME}人员名册{day:%Y%m%d}.xlsx"
        by = chronicle.by("steward", chronicle.city, day)
        chronicle.hand_in(day, file, day, commands, by, source="people")


def _bodies(chronicle: Chronicle, since: dict[str, date]) -> None:
    """The bodies that sit in councils, on record before the month in which they are named."""
    asked: defaultdict[date, list[tuple[str, Command[Any]]]] = defaultdict(list)
    for id, body in chronicle.bodies.items():
        day = max(_before_the_month(body.by), later(since[body.place], 1))
        registered = _registered(body.name, body.place, day, unit_kind=body.kind)
        asked[day].append((f"unit:{id}", registered))
    for day, commands in sorted(asked.items()):
        _hand_in(chronicle, day, f"联席会议成员单位名册{day:%Y%m%d}.xlsx", commands)


def _before_the_month(day: date) -> date:
    return max(STAFF_ON, last_working_day(day.replace(day=1) - timedelta(days=1)))


def _appointed(tenure: Tenure, begins: date) -> RegisterPerson:
    return RegisterPerson(
        name=written(tenure.person),
        unit=tenure.where,
        title=next(title for seat, title in TITLES if tenure.seat.startswith(seat)),
        effective_from=begins,
    )
