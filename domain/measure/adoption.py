"""A community adopts a measure of its type, plans it, carries it over and closes it.

After a reclassification each open measure of the old type is carried over or closed.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, ClassVar

from pydantic import Field

from domain.community.state import Community
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import ActionSlug, CommunityId, PersonId, Reason, UnitId, Version
from domain.kernel.permission import Permission
from domain.kernel.policy import Policy, called, offered
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.subject import require_not_repeated
from domain.kernel.text import Bilingual
from domain.measure.events import (
    Ending,
    MeasureAdopted,
    MeasureCarriedOver,
    MeasureClosed,
    MeasureEntryAnnulled,
    MeasurePlanned,
    MeasureSlug,
)
from domain.measure.state import Measure
from domain.person.offices import offices_named, require_offices
from domain.task.state import Task

ENDINGS: Mapping[Ending, Bilingual] = MappingProxyType(
    {
        "carried-out": Bilingual(zh="已完成", en="carried out"),
        "given-up": Bilingual(zh="不再推进", en="given up"),
    }
)


PLAN = Permission(
    "work.may_plan_measures",
    doing=Bilingual(zh="采用、计划或终结重点方向", en="take up, plan or close measures"),
)


class AdoptMeasure(Command[Measure]):
    """Adopt a measure from the catalogue of the community's type."""

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = PLAN

    community: CommunityId
    measure: MeasureSlug
    adopted_on: date

    def subject_id(self) -> str:
        """The id of the one such measure in the community."""
        return measure_id(self.community, self.measure)

    def consults(self, state: Measure) -> Iterable[str]:
        """The community."""
        return (f"community:{self.community}",)

    def already_on_record(self, state: Measure) -> Refused:
        """The refusal: a community has each measure once, and adopts it again after closing it."""
        if state.is_open:
            return Refused("measure.pursued-already", measure=state.called)
        return Refused("measure.adopted-before", measure=state.called)

    def decide(self, state: Measure, context: DecisionContext) -> list[Event | StreamEvent]:
        if state.id != (id := measure_id(self.community, self.measure)):
            raise NotOnRecord(
                "measure.id-does-not-fit",
                measure=called("measure", self.measure),
                community=self.community,
                id=id,
            )
        return _adopted(self.community, self.measure, self.adopted_on, context)


class ReadoptMeasure(Command[Measure]):
    """Adopt a measure again that was closed, or whose adoption was annulled."""

    permission: ClassVar[Permission] = PLAN

    adopted_on: date

    def consults(self, state: Measure) -> Iterable[str]:
        """The community."""
        return (f"community:{state.community}",) if state.version else ()

    def decide(self, state: Measure, context: DecisionContext) -> list[Event | StreamEvent]:
        if state.is_open:
            raise Refused("measure.pursued-already", measure=state.called)
        state.require_next_day(self.adopted_on)
        return _adopted(state.community, state.measure, self.adopted_on, context)


class PlanMeasure(Command[Measure]):
    """Plan how a measure is to be carried out, by whom and until when. The last plan counts.

    `actions` are those of the measure's actions that it carries out.
    """

    permission: ClassVar[Permission] = PLAN

    planned_on: date
    plan: Reason
    actions: Annotated[tuple[ActionSlug, ...], Field(max_length=50)] = ()
    unit: UnitId
    person: PersonId
    due_on: date

    def consults(self, state: Measure) -> Iterable[str]:
        """The community, and who is responsible."""
        if state.version:
            yield f"community:{state.community}"
        yield from offices_named(self)

    def decide(self, state: Measure, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_past(self.planned_on)
        state.require_settled(context.state(Community, state.community), self.planned_on)
        if self.actions:
            require_actions(context.policy, state.measure, self.actions)
        if self.due_on < self.planned_on:
            raise Refused("measure.due-before-plan", due_on=self.due_on, planned_on=self.planned_on)
        require_offices(self, self.planned_on, context)
        planned = MeasurePlanned(community=state.community, measure=state.measure, **vars(self))
        require_not_repeated(state, state.now.plans, planned)
        return [planned]


class CarryMeasureOver(Command[Measure]):
    """Continue an open measure although the community was reclassified, with the reason."""

    permission: ClassVar[Permission] = PLAN

    carried_on: date
    reason: Reason

    def consults(self, state: Measure) -> Iterable[str]:
        """The community, for its type."""
        return (f"community:{state.community}",) if state.version else ()

    def decide(self, state: Measure, context: DecisionContext) -> list[Event | StreamEvent]:
        """The measure carried over into the community's type of that day."""
        context.require_past(self.carried_on)
        state.require_open()
        state.require_next_day(self.carried_on)
        community = context.state(Community, state.community)
        community.require_existing_on(self.carried_on)
        type = community.require_type_on(self.carried_on)
        if type == state.type:
            raise Refused("measure.nothing-to-carry-over", day=self.carried_on)
        return [
            MeasureCarriedOver(
                community=state.community, measure=state.measure, type=type, **vars(self)
            )
        ]


class CloseMeasure(Command[Measure]):
    """Close a measure: as carried out once its tasks are closed out, or as given up, with a reason.

    If it is given up, its open tasks are cancelled with it.
    """

    permission: ClassVar[Permission] = PLAN

    closed_on: date
    ending: Ending
    reason: Reason

    def consults(self, state: Measure) -> Iterable[str]:
        """Its tasks."""
        return (f"task:{id}" for id in state.now.tasks)

    def decide(self, state: Measure, context: DecisionContext) -> list[Event | StreamEvent]:
        """The closing, and the cancellation of its open tasks if it is given up."""
        context.require_past(self.closed_on)
        state.require_open()
        state.require_next_day(self.closed_on)
        tasks = [context.state(Task, id) for id in state.now.tasks]
        for task in tasks:
            if task.steps:
                task.require_next_day(self.closed_on, context)
        waiting = [task for task in tasks if task.is_open]
        closed = MeasureClosed(community=state.community, measure=state.measure, **vars(self))
        if self.ending == "given-up":
            with_it = tuple(task.id for task in waiting)
            return [
                closed.model_copy(update={"cancelled": with_it}),
                *(
                    StreamEvent(each.stream, each.cancelled(self.closed_on, context, self.reason))
                    for each in waiting
                ),
            ]
        if waiting:
            raise Refused("measure.tasks-open", tasks=[task.title for task in waiting])
        if not any(task.is_done for task in tasks):
            raise Refused("measure.no-task-done")
        return [closed]


class AnnulMeasureEntry(Command[Measure]):
    """Annul the newest entry that adopted, carried over or closed the measure by mistake.

    Tasks that were cancelled with a closing resume.
    """

    permission: ClassVar[Permission] = PLAN

    annuls: Version
    reason: Reason

    def consults(self, state: Measure) -> Iterable[str]:
        """The tasks that were cancelled with the closing."""
        return (f"task:{id}" for id in state.cancelled_by(self.annuls))

    def decide(self, state: Measure, context: DecisionContext) -> list[Event | StreamEvent]:
        """The annulment, and the resumption of tasks that were cancelled with a closing."""
        state.require_annullable(self.annuls)
        tasks = (context.state(Task, id) for id in state.cancelled_by(self.annuls))
        return [
            MeasureEntryAnnulled(community=state.community, measure=state.measure, **vars(self)),
            *(StreamEvent(task.stream, task.resumed(self.reason)) for task in tasks),
        ]


def measure_id(community: str, measure: str) -> str:
    """The id of a measure in a community, which has each measure once."""
    return f"{community}.{measure}"


def require_actions(policy: Policy, measure: str, actions: Iterable[str]) -> None:
    """Refused for an action that is none of this measure's, or named twice."""
    known = policy.measure(measure)
    seen: set[str] = set()
    for code in actions:
        if known.action(code).code in seen:
            raise Refused("measure.action-named-twice", action=known.action(code).title)
        seen.add(code)


def _adopted(
    community: str, measure: str, day: date, context: DecisionContext
) -> list[Event | StreamEvent]:
    """The adoption event; Refused unless the community's type on that day has the measure."""
    context.require_past(day)
    context.policy.measure(measure)
    place = context.state(Community, community)
    place.require_existing_on(day)
    type = context.policy.community_type(place.require_type_on(day))
    codes = [each.code for each in type.measures]
    if measure not in codes:
        raise Refused(
            "measure.not-of-this-type",
            community=community,
            day=day,
            type=type.title,
            measure=called("measure", measure),
            choice=offered("measure", codes),
        )
    return [MeasureAdopted(community=community, measure=measure, type=type.code, adopted_on=day)]
