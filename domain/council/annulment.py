"""Annulment of what was recorded by mistake: a council's founding or dissolution, or a session.

Membership, resolutions and attendance have their own annulments and corrections.
"""

from collections.abc import Iterable
from typing import ClassVar

from domain.council.events import CouncilEntryAnnulled
from domain.council.membership import HOLD
from domain.council.state import Council
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason, Version
from domain.kernel.permission import Permission
from domain.kernel.reservation import ReservingCommand, reserved, streams_of


class AnnulCouncilEntry(ReservingCommand, Command[Council]):
    """Annul a founding or dissolution, or the convening, holding or cancelling of a session, that
    was recorded by mistake and on which nothing rests; of a session, the newest entry first."""

    permission: ClassVar[Permission] = HOLD

    annuls: Version
    reason: Reason

    def consults(self, state: Council) -> Iterable[str]:
        """The reservations of the council's name."""
        return streams_of(state.key)

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        stated, session = state.require_annullable(self.annuls)
        annulled = CouncilEntryAnnulled(
            community=state.community,
            council_title=state.title,
            annuls=self.annuls,
            stated=stated,
            session=session,
            reason=self.reason,
        )
        return [annulled, *reserved(state.fold([annulled]), context)]
