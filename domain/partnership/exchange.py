"""Exchanges between partners (四个双向, 三(五)1): needs, services, feedback and
appraisal. Also the facilities that a unit opens to residents."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id, Reason, Title, derive_id
from domain.kernel.permission import Permission
from domain.kernel.text import Bilingual
from domain.partnership.agreement import RECORD
from domain.partnership.events import (
    FacilityClosed,
    FacilityKind,
    FacilityOpened,
    FeedbackGiven,
    NeedClosed,
    NeedStated,
    PartnerAppraised,
    Rating,
    ResourceOffered,
    ResourceWithdrawn,
    Side,
)
from domain.partnership.state import RESOURCE, Partnership

SIDES: Mapping[str, Bilingual] = MappingProxyType(
    {
        "community": Bilingual(zh="社区方", en="the community"),
        "unit": Bilingual(zh="单位方", en="the unit"),
    }
)
NEED = Bilingual(zh="需求", en="need")
FACILITY = Bilingual(zh="开放设施", en="facility")


class StateNeed(Command[Partnership]):
    """State a need of one of the partners."""

    permission: ClassVar[Permission] = RECORD

    need: Id | None = None
    by: Side
    description: Reason
    stated_on: date

    def consults(self, state: Partnership) -> Iterable[str]:
        """The partners."""
        return state.first_grounds()

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        need = self.need or default_id(state, context)
        state.require_new(NEED, f"need:{need}")
        fields = {**vars(self), "need": need}
        return [*state.stating(NeedStated(community=state.community, **fields), context)]


class CloseNeed(Command[Partnership]):
    """Close a need: it was met, or is no longer pursued."""

    permission: ClassVar[Permission] = RECORD

    need: Id
    closed_on: date
    met: bool
    result: Reason

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(NEED, f"need:{self.need}", "open")
        return [*state.stating(NeedClosed(community=state.community, **vars(self)), context)]


class OfferResource(Command[Partnership]):
    """Offer a resource of one of the partners."""

    permission: ClassVar[Permission] = RECORD

    resource: Id | None = None
    by: Side
    description: Reason
    offered_on: date
    available_until: date | None = None

    def consults(self, state: Partnership) -> Iterable[str]:
        """The partners."""
        return state.first_grounds()

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        resource = self.resource or default_id(state, context)
        state.require_new(RESOURCE, f"resource:{resource}")
        fields = {**vars(self), "resource": resource}
        return [*state.stating(ResourceOffered(community=state.community, **fields), context)]


class WithdrawResource(Command[Partnership]):
    """Withdraw an offered resource before its last day."""

    permission: ClassVar[Permission] = RECORD

    resource: Id
    withdrawn_on: date
    reason: Reason

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(RESOURCE, f"resource:{self.resource}", "offered")
        event = ResourceWithdrawn(community=state.community, **vars(self))
        return [*state.stating(event, context)]


class GiveFeedback(Command[Partnership]):
    """Record the feedback of one partner to the other."""

    permission: ClassVar[Permission] = RECORD

    by: Side
    given_on: date
    content: Reason

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        return [*state.stating(FeedbackGiven(community=state.community, **vars(self)), context)]


class AppraisePartner(Command[Partnership]):
    """Record how one partner appraises the other, once in each period of the policy."""

    permission: ClassVar[Permission] = RECORD

    by: Side
    appraised_on: date
    rating: Rating
    comment: Reason | None = None

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        event = PartnerAppraised(community=state.community, **vars(self))
        return [*state.stating(event, context)]


class OpenFacility(Command[Partnership]):
    """Record that the unit opens one of its facilities to residents."""

    permission: ClassVar[Permission] = RECORD

    facility: Id | None = None
    facility_kind: FacilityKind
    name: Title
    opening_hours: Title | None = None
    effective_from: date

    def consults(self, state: Partnership) -> Iterable[str]:
        """The partners."""
        return state.first_grounds()

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        facility = self.facility or default_id(state, context)
        state.require_new(FACILITY, f"facility:{facility}")
        fields = {**vars(self), "facility": facility}
        return [*state.stating(FacilityOpened(community=state.community, **fields), context)]


class CloseFacility(Command[Partnership]):
    """Record that a facility is no longer open to residents."""

    permission: ClassVar[Permission] = RECORD

    facility: Id
    effective_until: date
    reason: Reason

    def decide(self, state: Partnership, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(FACILITY, f"facility:{self.facility}", "available")
        event = FacilityClosed(community=state.community, **vars(self))
        return [*state.stating(event, context)]


def default_id(state: Partnership, context: DecisionContext) -> str:
    """The id of a matter for which the command gives none."""
    return derive_id(context.command_id, state.id, state.version)
