"""The demo city's tree changes: a park is established, a subdistrict dissolved, a town becomes a
subdistrict, a county a district. Communities move and are recoded, and stay who they are."""

from dataclasses import replace
from datetime import date
from typing import Any

from demo.acts import Paper
from demo.changes import convert_village, found_new, move
from demo.chronicle import Chronicle, Place, Unit
from demo.communities import newcomer, registered
from demo.names import CITY_NAME, CITY_SHORT
from demo.working_days import later, working_day
from domain.community.identity import RecodeCommunity
from domain.jurisdiction.tree import (
    DissolveJurisdiction,
    EstablishJurisdiction,
    MoveJurisdiction,
    RecodeJurisdiction,
    ReconstituteJurisdiction,
    RenameJurisdiction,
)
from domain.kernel.command import Command
from domain.kernel.ids import derive_id

PARK = "临江经开区"


def establish_a_park(chronicle: Chronicle, day: date) -> None:
    """A park is established, and the subdistrict by the harbour comes under it, code unchanged."""
    effective_from = date(day.year, day.month + 1, 1)
    paper = _decision(f"关于设立{PARK}的通知", day)
    park = Unit(id=derive_id("demo", PARK), name=PARK, short="临江", level="park", code=None)
    chronicle.units[park.id] = park
    arbiter = chronicle.by("arbiter", chronicle.city, day)
    establish = EstablishJurisdiction(
        level=park.level,
        name=park.name,
        parent=chronicle.city,
        effective_from=effective_from,
        reason="推进临江港口片区开发建设。",
    )
    chronicle.note(day, f"jurisdiction:{park.id}", establish, arbiter, paper)
    place = chronicle.place("临港街道")
    moved_on = working_day(effective_from)
    moving = MoveJurisdiction(
        parent=park.id, effective_from=effective_from, reason="由园区代管，行政区划代码不变。"
    )
    chronicle.note(moved_on, f"jurisdiction:{place.id}", moving, arbiter, paper)
    chronicle.put(place := replace(place, unit=park.id), effective_from)
    founded_on = date(day.year, 9, 1)
    found_new(chronicle, place, founded_on)
    convert_village(chronicle, place, founded_on)


def dissolve_a_subdistrict(chronicle: Chronicle, day: date, effective_from: date) -> None:
    """A small old subdistrict is divided between two neighbours and dissolved."""
    gone = chronicle.place("老码头街道")
    heirs = [chronicle.place("桂溪街道"), chronicle.place("南津街道")]
    recorded_on = working_day(effective_from)
    paper = _decision(f"关于撤销{gone.name}的通知", day)
    for number, member in enumerate(chronicle.in_place(gone.name)):
        move(chronicle, member, heirs[number % 2], effective_from, recorded_on, paper)
    dissolve = DissolveJurisdiction(
        effective_from=effective_from,
        successor=heirs[0].id,
        reason="优化主城区街道设置，管辖社区分别划归桂溪街道、南津街道。",
    )
    dissolved_on = later(recorded_on, 1)
    decider = chronicle.by("decider", gone.unit, dissolved_on)
    chronicle.note(dissolved_on, _stream(gone), dissolve, decider, paper)
    chronicle.put(gone, effective_from)  # as it was last, for those who look back
    del chronicle.places[gone.id]
    chronicle.dissolved[gone.id] = (effective_from, gone.unit)


def town_becomes_subdistrict(chronicle: Chronicle, day: date, effective_from: date) -> None:
    """A town becomes a subdistrict (撤镇设街道), and so its communities come on record."""
    town = chronicle.place("柳坪镇")
    street = replace(town, name="柳坪街道", level="subdistrict", code="990181003")
    paper = _decision(f"关于撤销{town.name}设立{street.name}的批复", day)
    decider = chronicle.by("decider", town.unit, day)
    reason = "城镇化水平达到设立街道的标准。"
    commands: list[Command[Any]] = [
        ReconstituteJurisdiction(level="subdistrict", effective_from=effective_from, reason=reason),
        RenameJurisdiction(name=street.name, effective_from=effective_from, reason=reason),
        RecodeJurisdiction(code=street.code, effective_from=effective_from, reason=reason),
    ]
    for command in commands:
        chronicle.note(day, _stream(town), command, decider, paper)
    chronicle.put(street, effective_from)
    old = newcomer(chronicle, street, chronicle.policy.types[0].code, effective_from)
    registered(chronicle, old, effective_from, "原为镇辖社区，设立街道后纳入城市社区管理。")
    convert_village(chronicle, street, date(effective_from.year, 3, 1))
    convert_village(chronicle, street, date(effective_from.year, 3, 1))


def county_becomes_district(chronicle: Chronicle, day: date, effective_from: date) -> None:
    """A county becomes a district (撤县设区): its codes, and all below it, change in one batch."""
    county = chronicle.unit("石渡县")
    district = replace(county, name="石渡区", level="district", code="990105")
    paper = Paper("省人民政府", "省府函", f"关于调整{CITY_NAME}部分行政区划的批复", day)
    arbiter = chronicle.by("arbiter", chronicle.city, day)
    reason = "经上级批准撤县设区。"
    stream = f"jurisdiction:{county.id}"
    commands: list[Command[Any]] = [
        ReconstituteJurisdiction(level="district", effective_from=effective_from, reason=reason),
        RenameJurisdiction(name=district.name, effective_from=effective_from, reason=reason),
        RecodeJurisdiction(code=district.code, effective_from=effective_from, reason=reason),
    ]
    for command in commands:
        chronicle.note(day, stream, command, arbiter, paper)
    chronicle.put(district, effective_from)
    _reconstitute_seat(chronicle, day, effective_from, paper)
    places = [each for each in chronicle.places.values() if each.unit == county.id]
    asked: list[tuple[str, Command[Any]]] = []
    for number, place in enumerate(places, start=1):
        asked += _recoded(chronicle, place, f"990105{number:03}", effective_from)
    table = f"{district.name}统计代码变更对照表.xlsx"
    recorded_on = working_day(effective_from)
    chronicle.hand_in(recorded_on, table, effective_from, asked, arbiter, paper)


def _reconstitute_seat(chronicle: Chronicle, day: date, effective_from: date, paper: Paper) -> None:
    """The county's seat is a subdistrict of the new district."""
    town = chronicle.place("石渡镇")
    by = chronicle.by("decider", town.unit, day)
    street = replace(town, name="石渡街道", level="subdistrict")
    reason = "撤县设区，原县政府驻地镇改设街道。"
    commands: list[Command[Any]] = [
        ReconstituteJurisdiction(level="subdistrict", effective_from=effective_from, reason=reason),
        RenameJurisdiction(name=street.name, effective_from=effective_from, reason=reason),
    ]
    for command in commands:
        chronicle.note(day, _stream(town), command, by, paper)
    chronicle.put(street, effective_from)


def _recoded(
    chronicle: Chronicle, place: Place, code: str, effective_from: date
) -> list[tuple[str, Command[Any]]]:
    """The place and its communities with the new district's codes."""
    reason = "撤县设区，统计代码随之变更。"
    recode = RecodeJurisdiction(code=code, effective_from=effective_from, reason=reason)
    asked: list[tuple[str, Command[Any]]] = [(_stream(place), recode)]
    members = chronicle.in_place(place.name)
    chronicle.put(place := replace(place, code=code), effective_from)
    for member in members:
        after = chronicle.keep(member, code=chronicle.new_code(place))
        command = RecodeCommunity(code=after.code, effective_from=effective_from, reason=reason)
        asked.append((member.stream, command))
    return asked


def _stream(place: Place) -> str:
    return f"jurisdiction:{place.id}"


def _decision(title: str, day: date) -> Paper:
    return Paper(f"{CITY_NAME}人民政府", f"{CITY_SHORT}府发", title, day)
