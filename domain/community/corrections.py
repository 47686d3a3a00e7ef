"""Corrections and annulments of entries about a community's identity.

Each names the entry and gives a reason. Nothing is overwritten.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import ClassVar

from domain.community.events import (
    CodeCorrected,
    EntryAnnulled,
    NameCorrected,
    PlaceCorrected,
    RegistrationCorrected,
)
from domain.community.identity import CODE, NAME, PLACE, require_place
from domain.community.state import Community
from domain.jurisdiction.administrative_unit import claims
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import CommunityCode, JurisdictionId, Reason, Title, Version
from domain.kernel.permission import KEEP_COMMUNITIES, Permission
from domain.kernel.refusal import Refused


class CorrectName(Command[Community]):
    """Correct the name or the day that an entry states."""

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    corrects: Version
    name: Title
    effective_from: date
    reason: Reason

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        was = state.correctable(state.names, self.corrects, NAME)
        state.require_correction(was, self.effective_from, self.name, NAME)
        return [NameCorrected(**vars(self))]


class CorrectCode(Command[Community]):
    """Correct the code or the day that an entry states."""

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    corrects: Version
    code: CommunityCode | None
    effective_from: date
    reason: Reason

    def consults(self, state: Community) -> Iterable[str]:
        """The streams of all its codes and of the right one."""
        return state.code_streams(self.code)

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        was = state.correctable(state.codes, self.corrects, CODE)
        state.require_correction(was, self.effective_from, self.code, CODE)
        corrected = CodeCorrected(**vars(self))
        return [corrected, *claims(context, (state, state.fold((corrected,))))]


class CorrectPlace(Command[Community]):
    """Correct the subdistrict or the day that an entry states."""

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    corrects: Version
    subdistrict: JurisdictionId
    effective_from: date
    reason: Reason

    def consults(self, state: Community) -> Iterable[str]:
        """The right subdistrict."""
        return (f"jurisdiction:{self.subdistrict}",)

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        was = state.correctable(state.subdistricts, self.corrects, PLACE)
        require_place(context, self.subdistrict, self.effective_from)
        state.require_correction(was, self.effective_from, self.subdistrict, PLACE)
        return [PlaceCorrected(**vars(self))]


class CorrectRegistration(Command[Community]):
    """Correct the day from which a community exists."""

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    corrects: Version
    effective_from: date
    reason: Reason

    def consults(self, state: Community) -> Iterable[str]:
        """The streams of all its codes, and the subdistricts it may lie under on that day."""
        places = dict.fromkeys(change.value for change in state.subdistricts.changes)
        return (*state.code_streams(), *(f"jurisdiction:{place}" for place in places))

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_beginning_on(self.corrects, self.effective_from)
        corrected = RegistrationCorrected(**vars(self))
        after = state.fold((corrected,))
        place = after.subdistricts.on(self.effective_from)
        assert place is not None, "a registration states a place"
        require_place(context, place, self.effective_from)
        return [corrected, *claims(context, (state, after))]


class AnnulEntry(Command[Community]):
    """Annul an entry of identity, lineage or profile: it is void from the start.

    Annul a merger on the community that ended, and a split after the registrations of its parts.
    """

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    annuls: Version
    reason: Reason

    def consults(self, state: Community) -> Iterable[str]:
        """All its codes, and the communities that the entry names."""
        links = state.links.standing(self.annuls)
        others = [link.other for link in (links and links.value) or ()]
        return (*state.code_streams(), *(f"community:{other}" for other in others))

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """The annulment here and on the other side of a lineage, with the code claims."""
        state.require_annullable(self.annuls, state.identity())
        annulled = EntryAnnulled(**vars(self))
        after = state.fold((annulled,))
        after.require_sound_lifetime()
        mirrored = list(self._mirrored(state, context))
        return [annulled, *mirrored, *claims(context, (state, after))]

    def _mirrored(self, state: Community, context: DecisionContext) -> Iterator[StreamEvent]:
        stated = state.links.standing(self.annuls)
        for link in (stated and stated.value) or ():
            assert stated is not None
            (other,) = state.require_relatives(context, (link.other,))
            mirror = other.mirror(state.id, stated.effective_from, link)
            if mirror and link.follows:
                raise Refused(
                    "lineage.stated-elsewhere",
                    title=state.title,
                    entry=self.annuls,
                    other=other.title,
                    other_entry=mirror,
                )
            if mirror:
                yield StreamEvent(other.stream, EntryAnnulled(annuls=mirror, reason=self.reason))
            elif (link.relation, link.manner) == ("successor", "split") and other.is_registered:
                raise Refused("split.part-registered", part=other.called, title=state.title)
