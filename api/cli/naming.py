"""Finds a community by id, by code, or as 街道/社区 on a day."""

from collections.abc import Sequence
from datetime import date

from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.text import comparable
from domain.roster.names import core, place_stem
from projections import register
from projections.engine.view import View
from projections.register import CommunityView, Filter

CODE_DIGITS = 12
EVERY = Filter(status=None)


class Ambiguous(Refused):
    """Several communities have this name."""

    def __init__(self, named: str, candidates: Sequence[CommunityView]) -> None:
        super().__init__("command-line.ambiguous", named=named, count=len(candidates))
        self.candidates = candidates


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
