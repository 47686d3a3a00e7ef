"""The state of a household's honour or of a posting."""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, ClassVar

from domain.community.state import Community
from domain.honour.events import (
    BoardEntryPosted,
    BoardEntryRemoved,
    HonourEvent,
    HonourWithdrawn,
    HouseholdHonoured,
)
from domain.honour.tenure import Posting, Tenure
from domain.kernel.context import DecisionContext
from domain.kernel.days import require_order
from domain.kernel.policy import called
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key, SingleStagedSubject
from domain.kernel.step import stages_of
from domain.kernel.text import Bilingual, comparable
from domain.kernel.timeline import DateSpan

POSTING = Bilingual(zh="榜单条目", en="posting")

# Eleven digits in a row, or a mobile number with hyphens; an identity card has more digits.
_NUMBER_OF_SOMEBODY = re.compile(r"[0-9]{11}|(?<![0-9])1[0-9]{2}-[0-9]{4}-[0-9]{4}(?![0-9])")
AWARDED = Bilingual(zh="称号", en="award")

STAGE_TITLES: Mapping[str, Bilingual] = MappingProxyType(
    {
        "awarded": Bilingual(zh="已授予", en="awarded"),
        "withdrawn": Bilingual(zh="已取消", en="withdrawn"),
        "posted": Bilingual(zh="公示中", en="posted"),
        "rectified": Bilingual(zh="已整改、待撤榜", en="rectified and not removed yet"),
        "removed": Bilingual(zh="已撤榜", en="removed"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Honour(SingleStagedSubject[HonourEvent]):
    """One honour or one posting, with everything that was stated about it."""

    kind: ClassVar[str] = "honour"
    what: ClassVar[Bilingual] = Bilingual(zh="荣誉或红黑榜条目", en="honour or board entry")
    STAGES: ClassVar = stages_of(HonourEvent)
    STAGE_WORDS: ClassVar = STAGE_TITLES

    def titled(self, opening: Any) -> Bilingual:
        """An honour is called by its title, a posting by its board."""
        if isinstance(opening, HouseholdHonoured):
            title = called("honour", opening.honour)
            return Bilingual(
                zh=f"“{opening.household}”的{title.zh}称号",
                en=f"the title {title.en} of “{opening.household}”",
            )
        board = called("board", opening.board)
        return Bilingual(
            zh=f"{board.zh}条目（编号 {self.id}）",
            en=f"the entry {self.id} of the {board.en}",
        )

    @property
    def community(self) -> str:
        """The id of the community."""
        opening: HouseholdHonoured | BoardEntryPosted = self.opening
        return opening.community

    def key_of(self, stated: Any) -> Key:
        """The household and its title, or the posted matter."""
        return Tenure.of(stated) if "household" in vars(stated) else Posting.of(stated)

    def spans(self) -> list[DateSpan]:
        """The days on which it holds: until its end, or until it was withdrawn or removed."""
        spans = []
        for each in self.steps():
            match each.event:
                case HouseholdHonoured() as event:
                    spans.append(DateSpan(event.awarded_on, event.held_until))
                case BoardEntryPosted() as event:
                    spans.append(DateSpan(event.posted_on, event.posted_until))
                case HonourWithdrawn(withdrawn_on=day) | BoardEntryRemoved(removed_on=day):
                    cut = (span.shared(DateSpan(date.min, day)) for span in spans)
                    spans = [span for span in cut if span]
        return spans

    def keepers(self, context: DecisionContext) -> tuple[str, ...]:
        """The roles that may award titles, or post on its board."""
        if isinstance(self.began, BoardEntryPosted):
            return context.policy.board(self.began.board).may_post
        return context.policy.honours.may_award

    def check(self, event: HonourEvent, context: DecisionContext, fields: Set[str]) -> None:
        """Refused unless the policy and the community on that day allow what it states."""
        match event:
            case HouseholdHonoured(awarded_on=day):
                if fields & {"honour", "stars"}:
                    require_sound_award(event, context)
                require_order(day, event.held_until, AWARDED)
                if "household" in fields:
                    require_door(event.household)
                if "awarded_on" in fields:
                    context.state(Community, event.community).require_existing_on(day)
            case BoardEntryPosted(posted_on=day):
                if fields & {"board", "legal_basis", "posted_on", "posted_until"}:
                    require_sound_posting(event, context)
                if "place" in fields:
                    require_door(event.place)
                if "posted_on" in fields:
                    context.state(Community, event.community).require_existing_on(day)
            case _:
                pass

    def grounds(self, event: HonourEvent) -> Iterable[str]:
        """The community, for an award and for a posting."""
        opening = isinstance(event, HouseholdHonoured | BoardEntryPosted)
        return (f"community:{event.community}",) if opening else ()


def require_sound_posting(event: BoardEntryPosted, context: DecisionContext) -> None:
    """Refused unless the posting has the legal basis and the end that its board requires."""
    board = context.policy.board(event.board)
    if board.needs_legal_basis and event.legal_basis is None:
        raise Refused("posting.without-legal-basis", board=board.title)
    if board.needs_end and event.posted_until is None:
        raise Refused("posting.without-end", board=board.title)
    require_order(event.posted_on, event.posted_until, POSTING)
    if board.days_max and event.posted_until:
        latest = event.posted_on + timedelta(days=board.days_max)
        if event.posted_until > latest:
            context.breaks(
                "posting.too-long", board=board.title, days_max=board.days_max, latest=latest
            )


def require_door(door: str | None) -> None:
    """Refused for what looks like the number of a telephone or of an identity card."""
    if door and _NUMBER_OF_SOMEBODY.search(comparable(door)):
        raise Refused("door.holds-number")


def require_sound_award(event: HouseholdHonoured, context: DecisionContext) -> None:
    """Refused unless the policy has the title with this many stars."""
    title = context.policy.household_title(event.honour)
    if event.stars is not None and title.stars_max is None:
        raise Refused("award.without-stars", title=title.title)
    if event.stars is not None and title.stars_max and event.stars > title.stars_max:
        raise Refused(
            "award.too-many-stars",
            title=title.title,
            stars=event.stars,
            stars_max=title.stars_max,
        )
