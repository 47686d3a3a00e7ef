"""The sessions of one council of the demo: convened, held or cancelled, with minutes,
resolutions and tasks. Mistakes in the minutes are corrected."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random

from demo import minutes, tasks
from demo.chance import chance
from demo.chronicle import Chronicle
from demo.matters import Matter, of_the_season, of_the_type
from demo.minutes import AMENDED, VENUES, Earlier, Sitting
from demo.streams import LAST_DAY, Thread
from demo.tasks import GONE, Errand, Office
from demo.working_days import last_working_day, later
from domain.council.minutes import (
    AdoptResolution,
    AmendMinutes,
    AnnulResolution,
    RecordMinutes,
    resolution_id,
)
from domain.council.sessions import (
    CancelSession,
    ConveneSession,
    CorrectSession,
    HoldSession,
    SetAgenda,
)
from domain.kernel.context import Acting
from domain.kernel.ids import derive_id, id_of
from domain.kernel.policy import CouncilKind

RESOLVED_SHARE = 0.3
SLIP_SHARE = 0.012
HURRIED_SHARE = 0.006  # called on the last working day before
HURRIED_BECAUSE = (
    "强降雨红色预警，须当即商定转移安置，来不及提前三天通知。",
    "小区主水管爆裂停水，各单位一致同意次日开会商议抢修。",
    "上级检查组临时到社区调研，会议提前，各成员单位均已电话同意。",
)
AMENDED_SHARE = 0.025
ANNULLED_SHARE = 0.01
CANCELLED_BECAUSE = (
    "主要参会单位临时有紧急任务，会议取消。",
    "因汛情应急响应，参会人员均在一线，会议取消。",
    "会议场地临时征用，另行择期召开。",
    "议题准备不充分，经征求成员单位意见，本次会议取消。",
)
OBSERVERS = ("街道党建办", "街道综合行政执法队", "人大代表联络站", "社区法律顾问", "区民政部门")
ABSENT_IN_ERROR = "签到表核对时发现漏记一家到会单位，予以更正。"
NOT_RESOLVED = "该事项会上仅作讨论，未形成决议，误录，予以撤销。"


@dataclass
class Seat:
    """A unit's membership in a council."""

    member: str
    joined_on: date
    left_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is a member on a day."""
        return self.joined_on <= day and (self.left_on is None or day < self.left_on)


@dataclass
class Attendance:
    """Who came to a session, and who said that they could not."""

    present: tuple[str, ...]
    excused: tuple[str, ...]
    observers: tuple[str, ...]


class Sittings:
    """Plans sessions as steps, each for a day."""

    def __init__(
        self,
        chronicle: Chronicle,
        thread: Thread,
        community: str,
        title: str,
        seats: Sequence[Seat],
        kind: CouncilKind,
        by: Callable[[date], Acting],
    ) -> None:
        self.chronicle = chronicle
        self.thread = thread
        self.community = community
        self.title = title
        self.seats = seats
        self.by = by
        # A council of the type's own kind speaks of its measures, the other more of the season.
        self.typed_share = 0.45 if kind.cadence.section else 0.75
        self.steps: list[tuple[date, Callable[[date], object]]] = []
        self.earlier: Earlier | None = None
        self.until = chronicle.until(community) or date.max

    def convene(
        self, number: int, called_on: date, scheduled_on: date, *, despite: str | None = None
    ) -> str:
        """The members are called to a session; in a hurry, for a reason."""
        id = derive_id("demo", "session", self.thread.stream, number)
        command = ConveneSession(
            session=id, noticed_on=called_on, scheduled_on=scheduled_on, place=venue(id)
        )
        self.plan(
            called_on, lambda day: self.thread.note(day, command, self.by(day), despite=despite)
        )
        return id

    def cancel(self, number: int, scheduled_on: date) -> date:
        """A session is called, and called off on the day returned."""
        random = chance("cancelled", self.thread.stream, number)
        called_on = last_working_day(scheduled_on - timedelta(days=random.randint(8, 13)))
        id = self.convene(number, called_on, scheduled_on)
        off_on = last_working_day(scheduled_on - timedelta(days=random.randint(0, 2)))
        command = CancelSession(
            session=id, cancelled_on=off_on, reason=random.choice(CANCELLED_BECAUSE)
        )
        self.plan(off_on, lambda day: self.thread.note(day, command, self.by(day)))
        return off_on

    def hold(self, number: int, held_on: date, *, not_before: date = date.min) -> None:
        """A session is convened after a day, held, and minuted."""
        random = chance("session", self.thread.stream, number)
        called_on = last_working_day(held_on - timedelta(days=random.randint(7, 13)))
        called_on = max(called_on, not_before)
        despite = None
        hurry = chance("hurry", self.thread.stream, number)
        if hurry.random() < HURRIED_SHARE:
            called_on = last_working_day(held_on - timedelta(days=1))
        if called_on > held_on - timedelta(days=self.chronicle.policy.work.notice_days_min):
            despite = hurry.choice(HURRIED_BECAUSE)
        id = self.convene(number, called_on, held_on, despite=despite)
        _Session(self, id, held_on, random, despite).plan(called_on)

    def plan(self, day: date, step: Callable[[date], object]) -> None:
        """Have this done on a day."""
        self.steps.append((day, step))


class _Session:
    """One session that is held."""

    def __init__(
        self, of: Sittings, id: str, held_on: date, random: Random, despite: str | None
    ) -> None:
        self.of = of
        self.id = id
        self.held_on = held_on
        self.despite = despite
        self.chance = random
        self.type = of.chronicle.on(of.community, held_on).type
        self.matters = self._matters()
        self.attendance = Attendance((), (), ())
        self.resolved: list[Matter] = []
        self.resolutions: dict[Matter, str] = {}
        self.earlier: Earlier | None = None
        self.entry = 0
        self.text = ""

    def plan(self, called_on: date) -> None:
        """Its steps: agenda, sitting, minutes, and what follows."""
        of, random = self.of, self.chance
        agreed = random.random() < RESOLVED_SHARE
        self.resolved = self.matters[: random.choice((1, 1, 2))] if agreed else []
        of.plan(called_on, self._set_agenda)
        of.plan(self.held_on, self._hold)
        for matter in self.resolved:
            self._plan_resolution(matter)
        written_on = later(self.held_on, random.randint(1, 9))
        if random.random() < SLIP_SHARE:
            of.plan(later(self.held_on, 1), self._correct)
        of.plan(written_on, self._record_minutes)
        if random.random() < AMENDED_SHARE:
            of.plan(later(written_on, random.randint(2, 15)), self._amend)

    def _matters(self) -> list[Matter]:
        of, random = self.of, self.chance
        found: dict[str, Matter] = {}
        for _ in range(random.choice((2, 2, 3))):
            typed = random.random() < of.typed_share
            matter = (
                of_the_type(random, of.chronicle.policy, self.type)
                if typed
                else of_the_season(random, self.held_on)
            )
            found.setdefault(matter.errand.partition("：")[0], matter)
        return list(found.values())

    def _plan_resolution(self, matter: Matter) -> None:
        """It is resolved in the sitting; some were put down that never were, and are annulled."""
        of, random = self.of, self.chance
        annulled_on = None
        if random.random() < ANNULLED_SHARE:
            annulled_on = later(self.held_on, random.randint(12, 16))
            if annulled_on >= min(of.until, LAST_DAY):
                annulled_on = None
        of.plan(self.held_on, partial(self._resolve, matter, annulled_on))
        if annulled_on:
            of.plan(annulled_on, partial(self._annul, matter))

    def _set_agenda(self, day: date) -> None:
        self.earlier = self.of.earlier
        agenda = minutes.agenda(self.chance, self.matters, self.earlier)
        command = SetAgenda(session=self.id, agenda=agenda)
        self.of.thread.note(day, command, self.of.by(day))

    def _hold(self, day: date) -> None:
        random = self.chance
        members = [seat.member for seat in self.of.seats if seat.holds(self.held_on)]
        drawn = {member: random.random() for member in members}
        present = tuple(m for m in members if drawn[m] < 0.82) or tuple(members[:1])
        excused = tuple(m for m in members if 0.82 <= drawn[m] < 0.94 and m not in present)
        observers = tuple(random.sample(OBSERVERS, random.choice((0, 0, 0, 1, 1, 2))))
        self.attendance = Attendance(present, excused, observers)
        command = HoldSession(session=self.id, held_on=day, **vars(self.attendance))
        self.of.thread.note(day, command, self.of.by(day), despite=self.despite)
        self.entry = self.of.thread.entries

    def _correct(self, day: date) -> None:
        absent = [seat.member for seat in self.of.seats if seat.holds(self.held_on)]
        absent = [member for member in absent if member not in self.attendance.present]
        if not absent:
            return
        came = absent[-1]
        command = CorrectSession(
            session=self.id,
            corrects=self.entry,
            held_on=self.held_on,
            present=(*self.attendance.present, came),
            excused=tuple(each for each in self.attendance.excused if each != came),
            observers=self.attendance.observers,
            reason=ABSENT_IN_ERROR,
        )
        self.of.thread.note(day, command, self.of.by(day))

    def _record_minutes(self, day: date) -> None:
        of = self.of
        sitting = Sitting(
            council=of.title,
            held_on=self.held_on,
            venue=venue(self.id),
            present=len(self.attendance.present),
            excused=len(self.attendance.excused),
            all=sum(seat.holds(self.held_on) for seat in of.seats),
            matters=self.matters,
            resolved=self.resolved,
            earlier=self.earlier,
        )
        self.text = minutes.minutes(self.chance, sitting)
        command = RecordMinutes(session=self.id, recorded_on=day, text=self.text)
        of.thread.note(day, command, of.by(day))

    def _amend(self, day: date) -> None:
        reason, added = self.chance.choice(AMENDED)
        command = AmendMinutes(
            session=self.id, amended_on=day, text=f"{self.text}\n{added}", reason=reason
        )
        self.of.thread.note(day, command, self.of.by(day))

    def _resolve(self, matter: Matter, annulled_on: date | None, day: date) -> None:
        """Resolved, and one task or another follows."""
        of, random = self.of, self.chance
        errands = [self._errand(matter, day) for _ in range(random.choice((0, 1, 1, 1, 1)))]
        asked = tuple(errand.assignment(of.chronicle) for errand in errands)
        command = AdoptResolution(session=self.id, text=f"{matter.resolved}。", tasks=asked)
        act = of.thread.note(day, command, of.by(day))
        council, version = id_of(of.thread.stream), of.thread.entries - 1
        self.resolutions[matter] = resolution_id(act.id, council, version)
        for id, errand in zip(of.thread.tasks(act, len(errands)), errands, strict=True):
            self._task(id, errand, day, annulled_on)

    def _errand(self, matter: Matter, day: date) -> Errand:
        work, place = self.of.chronicle.policy.work, self.of.chronicle.on(self.of.community, day)
        return Errand(
            title=matter.errand,
            doer=Office(work.may_carry_out_tasks, place.place),
            verifier=Office(work.may_verify_tasks, place.place),
            giver=Office(work.may_assign_tasks, place.place),
            given_on=day,
            due_on=day + timedelta(days=self.chance.choice((20, 30, 30, 45, 60, 75))),
        )

    def _task(self, id: str, errand: Errand, day: date, annulled_on: date | None) -> None:
        of = self.of
        until = annulled_on or of.until
        outcome = tasks.live(of.chronicle, id, errand, given_on=day, until=until)
        if annulled_on:
            return
        if outcome.status != "cancelled":
            of.earlier = Earlier(errand.title, outcome.on if outcome.status == "closed" else None)
        if outcome.status == "open" and of.until <= LAST_DAY:
            tasks.give_up(of.chronicle, outcome, errand, later(of.until, 3), GONE)

    def _annul(self, matter: Matter, day: date) -> None:
        command = AnnulResolution(
            resolution=self.resolutions[matter], annulled_on=day, reason=NOT_RESOLVED
        )
        self.of.thread.note(day, command, self.of.by(day))


def venue(session: str) -> str:
    """Where a session takes place."""
    return chance("venue", session).choice(VENUES)
