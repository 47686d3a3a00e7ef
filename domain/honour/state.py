"""What a household's honour or a posting is, by all that was stated of it."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from domain.community.state import Community
from domain.dossier import require_order
from domain.event import Event
from domain.honour.board import (
    BoardEntryPosted,
    BoardEntryRectified,
    BoardEntryRemoved,
    BoardEvent,
    require_sound_posting,
)
from domain.honour.household import (
    AWARDED,
    HonourWithdrawn,
    HouseholdEvent,
    HouseholdHonoured,
    require_door,
    require_sound_award,
)
from domain.honour.tenure import Posting, Tenure
from domain.occasion import Occasion
from domain.policy import called
from domain.reservation import Key, SingleDossier
from domain.timeline import Span
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
class Honour(SingleDossier):
    """One honour or one posting, with everything ever stated about it."""

    kind: ClassVar[str] = "honour"
    what: ClassVar[Words] = Words(zh="荣誉或红黑榜条目", en="honour or board entry")
    STAGE_WORDS: ClassVar = STAGES
    STAGES: ClassVar[Mapping[type[Event], str]] = {
        HouseholdHonoured: "awarded",
        HonourWithdrawn: "withdrawn",
        BoardEntryPosted: "posted",
        BoardEntryRectified: "rectified",
        BoardEntryRemoved: "removed",
    }
    EARLY: ClassVar = {HonourWithdrawn: "held_until", BoardEntryRemoved: "posted_until"}

    def titled(self, opening: Any) -> Words:
        """By the title, or the board."""
        if isinstance(opening, HouseholdHonoured):
            title = called("honour", opening.honour)
            return Words(
                zh=f"“{opening.household}”的{title.zh}称号",
                en=f"the title {title.en} of “{opening.household}”",
            )
        board = called("board", opening.board)
        return Words(
            zh=f"{board.zh}条目（编号 {self.id}）",
            en=f"the entry {self.id} of the {board.en}",
        )

    @property
    def community(self) -> str:
        """The community in which it is."""
        opening: HouseholdHonoured | BoardEntryPosted = self.opening
        return opening.community

    def key_of(self, stated: Any) -> Key:
        """The household and its title; or what is posted, and where."""
        return Tenure.of(stated) if "household" in vars(stated) else Posting.of(stated)

    def spans(self) -> list[Span]:
        """The days on which it holds: until its end, or until it was withdrawn or removed."""
        spans = []
        for each in self.steps():
            match each.event:
                case HouseholdHonoured() as event:
                    spans.append(Span(event.awarded_on, event.held_until))
                case BoardEntryPosted() as event:
                    spans.append(Span(event.posted_on, event.posted_until))
                case HonourWithdrawn(withdrawn_on=day) | BoardEntryRemoved(removed_on=day):
                    cut = (span.shared(Span(date.min, day)) for span in spans)
                    spans = [span for span in cut if span]
        return spans

    def keepers(self, occasion: Occasion) -> tuple[str, ...]:
        """The roles that keep it: those who award titles, or who post on its board."""
        stated = (each.event for each in (*self.stated, *self.annulled) if not each.matter)
        first = next(stated)
        if isinstance(first, BoardEntryPosted):
            return occasion.policy.board(first.board).may_post
        return occasion.policy.honours.may_award

    def check(self, event: Any, occasion: Occasion, fields: Set[str]) -> None:
        """Refused unless the policy, and the community on that day, allow what it states."""
        match event:
            case HouseholdHonoured(awarded_on=day):
                if fields & {"honour", "stars"}:
                    require_sound_award(event, occasion)
                require_order(day, event.held_until, AWARDED)
                if "household" in fields:
                    require_door(event.household)
                if "awarded_on" in fields:
                    occasion.state(Community, event.community).require_standing_on(day)
            case BoardEntryPosted(posted_on=day):
                if fields & {"board", "legal_basis", "posted_on", "posted_until"}:
                    require_sound_posting(event, occasion)
                if "place" in fields:
                    require_door(event.place)
                if "posted_on" in fields:
                    occasion.state(Community, event.community).require_standing_on(day)
            case _:
                pass

    def grounds(self, event: Any) -> Iterable[str]:
        """The community, of an award and of a posting."""
        opening = isinstance(event, HouseholdHonoured | BoardEntryPosted)
        return (f"community:{event.community}",) if opening else ()
