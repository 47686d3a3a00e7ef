"""Corrections and annulments of entries about a jurisdiction.

Each names the entry and gives a reason. Nothing is overwritten.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.jurisdiction.administrative_unit import claims
from domain.jurisdiction.events import (
    JurisdictionCodeCorrected,
    JurisdictionEntryAnnulled,
    JurisdictionEstablishmentCorrected,
    JurisdictionNameCorrected,
    JurisdictionParentCorrected,
)
from domain.jurisdiction.levels import require_code
from domain.jurisdiction.state import Jurisdiction
from domain.jurisdiction.tree import CODE, NAME, PLACE, require_under
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import JurisdictionCode, JurisdictionId, Reason, Title, Version
from domain.kernel.permission import KEEP_JURISDICTIONS, Permission
from domain.kernel.refusal import Refused


class CorrectJurisdictionName(Command[Jurisdiction]):
    """Correct the name or the day that an entry states."""

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    corrects: Version
    name: Title
    effective_from: date
    reason: Reason

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        was = state.correctable(state.names, self.corrects, NAME)
        state.require_correction(was, self.effective_from, self.name, NAME)
        return [JurisdictionNameCorrected(**vars(self))]


class CorrectJurisdictionCode(Command[Jurisdiction]):
    """Correct the code or the day that an entry states."""

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    corrects: Version
    code: JurisdictionCode | None
    effective_from: date
    reason: Reason

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """The streams of all its codes and of the right one."""
        return state.code_streams(self.code)

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        was = state.correctable(state.codes, self.corrects, CODE)
        require_code(state.level_on(self.effective_from), self.code)
        state.require_correction(was, self.effective_from, self.code, CODE)
        corrected = JurisdictionCodeCorrected(**vars(self))
        return [corrected, *claims(context, (state, state.fold([corrected])))]


class CorrectJurisdictionParent(Command[Jurisdiction]):
    """Correct the parent or the day that an entry states."""

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    corrects: Version
    parent: JurisdictionId
    effective_from: date
    reason: Reason

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """The right parent."""
        return (f"jurisdiction:{self.parent}",)

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        was = state.correctable(state.parents, self.corrects, PLACE)
        level = state.level_on(self.effective_from)
        require_under(state, level, self.parent, self.effective_from, context)
        state.require_correction(was, self.effective_from, self.parent, PLACE)
        return [JurisdictionParentCorrected(**vars(self))]


class CorrectEstablishment(Command[Jurisdiction]):
    """Correct the day from which a jurisdiction exists."""

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    corrects: Version
    effective_from: date
    reason: Reason

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """All its codes, and the parents it may lie under on that day."""
        parents = dict.fromkeys(c.value for c in state.parents.changes if c.value)
        return (*state.code_streams(), *(f"jurisdiction:{parent}" for parent in parents))

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_beginning_on(self.corrects, self.effective_from)
        corrected = JurisdictionEstablishmentCorrected(**vars(self))
        after = state.fold([corrected])
        if parent := after.parents.on(self.effective_from):
            state.other(context, parent).require_existing_on(self.effective_from)
        return [corrected, *claims(context, (state, after))]


class AnnulJurisdictionEntry(Command[Jurisdiction]):
    """Annul an entry of a jurisdiction: it is void from the start."""

    permission: ClassVar[Permission] = KEEP_JURISDICTIONS

    annuls: Version
    reason: Reason

    def consults(self, state: Jurisdiction) -> Iterable[str]:
        """All its codes."""
        return state.code_streams()

    def decide(self, state: Jurisdiction, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_annullable(self.annuls, state.timelines())
        annulled = JurisdictionEntryAnnulled(**vars(self))
        after = state.fold([annulled])
        if state.tier == 0 and not any(after.standing.stated()):
            raise Refused("jurisdiction.city-establishment-annulled")
        after.require_sound_lifetime()
        return [annulled, *claims(context, (state, after))]
