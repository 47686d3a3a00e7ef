"""Finds the office or the official whom somebody means: by id, code, name, or pinyin initials.

It never guesses: several are answered with all of them, and none with those of similar names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import TypeVar

from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.text import comparable
from projections import people, units
from projections.engine.view import View
from projections.people import PersonFilter, PersonView
from projections.pinyin import initials
from projections.units import UnitFilter, UnitView

T = TypeVar("T", UnitView, PersonView)

CANDIDATES_MAX = 8
LIKENESS_MIN = 0.5


@dataclass(frozen=True)
class Offices:
    """The offices and officials of a day, read when they are needed and only once."""

    view: View
    day: date

    def unit(self, named: str) -> UnitView:
        """The unit of this id, unified social credit code, name or initials. An ended unit is meant
        only if no other is.

        Refused if several are meant, NotOnRecord if none is.
        """
        asked = comparable(named)
        for each in self.units:
            if asked.lower() == each.unit or asked.upper() == each.credit_code:
                return each
        found = _called(asked, self.units)
        found = [each for each in found if each.status == "active"] or found
        return self._only(named, found, [each for each in self.units if each.status == "active"])

    def person(self, named: str, unit: str | None = None) -> PersonView:
        """The official of this id, name or initials; of several, the one with a post in the unit.

        The name may be followed by the unit's in brackets: 李娜（住建局）. Refused if several are
        meant, NotOnRecord if none is.
        """
        name, _, office = comparable(named).removesuffix(")").partition("(")
        for each in self.people:
            if name.lower() == each.person:
                return each
        found = _called(name, self.people)
        if office:
            found = [p for p in found if any(office in (at.unit_name or "") for at in p.posts)]
        elif unit and len(found) > 1:
            found = [p for p in found if any(at.unit == unit for at in p.posts)] or found
        return self._only(named, found, self.people)

    @cached_property
    def units(self) -> Sequence[UnitView]:
        """All units on the day, also those that have ended."""
        return units.units(self.view, effective=self.day, where=UnitFilter(status=None))

    @cached_property
    def people(self) -> Sequence[PersonView]:
        """All officials, also those without a post on the day."""
        return people.people(self.view, effective=self.day, where=PersonFilter(any=True))

    def _only(self, named: str, found: Sequence[T], known: Iterable[T]) -> T:
        if len(found) == 1:
            return found[0]
        if found:
            shown = [_shown(each) for each in found[:CANDIDATES_MAX]]
            raise Refused("name.ambiguous", named=named, count=len(found), candidates=shown)
        near = [_shown(each) for each in _like(comparable(named), known)]
        raise NotOnRecord("name.unknown", named=named, day=self.day, nearest=near or None)


def _called(asked: str, known: Iterable[T]) -> list[T]:
    """Those of this name, or else, for letters, those of these initials."""
    known = list(known)
    if found := [each for each in known if comparable(each.name) == asked]:
        return found
    if not asked.isascii() or not asked:
        return []
    return [each for each in known if asked.lower() in initials(each.name)]


def _like(asked: str, known: Iterable[T]) -> list[T]:
    """Those with similar names: first those whose name contains what was asked."""
    named: dict[str, list[T]] = {}
    for each in known:
        named.setdefault(comparable(each.name), []).append(each)
    like = [name for name in named if asked and (asked in name or name in asked)]
    like += get_close_matches(asked, named, CANDIDATES_MAX, LIKENESS_MIN)
    found = [each for name in dict.fromkeys(like) for each in named[name]]
    return found[:CANDIDATES_MAX]


def _shown(each: UnitView | PersonView) -> str:
    """A candidate: name, where it belongs, id."""
    if isinstance(each, UnitView):
        return f"{each.name}（{each.superior_name or each.jurisdiction_name or ''}，{each.unit}）"
    post = next((f"{at.unit_name or ''}{at.title}" for at in each.posts), "")
    return f"{each.name}（{post}，{each.person}）"
