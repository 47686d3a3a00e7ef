"""Finds whom and what people name: a person, a place, or a community as 街道/社区, on a day."""

from datetime import date
from re import fullmatch

from api.cli.models import caught_up, viewed
from domain.kernel.ids import ID_PATTERN
from projections import register
from projections.engine.view import View
from projections.meant import Registers
from record.logins import Logins
from record.store.record import Record


def person_meant(record: Record, logins: Logins, named: str) -> str:
    """The id of an official by id, name or initials. The read models are asked only about what is
    no id on record.

    Raises NoneMeant if there is none, SeveralMeant with the candidates if there are several.
    """
    if fullmatch(ID_PATTERN, named) and record.state(f"person:{named}").version:
        return named
    with caught_up(logins, record) as models, viewed(models, record) as view:
        return Registers(view, record.today()).person(named).person


def place_meant(view: View, named: str, day: date) -> str:
    """The id of a city, district, subdistrict or town by id, code, name or initials.

    Raises NoneMeant if there is none, SeveralMeant with the candidates if there are several.
    """
    return Registers(view, day).jurisdiction(named).jurisdiction


def community_meant(view: View, named: str, day: date) -> str:
    """The id of a community: an id that ever was, or what the name or code means on the day.

    Raises NoneMeant if there is none, SeveralMeant with the candidates if there are several.
    """
    if register.periods(view, named):
        return named
    return Registers(view, day).community(named).community
