"""The way of an exemplar (四(三)): each type of community has its own; whoever designates one
is not whoever nominated it."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, StrictInt

from domain.command import Command
from domain.community.state import Community
from domain.dossier import ANNULLED, CORRECTED, Annulment, Changes, Correction
from domain.event import Event, On
from domain.exemplar.candidacy import Candidacy
from domain.ids import CommunityId, Id, Names, Reason, Slug, Title, TypeSlug, Version
from domain.occasion import Occasion
from domain.policy import called, offered
from domain.refusals import NotAuthorised, Refused
from domain.reservation import KeepsOne, reserved
from domain.words import Words

if TYPE_CHECKING:
    from domain.exemplar.state import Exemplar

Merits = Annotated[
    dict[Annotated[Slug, Names("criterion")], Reason],
    Field(min_length=1, max_length=20, description="For each criterion of the policy, in words."),
]
Audience = Annotated[StrictInt, Field(ge=1, le=1_000_000)]

NOMINATE = Words(zh="推荐先进典型", en="nominate an exemplar")
DESIGNATE = Words(zh="选树先进典型", en="designate an exemplar")
EXEMPLAR = Words(zh="先进典型", en="exemplar")


class ExemplarNominated(Event):
    """A community was nominated as an exemplar of its type, by what it shows."""

    sentence = Words(
        zh="{nominated_on}被推荐为{type}社区先进典型“{title}”：{merits}",
        en="Nominated on {nominated_on} as an exemplar of {type}, “{title}”: {merits}",
    )

    community: CommunityId
    type: TypeSlug
    title: Title
    merits: Merits
    nominated_on: date
    nominated_by: Id


class ExemplarDeclined(Event):
    """It was decided not to designate the nominated exemplar."""

    sentence = Words(
        zh="{declined_on}未予选树：{reason}", en="Not designated, {declined_on}: {reason}"
    )

    community: CommunityId
    declined_on: date
    reason: Reason


class ExemplarDesignated(Event):
    """The community is an exemplar of its type (培育选树)."""

    sentence = Words(
        zh="{designated_on}选树为{type}社区先进典型", en="Exemplar of {type} from {designated_on}"
    )

    community: CommunityId
    type: TypeSlug
    designated_on: date


class ExperienceShared(Event):
    """The exemplar passed its experience on (以点带面); the communities that it reached."""

    sentence = Words(
        zh="{shared_on}分享经验“{topic}”（人数：{audience}；社区：{reached}）",
        en="Experience shared on {shared_on}: {topic} (audience: {audience}; communities: "
        "{reached})",
    )

    community: CommunityId
    shared_on: date
    topic: Title
    content: Reason | None = None
    audience: Audience | None = None
    reached: tuple[CommunityId, ...] = ()


class ExemplarWithdrawn(Event):
    """The community is an exemplar no longer."""

    sentence = Words(
        zh="{withdrawn_on}不再作为先进典型：{reason}",
        en="No longer an exemplar from {withdrawn_on}: {reason}",
    )

    community: CommunityId
    withdrawn_on: date
    reason: Reason


class ExemplarEntryCorrected(Correction, Event):
    """An entry of this exemplar stated something wrongly."""

    sentence = CORRECTED


class ExemplarEntryAnnulled(Annulment, Event):
    """An entry of this exemplar is void from the start."""

    sentence = ANNULLED


ExemplarEvent = (
    ExemplarNominated
    | ExemplarDeclined
    | ExemplarDesignated
    | ExperienceShared
    | ExemplarWithdrawn
    | ExemplarEntryCorrected
    | ExemplarEntryAnnulled
)


class NominateExemplar(KeepsOne, Command["Exemplar"]):
    """Nominate a community as an exemplar of the type that it is of, criterion by criterion.

    Of a type it is nominated once, until it is declined or is an exemplar no longer.
    """

    begins: ClassVar[bool] = True

    community: CommunityId
    title: Title
    merits: Merits
    nominated_on: date

    def consults(self, state: "Exemplar") -> Iterable[str]:
        """The community, and its other nominations."""
        yield f"community:{self.community}"
        yield from Candidacy(self.community, "").streams()

    def decide(self, state: "Exemplar", occasion: Occasion) -> list[Event | On]:
        """Nominated."""
        occasion.require_role(occasion.policy.exemplars.may_nominate, NOMINATE)
        community = occasion.state(Community, self.community)
        community.require_standing_on(self.nominated_on)
        event = ExemplarNominated(
            **vars(self),
            type=community.require_type_on(self.nominated_on),
            nominated_by=occasion.by.actor.person,
        )
        stated = state.stating(event, occasion)
        return [*stated, *reserved(state.fold(stated), occasion)]


class DeclineExemplar(Command["Exemplar"]):
    """Decide not to designate a nominated exemplar."""

    declined_on: date
    reason: Reason

    def decide(self, state: "Exemplar", occasion: Occasion) -> list[Event | On]:
        """Declined."""
        occasion.require_role(occasion.policy.exemplars.may_designate, DESIGNATE)
        state.require_stage(EXEMPLAR, "", "nominated")
        return [*state.stating(ExemplarDeclined(community=state.community, **vars(self)), occasion)]


class DesignateExemplar(Command["Exemplar"]):
    """Designate a nominated exemplar, while the community is of the type it was nominated in.

    Whoever designates is not whoever nominated.
    """

    designated_on: date

    def consults(self, state: "Exemplar") -> Iterable[str]:
        """The community."""
        return (f"community:{state.stated[0].event.community}",) if state.stated else ()

    def decide(self, state: "Exemplar", occasion: Occasion) -> list[Event | On]:
        """Designated."""
        occasion.require_role(occasion.policy.exemplars.may_designate, DESIGNATE)
        nominated: ExemplarNominated = state.opening
        state.require_stage(EXEMPLAR, "", "nominated")
        if nominated.nominated_by == occasion.by.actor.person:
            raise NotAuthorised(
                "You nominated this exemplar yourself; somebody else must designate it.",
                "该典型由您推荐；须由他人选树。",
            )
        event = ExemplarDesignated(community=nominated.community, type=nominated.type, **vars(self))
        return [*state.stating(event, occasion)]


class ShareExperience(Command["Exemplar"]):
    """Record that a designated exemplar passed its experience on."""

    shared_on: date
    topic: Title
    content: Reason | None = None
    audience: Audience | None = None
    reached: Annotated[tuple[CommunityId, ...], Field(max_length=100)] = ()

    def consults(self, state: "Exemplar") -> Iterable[str]:
        """The communities that it reached."""
        return (f"community:{each}" for each in dict.fromkeys(self.reached))

    def decide(self, state: "Exemplar", occasion: Occasion) -> list[Event | On]:
        """Shared."""
        occasion.require_role(occasion.policy.exemplars.may_nominate, NOMINATE)
        state.require_stage(EXEMPLAR, "", "designated")
        if len(set(self.reached)) < len(self.reached) or state.community in self.reached:
            raise Refused(
                "A community is named twice, or is the exemplar itself; name each other community "
                "once.",
                "社区重复填写，或填写了典型自身；请将其他社区各填写一次。",
            )
        return [*state.stating(ExperienceShared(community=state.community, **vars(self)), occasion)]


class WithdrawExemplar(Command["Exemplar"]):
    """Record that a designated community is an exemplar no longer."""

    withdrawn_on: date
    reason: Reason

    def decide(self, state: "Exemplar", occasion: Occasion) -> list[Event | On]:
        """Withdrawn."""
        occasion.require_role(occasion.policy.exemplars.may_designate, DESIGNATE)
        state.require_stage(EXEMPLAR, "", "designated")
        event = ExemplarWithdrawn(community=state.community, **vars(self))
        return [*state.stating(event, occasion)]


class CorrectExemplarEntry(KeepsOne, Command["Exemplar"]):
    """Correct what an entry states: the fields that were wrong, as they should have been."""

    corrects: Version
    changes: Changes
    reason: Reason

    def consults(self, state: "Exemplar") -> Iterable[str]:
        """What the entry rests on, and the community's other nominations."""
        yield from state.grounds_at(self.corrects)
        yield from state.reservations()

    def decide(self, state: "Exemplar", occasion: Occasion) -> list[Event | On]:
        """Corrected."""
        occasion.require_role(occasion.policy.exemplars.may_designate, DESIGNATE)
        event = ExemplarEntryCorrected(community=state.community, **vars(self))
        corrected = state.correcting(event, occasion)
        return [*corrected, *reserved(state.fold(corrected), occasion)]


class AnnulExemplarEntry(KeepsOne, Command["Exemplar"]):
    """Annul an entry: it is void from the start. What rests on it is annulled first."""

    annuls: Version
    reason: Reason

    def consults(self, state: "Exemplar") -> Iterable[str]:
        """The community's other nominations."""
        return state.reservations()

    def decide(self, state: "Exemplar", occasion: Occasion) -> list[Event | On]:
        """Annulled."""
        occasion.require_role(occasion.policy.exemplars.may_designate, DESIGNATE)
        event = ExemplarEntryAnnulled(community=state.community, **vars(self))
        annulled = state.annulling(event)
        return [*annulled, *reserved(state.fold(annulled), occasion)]


def require_type(
    event: ExemplarNominated | ExemplarDesignated, day: date, occasion: Occasion
) -> None:
    """Refused unless the community is on that day of the type in which it was nominated."""
    community = occasion.state(Community, event.community)
    community.require_standing_on(day)
    if (type := community.require_type_on(day)) != event.type:
        then, now = called("type", event.type), called("type", type)
        raise Refused(
            f"{community.title} was nominated as {then.en} and is {now.en} on {day}; decline this "
            "nomination, and nominate it anew, or choose another day.",
            f"{community.title} 以{then.zh}社区被推荐，而 {day} 时为{now.zh}社区；"
            "请不予选树并重新推荐，或另选日期。",
        )


def require_every_merit(event: ExemplarNominated, occasion: Occasion) -> None:
    """Refused unless the nomination says how the community meets each of the policy's criteria."""
    criteria = {each.code: each.title for each in occasion.policy.exemplars.criteria}
    if unknown := [code for code in event.merits if code not in criteria]:
        choice = offered("criterion", [*criteria])
        raise Refused(
            f"The policy {occasion.policy.version} has no criterion {unknown[0]}; choose among "
            f"{choice.en}.",
            f"政策 {occasion.policy.version} 中没有 {unknown[0]} 这一要求；"
            f"请从中选择：{choice.zh}。",
        )
    if missing := [code for code in criteria if code not in event.merits]:
        raise Refused(
            f"The nomination does not say how the community meets: {', '.join(missing)}; say so "
            "for each criterion.",
            f"推荐未说明：{'、'.join(criteria[code].zh for code in missing)}；请逐项说明。",
        )
