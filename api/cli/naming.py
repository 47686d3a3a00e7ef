"""Finds whom and what people name: a person, a place, or a community as 街道/社区, on a day."""

from collections.abc import Sequence
from datetime import date
from re import fullmatch

from api.cli.models import caught_up, viewed
from domain.kernel.ids import ID_PATTERN
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.text import comparable
from domain.roster.names import core, place_stem
from projections import register
from projections.engine.view import View
from projections.meant import Registers
from projections.register import CommunityView, Filter
from record.logins import Logins
from record.store.record import Record

CODE_DIGITS = 12
EVERY = Filter(status=None)


class Ambiguous(Refused):
    """Several communities have this name."""

    def __init__(self, named: str, candidates: Sequence[CommunityView]) -> None:
        super().__init__("command-line.ambiguous", named=named, count=len(candidates))
        self.candidates = candidates


def person_meant(record: Record, logins: Logins, named: str) -> str:
    """The id of an official by id, name or initials. The read models are asked only about what is
    no id on record.

    Raises NotOnRecord if there is none, Refused with the candidates if there are several.
    """
    if fullmatch(ID_PATTERN, named) and record.state(f"person:{named}").version:
        return named
    with caught_up(logins, record) as models, viewed(models, record) as view:
        return Registers(view, record.today()).person(named).person


def place_meant(view: View, named: str, day: date) -> str:
    """The id of a city, district, subdistrict or town by id, code, name or initials.

    Raises NotOnRecord if there is none, Refused with the candidates if there are several.
    """
    return Registers(view, day).jurisdiction(named).jurisdiction


def community_meant(view: View, named: str, day: date) -> str:
    """The id of the community, searching those that exist on the day first, then those that ended.

    Raises NotOnRecord if there is none, Ambiguous if there are several.
    """
    if register.periods(view, named):
        return named
    found = _found(view, named, day)
    standing = [each for each in found if each.status == "active"]
    meant = standing or found
    if not meant:
        raise NotOnRecord("command-line.no-such-community", named=named, day=day)
    if len(meant) > 1:
        raise Ambiguous(named, meant)
    return meant[0].community


def _found(view: View, named: str, day: date) -> list[CommunityView]:
    if named.isascii() and named.isdigit():
        if len(named) != CODE_DIGITS:
            return []
        where = EVERY._replace(code=named)
        return register.communities(view, effective=day, where=where)
    place, _, name = named.rpartition("/")
    return [
        each
        for each in register.communities(view, effective=day, where=EVERY)
        if _bears(each, name) and (not place or _lies_in(each, place))
    ]


def _bears(community: CommunityView, name: str) -> bool:
    place = community.subdistrict_name or ""
    own = community.name or ""
    return comparable(own) == comparable(name) or core(own, place) == core(name, place)


def _lies_in(community: CommunityView, place: str) -> bool:
    """Whether it lies in the place, which may be written with its district: 涪城区/城厢街道."""
    district, _, subdistrict = place.rpartition("/")
    return place_stem(community.subdistrict_name or "") == place_stem(subdistrict) and (
        not district or place_stem(community.district_name or "") == place_stem(district)
    )
