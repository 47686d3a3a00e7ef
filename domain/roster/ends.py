"""Ends that follow only from a back-dated roster, in one step, so that no code is claimed between.

They record the same events as the commands that people use.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

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
from domain.kernel.permission import KEEP_COMMUNITIES, KEEP_JURISDICTIONS, Permission
from domain.kernel.refusal import Refused


class AbolishUntil(Command[Community]):
    """Record that a community did not exist from one day until another."""

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    effective_from: date
    effective_until: date
    reason: Reason | None = None

    def consults(self, state: Community) -> Iterable[str]:
        """All its codes."""
        return state.code_streams()

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """An abolition, a restoration, and code claims for the remaining days."""
        state.require_existing_on(self.effective_from)
        return _sound(
            state,
            context,
            CommunityAbolished(effective_from=self.effective_from, reason=self.reason),
            CommunityRestored(effective_from=self.effective_until),
        )


class AbolishEarlier(Command[Community]):
    """Record that a community was abolished earlier than the named entry says."""

    permission: ClassVar[Permission] = KEEP_COMMUNITIES

    annuls: Version
    effective_from: date
    reason: Reason

    def consults(self, state: Community) -> Iterable[str]:
        """All its codes."""
        return state.code_streams()

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        """The annulment of the later end, an earlier end, and the code claims that follow."""
        state.require_existing_on(self.effective_from)
        _require_end(state, self.annuls, "abolished")
        return _sound(
            state,
            context,
            EntryAnnulled(annuls=self.annuls, reason=self.reason),
            CommunityAbolished(effective_from=self.effective_from),
        )


class DissolveUntil(Command[Jurisdiction]):
    """Record that a jurisdiction did not exist from one day until another."""

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    effective_from: date
    effective_until: date
    reason: Reason | None = None

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """All its codes."""
        return state.code_streams()

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        """A dissolution, a restoration, and code claims for the remaining days."""
        state.require_existing_on(self.effective_from)
        return _sound(
            state,
            context,
            JurisdictionDissolved(effective_from=self.effective_from, reason=self.reason),
            JurisdictionRestored(effective_from=self.effective_until),
        )


class DissolveEarlier(Command[Jurisdiction]):
    """Record that a jurisdiction was dissolved earlier than the named entry says."""

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    annuls: Version
    effective_from: date
    reason: Reason

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """All its codes."""
        return state.code_streams()

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        """The annulment of the later end, an earlier end, and the code claims that follow."""
        state.require_existing_on(self.effective_from)
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
