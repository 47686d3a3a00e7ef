"""A programme with its items, for the tests of its rules."""

from dataclasses import dataclass
from typing import Any

from domain.kernel.command import Command
from domain.kernel.context import Role
from domain.kernel.event import Event
from domain.programme.drafting import (
    AdoptProgramme,
    AnnulProgrammeEntry,
    CloseProgramme,
    DraftProgramme,
    RecordConsultation,
)
from domain.programme.events import (
    ConsultationRecorded,
    ProgrammeAdopted,
    ProgrammeDrafted,
    ProgrammeItemAdded,
    ProgrammeItemTasked,
)
from domain.programme.items import (
    AddProgrammeItem,
    AssignItemTasks,
    DropProgrammeItem,
    ReviseProgrammeItem,
)
from domain.task.events import (
    Assignment,
    TaskAccepted,
    TaskAssigned,
    TaskClosedOut,
    TaskReported,
)
from tests.domain.given import POLICY, REGISTERED, Given, Outcome, day, given

CITY: Any = {"jurisdiction": "c", "year": 2023}
DISTRICT: Any = {"jurisdiction": "d1", "year": 2023}
DRAFT = DraftProgramme(**CITY, title="补短板强弱项工程", drafted_on=day("2023-01-10"))
DRAFTED = ProgrammeDrafted(**vars(DRAFT), of_city=True)
DISTRICT_DRAFT = DraftProgramme(**DISTRICT, title="自选攻坚事项", drafted_on=day("2023-01-10"))
DISTRICT_DRAFTED = ProgrammeDrafted(**vars(DISTRICT_DRAFT), of_city=False)
CONSULT = RecordConsultation(
    consulted_from=day("2023-01-15"),
    consulted_until=day("2023-02-15"),
    replies=1204,
    summary="停车难、物业服务反映最多",
)
CONSULTED = ConsultationRecorded(**CITY, **vars(CONSULT))
FOCUS = POLICY.programme.focuses[0].code
ADD = AddProgrammeItem(
    item="i1",
    added_on=day("2023-02-20"),
    title="规范小区停车",
    focus=FOCUS,
    unit="city-management",
    person="zhao",
    due_on=day("2023-11-30"),
)
ADOPT = AdoptProgramme(adopted_on=day("2023-03-01"))
WORK = Assignment(title="划定车位", unit="city-management", person="zhao", due_on=day("2023-09-30"))
ASSIGN = AssignItemTasks(item="i1", assigned_on=day("2023-03-05"), tasks=(WORK,))
DROP = DropProgrammeItem(item="i1", dropped_on=day("2023-06-01"), reason="上级已统一部署")
CLOSE = CloseProgramme(closed_on=day("2023-12-20"), summary="全部办结")
REVISE = ReviseProgrammeItem(
    item="i1",
    revised_on=day("2023-05-01"),
    title="规范小区与路内停车",
    unit="traffic-police",
    person="qian",
    due_on=day("2023-12-15"),
    reason="扩大范围",
)


def items(count: int, of: Any = CITY) -> tuple[ProgrammeItemAdded, ...]:
    numbers = range(1, count + 1)
    return tuple(
        ProgrammeItemAdded(**of, **{**vars(ADD), "item": f"i{n}", "title": f"事项{n}"})
        for n in numbers
    )


def adopted(count: int = 3, of: Any = CITY) -> ProgrammeAdopted:
    return ProgrammeAdopted(**of, adopted_on=ADOPT.adopted_on, items=count)


STANDING = (DRAFTED, CONSULTED, *items(3), adopted())
FOUR = (DRAFTED, CONSULTED, *items(4), adopted(4))  # one to spare


@dataclass(frozen=True)
class Drawing(Given):
    """What is on record, for the city."""

    def when(self, command: Command[Any], *, by: Role | None = "arbiter", **more: Any) -> Outcome:
        return super().when(command, by=by, **more)


class OfDistrict(Given):
    """What is on record, for the district."""

    def when(
        self, command: Command[Any], *, jurisdiction: str | None = "d1", **more: Any
    ) -> Outcome:
        return super().when(command, jurisdiction=jurisdiction, **more)


def city(*events: Event) -> Given:
    at = given(*events).on("programme:c.2023").with_("community:a", REGISTERED)
    return Drawing(at.histories, at.stream)


def district(*events: Event) -> Given:
    at = given(*events).on("programme:d1.2023")
    return OfDistrict(at.histories, at.stream)


def changed(command: Any, **fields: Any) -> Any:
    return command.model_copy(update=fields)


def tasked(number: int) -> tuple[ProgrammeItemTasked, str, TaskAssigned]:
    """That the item of this number has a task."""
    event = ProgrammeItemTasked(
        **CITY,
        item=f"i{number}",
        title=f"事项{number}",
        assigned_on=ASSIGN.assigned_on,
        tasks=(f"t{number}",),
    )
    task = TaskAssigned(
        **vars(WORK),
        source="programme-item",
        source_stream="programme:c.2023",
        source_part=f"i{number}",
        jurisdiction="c",
        assigned_on=ASSIGN.assigned_on,
    )
    return event, f"task:t{number}", task


DONE: tuple[Event, ...] = (
    TaskAccepted(title=WORK.title, accepted_on=day("2023-03-06"), accepted_by="zhao"),
    TaskReported(
        title=WORK.title, reported_on=day("2023-09-01"), evidence="照片", reported_by="zhao"
    ),
    TaskClosedOut(title=WORK.title, closed_on=day("2023-09-05")),
)


def done() -> Given:
    """A programme whose three items are done on 2023-09-05."""
    at = city(*STANDING)
    for number in (1, 2, 3):
        event, stream, task = tasked(number)
        at = at.with_("programme:c.2023", event).with_(stream, task, *DONE)
    return at


def annul(version: int) -> AnnulProgrammeEntry:
    return AnnulProgrammeEntry(annuls=version, reason="误录")
