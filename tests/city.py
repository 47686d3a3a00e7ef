"""A small city to record in: who acts, where, and the commands that most tests begin with."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

from domain.classification.classification import ClassifyCommunity
from domain.community.identity import RegisterCommunity, RenameCommunity
from domain.founding.founding import FoundRecord
from domain.jurisdiction.tree import EstablishJurisdiction
from domain.kernel.context import Acting, Actor, Authority, Document, Role
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
    """Somebody of the district, by default one who may decide."""
    return Acting(
        actor=Actor(person=person, unit=unit), authority=Authority(role=role, jurisdiction=unit)
    )


LI, WANG = acting(), acting("recorder", "wang", SUBDISTRICT)


def found(record: Record, *, simulation: bool = False) -> None:
    """The record founded, with a district and two subdistricts in it: positions 1 to 10."""
    record.carry_out(
        "record", FOUND.model_copy(update={"simulation": simulation}), by=LI, basis=BASIS
    )
    establish(record, DISTRICT, "district", "涪城区", CITY, "510703")
    establish(record, SUBDISTRICT, "subdistrict", "城厢街道", DISTRICT, "510703001")
    establish(record, SUBDISTRICT_2, "subdistrict", "城北街道", DISTRICT, "510703002")


def establish(
    record: Record, id: str, level: Any, name: str, parent: str, code: str | None
) -> Receipt:
    """A jurisdiction established on the first day."""
    command = EstablishJurisdiction(
        level=level, name=name, code=code, parent=parent, effective_from=date(2000, 1, 1)
    )
    return record.carry_out(f"jurisdiction:{id}", command, by=LI)


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
