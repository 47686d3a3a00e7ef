"""What was recorded of a council by mistake is annulled: its founding, its dissolution, a session.

Joinings and leavings, resolutions and attendance have annulments and corrections of their own.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from domain.command import Command
from domain.council.membership import HOLD
from domain.event import Event, On
from domain.ids import CommunityId, Id, Reason, Title, Version
from domain.occasion import Occasion
from domain.reservation import KeepsOne, reserved, streams_of
from domain.words import Words

if TYPE_CHECKING:
    from domain.council.state import Council

Stated = Literal["founding", "dissolution", "convening", "holding", "cancelling"]


class CouncilEntryAnnulled(Event):
    """The founding or dissolution, or the convening, holding or cancelling of a session, that the
    entry named states, is void from the start; a session that was not held is convened again."""

    sentence = Words(
        zh="撤销“{council_title}”的{annuls}，自始无效。理由：{reason}",
        en="Entry {annuls} of {council_title} annulled, void from the start: {reason}",
    )

    community: CommunityId
    council_title: Title
    annuls: Version
    stated: Stated
    session: Id | None = None
    reason: Reason


class AnnulCouncilEntry(KeepsOne, Command["Council"]):
    """Annul a founding or dissolution, or the convening, holding or cancelling of a session, that
    was recorded by mistake: nothing rests on it any more, the newest of a session first."""

    annuls: Version
    reason: Reason

    def consults(self, state: "Council") -> Iterable[str]:
        """The community's other councils of this name."""
        return streams_of(state.key)

    def decide(self, state: "Council", occasion: Occasion) -> list[Event | On]:
        """Annulled, and what it had changed is as before."""
        occasion.require_role(occasion.policy.work.may_hold_meetings, HOLD)
        stated, session = state.require_annullable(self.annuls)
        annulled = CouncilEntryAnnulled(
            community=state.community,
            council_title=state.title,
            annuls=self.annuls,
            stated=stated,
            session=session,
            reason=self.reason,
        )
        return [annulled, *reserved(state.fold([annulled]), occasion)]
