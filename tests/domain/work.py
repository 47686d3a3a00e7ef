"""Whatever can be asked of councils, programmes, measures and tasks, and a city to ask it of."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

from domain.community.events import CommunityClassified, CommunityReclassified
from domain.council.annulment import AnnulCouncilEntry
from domain.council.membership import (
    AnnulMembership,
    DissolveCouncil,
    FoundCouncil,
    JoinCouncil,
    LeaveCouncil,
)
from domain.council.minutes import AdoptResolution, AmendMinutes, AnnulResolution, RecordMinutes
from domain.council.sessions import (
    CancelSession,
    ConveneSession,
    CorrectSession,
    HoldSession,
    SetAgenda,
)
from domain.council.state import Council
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.measure.adoption import (
    AdoptMeasure,
    AnnulMeasureEntry,
    CarryMeasureOver,
    CloseMeasure,
    PlanMeasure,
    ReadoptMeasure,
)
from domain.measure.tasks import AssignMeasureTasks
from domain.programme.drafting import (
    AdoptProgramme,
    AnnulProgrammeEntry,
    CloseProgramme,
    DraftProgramme,
    RecordConsultation,
)
from domain.programme.items import (
    AddProgrammeItem,
    AssignItemTasks,
    DropProgrammeItem,
    ReviseProgrammeItem,
)
from domain.task.assignment import AssignTask, CancelTask, ExtendTaskDeadline, ReassignTask
from domain.task.completion import (
    AcceptTask,
    AnnulTaskStep,
    CloseOutTask,
    RecordTaskProgress,
    ReportTask,
    ReturnTask,
)
from domain.task.events import Assignment
from domain.task.state import Task
from tests.domain.given import POLICY, REGISTERED
from tests.domain.test_any_sequence import City, stated

OLD, NEW = POLICY.types[2], POLICY.types[0]
CODE = OLD.measures[0].code
BEGIN = date(2023, 1, 1)
DAYS = st.integers(0, 40).map(lambda n: BEGIN + timedelta(days=9 * n))
DEADLINES = st.sampled_from([date(2023, 3, 1), date(2023, 9, 1), date(2024, 3, 1)])
WHY = st.just("理由")
TEXTS = st.sampled_from(["甲", "乙"])
PERSONS = st.sampled_from(["zhao", "qian", "sun"])
NEWEST = st.integers(1, 12)  # brought among the entries on record, the newest first
SESSIONS = st.sampled_from(["q1", "q1", "q1", "q2"])
MEMBERS = ("school", "bank", "clinic")
NAMED = st.lists(st.sampled_from(MEMBERS), max_size=2).map(tuple)
LISTS: dict[str, Any] = {
    "present": st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=2).map(tuple),
    "excused": NAMED,
    "observers": st.lists(st.sampled_from(["街道办", *MEMBERS[:2]]), max_size=2).map(tuple),
}
ITEMS = st.sampled_from([f"i{number}" for number in range(1, 10)])
WORK = st.builds(Assignment, title=TEXTS, unit=st.just("bureau"), person=PERSONS, due_on=DEADLINES)
WORKS = st.lists(WORK, min_size=1, max_size=2).map(tuple)
WHO: dict[str, Any] = {"unit": st.just("bureau"), "person": PERSONS, "due_on": DEADLINES}

OF_COUNCIL = st.one_of(
    stated(JoinCouncil, member=st.sampled_from(MEMBERS), joined_on=DAYS),
    stated(LeaveCouncil, member=st.sampled_from(MEMBERS), left_on=DAYS, reason=WHY),
    stated(AnnulMembership, annuls=NEWEST, reason=WHY),
    stated(AnnulCouncilEntry, annuls=NEWEST, reason=WHY),
    stated(ConveneSession, session=SESSIONS, noticed_on=DAYS, scheduled_on=DEADLINES),
    stated(SetAgenda, session=SESSIONS, agenda=st.just(("停车",))),
    stated(HoldSession, session=SESSIONS, held_on=DAYS, **LISTS),
    stated(CorrectSession, session=SESSIONS, corrects=NEWEST, held_on=DAYS, reason=WHY, **LISTS),
    stated(CancelSession, session=SESSIONS, cancelled_on=DAYS, reason=WHY),
    stated(RecordMinutes, session=SESSIONS, recorded_on=DAYS, text=TEXTS),
    stated(AmendMinutes, session=SESSIONS, amended_on=DAYS, text=TEXTS, reason=WHY),
    stated(AdoptResolution, session=SESSIONS, text=TEXTS, tasks=WORKS | st.just(())),
    stated(AnnulResolution, resolution=st.just("newest"), annulled_on=DAYS, reason=WHY),
    stated(DissolveCouncil, dissolved_on=DAYS, reason=WHY),
)
OF_PROGRAMME = st.one_of(
    stated(
        RecordConsultation,
        consulted_from=st.just(BEGIN),
        consulted_until=DAYS,
        replies=st.just(9),
        summary=TEXTS,
    ),
    stated(AddProgrammeItem, item=ITEMS, added_on=DAYS, title=TEXTS, **WHO),
    stated(ReviseProgrammeItem, item=ITEMS, revised_on=DAYS, title=TEXTS, reason=WHY, **WHO),
    stated(DropProgrammeItem, item=ITEMS, dropped_on=DAYS, reason=WHY),
    stated(AdoptProgramme, adopted_on=DAYS),
    stated(AssignItemTasks, item=ITEMS, assigned_on=DAYS, tasks=WORKS),
    stated(CloseProgramme, closed_on=DAYS, summary=TEXTS),
    stated(AnnulProgrammeEntry, annuls=NEWEST, reason=WHY),
)
OF_MEASURE = st.one_of(
    stated(ReadoptMeasure, adopted_on=DAYS),
    stated(PlanMeasure, planned_on=DAYS, plan=TEXTS, **WHO),
    stated(AssignMeasureTasks, assigned_on=DAYS, tasks=WORKS),
    stated(CarryMeasureOver, carried_on=DAYS, reason=WHY),
    stated(
        CloseMeasure,
        closed_on=DAYS,
        ending=st.sampled_from(["carried-out", "given-up"]),
        reason=WHY,
    ),
    stated(AnnulMeasureEntry, annuls=NEWEST, reason=WHY),
)
OF_TASK = st.one_of(
    stated(AcceptTask, accepted_on=DAYS),
    stated(RecordTaskProgress, progressed_on=DAYS, percent=st.integers(0, 100), note=TEXTS),
    stated(ReportTask, reported_on=DAYS, evidence=TEXTS),
    stated(CloseOutTask, closed_on=DAYS),
    stated(ReturnTask, returned_on=DAYS, due_on=st.none() | DEADLINES, reason=WHY),
    stated(ExtendTaskDeadline, extended_on=DAYS, due_on=DEADLINES, reason=WHY),
    stated(ReassignTask, reassigned_on=DAYS, unit=st.just("bureau"), person=PERSONS, reason=WHY),
    stated(CancelTask, cancelled_on=DAYS, reason=WHY),
    stated(AnnulTaskStep, annuls=NEWEST, reason=WHY),
)

COUNCIL, PROGRAMME = "council:j", "programme:c.2023"
DISTRICT, MEASURE = "programme:d1.2023", f"measure:a.{CODE}"
OWN = "task:own"


class Asked(NamedTuple):
    """Who asks what of a subject, or of one of its tasks; `day` is when, for commands without."""

    command: Command[Any]
    person: str
    day: date
    task: int | None = None  # which of the tasks that there are by then


def _asked(commands: st.SearchStrategy[Any], **fields: Any) -> st.SearchStrategy[Asked]:
    return st.builds(Asked, command=commands, person=PERSONS, day=DAYS, **fields)


def sequences(of: st.SearchStrategy[Any], *, min_size: int = 10) -> st.SearchStrategy[list[Asked]]:
    """Commands of a subject and of its tasks: in the order of their days, so that most of them
    follow from each other, or in any order."""
    each = _asked(of, task=st.none()) | _asked(OF_TASK, task=st.integers(0, 3))
    lists = st.lists(each, min_size=min_size, max_size=24)
    return lists | lists.map(lambda asked: sorted(asked, key=_day))


def _day(asked: Asked) -> date:
    days = (day for name, day in vars(asked.command).items() if name not in ("due_on",))
    return next((day for day in days if isinstance(day, date)), asked.day)


def _day_of(month: int, on: int = 1) -> date:
    return date(2023, month, on)


_WHO: dict[str, Any] = {"unit": "bureau", "person": "zhao", "due_on": date(2023, 9, 1)}
_WORK = Assignment(title="甲", **_WHO)
_MORE = _WORK.model_copy(update={"title": "乙"})
_PLAN = PlanMeasure(planned_on=_day_of(1, 5), plan="甲", **_WHO)
_CALL = ConveneSession(session="q1", noticed_on=_day_of(1, 2), scheduled_on=_day_of(1, 12))
_HOLD = HoldSession(session="q1", held_on=_day_of(1, 12), present=("school",), excused=("bank",))
_ITEMS = [
    AddProgrammeItem(item=f"i{number}", added_on=_day_of(1, 6), title="甲", **_WHO)
    for number in range(1, 8)
]


def _programme(jurisdiction: str, items: int) -> list[Command[Any]]:
    return [
        DraftProgramme(jurisdiction=jurisdiction, year=2023, title="攻坚", drafted_on=BEGIN),
        RecordConsultation(
            consulted_from=BEGIN, consulted_until=_day_of(1, 5), replies=9, summary="甲"
        ),
        *_ITEMS[:items],
        AdoptProgramme(adopted_on=_day_of(1, 10)),
        AssignItemTasks(item="i1", assigned_on=_day_of(1, 11), tasks=(_WORK, _MORE)),
    ]


# How each begins; a test takes as much of it as it likes.
BEGINNINGS: dict[str, list[Command[Any]]] = {
    COUNCIL: [
        FoundCouncil(
            community="a",
            title="联席会议",
            council_kind=POLICY.councils[1].code,
            founded_on=BEGIN,
            members=MEMBERS[:2],
        ),
        JoinCouncil(member="clinic", joined_on=_day_of(1, 2)),
        _CALL,
        SetAgenda(session="q1", agenda=("停车",)),
        _HOLD,
        AdoptResolution(session="q1", text="甲", tasks=(_WORK, _MORE)),
    ],
    PROGRAMME: _programme("c", 7),
    DISTRICT: _programme("d1", 1),
    MEASURE: [
        AdoptMeasure(community="a", measure=CODE, adopted_on=BEGIN),
        _PLAN,
        AssignMeasureTasks(assigned_on=_day_of(1, 6), tasks=(_WORK, _MORE)),
    ],
    OWN: [
        AssignTask(title="甲", community="a", assigned_on=BEGIN, **_WHO),
        AcceptTask(accepted_on=_day_of(1, 2)),
        ReportTask(reported_on=_day_of(1, 3), evidence="甲"),
    ],
}
COMMANDS: dict[str, st.SearchStrategy[Any]] = {
    COUNCIL: OF_COUNCIL,
    PROGRAMME: OF_PROGRAMME,
    DISTRICT: OF_PROGRAMME,
    MEASURE: OF_MEASURE,
    OWN: OF_TASK,
}
PLACE: tuple[Event, ...] = (
    REGISTERED,
    CommunityClassified(type=OLD.code, effective_from=date(2021, 3, 31)),
    CommunityReclassified(
        proposal="p1", type=NEW.code, effective_from=_day_of(7), reason="改造完成"
    ),
)


def beginnings(of: str) -> st.SearchStrategy[int]:
    """How much of a beginning to take: all of it every other time."""
    last = len(BEGINNINGS[of]) - 1
    return st.just(last) | st.integers(0, last)


_ROLES = {name: ("decider",) for name in vars(POLICY.work) if name.startswith("may_")}


class Offices(City):
    """A city in which a few persons may do everything that there is to do."""

    policy = POLICY.model_copy(update={"work": POLICY.work.model_copy(update=_ROLES)})

    def __init__(self) -> None:
        super().__init__()
        self.states["community:a"] = self.state("community:a").fold(PLACE)

    def ask_all(
        self, of: str, begun: int, asked: Iterable[Asked]
    ) -> Iterator[list[tuple[str, Event]]]:
        """What happened, command by command, while this is asked of a subject and its tasks."""
        self.asker = "li"
        for command in BEGINNINGS[of][: begun + 1]:
            yield self.ask(of, command, "li")
        for each in asked:
            stream = of
            if each.task is not None:
                tasks = [stream for stream in self.states if stream.startswith("task:")]
                stream = tasks[each.task % len(tasks)] if tasks else "task:none"
            self.asker = each.person
            yield self.ask(stream, each.command, each.person)

    def fitting(self, command: Command[Any], state: Any) -> Command[Any]:
        """The command with the entry, or resolution, that it names brought among those on record;
        every other time the one that it has to be."""
        for name in ("corrects", "annuls"):
            if state.version and name in vars(command):
                asked = vars(command)[name]
                entry = state.version - (asked // 2) % state.version
                if asked % 2 and isinstance(state, Task) and state.steps:
                    entry = state.now.version
                if asked % 2 and isinstance(command, CorrectSession):
                    session = state.sessions.get(command.session)
                    entry = (session and session.held_by) or entry
                command = command.model_copy(update={name: entry})
        if isinstance(command, AnnulResolution) and isinstance(state, Council):
            standing = [id for id, each in state.resolutions.items() if not each.annulled_on]
            command = command.model_copy(update={"resolution": (standing or ["none"])[-1]})
        return command
