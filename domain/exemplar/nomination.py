"""Exemplars from nomination to withdrawal (四(三)). Each belongs to a type of community. Nobody
designates what they nominated."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.community.state import Community
from domain.exemplar.candidacy import Candidacy
from domain.exemplar.events import (
    Audience,
    ExemplarDeclined,
    ExemplarDesignated,
    ExemplarEntryAnnulled,
    ExemplarEntryCorrected,
    ExemplarNominated,
    ExemplarWithdrawn,
    ExperienceShared,
    Merits,
)
from domain.exemplar.state import Exemplar
from domain.kernel.apart import Apart
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.corrections import annulling, correcting
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import CommunityId, Reason, Title, Version
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.reservation import ReservingCommand, reserved
from domain.kernel.step import Changes
from domain.kernel.text import Bilingual

EXEMPLAR = Bilingual(zh="先进典型", en="exemplar")


NOMINATE = Permission(
    "exemplars.may_nominate", doing=Bilingual(zh="推荐先进典型", en="nominate an exemplar")
)
DESIGNATE = Permission(
    "exemplars.may_designate", doing=Bilingual(zh="选树先进典型", en="designate an exemplar")
)


class NominateExemplar(ReservingCommand, Command[Exemplar]):
    """Nominate a community as an exemplar of its type, criterion by criterion.

    It can be nominated again in the type once it was declined or withdrawn.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = NOMINATE

    community: CommunityId
    title: Title
    merits: Merits
    nominated_on: date

    def consults(self, state: Exemplar) -> Iterable[str]:
        """The community, and the reservations of its nominations."""
        yield f"community:{self.community}"
        yield from Candidacy(self.community, "").streams()

    def decide(self, state: Exemplar, context: DecisionContext) -> list[Event | StreamEvent]:
        community = context.state(Community, self.community)
        community.require_existing_on(self.nominated_on)
        event = ExemplarNominated(
            **vars(self),
            type=community.require_type_on(self.nominated_on),
            nominated_by=context.by.actor.person,
        )
        stated = state.stating(event, context)
        return [*stated, *reserved(state.fold(stated), context)]


class DeclineExemplar(Command[Exemplar]):
    """Decide not to designate a nominated exemplar."""

    permission: ClassVar[Permission] = DESIGNATE

    declined_on: date
    reason: Reason

    def decide(self, state: Exemplar, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(EXEMPLAR, "", "nominated")
        return [*state.stating(ExemplarDeclined(community=state.community, **vars(self)), context)]


NOMINATED = Apart(
    "exemplar.designator-nominated",
    Bilingual(zh="推荐了该典型", en="nominated it"),
    lambda _command, state, _context: (state.began.nominated_by,),
)


class DesignateExemplar(Command[Exemplar]):
    """Designate a nominated exemplar while the community is still of that type.

    Nobody designates what they nominated.
    """

    permission: ClassVar[Permission] = DESIGNATE
    apart_from: ClassVar[tuple[Apart, ...]] = (NOMINATED,)

    designated_on: date

    def consults(self, state: Exemplar) -> Iterable[str]:
        """The community."""
        return (f"community:{state.stated[0].event.community}",) if state.stated else ()

    def decide(self, state: Exemplar, context: DecisionContext) -> list[Event | StreamEvent]:
        nominated: ExemplarNominated = state.opening
        state.require_stage(EXEMPLAR, "", "nominated")
        event = ExemplarDesignated(community=nominated.community, type=nominated.type, **vars(self))
        return [*state.stating(event, context)]


class ShareExperience(Command[Exemplar]):
    """Record that a designated exemplar shared its experience."""

    permission: ClassVar[Permission] = NOMINATE

    shared_on: date
    topic: Title
    content: Reason | None = None
    audience: Audience | None = None
    reached: Annotated[tuple[CommunityId, ...], Field(max_length=100)] = ()

    def consults(self, state: Exemplar) -> Iterable[str]:
        """The communities that it reached."""
        return (f"community:{each}" for each in dict.fromkeys(self.reached))

    def places(self, state: Exemplar) -> Iterable[str]:
        """Its own community: those that it reached may lie elsewhere."""
        return (state.stream,)

    def decide(self, state: Exemplar, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(EXEMPLAR, "", "designated")
        if len(set(self.reached)) < len(self.reached):
            raise Refused("experience.community-repeated")
        if state.community in self.reached:
            raise Refused("experience.reaches-itself")
        return [*state.stating(ExperienceShared(community=state.community, **vars(self)), context)]


class WithdrawExemplar(Command[Exemplar]):
    """Record that a designated community is no longer an exemplar."""

    permission: ClassVar[Permission] = DESIGNATE

    withdrawn_on: date
    reason: Reason

    def decide(self, state: Exemplar, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(EXEMPLAR, "", "designated")
        event = ExemplarWithdrawn(community=state.community, **vars(self))
        return [*state.stating(event, context)]


class CorrectExemplarEntry(ReservingCommand, Command[Exemplar]):
    """Correct what an entry states: the fields that were wrong, as they should have been."""

    permission: ClassVar[Permission] = DESIGNATE

    corrects: Version
    changes: Changes
    reason: Reason

    def consults(self, state: Exemplar) -> Iterable[str]:
        """What the entry rests on, and the community's other nominations."""
        yield from state.grounds_at(self.corrects, self.changes)
        yield from state.reservations()

    def decide(self, state: Exemplar, context: DecisionContext) -> list[Event | StreamEvent]:
        event = ExemplarEntryCorrected(community=state.community, **vars(self))
        corrected = correcting(state, event, context)
        return [*corrected, *reserved(state.fold(corrected), context)]


class AnnulExemplarEntry(ReservingCommand, Command[Exemplar]):
    """Annul an entry: it is void from the start. What rests on it is annulled first."""

    permission: ClassVar[Permission] = DESIGNATE

    annuls: Version
    reason: Reason

    def consults(self, state: Exemplar) -> Iterable[str]:
        """The community's other nominations."""
        return state.reservations()

    def decide(self, state: Exemplar, context: DecisionContext) -> list[Event | StreamEvent]:
        event = ExemplarEntryAnnulled(community=state.community, **vars(self))
        annulled = annulling(state, event)
        return [*annulled, *reserved(state.fold(annulled), context)]
