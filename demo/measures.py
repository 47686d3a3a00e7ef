"""Measures of the demo's communities: adopted from the type's catalogue, planned, carried out
through tasks, closed. Where a community becomes another type, each open one is carried over or
given up, and where it ends they end with it."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

from demo import tasks
from demo.acts import Act
from demo.chance import chance
from demo.chronicle import Chronicle, Member
from demo.matters import errand_of
from demo.streams import LAST_DAY, Thread
from demo.tasks import Errand, Office, Outcome
from demo.working_days import later, working_day
from domain.classification.classification import ClassifyCommunity
from domain.classification.reclassification import ApproveReclassification
from domain.kernel.command import Command
from domain.kernel.context import Acting
from domain.kernel.policy import Measure
from domain.measure.adoption import (
    AdoptMeasure,
    AnnulMeasureEntry,
    CarryMeasureOver,
    CloseMeasure,
    PlanMeasure,
    ReadoptMeasure,
    measure_id,
)
from domain.measure.tasks import AssignMeasureTasks

ADOPTED_FROM = date(2021, 5, 24)
CARRIED_SHARE = 0.55
ANNULLED_SHARE = 0.012
READOPTED_SHARE = 0.2
PLANS = (
    "围绕“{action}”，分三个阶段推进：摸底排查、重点实施、总结巩固。",
    "由社区党组织牵头，按照“{action}”的要求列出清单，逐项落实责任单位和时限。",
    "先在{k}个点位试行“{action}”，总结经验后全面推开。",
    "整合街道、社区和驻区单位力量，重点做好“{action}”，每季度通报进展。",
)
CARRIED = (
    "相关任务正在实施，居民期盼较高，改划后继续推进至完成。",
    "已投入资金并签订协议，改划后仍有必要继续落实。",
    "该项工作与新类型治理重点并不冲突，经居民代表会议同意予以转续。",
)
GIVEN_UP = (
    "社区类型已调整，该重点方向不再适用，转按新类型重点方向推进。",
    "改划后治理重点发生变化，经研究不再推进，已完成部分转入日常管理。",
)
DONE = (
    "各项任务均已验收销号，形成长效管理办法。",
    "计划任务全部完成，居民满意度达到{p}%。",
    "阶段目标已实现，转入常态化管理。",
)
WRONG = "采用时误选重点方向，与社区研究意见不符，予以撤销。"
ENDED = "社区建制撤销，未完成事项移交承接社区统筹推进。"


Threads = dict[str, Thread]


class Spell(NamedTuple):
    """That a community is of a type from a day until another."""

    type: str
    begin: date
    until: date


def pursue(chronicle: Chronicle) -> None:
    """Five years of every community's measures."""
    approved = {
        (act.stream, act.at.date()): act.ask.effective_from
        for act in chronicle.acts
        if isinstance(act, Act) and isinstance(act.ask, ApproveReclassification)
    }
    anew = {
        act.stream: act.ask.effective_from
        for act in chronicle.acts
        if isinstance(act, Act) and isinstance(act.ask, ClassifyCommunity)
    }
    threads: Threads = {}
    for member in chronicle.ever():
        cleared = chronicle.cleared.get(member.id)
        gap = (cleared, anew[member.stream]) if cleared else None
        spells = _spells(chronicle, member, approved, gap)
        for number, spell in enumerate(spells):
            _take_up(chronicle, member, spell, spells[number + 1 :], threads)


def _spells(
    chronicle: Chronicle,
    member: Member,
    approved: dict[tuple[str, date], date],
    gap: tuple[date, date] | None,
) -> list[Spell]:
    """Of which type the community was from when until when, days without a type left out."""
    end = min(chronicle.until(member.id) or date.max, LAST_DAY + timedelta(days=1))
    begins: list[tuple[date, str]] = []
    for known_from, known in chronicle.life(member.id):
        if begins and known.type == begins[-1][1]:
            continue
        since = approved.get((member.stream, known_from), known_from)
        if gap and gap[0] <= since <= gap[1]:
            since = gap[1]
        begins.append((since, known.type))
    begins[0] = (max(chronicle.on(member.id, end).since, ADOPTED_FROM), begins[0][1])
    found = []
    for (begin, type), (until, _) in pairwise([*begins, (end, "")]):
        until = min(until, gap[0]) if gap and begin < gap[0] else until
        if begin < until:
            found.append(Spell(type, begin, until))
    return found


def _take_up(
    chronicle: Chronicle, member: Member, spell: Spell, after: list[Spell], threads: Threads
) -> None:
    """Some of the type's measures in its first year, the others later."""
    catalogue = chronicle.policy.community_type(spell.type).measures
    random = chance("measures", member.id, spell.begin)
    chosen = random.sample(catalogue, min(len(catalogue), random.choice((2, 3, 3, 4))))
    for number, measure in enumerate(chosen):
        wait = 15 + 5 * random.randrange(12) + (230 * (number // 2) if number > 1 else 0)
        day = later(working_day(spell.begin), wait)
        earlier = threads.get(measure_id(member.id, measure.code))
        if earlier and not (isinstance(earlier.last, CloseMeasure) and earlier.day < day):
            continue  # it is still pursued since the community was of this type before
        if day + timedelta(days=60) < spell.until:
            _Pursuit(chronicle, member, measure, [spell, *after], threads).tell(day)


class _Pursuit:
    """One measure of one community."""

    def __init__(
        self,
        chronicle: Chronicle,
        member: Member,
        measure: Measure,
        spells: list[Spell],
        threads: Threads,
    ) -> None:
        self.chronicle = chronicle
        self.id = member.id
        self.measure = measure
        self.spells = spells
        id = measure_id(member.id, measure.code)
        self.chance = chance("pursuit", id, spells[0].begin)
        # A type that comes back finds the measure as it was left.
        self.thread = threads.setdefault(id, Thread(chronicle, f"measure:{id}"))
        self.end = chronicle.until(member.id) or date.max
        self.carried = self.chance.random() < CARRIED_SHARE
        self.until = spells[0].until
        self.open: list[tuple[Outcome, Errand]] = []

    def tell(self, day: date) -> None:
        """From its adoption to its close, as far as time goes."""
        day = self._adopt(day)
        planned_on = later(day, self.chance.randint(4, 18))
        if not self._is_time(planned_on):
            self._break_off(day)
            return
        self._plan(planned_on)
        last = self._carry_out(planned_on)
        closed_on = later(last, self.chance.randint(5, 25))
        if self.open or not self._is_time(closed_on):
            self._break_off(max(last, planned_on))
            return
        reason = self._said(DONE)
        self._note(
            closed_on, CloseMeasure(closed_on=closed_on, ending="carried-out", reason=reason)
        )
        again_on = later(closed_on, self.chance.randint(60, 140))
        wanted = self.chance.random() < READOPTED_SHARE
        if wanted and again_on + timedelta(days=60) < self.until:
            self._note(again_on, ReadoptMeasure(adopted_on=again_on))
            last = later(again_on, 8)
            self._plan(last)
            self.open.append((Outcome("open", last, self.thread), self._errand(last)))
            self._break_off(last)

    def _adopt(self, day: date) -> date:
        command = (
            ReadoptMeasure(adopted_on=day)
            if self.thread.entries
            else AdoptMeasure(community=self.id, measure=self.measure.code, adopted_on=day)
        )
        self._note(day, command)
        if self.chance.random() < ANNULLED_SHARE and self.thread.entries == 1:
            day = later(day, 5)
            self._note(day, AnnulMeasureEntry(annuls=1, reason=WRONG))
            day = later(day, 20)
            self._note(day, ReadoptMeasure(adopted_on=day))
        return day

    def _plan(self, day: date) -> None:
        place = self.chronicle.on(self.id, day).place
        due_on = day + timedelta(days=self.chance.choice((180, 240, 300, 365)))
        by = self.chronicle.by(self.chronicle.policy.work.may_carry_out_tasks, place, day)
        command = PlanMeasure(
            planned_on=day,
            plan=self._said(PLANS),
            unit=place,
            person=by.actor.person,
            due_on=due_on,
        )
        self._note(day, command)

    def _carry_out(self, planned_on: date) -> date:
        """Its tasks, one after another; the day of their last step."""
        last = day = planned_on
        for _ in range(self.chance.choice((1, 1, 1, 2))):
            day = later(day, self.chance.randint(3, 30))
            if not self._is_time(day + timedelta(days=25)):
                break
            errand = self._errand(day)
            asked = (errand.assignment(self.chronicle),)
            act = self._note(day, AssignMeasureTasks(assigned_on=day, tasks=asked))
            (id,) = self.thread.tasks(act, 1)
            # A measure that will be given up lets its tasks be until then.
            until = self.end if self.carried else self.until
            outcome = tasks.live(self.chronicle, id, errand, given_on=day, until=until, surely=True)
            last = max(last, outcome.on)
            if outcome.status == "open":
                self.open.append((outcome, errand))
        if last == planned_on:  # no time was left for any
            self.open.append((Outcome("open", last, self.thread), self._errand(last)))
        return max(last, day if day < self.until else last)

    def _errand(self, day: date) -> Errand:
        work, place = self.chronicle.policy.work, self.chronicle.on(self.id, day).place
        return Errand(
            title=errand_of(self.chance, self.measure.title.zh),
            doer=Office(work.may_carry_out_tasks, place),
            verifier=Office(work.may_verify_tasks, place),
            giver=Office(work.may_assign_tasks, place),
            given_on=day,
            due_on=day + timedelta(days=self.chance.choice((60, 90, 90, 120, 150))),
        )

    def _break_off(self, last: date) -> None:
        """What stops it before its close: another type, or the community's end; or time."""
        for spell, following in pairwise([*self.spells, None]):
            changed_on = spell.until if spell else LAST_DAY
            if changed_on > LAST_DAY:
                return
            day = max(last, later(changed_on, self.chance.randint(2, 14)))
            if following is None or not self.carried or day >= following.until:
                self._give_up(day)
                return
            if day > LAST_DAY:
                return
            self._note(day, CarryMeasureOver(carried_on=day, reason=self._said(CARRIED)))
            last = day
            if self._closed_in(following, day):
                return

    def _closed_in(self, spell: Spell, day: date) -> bool:
        """Whether it is carried out while the community is of the next type."""
        if any(outcome.thread is self.thread for outcome, _ in self.open):
            return False
        if any(outcome.status == "open" for outcome, _ in self.open):
            return False
        closed_on = later(day, self.chance.randint(30, 90))
        if closed_on >= min(spell.until, LAST_DAY):
            return False
        reason = self._said(DONE)
        self._note(
            closed_on, CloseMeasure(closed_on=closed_on, ending="carried-out", reason=reason)
        )
        return True

    def _give_up(self, day: date) -> None:
        day = max(day, *(o.on for o, _ in self.open)) if self.open else day
        if day > LAST_DAY:
            return
        ended = self.end <= LAST_DAY and day >= self.end
        reason = ENDED if ended else self._said(GIVEN_UP)
        self._note(day, CloseMeasure(closed_on=day, ending="given-up", reason=reason))

    def _is_time(self, day: date) -> bool:
        """Whether the community is still of that type then, and the record goes on."""
        return day < self.until and day <= LAST_DAY

    def _note(self, day: date, command: Command[Any]) -> Act:
        by: Acting = self.chronicle.by(
            self.chronicle.policy.work.may_plan_measures,
            self.chronicle.on(self.id, day).place,
            day,
        )
        return self.thread.note(day, command, by)

    def _said(self, texts: tuple[str, ...]) -> str:
        random: Random = self.chance
        actions = [each.zh for each in self.measure.actions] or [self.measure.title.zh]
        action = random.choice(actions).replace("“", "‘").replace("”", "’")
        return random.choice(texts).format(
            action=action, k=random.randint(2, 5), p=random.randint(86, 97)
        )
