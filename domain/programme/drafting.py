"""A year's programme against shortfalls (section four, item two): drafted, adopted, closed.

The policy says how many items a city takes on, and whether it consults the public first.
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
from domain.kernel.permission import Permission
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.subject import require_not_repeated
from domain.kernel.text import Bilingual
from domain.programme.events import (
    ConsultationRecorded,
    ProgrammeAdopted,
    ProgrammeClosed,
    ProgrammeDrafted,
    ProgrammeEntryAnnulled,
    Year,
)
from domain.programme.state import Programme, require_unit
from domain.task.state import Task

YEARS_BEFORE_MAX = 1  # an earlier consultation was about another programme

DRAFT = Permission(
    "work.may_draft_programmes", doing=Bilingual(zh="起草攻坚事项", en="draft a programme")
)
ADOPT = Permission(
    "work.may_adopt_city_programmes",
    "work.may_adopt_district_programmes",
    doing=Bilingual(
        zh="确定、办结本级攻坚事项，或变动已确定的事项、撤销其记录",
        en="adopt or close this programme, change what it adopted, or annul entries of it",
    ),
)
EDIT = Permission(
    *DRAFT.paths,
    *ADOPT.paths,
    doing=Bilingual(zh="变动攻坚事项", en="change the items of a programme"),
)


def adopters(state: Programme, context: DecisionContext) -> Iterable[str]:
    """The roles that adopt, change and close this programme."""
    work = context.policy.work
    return work.may_adopt_city_programmes if state.of_city else work.may_adopt_district_programmes


def editors(state: Programme, context: DecisionContext) -> Iterable[str]:
    """The roles that change its items: once it is adopted, its adopters."""
    drafting = state.adopted_by is None
    return DRAFT.roles(context.policy) if drafting else adopters(state, context)


class DraftProgramme(Command[Programme]):
    """Draft the programme of a city, a district, a county or a park for a year: one per year."""

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = DRAFT

    jurisdiction: JurisdictionId
    year: Year
    title: Title
    drafted_on: date

    def subject_id(self) -> str:
        """The id of the jurisdiction's one programme of the year."""
        return programme_id(self.jurisdiction, self.year)

    def consults(self, state: Programme) -> Iterable[str]:
        """The jurisdiction."""
        return (f"jurisdiction:{self.jurisdiction}",)

    def already_on_record(self, state: Programme) -> Refused:
        """The refusal: a jurisdiction has one programme a year."""
        return Refused(
            "programme.already-drafted",
            jurisdiction=state.jurisdiction,
            year=state.year,
            title=state.title,
        )

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        if state.id != self.subject_id():
            raise NotOnRecord(
                "programme.wrong-id",
                jurisdiction=self.jurisdiction,
                year=self.year,
                programme=self.subject_id(),
            )
        context.require_past(self.drafted_on)
        place = context.state(Jurisdiction, self.jurisdiction)
        place.require_existing_on(self.drafted_on)
        if place.tier > 1:
            raise Refused("programme.below-district", place=place.title)
        if place.tier and not context.policy.programme.districts_may_add:
            raise Refused("programme.city-only", policy=context.policy.version)
        require_unit(self.jurisdiction, context)
        return [ProgrammeDrafted(**vars(self), of_city=place.tier == 0)]


class RecordConsultation(Command[Programme]):
    """Record a public consultation on a programme, before it is adopted.

    It may take place before the programme is drafted, but no earlier than the year before its own.
    """

    permission: ClassVar[Permission] = DRAFT

    consulted_from: date
    consulted_until: date
    replies: int = Field(ge=0, le=10_000_000)
    summary: Reason

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        require_unit(state.jurisdiction, context)
        state.require_draft()
        context.require_past(self.consulted_until)
        if self.consulted_until < self.consulted_from:
            raise Refused(
                "consultation.ends-before-it-begins",
                consulted_from=self.consulted_from,
                consulted_until=self.consulted_until,
            )
        earliest_year = state.year - YEARS_BEFORE_MAX
        if self.consulted_until.year < earliest_year:
            context.breaks(
                "consultation.too-early",
                consulted_until=self.consulted_until,
                year=state.year,
                earliest_year=earliest_year,
            )
        recorded = ConsultationRecorded(
            jurisdiction=state.jurisdiction, year=state.year, **vars(self)
        )
        require_not_repeated(state, state.consultations.items(), recorded)
        return [recorded]


class AdoptProgramme(Command[Programme]):
    """Adopt a programme. A city's needs a consultation, and as many items as the policy says."""

    permission: ClassVar[Permission] = ADOPT

    adopted_on: date

    def roles(self, state: Programme, context: DecisionContext) -> Iterable[str]:
        """Those who adopt programmes of the city, or of a district."""
        return adopters(state, context)

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        bounds = context.policy.programme
        require_unit(state.jurisdiction, context)
        state.require_draft()
        context.require_past(self.adopted_on)
        state.require_not_before_steps(self.adopted_on)
        items = len(state.current_items())
        if not items:
            raise Refused("programme.without-items")
        if state.of_city and not bounds.items_min <= items <= bounds.items_max:
            context.breaks(
                "programme.number-of-items",
                items=items,
                items_min=bounds.items_min,
                items_max=bounds.items_max,
            )
        if state.of_city and bounds.city_consults and not state.consulted_by(self.adopted_on):
            context.breaks("programme.not-consulted", day=self.adopted_on)
        return [
            ProgrammeAdopted(
                jurisdiction=state.jurisdiction,
                year=state.year,
                adopted_on=self.adopted_on,
                items=items,
            )
        ]


class CloseProgramme(Command[Programme]):
    """Close a programme once every item is done (its tasks are closed out) or dropped."""

    permission: ClassVar[Permission] = ADOPT

    closed_on: date
    summary: Reason

    def consults(self, state: Programme) -> Iterable[str]:
        """The tasks of all its items."""
        return (f"task:{id}" for each in state.current_items() for id in each.tasks)

    def roles(self, state: Programme, context: DecisionContext) -> Iterable[str]:
        """Those who adopt programmes of the city, or of a district."""
        return adopters(state, context)

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        require_unit(state.jurisdiction, context)
        state.require_adopted()
        context.require_past(self.closed_on)
        state.require_not_before_steps(self.closed_on)
        undone = []
        for item in state.current_items():
            tasks = [context.state(Task, id) for id in item.tasks]
            for task in tasks:
                if task.steps:
                    task.require_next_day(self.closed_on, context)
            if any(task.is_open for task in tasks) or not any(task.is_done for task in tasks):
                undone.append(item.title)
        if undone:
            raise Refused("programme.items-not-done", count=len(undone), items=undone)
        return [ProgrammeClosed(jurisdiction=state.jurisdiction, year=state.year, **vars(self))]


class AnnulProgrammeEntry(Command[Programme]):
    """Annul a consultation, an adoption, a closing or the dropping of an item recorded by mistake.

    Tasks that were cancelled with a dropped item resume.
    """

    permission: ClassVar[Permission] = ADOPT

    annuls: Version
    reason: Reason

    def consults(self, state: Programme) -> Iterable[str]:
        """The tasks that were cancelled with the dropped item."""
        return (f"task:{id}" for id in state.cancelled_by(self.annuls))

    def roles(self, state: Programme, context: DecisionContext) -> Iterable[str]:
        """Those who adopt programmes of the city, or of a district."""
        return adopters(state, context)

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        """The annulment, and the resumption of tasks that were cancelled with a dropped item."""
        require_unit(state.jurisdiction, context)
        state.require_annullable(self.annuls, context)
        tasks = (context.state(Task, id) for id in state.cancelled_by(self.annuls))
        return [
            ProgrammeEntryAnnulled(jurisdiction=state.jurisdiction, year=state.year, **vars(self)),
            *(StreamEvent(task.stream, task.resumed(self.reason)) for task in tasks),
        ]


def programme_id(jurisdiction: str, year: int) -> str:
    """The id of a jurisdiction's programme of a year."""
    return f"{jurisdiction}.{year}"
