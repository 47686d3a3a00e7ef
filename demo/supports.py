"""The demo's lagging communities are supported after each round, until the next shows what came of
it: by a leader, a body, an advanced community, a first secretary."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from demo import tasks
from demo.acts import Act, Ask, Paper
from demo.chance import chance
from demo.chronicle import Chronicle
from demo.marks import weakest
from demo.resident_units import AGENCIES, unit_id
from demo.reviews import clerk
from demo.rounds import Course
from demo.support_texts import (
    AIM,
    COMMENTS,
    GENERAL,
    GOALS,
    HANDED_OVER,
    NOT_UPGRADED,
    REPORTS,
    UPGRADED,
    WRONG_REPORT,
)
from demo.tasks import Errand, Office
from demo.working_days import later, working_day
from domain.kernel.ids import derive_id
from domain.kernel.policy import SupportKind
from domain.support.assignment import AssignSupporter, BeginSupport, EndAssignment
from domain.support.outcome import ConcludeSupport, EndSupport
from domain.support.progress import AnnulSupportEntry, PlanSupport, ReachMilestone, ReportSupport
from domain.support.state import Support
from domain.support.tasks import AssignSupportTasks
from domain.task.assignment import task_id

ALL_KINDS_SHARE = 0.7  # the others go without the kind that comes last
HANDED_OVER_SHARE = 0.35
REPLANNED_SHARE, TASKED_SHARE = 0.3, 0.6
LATE_SHARE, NEVER_SHARE = 0.35, 0.12
REPORT_MONTHS = (3, 6, 9, 12)
GONE = "社区建制已撤并，帮扶工作由承接社区统筹，本项帮扶提前结束。"
CLEARED = "辖区整体征收，居民过渡安置，社区未参加本轮评定，帮扶提前结束。"
NOT_LAGGING = "评定等次已更正，不再属于后进社区，帮扶提前结束。"


class _Step(NamedTuple):
    """Something that happens in a support; by the community's own clerk, or by the unit."""

    day: date
    ask: Ask
    by_clerk: bool


class _Goal(NamedTuple):
    """What is to be reached by a day, and the title of the item that it betters."""

    of: str
    title: str
    due_on: date


def support(course: Course, following: Course) -> None:
    """Support for all lagging communities after a round, until the next."""
    begun = [_Support(course, following, id) for id in _lagging(course)]
    for number, each in enumerate(begun):
        each.tell(mistaken=number == 1)


def _lagging(course: Course) -> list[str]:
    return sorted(course.supported, key=lambda id: course.ways[id].member.code)


@dataclass
class _Support:
    """One community's support after a round."""

    course: Course
    following: Course
    id: str

    def __post_init__(self) -> None:
        self.chronicle: Chronicle = self.course.chronicle
        self.stream = f"support:{self.course.id}.{self.id}"
        self.way = self.course.ways[self.id]
        assert self.course.dates.closed_on, "support follows a closed round"
        new_year = working_day(date(self.course.dates.closed_on.year + 1, 1, 5))
        units = list(self.chronicle.units)
        self.begun_on = later(new_year, units.index(self.way.unit))
        self.due_on = date(self.following.year, 12, 31)
        self.ends_on, self.because = self._end()
        self.kinds = list(self.chronicle.policy.supports)
        if chance("kinds", self.stream).random() > ALL_KINDS_SHARE:
            self.kinds.pop()
        self.tasks_done_on: dict[int, date] = {}  # by the milestone that takes them

    def tell(self, *, mistaken: bool) -> None:
        """From the beginning to the end, in the order of the days."""
        self._by_decider(self.begun_on, BeginSupport(effective_from=self.begun_on), self.notice)
        assigned_on = later(self.begun_on, 2)
        for kind in self.kinds:
            self._by_decider(assigned_on, self._assignment(kind, assigned_on))
        steps = [*self._plans(later(assigned_on, 6)), *self._reports()]
        if chance("handed over", self.stream).random() < HANDED_OVER_SHARE:
            steps += self._handed_over(self.kinds[0], working_day(date(self.course.year + 2, 3, 9)))
        if mistaken:
            steps += self._reported_wrongly(working_day(date(self.course.year + 1, 7, 12)))
        for day, ask, by_clerk in sorted(steps, key=lambda step: step[0]):
            if day < self.ends_on:
                if by_clerk:
                    by = clerk(self.chronicle, self.way.member, day)
                    self.chronicle.note(day, self.stream, ask, by)
                else:
                    self._by_decider(day, ask)
        self._conclude()

    @property
    def notice(self) -> Paper:
        """The unit's notice about all of its communities that are supported."""
        unit = self.chronicle.unit_on(self.way.member, self.begun_on)
        title = f"关于做好{unit.name}后进社区帮扶转化工作的通知"
        return self.chronicle.unit_paper(unit, title, self.begun_on)

    def _end(self) -> tuple[date, str | None]:
        """When the support ends, and why, if it does before another round shows what came of it."""
        if correction := self.course.corrected.get(self.id):
            return later(correction[0], 3), NOT_LAGGING
        published_on = self.following.dates.published_on
        until = self.chronicle.until(self.id)
        if until and until < published_on:
            return later(working_day(until), 5), GONE
        over_on = self.following.dates.closed_on or later(published_on, 4)
        day = later(over_on, chance("concluded on", self.stream).randint(1, 5))
        if self.id not in self.following.grades:
            return day, CLEARED
        return day, None

    def _assignment(self, kind: SupportKind, day: date, *, again: int = 0) -> AssignSupporter:
        given: Mapping[str, str] = {
            "person": self._person(kind, day, again),
            "unit": self._agency(again),
            "community": self._mentor(kind),
        }
        field = {"community": "mentor"}.get(kind.given_by, kind.given_by)
        return AssignSupporter.model_validate(
            {
                "assignment": derive_id("demo", "assignment", self.stream, kind.code, again),
                "kind": kind.code,
                "effective_from": day,
                "effective_until": self.due_on,
                field: given[kind.given_by],
            }
        )

    def _person(self, kind: SupportKind, day: date, again: int) -> str:
        seat = f"{kind.code} {self.id} {again}"
        return self.chronicle.by("decider", self.way.unit, day, seat=seat).actor.person

    def _agency(self, again: int) -> str:
        agencies = [unit_id(name) for name in AGENCIES]
        chance("agencies", self.way.unit, self.course.year).shuffle(agencies)
        return agencies[(_lagging(self.course).index(self.id) + again) % len(agencies)]

    def _mentor(self, kind: SupportKind) -> str:
        """A community of the asked grade, of the same type and nearby if there is one."""
        fit = [
            id
            for id, grade in self.course.grades.items()
            if grade == (kind.by_grade or grade)
            and id not in (self.id, *self.course.corrected)
            and (self.chronicle.until(id) or date.max) > self.due_on
        ]
        own = self.way
        chance("mentor", self.stream).shuffle(fit)
        ways = self.course.ways
        return min(
            fit,
            key=lambda id: (
                ways[id].sheet.type != own.sheet.type,
                ways[id].unit != own.unit,
            ),
        )

    def _plans(self, day: date) -> list[_Step]:
        """The plan, perhaps one that takes its place, and what is reached of it."""
        goals = self._goals()
        aim = AIM.format(items="、".join(goal.of for goal in goals[:2]))
        steps = [_Step(day, _plan(day, aim, goals), False)]
        if chance("tasked", self.stream).random() < TASKED_SHARE:
            self.tasks_done_on[0] = self._tasked(goals[0], later(day, 3))
        reached = [self._reached(n, goal.due_on, day) for n, goal in enumerate(goals)]
        if chance("replanned", self.stream).random() < REPLANNED_SHARE:
            on = working_day(date(self.course.year + 1, 10, 14))
            for number, goal in enumerate(goals):
                done = reached[number]
                if done is None or done.reached_on >= on:
                    goals[number] = later_goal = _postponed(goal, self.due_on)
                    reached[number] = self._reached(number, later_goal.due_on, on)
            steps.append(_Step(on, _plan(on, f"{aim}（计划调整）", goals), False))
        return [*steps, *(_Step(each.reached_on, each, True) for each in reached if each)]

    def _tasked(self, goal: _Goal, day: date) -> date:
        """The first milestone takes a task; the day on which that is closed out, if ever."""
        work, place = self.chronicle.policy.work, self.chronicle.on(self.id, day).place
        unit = self.chronicle.unit_on(self.way.member, day).id
        errand = Errand(
            title=goal.title,
            doer=Office(work.may_carry_out_tasks, place),
            verifier=Office(work.may_verify_tasks, place),
            giver=Office(self.chronicle.policy.supporting.may_support, unit),
            given_on=day,
            due_on=goal.due_on,
        )
        assigned = (errand.assignment(self.chronicle),)
        command = AssignSupportTasks(milestone=_name(0), assigned_on=day, tasks=assigned)
        act = self._by_decider(day, command)
        # Before it there are the beginning, an entry for each kind of support, and the plan.
        id = task_id(act.id, self.stream, len(self.kinds) + 2, 0)
        outcome = tasks.live(
            self.chronicle, id, errand, given_on=day, until=self.ends_on, surely=True
        )
        return outcome.on if outcome.status == "closed" else date.max

    def _reached(self, number: int, due_on: date, since: date) -> ReachMilestone | None:
        """That a milestone is reached, in time or late, if it is at all."""
        random = chance("reached", self.stream, number)
        done_on = self.tasks_done_on.get(number, since)
        if random.random() < NEVER_SHARE or done_on >= self.ends_on:
            return None
        late = random.random() < LATE_SHARE
        on = working_day(due_on - timedelta(days=random.randint(12, 32)))
        on = later(due_on, random.randint(12, 70)) if late else on
        on = max(on, later(since, 5), later(done_on, 1))
        comment = random.choice(COMMENTS[late])
        return ReachMilestone(milestone=_name(number), reached_on=on, comment=comment)

    def _goals(self) -> list[_Goal]:
        """What is weakest is to be mended first: an item's title, the milestone, its day."""
        plan, sheet = self.course.plan, self.way.sheet
        stage = plan.scored[-1].stage
        titles = {each.item: each.title.zh for each in plan.rubric(stage, sheet.type).items}
        measures = self.chronicle.policy.community_type(sheet.type).measures
        random = chance("goals", self.stream)
        measure = random.choice(measures).title.zh if measures else ""
        found = []
        for number, item in enumerate(weakest(plan, stage, sheet)[:3]):
            goal = random.choice(GOALS.get(item, GENERAL)).replace("某方向", measure)
            month = (4, 9, 15)[number] + random.randrange(3)
            found.append(_Goal(titles[item], goal, _month_end(self.course.year + 1, month)))
        last = random.choice(GENERAL)
        return [*found, _Goal("", last, _month_end(self.course.year + 2, 8))]

    def _reports(self) -> list[_Step]:
        """A report each quarter, until the year in which the next round is held is nearly over."""
        steps: list[_Step] = []
        for number in range(7):
            year, month = self.course.year + 1 + number // 4, REPORT_MONTHS[number % 4]
            random = chance("report", self.stream, number)
            on = working_day(date(year, month, random.randint(15, 26)))
            report = random.choice(REPORTS[min(number, len(REPORTS) - 1)])
            text = report.replace("某数", str(random.randint(6, 40)))
            steps.append(_Step(on, ReportSupport(reported_on=on, progress=text), True))
        return steps

    def _handed_over(self, kind: SupportKind, day: date) -> list[_Step]:
        """The supporter changes office, and somebody else takes over."""
        end = EndAssignment(
            assignment=derive_id("demo", "assignment", self.stream, kind.code, 0),
            effective_until=day,
            reason=chance("handed over", self.stream).choice(HANDED_OVER),
        )
        on = later(day, 3)
        anew = self._assignment(kind, on, again=1)
        return [_Step(day, end, False), _Step(on, anew, False)]

    def _reported_wrongly(self, day: date) -> list[_Step]:
        """A report about another community, annulled when it is noticed."""

        def annul(state: Support) -> AnnulSupportEntry:
            return AnnulSupportEntry(annuls=max(state.reports), reason=WRONG_REPORT[1])

        return [
            _Step(day, ReportSupport(reported_on=day, progress=WRONG_REPORT[0]), True),
            _Step(later(day, 3), annul, False),
        ]

    def _conclude(self) -> None:
        day = self.ends_on
        if self.because:
            self._by_decider(day, EndSupport(ended_on=day, reason=self.because))
            return
        if self.id in self.following.objected:
            return  # nobody knows yet what the grade will be
        plan = self.following.plan
        better = plan.grade_place(self.following.grades[self.id]) < plan.grade_place(
            self.course.grades[self.id]
        )
        random = chance("concluded", self.stream)
        conclude = ConcludeSupport(
            next_round=self.following.id,
            concluded_on=day,
            consequence=random.choice(UPGRADED if better else NOT_UPGRADED),
        )
        self._by_decider(day, conclude)

    def _by_decider(self, day: date, ask: Ask, *papers: Paper) -> Act:
        unit = self.chronicle.unit_on(self.way.member, day)
        by = self.chronicle.by(self.chronicle.policy.supporting.may_support, unit.id, day)
        return self.chronicle.note(day, self.stream, ask, by, *papers)


def _plan(day: date, aim: str, goals: list[_Goal]) -> PlanSupport:
    milestones = [
        {"milestone": _name(number), "title": goal.title, "due_on": goal.due_on}
        for number, goal in enumerate(goals)
    ]
    return PlanSupport.model_validate({"planned_on": day, "aim": aim, "milestones": milestones})


def _postponed(goal: _Goal, until: date) -> _Goal:
    """The milestone with another half year and more."""
    return goal._replace(due_on=min(_month_end(goal.due_on.year, goal.due_on.month + 7), until))


def _name(number: int) -> str:
    return f"goal-{number + 1}"


def _month_end(year: int, month: int) -> date:
    """The last day of a month, counted on from the year's first."""
    first = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(first.toordinal() - 1)
