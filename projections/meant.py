"""Finds whom or what somebody means: a community, place, office or official by id, code, name, or
pinyin initials; of namesakes the one in a place, as in 李娜（住建局） or 城北街道/北街社区.

It never guesses: several are answered with all of them, and none with those of similar names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar

from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.text import comparable
from domain.roster.names import core, place_stem
from projections import organisation, people, places, register, units
from projections.engine.view import View
from projections.organisation import JurisdictionView
from projections.people import PersonFilter, PersonView
from projections.pinyin import initials
from projections.register import CommunityView
from projections.units import UnitFilter, UnitView

AnyView = CommunityView | JurisdictionView | UnitView | PersonView
T = TypeVar("T", CommunityView, JurisdictionView, UnitView, PersonView)
Register = Literal["community", "jurisdiction", "unit", "person"]

CANDIDATES_MAX = 8
LIKENESS_MIN = 0.5


class Candidate(NamedTuple):
    """What a name may mean; `within` is where it belongs, which tells namesakes apart."""

    id: str
    name: str
    within: str

    @property
    def label(self) -> str:
        """The name with the place, as it can be typed."""
        return f"{self.name}（{self.within}）" if self.within else self.name

    def __str__(self) -> str:
        return f"{self.name}（{self.within}，{self.id}）"


class SeveralMeant(Refused):
    """A name means several."""

    def __init__(self, named: str, found: Sequence[Candidate]) -> None:
        shown = [str(each) for each in found[:CANDIDATES_MAX]]
        super().__init__("name.ambiguous", named=named, count=len(found), candidates=shown)
        self.candidates = found


class NoneMeant(NotOnRecord):
    """A name means none; the candidates have similar names."""

    def __init__(self, named: str, day: date, near: Sequence[Candidate]) -> None:
        shown = [str(each) for each in near]
        super().__init__("name.unknown", named=named, day=day, nearest=shown or None)
        self.candidates = near


@dataclass(frozen=True)
class Registers:
    """What is on the registers of a day, read when it is needed and only once.

    What has ended is meant only if nothing else is. Each raises SeveralMeant or NoneMeant.
    """

    view: View
    day: date

    def meant(self, what: Register, named: str) -> Candidate:
        """The line of a register that this means."""
        match what:
            case "community":
                return candidate_of(self.community(named))
            case "jurisdiction":
                return candidate_of(self.jurisdiction(named))
            case "unit":
                return candidate_of(self.unit(named))
            case "person":
                return candidate_of(self.person(named))

    def community(self, named: str) -> CommunityView:
        """The community of this id, code, name or initials."""
        return self._only(named, _meant(named, self.communities), self.communities)

    def jurisdiction(self, named: str) -> JurisdictionView:
        """The city, district, park, subdistrict or town of this id, code, name or initials."""
        return self._only(named, _meant(named, self.jurisdictions), self.jurisdictions)

    def unit(self, named: str) -> UnitView:
        """The unit of this id, unified social credit code, name or initials."""
        return self._only(named, _meant(named, self.units), self.units)

    def person(self, named: str, unit: str | None = None) -> PersonView:
        """The official of this id, name or initials; of several, that of the unit."""
        found = _meant(named, self.people)
        if unit and len(found) > 1:
            found = [p for p in found if any(at.unit == unit for at in p.posts)] or found
        return self._only(named, found, self.people)

    @cached_property
    def communities(self) -> Sequence[CommunityView]:
        """All communities on the day, also those that have ended."""
        every = register.Filter(status=None)
        return register.communities(self.view, effective=self.day, where=every)

    @cached_property
    def jurisdictions(self) -> Sequence[JurisdictionView]:
        """All jurisdictions on the day, also those that have ended."""
        return organisation.jurisdictions(self.view, effective=self.day, status=None)

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
            raise SeveralMeant(named, [candidate_of(each) for each in found])
        near = _like(comparable(named), [each for each in known if _is_active(each)])
        raise NoneMeant(named, self.day, [candidate_of(each) for each in near])


def candidate_of(each: AnyView) -> Candidate:
    """A line of a register, with where it belongs."""
    match each:
        case CommunityView():
            return Candidate(_id(each), each.name or "", each.subdistrict_name or "")
        case JurisdictionView():
            return Candidate(_id(each), each.name, each.parent_name or "")
        case UnitView():
            above = each.superior_name or each.jurisdiction_name
            return Candidate(_id(each), each.name, above or "")
        case PersonView():
            post = next((f"{at.unit_name or ''}{at.title}" for at in each.posts), "")
            told = (post, each.distinction)
            return Candidate(_id(each), each.name, "，".join(each for each in told if each))


def suggested(view: View, what: Register, q: str, *, day: date, limit: int) -> list[Candidate]:
    """Those on a register of the day whose name, code or initials contain `q`."""
    asked = comparable(q) or None
    match what:
        case "person":
            whom = PersonFilter(q=asked, any=True)
            return _candidates(people.people(view, effective=day, where=whom, limit=limit))
        case "unit":
            where = UnitFilter(q=asked)
            return _candidates(units.units(view, effective=day, where=where, limit=limit))
        case "community":
            return _candidates(_holding(register.communities(view, effective=day), asked)[:limit])
        case "jurisdiction":
            lines = organisation.jurisdictions(view, effective=day)
            return _candidates(_holding(lines, asked)[:limit])


def candidate(view: View, what: Register, id: str, day: date) -> Candidate | None:
    """What has this id: as of the day, or else by its newest name; None if it is not on record."""
    found: AnyView | None
    match what:
        case "community":
            found = register.community(view, id, effective=day)
        case "jurisdiction":
            found = organisation.jurisdiction(view, id, effective=day)
        case "unit":
            found = units.unit(view, id, effective=day)
        case "person":
            found = people.person(view, id, effective=day)
    if found:
        return candidate_of(found)
    stream = f"{what}:{id}"
    name = places.names(view, [stream]).get(stream)
    return Candidate(id, name, "") if name else None


def _candidates(found: Iterable[AnyView]) -> list[Candidate]:
    return [candidate_of(each) for each in found]


def _holding(known: Sequence[T], asked: str | None) -> list[T]:
    """Those whose name, code or initials contain what was asked."""
    if asked is None:
        return list(known)
    small = asked.lower()
    letters = asked.isascii()
    return [
        each
        for each in known
        if asked in comparable(each.name or "")
        or (letters and small in (_code(each) or ""))
        or (letters and any(small in held for held in initials(each.name or "")))
    ]


def _meant(named: str, known: Sequence[T]) -> list[T]:
    """All that are meant: those of an id, a code, a name, or else, for letters, of initials."""
    asked = comparable(named)
    for each in known:
        if asked.lower() == _id(each):
            return [each]
    name, place = _in_place(asked)
    found = (
        [each for each in known if asked and asked.upper() == _code(each)]
        or _called(asked, known)
        or [each for each in _called(name, known) if place and _belongs(each, place)]
    )
    return [each for each in found if _is_active(each)] or found


def _in_place(asked: str) -> tuple[str, str]:
    """The name and the place in 北街社区(城北街道) and in 城北街道/北街社区."""
    if "(" in asked:
        name, _, place = asked.removesuffix(")").partition("(")
    else:
        place, _, name = asked.rpartition("/")
    return name, place


def _called(asked: str, known: Sequence[T]) -> list[T]:
    if not asked:
        return []
    if found := [each for each in known if comparable(each.name or "") == asked]:
        return found
    if found := [each for each in known if _has_core(each, asked)]:
        return found
    if not asked.isascii():
        return []
    return [each for each in known if asked.lower() in initials(each.name or "")]


def _has_core(each: AnyView, asked: str) -> bool:
    """Whether a community has this name but for 社区居民委员会."""
    if not isinstance(each, CommunityView):
        return False
    place = each.subdistrict_name or ""
    return core(each.name or "", place) == core(asked, place)


def _belongs(each: AnyView, place: str) -> bool:
    """Whether it belongs to a place or an office of this name, or of a name with this in it."""
    if isinstance(each, PersonView):
        posts = (f"{at.unit_name or ''}{at.title}" for at in each.posts)
        return any(place in comparable(f"{post},{each.distinction or ''}") for post in posts)
    if isinstance(each, CommunityView) and _lies_in(each, place):
        return True
    return place in comparable(candidate_of(each).within)


def _lies_in(each: CommunityView, place: str) -> bool:
    """Whether it lies in the subdistrict, which may be written with its district: 涪城区/城厢."""
    district, _, subdistrict = place.rpartition("/")
    return place_stem(each.subdistrict_name or "") == place_stem(subdistrict) and (
        not district or place_stem(each.district_name or "") == place_stem(district)
    )


def _id(each: AnyView) -> str:
    match each:
        case CommunityView():
            return each.community
        case JurisdictionView():
            return each.jurisdiction
        case UnitView():
            return each.unit
        case PersonView():
            return each.person


def _code(each: AnyView) -> str | None:
    match each:
        case CommunityView() | JurisdictionView():
            return each.code
        case UnitView():
            return each.credit_code
    return None


def _is_active(each: AnyView) -> bool:
    return isinstance(each, PersonView) or each.status == "active"


def _like(asked: str, known: Iterable[T]) -> list[T]:
    """Those with similar names: first those whose name contains what was asked."""
    named: dict[str, list[T]] = {}
    for each in known:
        named.setdefault(comparable(each.name or ""), []).append(each)
    like = [name for name in named if asked and name and (asked in name or name in asked)]
    like += get_close_matches(asked, named, CANDIDATES_MAX, LIKENESS_MIN)
    found = [each for name in dict.fromkeys(like) for each in named[name]]
    return found[:CANDIDATES_MAX]
