"""A year's programme of what is weak in governance (section four, item two): drafted and adopted.

How many items a city takes on, and whom it asks before, is the policy's.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from pydantic import Field

from domain.jurisdiction.state import Jurisdiction
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import JurisdictionId, Reason, Title, Version
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.subject import require_unsaid
from domain.kernel.text import Number
from domain.programme.events import (
    ConsultationRecorded,
    ProgrammeAdopted,
    ProgrammeClosed,
    ProgrammeDrafted,
    ProgrammeEntryAnnulled,
    Year,
)
from domain.programme.state import DRAFT, Programme, require_unit
from domain.task.state import Task

YEARS_BEFORE_MAX = 1  # of a programme's own: whoever was asked earlier was asked about another


class DraftProgramme(Command[Programme]):
    """Begin the programme of a city, a district, a county or a park for a year; one for each."""

    begins: ClassVar[bool] = True

    jurisdiction: JurisdictionId
    year: Year
    title: Title
    drafted_on: date

    def subject_id(self) -> str:
        """A jurisdiction has one programme a year."""
        return programme_id(self.jurisdiction, self.year)

    def consults(self, state: Programme) -> Iterable[str]:
        """The jurisdiction."""
        return (f"jurisdiction:{self.jurisdiction}",)

    def taken(self, state: Programme) -> Refused:
        """A place has one programme for a year."""
        return Refused(
            f"jurisdiction:{state.jurisdiction} has a programme for {state.year} already, "
            f"“{state.title}”; add, revise or drop items of that one.",
            f"jurisdiction:{state.jurisdiction} {state.year} 年度已有攻坚事项“{state.title}”；"
            "请在其中列入、修订或移出事项。",
        )

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        """Drafted."""
        context.require_role(context.policy.work.may_draft_programmes, DRAFT)
        if state.id != programme_id(self.jurisdiction, self.year):
            raise NotOnRecord(
                f"The programme of jurisdiction:{self.jurisdiction} for {self.year} has the id "
                f"{programme_id(self.jurisdiction, self.year)}; use that one.",
                f"jurisdiction:{self.jurisdiction} {self.year} 年度攻坚事项的编号应为 "
                f"{programme_id(self.jurisdiction, self.year)}；请使用该编号。",
            )
        context.require_past(self.drafted_on)
        place = context.state(Jurisdiction, self.jurisdiction)
        place.require_standing_on(self.drafted_on)
        if place.tier > 1:
            raise Refused(
                f"{place.title} is below a district; a programme is a city's or a district's. "
                "Name one of these.",
                f"{place.title} 在区县以下；攻坚事项由市或区（市、县）、园区确定，请指明其一。",
            )
        if place.tier and not context.policy.programme.districts_may_add:
            raise Refused(
                f"Under the policy {context.policy.version} only the city has a programme.",
                f"依政策 {context.policy.version}，仅市级确定攻坚事项。",
            )
        require_unit(self.jurisdiction, context)
        return [ProgrammeDrafted(**vars(self), of_city=place.tier == 0)]


class RecordConsultation(Command[Programme]):
    """Record that opinions on a programme were asked for widely, before it is adopted.

    They may be asked for before it is drafted, but not earlier than in the year before its own.
    """

    consulted_from: date
    consulted_until: date
    replies: int = Field(ge=0, le=10_000_000)
    summary: Reason

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        """Recorded."""
        state.require_drafter(context)
        state.require_draft()
        context.require_past(self.consulted_until)
        if self.consulted_until < self.consulted_from:
            raise Refused(
                f"The consultation would end on {self.consulted_until}, before it begins; "
                "correct the days.",
                f"征求意见的截止日期 {self.consulted_until} 早于开始日期；请更正日期。",
            )
        if self.consulted_until.year < state.year - YEARS_BEFORE_MAX:
            raise Refused(
                f"The consultation would end on {self.consulted_until}, and the programme is of "
                f"{state.year}; a consultation on it ends in {state.year - YEARS_BEFORE_MAX} or "
                "later. Correct the days.",
                f"征求意见的截止日期为 {self.consulted_until}，而攻坚事项为 {state.year} 年度；"
                f"应不早于 {state.year - YEARS_BEFORE_MAX} 年截止。请更正日期。",
            )
        recorded = ConsultationRecorded(
            jurisdiction=state.jurisdiction, year=state.year, **vars(self)
        )
        require_unsaid(state, state.consultations.items(), recorded)
        return [recorded]


class AdoptProgramme(Command[Programme]):
    """Adopt a programme. A city takes on as many items as the policy says, after asking widely."""

    adopted_on: date

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        """Adopted."""
        bounds = context.policy.programme
        state.require_adopter(context)
        state.require_draft()
        context.require_past(self.adopted_on)
        state.require_behind_steps(self.adopted_on)
        items = len(state.standing_items())
        if not items:
            raise Refused(
                "The programme has no items; add some first.", "尚未列入任何事项；请先添加事项。"
            )
        if state.of_city and not bounds.items_min <= items <= bounds.items_max:
            raise Refused(
                f"The programme has {Number(items):item|items}; a city takes on {bounds.items_min} "
                f"to {bounds.items_max} a year. Add or drop items first.",
                f"现有事项 {items} 项；市级每年应确定 {bounds.items_min} 至 "
                f"{bounds.items_max} 项。请先增减事项。",
            )
        if state.of_city and bounds.city_consults and not state.consulted_by(self.adopted_on):
            raise Refused(
                f"No consultation is on record that ended by {self.adopted_on}; "
                "ask for opinions widely and record it first.",
                f"{self.adopted_on} 前没有已结束的征求意见记录；请先广泛征求意见并予记录。",
            )
        return [
            ProgrammeAdopted(
                jurisdiction=state.jurisdiction,
                year=state.year,
                adopted_on=self.adopted_on,
                items=items,
            )
        ]


class CloseProgramme(Command[Programme]):
    """Close a programme of which every item is done (its tasks are closed out) or dropped."""

    closed_on: date
    summary: Reason

    def consults(self, state: Programme) -> Iterable[str]:
        """The tasks of all its items."""
        return (f"task:{id}" for each in state.standing_items() for id in each.tasks)

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        """Closed."""
        state.require_adopter(context)
        state.require_adopted()
        context.require_past(self.closed_on)
        state.require_behind_steps(self.closed_on)
        undone = []
        for item in state.standing_items():
            tasks = [context.state(Task, id) for id in item.tasks]
            for task in tasks:
                if task.steps:
                    task.require_next_day(self.closed_on, context)
            if any(task.is_open for task in tasks) or not any(task.is_done for task in tasks):
                undone.append(item.title)
        if undone:
            raise Refused(
                f"Of the items are not done yet: {'; '.join(undone)}. Have their tasks closed "
                "out, or drop them with a reason.",
                f"尚有 {len(undone)} 项未办结：{'；'.join(undone)}。"
                "请将其任务验收销号，或说明理由后移出。",
            )
        return [ProgrammeClosed(jurisdiction=state.jurisdiction, year=state.year, **vars(self))]


class AnnulProgrammeEntry(Command[Programme]):
    """Annul a consultation, an adoption, a closing or a dropping that was recorded by mistake.

    The tasks that were cancelled with a dropped item go on.
    """

    annuls: Version
    reason: Reason

    def consults(self, state: Programme) -> Iterable[str]:
        """The tasks that were cancelled with the item whose dropping it is."""
        return (f"task:{id}" for id in state.cancelled_by(self.annuls))

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        """Annulled, and what it had changed is as before."""
        state.require_adopter(context)
        state.require_annullable(self.annuls, context.policy.programme.items_max)
        tasks = (context.state(Task, id) for id in state.cancelled_by(self.annuls))
        return [
            ProgrammeEntryAnnulled(jurisdiction=state.jurisdiction, year=state.year, **vars(self)),
            *(StreamEvent(task.stream, task.resumed(self.reason)) for task in tasks),
        ]


def programme_id(jurisdiction: str, year: int) -> str:
    """The id of a jurisdiction's programme of a year: there is one."""
    return f"{jurisdiction}.{year}"
