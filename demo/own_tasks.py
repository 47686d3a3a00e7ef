"""Directly assigned tasks of the demo's offices: complaints, inspections, instructions."""

from datetime import date, timedelta

from demo import tasks
from demo.chance import chance
from demo.chronicle import Chronicle
from demo.names import ROADS
from demo.streams import LAST_DAY, Thread
from demo.tasks import GONE, Errand, Office
from demo.working_days import later, working_day
from domain.kernel.ids import derive_id
from domain.task.assignment import AssignTask

FIRST_DAY = date(2021, 4, 6)
EVERY_DAYS = 3
TITLES = (
    "处置{road}占道经营问题",
    "修复{road}破损路面和井盖",
    "解决{road}路灯不亮问题",
    "清理{road}沿线乱堆乱放",
    "核查居民反映的违法搭建问题",
    "整改消防检查发现的隐患",
    "督促物业整改电梯故障频发问题",
    "修剪遮挡采光的行道树",
    "处置化粪池外溢问题",
    "回复居民关于小区停车收费的诉求",
    "完成年度社区公示栏内容更新",
    "核实困难家庭基本情况并建立台账",
)
DESCRIPTIONS = (
    "12345热线转办，请在时限内办结并回复诉求人。",
    "街道日常巡查发现，请立行立改。",
    "上级督查反馈问题，办理情况书面报告。",
    "居民代表会议提出的意见，请研究办理。",
    None,
)


def give(chronicle: Chronicle) -> None:
    """One every few days, somewhere in the city."""
    members = chronicle.ever()
    day = FIRST_DAY
    while day < LAST_DAY - timedelta(days=2):
        random = chance("own task", day)
        member = random.choice(members)
        on = working_day(day)
        until = chronicle.until(member.id) or date.max
        if member.since + timedelta(days=60) < on < until - timedelta(days=10):
            _give_one(chronicle, member.id, on, until)
        day += timedelta(days=EVERY_DAYS)


def _give_one(chronicle: Chronicle, community: str, day: date, until: date) -> None:
    random = chance("given", community, day)
    work, place = chronicle.policy.work, chronicle.on(community, day).place
    in_community = random.random() < 0.7
    errand = Errand(
        title=random.choice(TITLES).format(road=random.choice(ROADS)),
        description=random.choice(DESCRIPTIONS),
        doer=Office(work.may_carry_out_tasks, place),
        verifier=Office(work.may_verify_tasks, place),
        giver=Office(work.may_verify_tasks, place),
        given_on=day,
        due_on=day + timedelta(days=random.choice((7, 10, 15, 15, 30, 30))),
    )
    id = derive_id("demo", "task", community, day)
    command = AssignTask(
        **errand.assignment(chronicle).model_dump(),
        community=community if in_community else None,
        jurisdiction=None if in_community else place,
        assigned_on=day,
    )
    Thread(chronicle, f"task:{id}").note(day, command, errand.giver.on(chronicle, day))
    until = until if in_community else date.max
    outcome = tasks.live(chronicle, id, errand, given_on=day, until=until)
    if outcome.status == "open" and until <= LAST_DAY:
        tasks.give_up(chronicle, outcome, errand, later(until, 3), GONE)
