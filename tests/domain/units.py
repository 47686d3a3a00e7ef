"""Offices and officials for tests: what was recorded of them, and what is on record with them."""

from typing import Any

from domain.person.events import PersonRegistered, PostTaken
from domain.unit.events import UnitRegistered
from tests.domain.given import Given, day, given

BUREAU_CODE, OTHER_CODE = "11990102MB0000001P", "11990102MB0000002T"


def unit(name: str = "涪城区住房和城乡建设局", **fields: Any) -> UnitRegistered:
    stated = {"unit_kind": "government-office", "effective_from": day("2010-01-01")}
    place = {} if "superior" in fields else {"jurisdiction": "d1"}
    return UnitRegistered(name=name, **{**stated, **place, **fields})


def person(name: str = "李娜", **post: Any) -> tuple[PersonRegistered, PostTaken]:
    distinction = post.pop("distinction", None)
    stated = {"unit": "u1", "title": "科长", "effective_from": day("2021-03-01")}
    return (
        PersonRegistered(name=name, distinction=distinction),
        PostTaken(**{**stated, **post}),
    )


def with_units() -> Given:
    """A bureau of the district `d1`, its section, and an office of the district `d2`."""
    return (
        given()
        .with_("unit:u1", unit())
        .with_("unit:s1", unit("物业科", superior="u1"))
        .with_("unit:u2", unit("游仙区民政局", jurisdiction="d2"))
    )
