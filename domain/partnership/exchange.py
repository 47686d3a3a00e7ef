"""What partners exchange in both directions (四个双向, 三(五)1): needs, services, feedback and
appraisal. Also the facilities that a unit opens to residents."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal

from domain.command import Command
from domain.event import Event, On
from domain.ids import CommunityId, Id, Names, Reason, Slug, Title, mint
from domain.occasion import Occasion
from domain.partnership.agreement import RECORD
from domain.words import Words

if TYPE_CHECKING:
    from domain.partnership.state import Partnership

Side = Annotated[Literal["community", "unit"], Names("side")]
Rating = Annotated[Slug, Names("rating")]
FacilityKind = Annotated[Slug, Names("facility")]

SIDES: Mapping[str, Words] = MappingProxyType(
    {"community": Words(zh="社区方", en="the community"), "unit": Words(zh="单位方", en="the unit")}
)
NEED = Words(zh="需求", en="need")
RESOURCE = Words(zh="资源", en="resource")
FACILITY = Words(zh="开放设施", en="facility")


class NeedStated(Event):
    """One of the partners needs something (双向需求征集)."""

    sentence = Words(
        zh="{stated_on}{by}提出需求：{description}",
        en="Need stated by {by} on {stated_on}: {description}",
    )

    community: CommunityId | None = None
    need: Id
    by: Side
    description: Reason
    stated_on: date


class NeedClosed(Event):
    """A need was met, or is pursued no longer."""

    sentence = Words(
        zh="{closed_on}需求“{need}”办结（是否满足：{met}）：{result}",
        en="Need “{need}” closed on {closed_on} (met: {met}): {result}",
    )

    community: CommunityId | None = None
    need: Annotated[Id, Names("need")]
    closed_on: date
    met: bool
    result: Reason


class ResourceOffered(Event):
    """One of the partners offers something (双向提供服务)."""

    sentence = Words(
        zh="{offered_on}{by}提供资源：{description}（截止：{available_until}）",
        en="Resource offered by {by} on {offered_on}: {description} (until: {available_until})",
    )

    community: CommunityId | None = None
    resource: Id
    by: Side
    description: Reason
    offered_on: date
    available_until: date | None = None


class ResourceWithdrawn(Event):
    """What was offered is offered no longer."""

    sentence = Words(
        zh="{withdrawn_on}起不再提供资源“{resource}”：{reason}",
        en="Resource “{resource}” withdrawn on {withdrawn_on}: {reason}",
    )

    community: CommunityId | None = None
    resource: Annotated[Id, Names("resource")]
    withdrawn_on: date
    reason: Reason


class FeedbackGiven(Event):
    """One partner told the other how it goes (双向沟通反馈)."""

    sentence = Words(
        zh="{given_on}{by}反馈：{content}", en="Feedback by {by} on {given_on}: {content}"
    )

    community: CommunityId | None = None
    by: Side
    given_on: date
    content: Reason


class PartnerAppraised(Event):
    """One partner appraised the other (双向考核评价)."""

    sentence = Words(
        zh="{appraised_on}{by}评价对方：{rating}（{comment}）",
        en="Partner appraised by {by} on {appraised_on}: {rating} ({comment})",
    )

    community: CommunityId | None = None
    by: Side
    appraised_on: date
    rating: Rating
    comment: Reason | None = None


class FacilityOpened(Event):
    """The unit opened a facility of its own to residents (设施向居民开放)."""

    sentence = Words(
        zh="自{effective_from}起向居民开放{facility_kind}“{name}”（开放时间：{opening_hours}）",
        en="{facility_kind} “{name}” open to residents from {effective_from} "
        "(hours: {opening_hours})",
    )

    community: CommunityId | None = None
    facility: Id
    facility_kind: FacilityKind
    name: Title
    opening_hours: Title | None = None
    effective_from: date


class FacilityClosed(Event):
    """The facility is no longer open to residents from this day on."""

    sentence = Words(
        zh="自{effective_until}起设施“{facility}”不再向居民开放：{reason}",
        en="Facility “{facility}” no longer open to residents from {effective_until}: {reason}",
    )

    community: CommunityId | None = None
    facility: Annotated[Id, Names("open-facility")]
    effective_until: date
    reason: Reason


ExchangeEvent = (
    NeedStated
    | NeedClosed
    | ResourceOffered
    | ResourceWithdrawn
    | FeedbackGiven
    | PartnerAppraised
    | FacilityOpened
    | FacilityClosed
)


class StateNeed(Command["Partnership"]):
    """State what one of the partners needs."""

    need: Id | None = None
    by: Side
    description: Reason
    stated_on: date

    def consults(self, state: "Partnership") -> Iterable[str]:
        """The community or the subdistrict."""
        return state.first_grounds()

    def decide(self, state: "Partnership", occasion: Occasion) -> list[Event | On]:
        """Stated."""
        occasion.require_role(occasion.policy.partnerships.may_record, RECORD)
        need = self.need or minted(state, occasion)
        state.require_new(NEED, f"need:{need}")
        fields = {**vars(self), "need": need}
        return [*state.stating(NeedStated(community=state.community, **fields), occasion)]


class CloseNeed(Command["Partnership"]):
    """Close a need: it was met, or is pursued no longer."""

    need: Id
    closed_on: date
    met: bool
    result: Reason

    def decide(self, state: "Partnership", occasion: Occasion) -> list[Event | On]:
        """Closed."""
        occasion.require_role(occasion.policy.partnerships.may_record, RECORD)
        state.require_stage(NEED, f"need:{self.need}", "open")
        return [*state.stating(NeedClosed(community=state.community, **vars(self)), occasion)]


class OfferResource(Command["Partnership"]):
    """Offer something that one of the partners has."""

    resource: Id | None = None
    by: Side
    description: Reason
    offered_on: date
    available_until: date | None = None

    def consults(self, state: "Partnership") -> Iterable[str]:
        """The community or the subdistrict."""
        return state.first_grounds()

    def decide(self, state: "Partnership", occasion: Occasion) -> list[Event | On]:
        """Offered."""
        occasion.require_role(occasion.policy.partnerships.may_record, RECORD)
        resource = self.resource or minted(state, occasion)
        state.require_new(RESOURCE, f"resource:{resource}")
        fields = {**vars(self), "resource": resource}
        return [*state.stating(ResourceOffered(community=state.community, **fields), occasion)]


class WithdrawResource(Command["Partnership"]):
    """Withdraw what was offered, before the day until which it is offered."""

    resource: Id
    withdrawn_on: date
    reason: Reason

    def decide(self, state: "Partnership", occasion: Occasion) -> list[Event | On]:
        """Withdrawn."""
        occasion.require_role(occasion.policy.partnerships.may_record, RECORD)
        state.require_stage(RESOURCE, f"resource:{self.resource}", "offered")
        event = ResourceWithdrawn(community=state.community, **vars(self))
        return [*state.stating(event, occasion)]


class GiveFeedback(Command["Partnership"]):
    """Record what one partner told the other."""

    by: Side
    given_on: date
    content: Reason

    def decide(self, state: "Partnership", occasion: Occasion) -> list[Event | On]:
        """Given."""
        occasion.require_role(occasion.policy.partnerships.may_record, RECORD)
        return [*state.stating(FeedbackGiven(community=state.community, **vars(self)), occasion)]


class AppraisePartner(Command["Partnership"]):
    """Record how one partner appraises the other: each side once in a period of the policy."""

    by: Side
    appraised_on: date
    rating: Rating
    comment: Reason | None = None

    def decide(self, state: "Partnership", occasion: Occasion) -> list[Event | On]:
        """Appraised."""
        occasion.require_role(occasion.policy.partnerships.may_record, RECORD)
        event = PartnerAppraised(community=state.community, **vars(self))
        return [*state.stating(event, occasion)]


class OpenFacility(Command["Partnership"]):
    """Record that the unit opens a facility of its own to residents."""

    facility: Id | None = None
    facility_kind: FacilityKind
    name: Title
    opening_hours: Title | None = None
    effective_from: date

    def consults(self, state: "Partnership") -> Iterable[str]:
        """The community or the subdistrict."""
        return state.first_grounds()

    def decide(self, state: "Partnership", occasion: Occasion) -> list[Event | On]:
        """Opened."""
        occasion.require_role(occasion.policy.partnerships.may_record, RECORD)
        facility = self.facility or minted(state, occasion)
        state.require_new(FACILITY, f"facility:{facility}")
        fields = {**vars(self), "facility": facility}
        return [*state.stating(FacilityOpened(community=state.community, **fields), occasion)]


class CloseFacility(Command["Partnership"]):
    """Record that a facility is no longer open to residents."""

    facility: Id
    effective_until: date
    reason: Reason

    def decide(self, state: "Partnership", occasion: Occasion) -> list[Event | On]:
        """Closed."""
        occasion.require_role(occasion.policy.partnerships.may_record, RECORD)
        state.require_stage(FACILITY, f"facility:{self.facility}", "available")
        event = FacilityClosed(community=state.community, **vars(self))
        return [*state.stating(event, occasion)]


def minted(state: "Partnership", occasion: Occasion) -> str:
    """The id of a matter that the command gives none."""
    return mint(occasion.command_id, state.id, state.version)
