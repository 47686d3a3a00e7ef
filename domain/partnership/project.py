"""Projects of a partnership (共建项目, 三(五)2): listed, claimed, delivered, evaluated.

Nobody evaluates a project whose claim or delivery they recorded.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.kernel.apart import Apart
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id, PersonId, Reason, Title
from domain.kernel.permission import Permission
from domain.kernel.text import Bilingual
from domain.partnership.agreement import RECORD
from domain.partnership.events import (
    ProjectClaimed,
    ProjectDelivered,
    ProjectDropped,
    ProjectEvaluated,
    ProjectListed,
    ProjectReleased,
    Rating,
    Side,
)
from domain.partnership.exchange import NEED, default_id
from domain.partnership.state import Partnership
from domain.person.offices import offices_named

PROJECT = Bilingual(zh="共建项目", en="project")
_DID = ("person", "claimed_by", "delivered_by")


EVALUATE = Permission(
    "partnerships.may_evaluate", doing=Bilingual(zh="评价共建项目", en="evaluate a project")
)


class ListProject(Command[Partnership]):
    """List a project for the partners to claim."""

    permission: ClassVar[Permission] = RECORD

    project: Id | None = None
    need: Id | None = None
    title: Title
    description: Reason | None = None
    listed_on: date

    def consults(self, state: Partnership) -> Iterable[str]:
        """The community or the subdistrict."""
        return state.first_grounds()

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        if self.need:
            state.require_stage(NEED, f"need:{self.need}", "open")
        project = self.project or default_id(state, context)
        state.require_new(PROJECT, f"project:{project}")
        fields = {**vars(self), "project": project}
        return [*state.stating(ProjectListed(community=state.community, **fields), context)]


class ClaimProject(Command[Partnership]):
    """Claim a listed project for one of the partners, with a day by which it will be done."""

    permission: ClassVar[Permission] = RECORD

    project: Id
    by: Side
    person: PersonId | None = None
    claimed_on: date
    due_on: date

    def consults(self, state: Partnership) -> Iterable[str]:
        """The partners, and who claims it for one of them."""
        yield from state.first_grounds()
        yield from offices_named(self)

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(PROJECT, f"project:{self.project}", "listed")
        event = ProjectClaimed(
            community=state.community, claimed_by=context.by.actor.person, **vars(self)
        )
        return [*state.stating(event, context)]


class ReleaseProject(Command[Partnership]):
    """Give up a claimed project, so that it can be claimed again."""

    permission: ClassVar[Permission] = RECORD

    project: Id
    released_on: date
    reason: Reason

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(PROJECT, f"project:{self.project}", "claimed")
        return [*state.stating(ProjectReleased(community=state.community, **vars(self)), context)]


class DeliverProject(Command[Partnership]):
    """Record that a claimed project is done, with the result."""

    permission: ClassVar[Permission] = RECORD

    project: Id
    delivered_on: date
    result: Reason

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(PROJECT, f"project:{self.project}", "claimed")
        event = ProjectDelivered(
            community=state.community, delivered_by=context.by.actor.person, **vars(self)
        )
        return [*state.stating(event, context)]


CARRIED_OUT = Apart(
    "project.evaluator-took-part",
    Bilingual(zh="承办了该项目，或记录其认领、完成", en="carried it out or recorded its steps"),
    lambda command, state, _context: state.participants(f"project:{command.project}", _DID),
)


class EvaluateProject(Command[Partnership]):
    """Evaluate a delivered project. Whoever recorded its claim or delivery may not."""

    permission: ClassVar[Permission] = EVALUATE
    apart_from: ClassVar[tuple[Apart, ...]] = (CARRIED_OUT,)

    project: Id
    evaluated_on: date
    rating: Rating
    comment: Reason | None = None

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(PROJECT, f"project:{self.project}", "delivered")
        event = ProjectEvaluated(community=state.community, **vars(self))
        return [*state.stating(event, context)]


class DropProject(Command[Partnership]):
    """Drop a project that has not been delivered."""

    permission: ClassVar[Permission] = RECORD

    project: Id
    dropped_on: date
    reason: Reason

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(PROJECT, f"project:{self.project}", "listed", "claimed")
        return [*state.stating(ProjectDropped(community=state.community, **vars(self)), context)]
