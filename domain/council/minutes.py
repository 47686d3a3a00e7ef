"""The results of a session: minutes that never change, amendments beside them, resolutions.

A resolution and its tasks are recorded together or not at all.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.council.events import (
    VERSIONS_MAX,
    Minutes,
    MinutesAmended,
    MinutesRecorded,
    ResolutionAdopted,
    ResolutionAnnulled,
)
from domain.council.membership import HOLD
from domain.council.state import Council
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id, Reason, derive_id
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.subject import require_not_repeated
from domain.person.offices import offices_named
from domain.task.assignment import assigned, task_ids
from domain.task.events import Assignment
from domain.task.state import Task


class RecordMinutes(Command[Council]):
    """Record the minutes of a session that was held, once. Later versions are amendments."""

    permission: ClassVar[Permission] = HOLD

    session: Id
    recorded_on: date
    text: Minutes

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_past(self.recorded_on)
        session = state.session(self.session)
        held_on = session.require_held()
        if session.versions:
            raise Refused("minutes.already-recorded")
        require_not_before(held_on, self.recorded_on)
        return [
            MinutesRecorded(
                community=state.community,
                council_title=state.title,
                held_on=held_on,
                **vars(self),
            )
        ]


class AmendMinutes(Command[Council]):
    """Add another version of the minutes beside the existing ones, with the reason."""

    permission: ClassVar[Permission] = HOLD

    session: Id
    amended_on: date
    text: Minutes
    reason: Reason

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_past(self.amended_on)
        session = state.session(self.session)
        if not session.versions or not session.minutes_on or not session.held_on:
            raise Refused("minutes.not-recorded")
        if session.versions >= VERSIONS_MAX:
            raise Refused("minutes.too-many-versions", versions_max=VERSIONS_MAX)
        require_not_before(session.minutes_on, self.amended_on)
        require_not_repeated(state, [(session.minutes_by, session.minutes)], self.text)
        return [
            MinutesAmended(
                community=state.community,
                council_title=state.title,
                held_on=session.held_on,
                number=session.versions + 1,
                **vars(self),
            )
        ]


class AdoptResolution(Command[Council]):
    """Record a resolution of a session and assign the tasks that follow from it."""

    permission: ClassVar[Permission] = HOLD

    session: Id
    text: Reason
    tasks: Annotated[tuple[Assignment, ...], Field(max_length=20)] = ()

    def consults(self, state: Council) -> Iterable[str]:
        """The community, and who is responsible for the tasks."""
        yield from state.place()
        yield from offices_named(self)

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        """The resolution, dated the session's day, and each task assigned on its own stream."""
        held_on = state.session(self.session).require_held()
        standing = (r for r in state.resolutions.values() if r.annulled_on is None)
        said = ((each.version, (each.session, each.text)) for each in standing)
        require_not_repeated(state, said, (self.session, self.text))
        resolution = resolution_id(context.command_id, state.id, state.version)
        tasks = assigned(
            context,
            state,
            self.tasks,
            source="resolution",
            part=resolution,
            assigned_on=held_on,
            community=state.community,
        )
        adopted = ResolutionAdopted(
            community=state.community,
            council_title=state.title,
            session=self.session,
            resolution=resolution,
            adopted_on=held_on,
            text=self.text,
            tasks=task_ids(tasks),
        )
        return [adopted, *tasks]


class AnnulResolution(Command[Council]):
    """Annul a resolution that was recorded by mistake; its open tasks are cancelled with it."""

    permission: ClassVar[Permission] = HOLD

    resolution: Id
    annulled_on: date
    reason: Reason

    def consults(self, state: Council) -> Iterable[str]:
        """The resolution's tasks."""
        resolution = state.resolutions.get(self.resolution)
        return (f"task:{task}" for task in (resolution.tasks if resolution else ()))

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        """The annulment, and a cancellation on the stream of each task that is still open."""
        context.require_past(self.annulled_on)
        resolution = state.resolution(self.resolution)
        require_not_before(resolution.adopted_on, self.annulled_on)
        tasks = [context.state(Task, id) for id in resolution.tasks]
        return [
            ResolutionAnnulled(
                community=state.community,
                council_title=state.title,
                session=resolution.session,
                text=resolution.text,
                **vars(self),
            ),
            *(
                StreamEvent(task.stream, task.cancelled(self.annulled_on, context, self.reason))
                for task in tasks
                if task.is_open
            ),
        ]


def resolution_id(command_id: str, council: str, version: int) -> str:
    """The id of the resolution that a command on a council at this version records."""
    return derive_id("resolution", command_id, council, version)


def require_not_before(earlier: date, day: date) -> None:
    """Refused for a day before that of the step that it follows."""
    if day < earlier:
        raise Refused("council.out-of-order", day=day, earlier=earlier)
