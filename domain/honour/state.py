"""What a household's honour or a posting is, by all that was stated of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from domain.dossier import Dossier
from domain.event import Event
from domain.honour.board import (
    BoardEntryPosted,
    BoardEntryRectified,
    BoardEntryRemoved,
    BoardEvent,
    require_sound_posting,
)
from domain.honour.household import (
    HonourWithdrawn,
    HouseholdEvent,
    HouseholdHonoured,
    require_sound_award,
)
from domain.occasion import Occasion
from domain.words import Words

HonourEvent = HouseholdEvent | BoardEvent

STAGES: Mapping[str, Words] = MappingProxyType(
    {
        "awarded": Words(zh="已授予", en="awarded"),
        "withdrawn": Words(zh="已取消", en="withdrawn"),
        "posted": Words(zh="公示中", en="posted"),
        "rectified": Words(zh="已整改、待撤榜", en="rectified and not removed yet"),
        "removed": Words(zh="已撤榜", en="removed"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Honour(Dossier):
    """One honour or one posting, with everything ever stated about it."""

    kind: ClassVar[str] = "honour"
    STAGE_WORDS: ClassVar = STAGES
    STAGES: ClassVar[Mapping[type[Event], str]] = {
        HouseholdHonoured: "awarded",
        HonourWithdrawn: "withdrawn",
        BoardEntryPosted: "posted",
        BoardEntryRectified: "rectified",
        BoardEntryRemoved: "removed",
    }

    @property
    def community(self) -> str:
        """The community in which it is."""
        opening: HouseholdHonoured | BoardEntryPosted = self.opening
        return opening.community

    def keepers(self, occasion: Occasion) -> tuple[str, ...]:
        """The roles that keep it: those who award titles, or who post on its board."""
        opening = self.opening
        if isinstance(opening, BoardEntryPosted):
            return occasion.policy.board(opening.board).may_post
        return occasion.policy.honours.may_award

    def check(self, event: Any, occasion: Occasion) -> None:
        """Refused unless the policy, and what else stands, allow what the event states."""
        if isinstance(event, HouseholdHonoured):
            require_sound_award(event, occasion)
        elif isinstance(event, BoardEntryPosted):
            require_sound_posting(event, occasion)
