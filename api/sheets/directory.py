"""Resolves names, codes and titles in a sheet, as of the day of the sheet.

Codes are recycled and names change: both are read as of that day, never guessed.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from api.sheets.cells import Unfit, line, word
from domain.kernel.ids import id_of
from domain.kernel.policy import Policy
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual, comparable, plain
from domain.round.plan import Plan
from projections import councils, organisation, people, register, rounds
from projections.councils import CouncilLine
from projections.engine.view import View
from projections.meant import Registers
from projections.organisation import JurisdictionView
from projections.register import CommunityView, Filter
from projections.rounds import RoundView
from projections.units import UnitView
from record.store.entry import AnyEntry
from record.store.record import CHINA, Record

T = TypeVar("T")

CODE_DIGITS = 12
_SHORTENED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")


def directory_of(record: Record, view: View, as_of: date | None) -> "Directory":
    """The directory for the day of a sheet; by default today.

    Refused for a day in the future, and if no policy is in force.
    """
    today = datetime.now(CHINA).date()
    if as_of is not None and as_of > today:
        raise Refused("file.day-not-come", day=as_of, today=today)
    return Directory(record, view, record.adopted().in_force(today), as_of or today)


class Directory:
    """Communities and places on a day, and the policy in force. Each is read when it is needed,
    and only once."""

    def __init__(self, record: Record, view: View, policy: Policy, as_of: date) -> None:
        self.record = record
        self.view = view
        self.policy = policy
        self.as_of = as_of
        self._plans: dict[str, Plan] = {}
        self._subjects: tuple[str, ...] = ()
        self._histories: dict[str, list[AnyEntry]] = {}

    def community(self, cell: str) -> CommunityView:
        """A community by its 12-digit code or its id."""
        text = _code(cell)
        if found := self._by_code.get(text) or self._by_id.get(text):
            return found
        if text.isdecimal() and len(text) != CODE_DIGITS:
            raise Unfit("cell.code-length", digits=CODE_DIGITS, found=len(text))
        if text.isdecimal():
            raise Unfit("cell.no-such-code", code=text, day=self.as_of)
        raise Unfit("cell.community-by-name")

    def place(self, cell: str) -> JurisdictionView:
        """A city, district, park, subdistrict or town by its code, id or name."""
        if found := self._place(cell):
            return found
        raise Unfit("cell.no-such-place", day=self.as_of)

    def unit(self, cell: str) -> str:
        """The id of an office or organisation by its id, credit code, name or initials."""
        return self.office(cell).unit

    def official(self, cell: str, unit: str | None = None) -> str:
        """The id of an official by id, name or initials; of several, the one of the unit."""
        with _unfit():
            return self._registers.person(line(cell), unit).person

    def round(self, cell: str) -> RoundView:
        """A round of grading by its id or its full title."""
        asked = word(cell)
        found = only(
            (each for each in self._rounds if asked in (each.round, word(each.title))),
            lambda each: each.round,
        )
        if found is None:
            titles = [each.title for each in self._rounds]
            raise Unfit("cell.no-such-round" if titles else "cell.no-round-planned", choices=titles)
        return found

    def plan_of(self, round: str) -> Plan:
        """The rules of a round."""
        if round not in self._plans:
            self._plans[round], _ = rounds.plan(self.view, round)
        return self._plans[round]

    @cached_property
    def rubric_items(self) -> list[tuple[str, Bilingual, list[int]]]:
        """The items of the rubrics of the policy and of all rounds: code, title and maximum
        points. Titles are unique: those of rounds that are over give way."""
        listed = [
            (item.code, item.title, item.points_max)
            for rubric in self.policy.rounds.rubrics
            for item in rubric.items
        ]
        plans = self._plans_on_record
        listed += [
            (i.item, i.title, i.points_max) for p in plans for r in p.rubrics for i in r.items
        ]
        found: dict[str, tuple[str, Bilingual, list[int]]] = {}
        holders: dict[str, str] = {}
        for code, title, most in listed:
            if holders.setdefault(title.zh, code) == code or code in found:
                found.setdefault(code, (code, title, []))[2].append(most)
        return list(found.values())

    @cached_property
    def assemblies(self) -> Mapping[str, Bilingual]:
        """The assemblies of the policy and of all rounds, with their titles."""
        titles = {each.code: each.title for each in self.policy.rounds.assemblies}
        codes = [each.assembly for plan in self._plans_on_record for each in plan.rules.assemblies]
        return {**{code: Bilingual(zh=code, en=code) for code in codes}, **titles}

    @cached_property
    def ballots(self) -> Mapping[str, Bilingual]:
        """The ballots of the policy and of all rounds, with their titles."""
        titles = {each.code: each.title for each in self.policy.rounds.ballots}
        codes = [each.ballot for plan in self._plans_on_record for each in plan.rules.ballots]
        return {**{code: Bilingual(zh=code, en=code) for code in codes}, **titles}

    def council(self, community: str, day: date, cell: str) -> CouncilLine:
        """The council of a community on a day, by id, title or kind; without any, the only one.

        Unfit if there is none or it is ambiguous.
        """
        standing = [
            each
            for each in self._councils[community]
            if each.founded_on <= day and (each.dissolved_on is None or day < each.dissolved_on)
        ]
        if not standing:
            raise Unfit("cell.no-council", day=day)
        kinds = {each.code: each.title for each in self.policy.councils}
        asked = word(cell)
        found = only(
            (
                each
                for each in standing
                if not asked
                or asked in (each.council, word(each.title), each.council_kind)
                or asked == word(getattr(kinds.get(each.council_kind), "zh", ""))
            ),
            lambda each: each.title,
        )
        if found is None:
            titles = [each.title for each in standing]
            raise Unfit("cell.no-such-council", day=day, choices=titles)
        return found

    def history(self, stream: str) -> list[AnyEntry]:
        """All entries of a stream."""
        if stream not in self._histories:
            wanted = dict.fromkeys((stream, *self._subjects))
            self._histories = self.record.histories(tuple(wanted))
        return self._histories[stream]

    def expect(self, streams: Iterable[str]) -> None:
        """Announce streams whose histories may be needed, so that they are read together."""
        self._subjects = tuple(streams)

    @cached_property
    def _councils(self) -> Mapping[str, list[CouncilLine]]:
        found: defaultdict[str, list[CouncilLine]] = defaultdict(list)
        for each in councils.lines(self.view):
            found[each.community].append(each)
        return found

    @cached_property
    def _plans_on_record(self) -> list[Plan]:
        """The plans of all rounds, open ones first."""
        open_first = sorted(self._rounds, key=lambda each: each.status != "open")
        return [self.plan_of(each.round) for each in open_first]

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of all communities, places and offices on the day, by stream."""
        communities = ((f"community:{c.community}", c.name) for c in self._by_id.values())
        places = ((f"jurisdiction:{each.jurisdiction}", each.name) for each in self._places)
        found = {stream: name for stream, name in (*communities, *places) if name}
        # A place may act as a unit.
        acting = {f"unit:{id_of(stream)}": name for stream, name in found.items()}
        return {**found, **acting, **{f"unit:{u.unit}": u.name for u in self.units}}

    @cached_property
    def _rounds(self) -> list[RoundView]:
        return rounds.rounds(self.view)

    def require_called(self, community: CommunityView, cell: str) -> None:
        """Unfit unless the community has this name on the day."""
        if community.name is not None and bare(cell) != bare(community.name):
            raise Unfit("cell.other-community-name", name=community.name, day=self.as_of)

    def _place(self, cell: str) -> JurisdictionView | None:
        asked = plain(cell)
        for each in self._places:
            if asked and asked in (each.jurisdiction, each.code):
                return each
        return only(
            (each for each in self._places if word(each.name) == word(cell)),
            lambda each: each.code or each.jurisdiction,
        )

    def office(self, cell: str) -> UnitView:
        """An office or organisation by its id, credit code, name or initials."""
        with _unfit():
            return self._registers.unit(line(cell))

    def person(self, unit: str, name: str, distinction: str) -> str | None:
        """The id of the official of this name who has or had a post in a unit: name and
        distinction in the form for comparison."""
        return self._people.get((unit, name, distinction))

    @cached_property
    def _people(self) -> dict[tuple[str, str, str], str]:
        return {
            (each.unit, comparable(each.name), comparable(each.distinction or "")): each.person
            for each in people.names_in_units(self.view)
        }

    @cached_property
    def units(self) -> list[UnitView]:
        """All offices and organisations on the day."""
        return [each for each in self._registers.units if each.status == "active"]

    @cached_property
    def _registers(self) -> Registers:
        return Registers(self.view, self.as_of)

    @cached_property
    def _places(self) -> list[JurisdictionView]:
        return organisation.jurisdictions(self.view, effective=self.as_of)

    @cached_property
    def _by_code(self) -> dict[str, CommunityView]:
        standing = register.communities(self.view, effective=self.as_of)
        return {each.code: each for each in standing if each.code}

    @cached_property
    def _by_id(self) -> dict[str, CommunityView]:
        every = register.communities(self.view, effective=self.as_of, where=Filter(status=None))
        return {each.community: each for each in every}


def only(found: Iterable[T], named: Callable[[T], str]) -> T | None:
    """The only match, or None; Unfit if there are several, listing what distinguishes them."""
    each = list(found)
    if len(each) > 1:
        ids = [named(one) for one in each[:5]]
        raise Unfit("cell.several-of-that-name", count=len(each), choices=ids)
    return each[0] if each else None


@contextmanager
def _unfit() -> Iterator[None]:
    """The refusal of a name as one of the cell that contains it."""
    try:
        yield
    except Refused as refusal:
        raise Unfit.of(refusal) from None


def bare(name: str) -> str:
    """A community's name for comparison: 顺河街社区居民委员会 and 顺河街社区 are equal."""
    return re.sub(r"(社区)?(居民委员会|居委会)?$", "", word(name))


def _code(cell: str) -> str:
    """A code or id without the characters with which spreadsheets mark a number as text."""
    text = plain(cell).replace(" ", "")
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    text = text.removeprefix("'").removesuffix(".0")
    if _SHORTENED.fullmatch(text):
        raise Unfit("cell.code-shortened")
    return text
