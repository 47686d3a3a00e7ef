"""The first three months: the record is founded, its tree planted, what stands is registered,
surveyed and classified by the day that the policy sets. Some of it wrongly, as happens."""

from datetime import date, timedelta

from demo.acts import Paper
from demo.chance import chance
from demo.chronicle import Chronicle, Member, Place, Unit
from demo.communities import classify, newcomer, survey
from demo.mistakes import ROSTER_DAY, misclassify, slip
from demo.names import (
    CITY_CODE,
    CITY_NAME,
    CITY_SHORT,
    CITY_SINCE,
    ORIGIN,
    UNITS,
    PlaceName,
    UnitName,
)
from demo.working_days import later, working_day
from domain.community.identity import RegisterCommunity
from domain.founding.founding import FoundRecord
from domain.jurisdiction.corrections import CorrectJurisdictionName
from domain.jurisdiction.tree import DesignateSeatTown, EstablishJurisdiction
from domain.kernel.ids import derive_id
from domain.kernel.policy import Policy

FIRST_DAY = date(2021, 1, 4)
SURVEYS_FROM = date(2021, 1, 18)
SURVEY_DAYS = 24
PLACES_SINCE = date(2001, 11, 1)
CLASSIFIED_BY = "classification-complete"


def begin(policy: Policy) -> Chronicle:
    """The city after its first three months."""
    found = FoundRecord(
        city_name=CITY_NAME,
        city_code=CITY_CODE,
        policy=policy.version,
        origin=ORIGIN,
        simulation=True,
        effective_from=CITY_SINCE,
    )
    chronicle = Chronicle(policy, found.city)
    order = Paper(
        f"中共{CITY_NAME}委员会办公室", f"{CITY_SHORT}委办发", policy.title.zh, date(2020, 12, 29)
    )
    steward = chronicle.by("steward", found.city, FIRST_DAY)
    chronicle.note(FIRST_DAY, "record", found, steward, order)
    for unit_name in UNITS:
        _establish(chronicle, unit_name)
    _correct_a_places_name(chronicle)
    for number, unit in enumerate(chronicle.units.values()):
        _register_all(chronicle, unit, later(date(2021, 1, 11), number))
    for member in list(chronicle.members.values()):
        _first_survey(chronicle, member)
    _classify_all(chronicle)
    return chronicle


def _establish(chronicle: Chronicle, name: UnitName) -> None:
    """A unit, its subdistricts and towns, and a county's seat, on record within a few days."""
    unit = Unit(
        id=derive_id("demo", name.name),
        name=name.name,
        short=name.short,
        level=name.level,
        code=name.code,
    )
    chronicle.units[unit.id] = unit
    day = later(FIRST_DAY, 1)
    steward = chronicle.by("steward", chronicle.city, day)
    command = EstablishJurisdiction(
        level=unit.level,
        name=unit.name,
        code=unit.code,
        parent=chronicle.city,
        effective_from=name.since,
    )
    chronicle.note(day, f"jurisdiction:{unit.id}", command, steward)
    for place_name in name.places:
        _establish_place(chronicle, unit, place_name, max(name.since, PLACES_SINCE))
    if name.seat:
        seat = chronicle.place(name.seat)
        designate = DesignateSeatTown(town=seat.id, effective_from=PLACES_SINCE)
        chronicle.note(later(FIRST_DAY, 3), f"jurisdiction:{unit.id}", designate, steward)


def _establish_place(chronicle: Chronicle, unit: Unit, name: PlaceName, since: date) -> None:
    place = Place(
        id=derive_id("demo", name.code),
        name=name.name,
        level=name.level,
        code=name.code,
        unit=unit.id,
    )
    chronicle.places[place.id] = place
    day = later(FIRST_DAY, 2)
    command = EstablishJurisdiction(
        level=place.level,
        name="研山街道" if place.name == "砚山街道" else place.name,
        code=place.code,
        parent=unit.id,
        effective_from=since,
    )
    by = chronicle.by("steward", unit.id, day)
    chronicle.note(day, f"jurisdiction:{place.id}", command, by)


def _correct_a_places_name(chronicle: Chronicle) -> None:
    place = chronicle.place("砚山街道")
    correct = CorrectJurisdictionName(
        corrects=1,
        name=place.name,
        effective_from=max(UNITS[2].since, PLACES_SINCE),
        reason="录入笔误，“砚”误作“研”。",
    )
    day = date(2021, 1, 21)
    by = chronicle.by("steward", place.unit, day)
    chronicle.note(day, f"jurisdiction:{place.id}", correct, by)


def _register_all(chronicle: Chronicle, unit: Unit, day: date) -> None:
    """The unit submits the roster of its communities, all as of one day."""
    counts = {place.name: place.communities for name in UNITS for place in name.places}
    asked = []
    for place in [each for each in chronicle.places.values() if each.unit == unit.id]:
        for number in range(counts[place.name]):
            type = _type_of(chronicle, place, number)
            member = newcomer(chronicle, place, type, ROSTER_DAY)
            asked.append((member.stream, _registration(member)))
    asked = slip(chronicle, unit, asked)
    by = chronicle.by("steward", unit.id, day)
    paper = chronicle.unit_paper(unit, f"关于报送{unit.name}城市社区名册的函", day)
    chronicle.hand_in(day, f"{unit.name}城市社区名册2020.xlsx", ROSTER_DAY, asked, by, paper)


def _registration(member: Member) -> RegisterCommunity:
    return RegisterCommunity(
        name=member.name,
        code=member.code,
        subdistrict=member.place,
        effective_from=ROSTER_DAY,
        origin="existing",
    )


def _type_of(chronicle: Chronicle, place: Place, number: int) -> str:
    """Every place has its own mixture, and every type its share of the city."""
    types = [each.code for each in chronicle.policy.types]
    random = chance("mixture", place.code)
    weights = [random.choice((1, 2, 2, 3, 4)) for _ in types]
    if number == 0:
        return types[int(place.code) % len(types)]
    return chance("type", place.code, number).choices(types, weights)[0]


def _first_survey(chronicle: Chronicle, member: Member) -> None:
    random = chance("first survey", member.id)
    surveyed_on = later(SURVEYS_FROM, random.randrange(SURVEY_DAYS))
    found = member.profile
    member = chronicle.keep(member, profile={})
    survey(chronicle, member, surveyed_on, found, "2021年城市社区基本情况普查")


def _classify_all(chronicle: Chronicle) -> None:
    """One unit after another, all before the day that the policy sets; one community wrongly."""
    due = [each.due_on for each in chronicle.policy.milestones if each.code == CLASSIFIED_BY]
    first = working_day(next(iter(due), date(2021, 3, 31)) - timedelta(days=23))
    misclassified = chronicle.pick("misclassified", first)
    for number, unit in enumerate(chronicle.units.values()):
        day = later(first, 2 * number)
        paper = chronicle.unit_paper(unit, f"关于划定{unit.name}城市社区类型的通知", day)
        for member in list(chronicle.members.values()):
            if member == misclassified and chronicle.unit_of(member) == unit:
                misclassify(chronicle, member, day, paper)
            elif chronicle.unit_of(member) == unit:
                classify(chronicle, member, day, paper=paper)
