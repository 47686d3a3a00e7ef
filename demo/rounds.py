"""The demo's rounds of grading: every second year the whole city, from the plan to the results.

It runs after the years, because only then it is known which communities existed until the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from demo.acts import Ask, Paper
from demo.chance import chance
from demo.chronicle import Chronicle, Member
from demo.marks import MOST, below, merit, sheet, turnouts
from demo.reviews import MISCLASSIFIED_BECAUSE, Incident, Schedule, Way
from demo.working_days import later, working_day
from domain.grading.annulment import AnnulRound
from domain.grading.entering import AdmitCommunities, OpenRound
from domain.grading.grading import GradeCity, RegradeCity
from domain.grading.publication import CloseRound, PublishResults
from domain.kernel.context import Acting
from domain.kernel.ids import derive_id
from domain.round.plan import Plan, StageRule, Window, rubrics_of, rules_of
from domain.round.planning import CloseStage, OpenStage, PlanRound
from domain.round.ranking import Candidate, Placing, rank


class Dates(NamedTuple):
    """When a round's steps are taken; the windows are those of its stages, in their order."""

    planned_on: date
    cutoff_on: date
    opened_on: date
    windows: tuple[tuple[date, date], ...]
    reopened: tuple[date, date]  # for what the district returns to the subdistricts
    graded_on: date
    published_on: date
    closed_on: date | None


def _dates(year: int, windows: str, reopened: str, steps: str) -> Dates:
    """The dates of a year's round; `steps` are plan, opening, grading, publication, closing."""

    def days(text: str) -> list[date]:
        return [date.fromisoformat(f"{year}-{each}") for each in text.split()]

    planned_on, opened_on, graded_on, published_on, *closed_on = days(steps)
    first, last = days(reopened)
    return Dates(
        planned_on=planned_on,
        cutoff_on=date(year, 3, 31),
        opened_on=opened_on,
        windows=tuple(zip(days(windows)[::2], days(windows)[1::2], strict=True)),
        reopened=(first, last),
        graded_on=graded_on,
        published_on=published_on,
        closed_on=next(iter(closed_on), None),
    )


ROUNDS: Mapping[int, Dates] = MappingProxyType(
    {
        2021: _dates(
            2021,
            "05-06 06-18  05-24 07-16  06-21 08-20  08-23 10-22  10-25 11-30",
            "09-13 09-24",
            "04-15 04-30 11-16 12-06 12-24",
        ),
        2023: _dates(
            2023,
            "05-04 05-31  05-15 07-07  06-05 08-11  08-14 10-20  10-23 11-30",
            "09-04 09-15",
            "04-12 04-28 11-14 11-27 12-20",
        ),
        # The newest is still open to objections when the telling ends.
        2025: _dates(
            2025,
            "05-06 06-13  05-19 07-04  06-16 08-15  08-18 10-24  11-03 12-12",
            "09-08 09-19",
            "04-15 04-28 12-02 12-16",
        ),
    }
)
INCIDENTS: Mapping[int, Mapping[Incident, int]] = MappingProxyType(
    {
        2021: {
            "quorum-missed": 3,
            "votes-corrected": 2,
            "score-corrected": 3,
            "returned-to-community": 5,
            "returned-to-subdistrict": 3,
            "vetoed": 1,
        },
        2023: {
            "quorum-missed": 2,
            "votes-corrected": 1,
            "score-corrected": 2,
            "returned-to-community": 3,
            "returned-to-subdistrict": 2,
            "vetoed": 1,
            "unpopular": 1,
            "below-quorum": 1,
            "assessed-late": 1,
        },
        2025: {
            "quorum-missed": 1,
            "votes-corrected": 1,
            "score-corrected": 2,
            "returned-to-community": 3,
            "returned-to-subdistrict": 2,
            "below-quorum": 1,
            "assessed-late": 2,
        },
    }
)
OVERLOOKED = 2  # communities that are named too late for the opening
SHARE_OF_WINDOW = 0.34  # a place has all its reviews of a stage done within so much of its days
REDONE_DAYS = 9
UNPOPULAR = 0.55  # a quarrel: the offices are content, and the assemblies are not
PLANNED_ANEW = "截止日误定为上年末，未反映年初类型调整结果，撤销后重新安排。"


@dataclass
class Course:
    """A round as it goes: who takes part, what they get, which grades come of it."""

    chronicle: Chronicle
    year: int
    dates: Dates
    lifts: Mapping[str, float] = field(default_factory=dict)
    placings: dict[str, Placing] = field(default_factory=dict)
    grades: dict[str, str] = field(default_factory=dict)
    filed: list[str] = field(default_factory=list)  # objections
    objected: set[str] = field(default_factory=set)  # whose communities have one
    corrected: dict[str, tuple[date, str]] = field(default_factory=dict)  # grades, long after

    def __post_init__(self) -> None:
        self.id = derive_id("demo", "round", self.year)
        self._candidates: dict[str, tuple[object, Candidate]] = {}
        self.stream = f"round:{self.id}"
        self.title = f"{self.year}年城市社区“三分类三升级”评定"
        self.plan = Plan(
            rules_of(self.chronicle.policy, {each.stage: each for each in self.windows}),
            rubrics_of(self.chronicle.policy),
        )
        self.entrants = self._entrants()
        self.ways = {member.id: self._way(member) for member in self.entrants}
        for id, (_, back_on) in self._mistaken.items():
            self.ways[id].incident = "misclassified"
            days, last = {}, back_on
            for stage, day in self.ways[id].schedule.days.items():
                last = days[stage] = max(day, later(last, 1))
            self.ways[id].schedule = Schedule(days=days)
        for incident, count in INCIDENTS[self.year].items():
            for number, id in enumerate(self.undisturbed(incident)[:count]):
                self._disturb(self.ways[id], incident, number)

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """The days for which the stages are planned."""
        stages = self.chronicle.policy.stages
        return tuple(
            Window(stage=stage.code, planned_from=first, planned_until=last + timedelta(days=1))
            for stage, (first, last) in zip(stages, self.dates.windows, strict=True)
        )

    @property
    def _mistaken(self) -> dict[str, tuple[date, date]]:
        """Those whose type is found mistaken while this round runs."""
        opened_on, graded_on = self.dates.opened_on, self.dates.graded_on
        mistaken = self.chronicle.misclassified.items()
        return {id: days for id, days in mistaken if opened_on < days[0] < graded_on}

    @property
    def graded(self) -> list[Way]:
        """The communities that the city grades: those that did not leave the round."""
        return [way for way in self.ways.values() if not way.schedule.leaves_on]

    @property
    def notice(self) -> Paper:
        """The city's notice about the round."""
        title = f"关于开展{self.title}工作的通知"
        return self.chronicle.city_paper(title, self.dates.planned_on)

    @property
    def supported(self) -> list[str]:
        """The communities whose grade is one that is supported."""
        lagging = {each.grade for each in self.plan.rules.grades if each.supported}
        return [id for id, grade in self.grades.items() if grade in lagging]

    def city(self, day: date, *, seat: str = "") -> Acting:
        """The city's arbiter; in another seat another person."""
        role = self.chronicle.policy.rounds.roles.may_lead
        return self.chronicle.by(role, self.chronicle.city, day, seat=seat)

    def note(self, day: date, ask: Ask, *papers: Paper) -> None:
        """The city asks something of the round."""
        self.chronicle.note(day, self.stream, ask, self.city(day), *papers)

    def tell_until_grading(self) -> None:
        """Planned, opened, every stage of every community; then the city grades."""
        self._plan()
        self._open()
        for way in self.ways.values():
            way.tell()
        self._windows()
        self.rank()
        self.note(self.dates.graded_on, GradeCity(graded_on=self.dates.graded_on))

    def rank(self) -> list[str]:
        """The placings by what is recorded now; the ids of those that moved."""
        before = self.placings
        placings = rank(self.plan, [self._candidate(way) for way in self.graded])
        self.placings = {each.community: each for each in placings}
        self.grades |= {id: each.grade for id, each in self.placings.items()}
        return [id for id, each in self.placings.items() if before.get(id) != each]

    def _candidate(self, way: Way) -> Candidate:
        """The input to the ranking; only changes are computed again."""
        recorded = (way.slip and tuple(way.slip.items()), way.sheet.vetoes)
        known = self._candidates.get(way.member.id)
        if known is None or known[0] != recorded:
            known = self._candidates[way.member.id] = (
                recorded,
                way.recorded.candidate(self.plan),
            )
        return known[1]

    def regrade(self, day: date, reason: str, *papers: Paper) -> None:
        """The city ranks again."""
        self.rank()
        self.note(day, RegradeCity(graded_on=day, reason=reason), *papers)

    def publish(self) -> None:
        """The results are public."""
        day = self.dates.published_on
        paper = self.chronicle.city_paper(f"关于{self.title}结果的公示", day)
        self.note(day, PublishResults(published_on=day), paper)

    def close(self) -> None:
        """The round is over, if it is by the end of the telling."""
        if day := self.dates.closed_on:
            paper = self.chronicle.city_paper(f"关于公布{self.title}结果的通报", day)
            self.note(day, CloseRound(closed_on=day), paper)

    def by_points(self, *, grade: str | None = None) -> list[Placing]:
        """The placings, the most points first; those of one grade only."""
        found = [p for p in self.placings.values() if grade in (None, self.grades[p.community])]
        return sorted(found, key=lambda p: (-p.total, p.community))

    def undisturbed(self, what: str) -> list[str]:
        """Communities to which nothing has happened in this round yet, by chance."""
        free = [
            id
            for id, way in self.ways.items()
            if not (way.incident or way.slip or way.schedule.leaves_on or id in self.objected)
            and way.place in self.chronicle.places
        ]
        chance("incident", what, self.year).shuffle(free)
        return free

    def _entrants(self) -> list[Member]:
        """All communities that exist and are classified on the cut-off day, as they were."""
        day = self.dates.cutoff_on
        standing = [
            each
            for each in self.chronicle.ever()
            if each.since <= day and (self.chronicle.until(each.id) or date.max) > day
        ]
        known = [self.chronicle.on(each.id, self.dates.opened_on) for each in standing]
        return sorted(known, key=lambda each: each.code)

    def _way(self, member: Member) -> Way:
        unit = self.chronicle.unit_on(member, self.dates.cutoff_on).id
        share = merit(member.id, self.year, self.lifts.get(member.id, 0.0))
        return Way(
            chronicle=self.chronicle,
            plan=self.plan,
            year=self.year,
            stream=f"review:{self.id}.{member.id}",
            member=member,
            place=member.place,
            unit=unit,
            sheet=sheet(self.plan, member.id, member.type, unit, self.year, share),
            schedule=self._schedule(member, unit),
        )

    def _schedule(self, member: Member, unit: str) -> Schedule:
        """The days of a community's stages: a place, or a unit, has its own part of a window."""
        until = self.chronicle.until(member.id) or date.max
        cleared_on = self.chronicle.cleared.get(member.id, date.min)
        cleared = self.dates.cutoff_on < cleared_on < min(until, self.dates.graded_on)
        ends_on = cleared_on if cleared else until
        days: dict[str, date] = {}
        last = self.dates.opened_on
        for rule, (first, closed) in zip(self.plan.scored, self.dates.windows, strict=False):
            where = unit if rule.unit == "district" else member.place
            day = self._day_within(first, closed, where, member.id, rule)
            last = days[rule.stage] = max(day, later(last, 1))
        leaves_on = working_day(ends_on) if ends_on < self.dates.graded_on else None
        return Schedule(days=days, leaves_on=leaves_on, cleared=cleared)

    def _day_within(
        self, first: date, last: date, where: str, member: str, rule: StageRule
    ) -> date:
        days = []
        day = later(first, 2)
        while later(day, REDONE_DAYS) <= last:
            days.append(day)
            day = later(day, 1)
        # A subdistrict that was dissolved has long been dissolved: its reviews came first.
        gone = rule.unit != "district" and where not in self.chronicle.places
        offset = chance("window", where, self.year, rule.stage).uniform(0, 1 - SHARE_OF_WINDOW)
        within = chance("window", member, self.year, rule.stage).uniform(0, SHARE_OF_WINDOW)
        return days[int(((0 if gone else offset) + within) * (len(days) - 1))]

    def _disturb(self, way: Way, incident: Incident, number: int) -> None:
        """Something goes wrong, and the days of the stages leave room for setting it right."""
        way.incident = incident
        if incident == "vetoed":
            way.sheet.vetoes = (self.plan.rules.vetoes[0].veto,)
        elif incident == "unpopular":
            id = way.member.id
            way.sheet = sheet(self.plan, id, way.member.type, way.unit, self.year, MOST)
            way.sheet.turnouts = turnouts(self.plan, id, self.year, UNPOPULAR)
        elif incident == "below-quorum":
            few, *others = way.sheet.turnouts
            rule = next(a for a in self.plan.rules.assemblies if a.assembly == few.assembly)
            way.sheet.turnouts = (below(few, int(rule.attendance_min_percent)), *others)
        days = dict(way.schedule.days)
        appraised, assessed, reviewed, *_ = stages = list(days)
        if incident == "quorum-missed":
            days[assessed] = max(days[assessed], later(days[appraised], 8))
            days[reviewed] = max(days[reviewed], later(days[assessed], 1))
        elif incident == "assessed-late":
            _, last = self.dates.windows[stages.index(assessed)]
            days[assessed] = later(last, 1 + number)
            days[reviewed] = max(days[reviewed], later(days[assessed], 1))
        elif incident == "returned-to-community":
            first, _ = self.dates.windows[stages.index(reviewed)]
            days[reviewed] = max(later(first, 2), later(days[assessed], 1))
        elif incident == "returned-to-subdistrict":
            days[stages[-1]] = later(self.dates.reopened[0], number)
        way.schedule = replace(way.schedule, days=days)

    def _plan(self) -> None:
        command = PlanRound(
            title=self.title,
            begins_on=self.dates.opened_on,
            cutoff_on=self.dates.cutoff_on,
            windows=self.windows,
        )
        if self.year == min(ROUNDS) + 2:
            self._plan_wrongly(command)
        self.note(self.dates.planned_on, command, self.notice)

    def _plan_wrongly(self, command: PlanRound) -> None:
        """The second round was planned with the cut-off day of a draft, and annulled for it."""
        stream = f"round:{derive_id('demo', 'round', self.year, 'draft')}"
        planned_on = self.dates.planned_on - timedelta(days=14)
        draft = {"title": f"{self.title}（初排）", "cutoff_on": date(self.year - 1, 12, 31)}
        wrong = command.model_copy(update=draft)
        self.chronicle.note(planned_on, stream, wrong, self.city(planned_on))
        day = later(planned_on, 4)
        annul = AnnulRound(annulled_on=day, reason=PLANNED_ANEW)
        self.chronicle.note(day, stream, annul, self.city(day))

    def _open(self) -> None:
        day = self.dates.opened_on
        late = set(self.undisturbed("overlooked")[:OVERLOOKED]) if self.first else set()
        named = tuple(each.id for each in self.entrants if each.id not in late)
        self.note(day, OpenRound(opened_on=day, communities=named), self.notice)
        on = later(day, 1)
        for id in sorted(late):
            member = self.ways[id].member
            unit = self.chronicle.unit_on(member, on)
            paper = self.chronicle.unit_paper(unit, f"关于补报{member.name}参加评定的函", on)
            self.note(on, AdmitCommunities(admitted_on=on, communities=(id,)), paper)
        for id, (out_on, back_on) in self._mistaken.items():
            self.ways[id].withdraw(out_on, MISCLASSIFIED_BECAUSE)
            self.note(back_on, AdmitCommunities(admitted_on=back_on, communities=(id,)))

    @property
    def first(self) -> bool:
        """Whether it is the first of all rounds."""
        return self.year == min(ROUNDS)

    def _windows(self) -> None:
        stages = [rule.stage for rule in self.plan.rules.stages]
        for stage, (first, last) in zip(stages, self.dates.windows, strict=True):
            self.note(first, OpenStage(stage=stage, opened_on=first))
            if stage != stages[-1]:
                self.note(last, CloseStage(stage=stage, closed_on=last))
        again = next(rule.stage for rule in self.plan.scored if rule.unit == "subdistrict")
        first, last = self.dates.reopened
        self.note(first, OpenStage(stage=again, opened_on=first))
        self.note(last, CloseStage(stage=again, closed_on=last))
