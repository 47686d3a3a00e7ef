"""The life of a task in the demo: accepted, pushed on, reported, verified; late, returned or given
to somebody else. Nobody verifies what they did themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Literal, NamedTuple

from demo.acts import Paper
from demo.chance import chance
from demo.chronicle import Chronicle
from demo.streams import LAST_DAY, Thread
from demo.working_days import later, working_day
from domain.kernel.command import Command
from domain.kernel.context import Acting
from domain.task.assignment import CancelTask, ExtendTaskDeadline, ReassignTask
from domain.task.completion import (
    AcceptTask,
    AnnulTaskStep,
    CloseOutTask,
    RecordTaskProgress,
    ReportTask,
    ReturnTask,
)
from domain.task.events import Assignment

Fate = Literal["plain", "late", "long", "extended", "returned", "handed", "mistaken", "dropped"]
# How many of a thousand tasks go this way.
FATES: dict[Fate, int] = {
    "plain": 745,
    "late": 70,
    "long": 15,
    "extended": 55,
    "returned": 65,
    "handed": 28,
    "mistaken": 4,
    "dropped": 18,
}
SEATS = 3

NOTES = (
    "已完成前期摸底，形成问题清单{n}条。",
    "已召开协调会1次，明确各单位分工。",
    "现场踏勘完毕，实施方案已征求居民代表意见。",
    "已入户走访{n}户，发放告知书{m}份。",
    "施工单位已进场，完成工程量约{p}%。",
    "首批{k}处点位整改到位，其余按计划推进。",
    "资金已落实，正在履行采购程序。",
    "与产权单位对接{k}次，就责任划分基本达成一致。",
    "宣传动员已全覆盖，居民支持率较高。",
    "正在组织{k}家单位联合开展，进度符合预期。",
    "受连续降雨影响，进度略有滞后，拟加派人手。",
    "台账已建立，逐项明确责任人和完成时间。",
)
EVIDENCE = (
    "整改前后对照照片{k}组，居民代表签字确认单1份。",
    "已完成全部{k}处点位，现场照片及验收单附后。",
    "形成工作台账1套，走访记录{n}份，问题全部销号。",
    "活动开展{k}场，参与居民{m}余人次，签到表附后。",
    "相关设施已投入使用，运行正常，移交手续齐全。",
    "协议已由各方签订，原件存社区档案室。",
    "公示期满无异议，公示照片及情况说明附后。",
    "经回访{n}户，满意率{p}%，回访记录附后。",
    "清理杂物{k}车，规范停放点位{n}个，照片附后。",
    "志愿服务队已组建，名册及排班表附后。",
)
FINDINGS = (
    "现场查看属实，同意销号。",
    "抽查{k}处，均已整改到位。",
    "资料齐全，居民认可，验收通过。",
    "经电话回访居民{k}户，反映良好，同意销号。",
    "达到预期目标，转入日常管理。",
    None,
)
RETURNED = (
    "现场抽查发现{k}处未整改到位，请继续整改。",
    "佐证资料不全，缺少居民签字确认单，请补充。",
    "问题有反弹，请落实长效措施后重新报验。",
    "回访居民中有{k}户表示不满意，请进一步沟通解决。",
)
EXTENDED = (
    "涉及管线迁改，需待产权单位停气停水窗口期实施，申请延期。",
    "部分居民意见尚未统一，需再次召开议事会协商。",
    "财政资金拨付时间调整，完成时限相应顺延。",
    "汛期施工条件不具备，待雨季结束后实施。",
    "政府采购流标，重新组织采购。",
)
REASSIGNED = (
    "原责任人岗位调整，改由接任同志负责。",
    "原责任人抽调参加专项工作，改派他人办理。",
    "按照分工调整，由对口联系人负责。",
)
CANCELLED = (
    "已纳入老旧小区改造项目统一实施，不再单独办理。",
    "与其他交办任务重复，合并办理。",
    "经复核，反映情况不属实，不再办理。",
    "产权单位已自行处理完毕，无需继续办理。",
)
MISTAKEN = "误将另一任务的完成情况录入本任务，予以撤销。"
GONE = "社区建制已撤销，未办结事项移交承接社区统筹。"


def written(random: Random, texts: tuple[str | None, ...]) -> str | None:
    """One of these texts, its figures filled in."""
    text = random.choice(texts)
    return text and text.format(
        k=random.randint(2, 9),
        n=random.randint(12, 68),
        m=random.randint(80, 460),
        p=random.randint(86, 98),
    )


def said(random: Random, texts: tuple[str, ...]) -> str:
    """One of these texts, its figures filled in; never none."""
    found = written(random, texts)
    assert found
    return found


class Office(NamedTuple):
    """An office at a jurisdiction: who does a task, gives it, or verifies it."""

    roles: str | Sequence[str]
    where: str

    def on(self, chronicle: Chronicle, day: date, seat: str = "") -> Acting:
        """The person who holds it on a day; of a dissolved place, somebody in the unit above."""
        since, above = chronicle.dissolved.get(self.where, (date.max, ""))
        where = above if since <= day else self.where
        return chronicle.by(self.roles, where, day, seat=seat)


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What is to be done, by which office until when, and which office verifies it."""

    title: str
    doer: Office
    verifier: Office
    giver: Office
    given_on: date
    due_on: date
    description: str | None = None

    def person(self, chronicle: Chronicle, *, other: int = 0) -> Acting:
        """Who is to do it: one of several in the office, and `other` the next of them."""
        seat = chance("seat", self.title, self.doer.where, self.given_on).randrange(SEATS) + other
        return self.doer.on(chronicle, self.given_on, f"desk {seat % SEATS}")

    def assignment(self, chronicle: Chronicle) -> Assignment:
        """The errand as a command assigns it."""
        return Assignment(
            title=self.title,
            description=self.description,
            unit=self.doer.where,
            person=self.person(chronicle).actor.person,
            due_on=self.due_on,
        )


class Outcome(NamedTuple):
    """What became of a task, on the day of its last step."""

    status: Literal["closed", "cancelled", "open"]
    on: date
    thread: Thread


TaskAct = tuple[date, Command[Any], Acting, tuple[Paper, ...]]


def live(
    chronicle: Chronicle,
    id: str,
    errand: Errand,
    *,
    given_on: date,
    until: date = date.max,
    surely: bool = False,
) -> Outcome:
    """What becomes of a task that was put on record on a day, as far as its time goes.

    `until` is the first day on which nothing happens any more; `surely` it is done at last.
    """
    thread = Thread(chronicle, f"task:{id}", entries=1)
    course = _Doing(chronicle, errand, chance("task", id), given_on)
    course.plan(surely=surely)
    status: Literal["closed", "cancelled", "open"] = "open"
    last = given_on
    for day, command, by, papers in course.steps:
        if day >= until or day > LAST_DAY:
            break
        thread.note(day, command, by, *papers)
        last = day
        if isinstance(command, CloseOutTask):
            status = "closed"
        elif isinstance(command, CancelTask):
            status = "cancelled"
    return Outcome(status, last, thread)


def give_up(chronicle: Chronicle, outcome: Outcome, errand: Errand, day: date, reason: str) -> None:
    """A task that is still open is cancelled, by the office that gave it."""
    day = max(day, outcome.on)
    if day <= LAST_DAY:
        command = CancelTask(cancelled_on=day, reason=reason)
        outcome.thread.note(day, command, errand.giver.on(chronicle, day))


class _Doing:
    """One task on its way, planned step by step."""

    def __init__(
        self, chronicle: Chronicle, errand: Errand, random: Random, given_on: date
    ) -> None:
        self.chronicle = chronicle
        self.errand = errand
        self.random = random
        self.day = given_on
        self.due_on = errand.due_on
        self.by = errand.person(chronicle)
        self.steps: list[TaskAct] = []

    def plan(self, *, surely: bool) -> None:
        """All steps to the end."""
        fate = self.random.choices([*FATES], [*FATES.values()])[0]
        if fate == "dropped" and surely:
            fate = "plain"
        self._pass(1, 3)
        self._note(AcceptTask(accepted_on=self.day))
        if fate == "handed":
            self._hand_on()
        done_on = self._done_on(fate)
        if fate == "dropped":
            self._pass(4, 25)
            reason = said(self.random, CANCELLED)
            self._note(CancelTask(cancelled_on=self.day, reason=reason), self._giver())
            return
        self._push_on(done_on)
        if fate == "extended":
            done_on = self._extend()
        self.day = max(self.day, done_on)
        self._report()
        if fate == "mistaken":
            self._withdraw()
        if fate == "returned":
            self._return()
        self._pass(1, 6)
        finding = written(self.random, FINDINGS)
        self._note(CloseOutTask(closed_on=self.day, finding=finding), self._verifier())

    def _done_on(self, fate: Fate) -> date:
        """When it would be reported complete."""
        if fate == "late":
            return later(self.due_on, self.random.randint(2, 22))
        if fate == "long":
            return later(self.due_on, self.random.randint(40, 110))
        left = (self.due_on - self.day).days
        return self._before(self.day + timedelta(days=int(left * self.random.uniform(0.55, 0.97))))

    def _push_on(self, done_on: date) -> None:
        """Some notes of how far it has come."""
        notes = self.random.choice((0, 0, 0, 0, 1, 1, 2))
        begun, days = self.day, (done_on - self.day).days
        for number in range(1, notes + 1):
            on = working_day(begun + timedelta(days=days * number // (notes + 1)))
            if on > self.day and on < done_on:
                self.day = on
                percent = 5 * round((80 * number / (notes + 1) + self.random.randint(0, 12)) / 5)
                note = said(self.random, NOTES)
                self._note(RecordTaskProgress(progressed_on=on, percent=percent, note=note))

    def _hand_on(self) -> None:
        self._pass(2, 8)
        self.by = self.errand.person(self.chronicle, other=1)
        handed = ReassignTask(
            reassigned_on=self.day,
            unit=self.errand.doer.where,
            person=self.by.actor.person,
            reason=said(self.random, REASSIGNED),
        )
        self._note(handed, self._giver())
        self._pass(1, 2)
        self._note(AcceptTask(accepted_on=self.day))

    def _extend(self) -> date:
        """More time is given shortly before the deadline, or when it has passed."""
        asked_on = working_day(self.due_on + timedelta(days=self.random.choice((-9, -6, -4, 3))))
        self.day = max(self.day, asked_on)
        self.due_on = max(self.due_on, self.day) + timedelta(days=self.random.choice((20, 30, 45)))
        reason = said(self.random, EXTENDED)
        command = ExtendTaskDeadline(extended_on=self.day, due_on=self.due_on, reason=reason)
        self._note(command, self._giver())
        return self._before(self.due_on - timedelta(days=self.random.randint(1, 12)))

    def _report(self) -> None:
        papers: tuple[Paper, ...] = ()
        if self.random.random() < 0.06 and self.errand.doer.where in self.chronicle.places:
            place = self.chronicle.place_on(self.errand.doer.where, self.day)
            title = f"关于“{self.errand.title}”办理情况的报告"
            papers = (self.chronicle.place_paper(place, title, self.day),)
        report = ReportTask(reported_on=self.day, evidence=said(self.random, EVIDENCE))
        self._note(report, papers=papers)

    def _withdraw(self) -> None:
        """The report was another task's: it is annulled, and made again when it is true."""
        newest = 1 + len(self.steps)
        self._pass(1, 3)
        self._note(AnnulTaskStep(annuls=newest, reason=MISTAKEN), self._giver())
        self._pass(4, 15)
        self._report()

    def _return(self) -> None:
        self._pass(1, 5)
        self.due_on = max(self.due_on, self.day) + timedelta(days=self.random.choice((10, 15, 30)))
        reason = said(self.random, RETURNED)
        command = ReturnTask(returned_on=self.day, due_on=self.due_on, reason=reason)
        self._note(command, self._verifier())
        self._pass(3, 12)
        self._report()

    def _giver(self) -> Acting:
        return self.errand.giver.on(self.chronicle, self.day)

    def _verifier(self) -> Acting:
        return self.errand.verifier.on(self.chronicle, self.day)

    def _before(self, day: date) -> date:
        """This working day or the next one, but not before the last step of the task."""
        return max(self.day, working_day(day))

    def _pass(self, least: int, most: int) -> None:
        self.day = later(self.day, self.random.randint(least, most))

    def _note(
        self, command: Command[Any], by: Acting | None = None, papers: tuple[Paper, ...] = ()
    ) -> None:
        self.steps.append((self.day, command, by or self.by, papers))
