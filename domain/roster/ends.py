"""Ends that only a back-dated roster states: in one step, so that no code is claimed in between.

They record the same events as the commands for people do.
"""

from collections.abc import Iterable
from datetime import date

from domain.community.events import CommunityAbolished, CommunityRestored, EntryAnnulled
from domain.community.state import Community
from domain.jurisdiction.administrative_unit import AdministrativeUnit, claims
from domain.jurisdiction.events import (
    JurisdictionDissolved,
    JurisdictionEntryAnnulled,
    JurisdictionRestored,
)
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason, Version
from domain.kernel.refusal import Refused


class AbolishUntil(Command[Community]):
    """Record that a community did not exist from a day until another, when it does again."""

    effective_from: date
    effective_until: date
    reason: Reason | None = None

    def consults(self, state: Community) -> Iterable[str]:
        """All its codes."""
        return state.code_streams()

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """An abolition and a restoration, and the codes claimed for the days that are left."""
        state.require_standing_on(self.effective_from)
        return _sound(
            state,
            context,
            CommunityAbolished(effective_from=self.effective_from, reason=self.reason),
            CommunityRestored(effective_from=self.effective_until),
        )


class AbolishEarlier(Command[Community]):
    """Record that a community was abolished on an earlier day than the entry named says."""

    annuls: Version
    effective_from: date
    reason: Reason

    def consults(self, state: Community) -> Iterable[str]:
        """All its codes."""
        return state.code_streams()

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """The later end annulled, an earlier one, and the codes claimed for the shorter life."""
        state.require_standing_on(self.effective_from)
        _require_end(state, self.annuls, "abolished")
        return _sound(
            state,
            context,
            EntryAnnulled(annuls=self.annuls, reason=self.reason),
            CommunityAbolished(effective_from=self.effective_from),
        )


class DissolveUntil(Command[Jurisdiction]):
    """Record that a jurisdiction did not exist from a day until another, when it does again."""

    effective_from: date
    effective_until: date
    reason: Reason | None = None

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """All its codes."""
        return state.code_streams()

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        """A dissolution and a restoration, and the codes claimed for the days that are left."""
        state.require_standing_on(self.effective_from)
        return _sound(
            state,
            context,
            JurisdictionDissolved(effective_from=self.effective_from, reason=self.reason),
            JurisdictionRestored(effective_from=self.effective_until),
        )


class DissolveEarlier(Command[Jurisdiction]):
    """Record that a jurisdiction was dissolved on an earlier day than the entry named says."""

    annuls: Version
    effective_from: date
    reason: Reason

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """All its codes."""
        return state.code_streams()

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        """The later end annulled, an earlier one, and the codes claimed for the shorter life."""
        state.require_standing_on(self.effective_from)
        _require_end(state, self.annuls, "dissolved")
        return _sound(
            state,
            context,
            JurisdictionEntryAnnulled(annuls=self.annuls, reason=self.reason),
            JurisdictionDissolved(effective_from=self.effective_from),
        )


def _sound(
    state: AdministrativeUnit, context: DecisionContext, *events: Event
) -> list[Event | StreamEvent]:
    after = state.fold(events)
    after.require_sound_lifetime()
    return [*events, *claims(context, (state, after))]


def _require_end(state: AdministrativeUnit, version: int, manner: str) -> None:
    change = state.standing.standing(version)
    if change is None or change.value != manner:
        raise Refused("roster.contradicts-entry", title=state.title, entry=version)
