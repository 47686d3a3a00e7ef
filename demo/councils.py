"""Councils of the demo city: founded in the first year, meeting in almost every quarter.

Members join and leave, sessions are cancelled and some quarters missed. Where a community ends its
council is dissolved, as its officials would.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Literal

from demo.bodies import of_community, of_place, seated
from demo.chance import chance
from demo.chronicle import Body, Chronicle, Member
from demo.resident_units import ResidentUnit, units_near
from demo.sittings import Seat, Sittings
from demo.streams import LAST_DAY, Thread
from demo.working_days import later, working_day
from domain.council.membership import (
    AnnulMembership,
    DissolveCouncil,
    FoundCouncil,
    JoinCouncil,
    LeaveCouncil,
)
from domain.kernel.context import Acting
from domain.kernel.ids import derive_id
from domain.kernel.policy import CouncilKind
from domain.kernel.policy.calendar_periods import next_period, periods

FOUNDED_FROM = date(2021, 4, 12)
FOUNDED_WITHIN_DAYS = 120
# Some communities have no joint meeting yet, and a type's own kind comes second where it comes.
FOUNDED_SHARE = 0.92
OWN_KIND_SHARE = 0.75
LAX_SHARE = 0.12
LEFT_BECAUSE = (
    "单位搬迁至辖区外办公，不再参加。",
    "机构改革后单位撤并，职能划转。",
    "企业注销，退出联席会议。",
)
MISTAKEN = "误将其他社区的加入函记入本会议，予以撤销。"
GONE = "社区建制撤销，联席会议随之撤销，档案移交承接社区。"
Fate = Literal["held", "missed", "cancelled", "moved"]


def meet(chronicle: Chronicle) -> None:
    """Five years of every council."""
    for member in chronicle.ever():
        for kind in _kinds(chronicle, member):
            _Council(chronicle, member, kind).tell()


def _kinds(chronicle: Chronicle, member: Member) -> Iterator[CouncilKind]:
    """The kinds of council that a community has: what its type calls for, and the one whose
    cadence the document itself sets, which the city has spread to all."""
    random = chance("councils", member.id)
    first = chronicle.on(member.id, member.since)
    for kind in chronicle.policy.councils:
        drawn = random.random()
        if kind.cadence.section:
            founded = drawn < FOUNDED_SHARE
        else:
            founded = first.type in kind.types and drawn < OWN_KIND_SHARE
        if founded:
            yield kind


class _Council:
    """One council: its events are planned in any order and noted in the order of days."""

    def __init__(self, chronicle: Chronicle, member: Member, kind: CouncilKind) -> None:
        self.chronicle = chronicle
        self.community = member.id
        self.kind = kind
        self.id = derive_id("demo", "council", member.id, kind.code)
        self.chance = chance("council", self.id)
        self.until = chronicle.until(member.id) or date.max
        first = working_day(max(FOUNDED_FROM, member.since + timedelta(days=14)))
        self.founded_on = later(first, self.chance.randrange(FOUNDED_WITHIN_DAYS))
        self.thread = Thread(chronicle, f"council:{self.id}")
        self.seats: list[Seat] = []
        self.steps: list[tuple[date, Callable[[date], object]]] = []
        self.title = f"{chronicle.on(member.id, self.founded_on).name}{kind.title.zh}"
        self.lax = 0.22 if self.chance.random() < LAX_SHARE else 0.035

    def tell(self) -> None:
        """From its founding to its end, or the last day."""
        if self.founded_on + timedelta(days=150) > min(self.until, LAST_DAY):
            return
        self._found()
        self._change_members()
        sittings = Sittings(
            self.chronicle, self.thread, self.community, self.title, self.seats, self.kind, self.by
        )
        for number, begin in enumerate(periods(self.founded_on, LAST_DAY, "quarter")):
            if begin > self.founded_on:
                self._quarter(sittings, number, begin)
        self._convene_for_next_year(sittings)
        self.steps += sittings.steps
        for day, step in sorted(self.steps, key=lambda planned: planned[0]):
            if day < self.until and day <= LAST_DAY:
                step(day)
        if self.until <= LAST_DAY:
            self._dissolve()

    def by(self, day: date) -> Acting:
        """The person who keeps the council's papers on a day."""
        where = self.chronicle.on(self.community, day).place
        return self.chronicle.by(self.chronicle.policy.work.may_hold_meetings, where, day)

    def _found(self) -> None:
        day = self.founded_on
        self.seats = [Seat(self._unit(each), day) for each in self._first_members(day)]
        command = FoundCouncil(
            community=self.community,
            title=self.title,
            council_kind=self.kind.code,
            founded_on=day,
            members=tuple(seat.member for seat in self.seats),
        )
        member = self.chronicle.on(self.community, day)
        place = self.chronicle.place_on(member.place, day)
        paper = self.chronicle.place_paper(place, f"关于建立{self.title}制度的通知", day)
        self.thread.note(day, command, self.by(day), paper)

    def _first_members(self, day: date) -> list[Body | ResidentUnit]:
        """Whom the kind's own words name, or else the units that reside nearby."""
        member = self.chronicle.on(self.community, day)
        local = of_place(self.chronicle.place_on(member.place, day), day)
        named = self.kind.members.zh.split("、")
        if len(named) > 1:
            own = [of_community(member, each, day) for each in named]
            return [*own, *self.chance.sample(local, self.chance.randint(0, 2))]
        pool: list[Body | ResidentUnit] = [*units_near(self.chronicle, member, day), *local]
        others = self.chance.sample(pool, self.chance.randint(4, 8))
        return [of_community(member, "居委会", day), *others]

    def _unit(self, member: Body | ResidentUnit) -> str:
        return seated(self.chronicle, member) if isinstance(member, Body) else member.id

    def _change_members(self) -> None:
        """Over the years some join, some leave, and one is put down for the wrong council."""
        days = (min(self.until, LAST_DAY) - self.founded_on).days
        member = self.chronicle.on(self.community, self.founded_on)
        pool = [unit.id for unit in units_near(self.chronicle, member, self.founded_on)]
        free = [unit for unit in pool if unit not in {seat.member for seat in self.seats}]
        self.chance.shuffle(free)
        for _ in range(self.chance.choice((0, 0, 1, 1, 2))):
            self._join(free.pop(), self._someday(days))
        if self.chance.random() < 0.22 and len(self.seats) > 4:
            self._leave(self.seats[self.chance.randrange(1, 4)], self._someday(days))
        if self.chance.random() < 0.03:
            self._join_mistakenly(free.pop(), self._someday(days))

    def _someday(self, days: int) -> date:
        return working_day(self.founded_on + timedelta(days=self.chance.randint(60, days - 40)))

    def _join(self, unit: str, day: date) -> None:
        self.seats.append(Seat(unit, day))
        command = JoinCouncil(member=unit, joined_on=day)
        self.steps.append((day, lambda day: self.thread.note(day, command, self.by(day))))

    def _leave(self, seat: Seat, day: date) -> None:
        seat.left_on = day
        reason = self.chance.choice(LEFT_BECAUSE)
        command = LeaveCouncil(member=seat.member, left_on=day, reason=reason)
        self.steps.append((day, lambda day: self.thread.note(day, command, self.by(day))))

    def _join_mistakenly(self, unit: str, day: date) -> None:
        joined = JoinCouncil(member=unit, joined_on=day)
        entries: list[int] = []

        def join(day: date) -> None:
            self.thread.note(day, joined, self.by(day))
            entries.append(self.thread.entries)

        def annul(day: date) -> None:
            command = AnnulMembership(annuls=entries[0], reason=MISTAKEN)
            self.thread.note(day, command, self.by(day))

        self.steps += [(day, join), (later(day, 6), annul)]

    def _quarter(self, sittings: Sittings, number: int, begin: date) -> None:
        """The session that is due in the quarter."""
        random = chance("quarter", self.id, begin)
        end = next_period(begin, "quarter") - timedelta(days=10)
        hoped_for = begin + timedelta(days=random.randint(26, (end - begin).days))
        held_on = working_day(hoped_for)
        if held_on + timedelta(days=20) >= self.until:
            return
        fate = self._fate(random.random(), begin)
        if fate == "held":
            sittings.hold(number, held_on)
        elif fate != "missed":
            off_on = sittings.cancel(number, held_on)
            again_on = later(held_on, random.randint(5, 9))
            if fate == "moved" and again_on < next_period(begin, "quarter"):
                sittings.hold(100 + number, again_on, not_before=off_on)

    def _fate(self, drawn: float, begin: date) -> Fate:
        hard = 0.07 if (begin.year, begin.month) in ((2022, 10), (2022, 1)) else 0.0
        if drawn < self.lax + hard:
            return "missed"
        if drawn < self.lax + 1.5 * hard + 0.012:
            return "cancelled"
        return "moved" if drawn < self.lax + 1.5 * hard + 0.035 else "held"

    def _convene_for_next_year(self, sittings: Sittings) -> None:
        """Some have called the New Year's first session already."""
        if self.until > LAST_DAY and self.chance.random() < 0.1:
            called_on = later(date(2025, 12, 22), self.chance.randrange(6))
            held_on = working_day(called_on + timedelta(days=self.chance.randint(12, 18)))
            if held_on < self.until:
                sittings.convene(200, called_on, held_on)

    def _dissolve(self) -> None:
        day = later(self.until, self.chance.randint(2, 6))
        if day > LAST_DAY:
            return
        command = DissolveCouncil(dissolved_on=self.until, reason=GONE)
        self.thread.note(day, command, self.by(day))
