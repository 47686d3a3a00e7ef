"""A small city to record in: who acts, where, and the commands that most tests begin with."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from typing import Any

from domain.classification.classification import ClassifyCommunity
from domain.community.identity import RegisterCommunity, RenameCommunity
from domain.founding.founding import FoundRecord
from domain.jurisdiction.tree import EstablishJurisdiction
from domain.kernel.command import Command
from domain.kernel.context import Acting, Actor, Authority, Document, Role
from domain.kernel.ids import id_of, kind_of
from domain.person.offices import offices_named
from domain.person.registration import RegisterPerson
from domain.unit.registration import RegisterUnit
from record.store.entry import Receipt
from record.store.record import Record

BASIS = (Document(issuer="绵阳市民政局", title="关于社区设置的批复", number="绵民〔2021〕7号"),)
FOUND = FoundRecord(
    city_name="绵阳市", city_code="5107", policy="2021", origin="annals.mianyang.example/test"
)
CITY, DISTRICT, SUBDISTRICT, SUBDISTRICT_2 = FOUND.city, "fucheng", "chengxiang", "chengbei"
BEGIN = date(2018, 1, 1)
TYPE, TYPE_2 = "commercial-housing", "old-courtyard"


def acting(role: Role = "decider", person: str = "li", unit: str = DISTRICT) -> Acting:
    """Somebody of the district, by default one who may decide; an arbiter is of the city."""
    unit = CITY if role == "arbiter" and unit == DISTRICT else unit
    return Acting(
        actor=Actor(person=person, unit=unit), authority=Authority(role=role, jurisdiction=unit)
    )


LI, WANG = acting(), acting(person="wang")


def found(record: Record, *, simulation: bool = False) -> None:
    """The record founded, with a district and two subdistricts in it: positions 1 to 10."""
    record.carry_out(
        "record",
        FOUND.model_copy(update={"simulation": simulation}),
        by=acting("arbiter"),
        basis=BASIS,
    )
    establish(record, DISTRICT, "district", "涪城区", CITY, "510703")
    establish(record, SUBDISTRICT, "subdistrict", "城厢街道", DISTRICT, "510703001")
    establish(record, SUBDISTRICT_2, "subdistrict", "城北街道", DISTRICT, "510703002")


def enrol(record: Record, command: Command[Any]) -> None:
    """The offices and officials that a command names put on record, if they are not: in the city,
    and named as their ids."""
    put_on_register(record, {stream: id_of(stream) for stream in offices_named(command)})


def put_on_register(record: Record, named: Mapping[str, str]) -> None:
    """Offices and officials, each with its name, put on record by their streams if they are not:
    offices in the city, officials in one of its offices."""
    steward, begin = acting("steward", unit=CITY), date(2000, 1, 1)
    stated: dict[str, Any] = {"effective_from": begin}
    for stream, name in named.items():
        if record.state(stream).version:
            continue
        asked: Command[Any] = RegisterUnit(
            name=name, unit_kind="government-office", jurisdiction=CITY, **stated
        )
        if kind_of(stream) == "person":
            asked = RegisterPerson(name=name, unit="office", title="科员", **stated)
            enrol(record, asked)
        record.carry_out(stream, asked, by=steward)


def establish(
    record: Record, id: str, level: Any, name: str, parent: str, code: str | None
) -> Receipt:
    """A jurisdiction established on the first day."""
    command = EstablishJurisdiction(
        level=level, name=name, code=code, parent=parent, effective_from=date(2000, 1, 1)
    )
    return record.carry_out(f"jurisdiction:{id}", command, by=acting("arbiter"))


def register(name: str = "临园社区", code: str | None = None, **fields: Any) -> RegisterCommunity:
    """The command that registers a community on the first day."""
    stated = {"subdistrict": SUBDISTRICT, "effective_from": BEGIN, **fields}
    return RegisterCommunity(name=name, code=code, **stated)


def rename(name: str, day: date = date(2020, 1, 1)) -> RenameCommunity:
    """The command that renames a community."""
    return RenameCommunity(name=name, effective_from=day)


def classify(type: str = TYPE, day: date = date(2021, 3, 31)) -> ClassifyCommunity:
    """The command that classifies a community."""
    return ClassifyCommunity(type=type, effective_from=day)


def codes() -> Iterator[str]:
    """Codes of communities that nobody bears yet."""
    return (f"510703001{number:03}" for number in count(1))
