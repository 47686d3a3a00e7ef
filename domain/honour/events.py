"""Everything that can happen to an honour or a board entry, in the order of its life."""

from datetime import date
from typing import Annotated

from pydantic import Field, StrictInt

from domain.kernel.event import Event
from domain.kernel.ids import CommunityId, Id, Names, Reason, Slug, Title
from domain.kernel.reservation import Reserving
from domain.kernel.step import (
    ANNULLED,
    CORRECTED,
    Annulment,
    Correction,
    Day,
    Grounds,
    Label,
    OwnEnd,
    Result,
    Step,
)
from domain.kernel.text import Bilingual

# A door has a number; a person's name has none.
Door = Annotated[
    str,
    Field(
        pattern=r"^[^\s0-9]{0,20}[0-9][^\s]{0,39}$",
        description="Building, unit and room, such as 3栋2单元501; never a person's name.",
        examples=["3栋2单元501"],
    ),
]

HonourTitleSlug = Annotated[Slug, Names("honour"), Label("称号", "title")]

Stars = Annotated[StrictInt, Field(ge=1, le=10), Label("星级")]


class HouseholdHonoured(Step, Event):
    """A household, identified by its door and not by any resident's name, was awarded a title."""

    sentence = Bilingual(
        zh="{awarded_on}{household}被评为{honour}（星级：{stars}；有效期至：{held_until}）",
        en="{household} awarded {honour} on {awarded_on} (stars: {stars}; until: {held_until})",
    )
    stage = "awarded"

    community: CommunityId
    household: Annotated[Door, Label("户（门牌）")]
    honour: HonourTitleSlug
    stars: Stars | None = None
    awarded_on: Day
    held_until: Annotated[date, Label("有效期至"), OwnEnd()] | None = None


class HonourWithdrawn(Step, Event):
    """The household no longer holds the title."""

    sentence = Bilingual(
        zh="{withdrawn_on}取消称号：{reason}", en="Title withdrawn on {withdrawn_on}: {reason}"
    )
    stage = "withdrawn"
    ends_early = True

    community: CommunityId
    withdrawn_on: Day
    reason: Grounds


class HonourEntryCorrected(Correction, Event):
    """An entry of this honour or posting was wrong in these fields."""

    sentence = CORRECTED


class HonourEntryAnnulled(Annulment, Event):
    """An entry of this honour or posting is void from the start."""

    sentence = ANNULLED


BoardSlug = Annotated[Slug, Names("board"), Label("榜单")]


class BoardEntryPosted(Step, Event):
    """Something was posted on a public board on a day, until a day that is not included."""

    sentence = Bilingual(
        zh="{posted_on}在{board}公示（{place}）：{conduct}（依据：{legal_basis}；"
        "截止：{posted_until}）",
        en="Posted on the {board} on {posted_on} ({place}): {conduct} (legal basis: "
        "{legal_basis}; until: {posted_until})",
    )
    stage = "posted"

    community: CommunityId
    board: BoardSlug
    place: Annotated[Door, Label("位置（门牌）")] | None = None
    conduct: Annotated[Reason, Label("事由")]
    legal_basis: Annotated[Title, Label("依据条款")] | None = None
    posted_on: Day
    posted_until: Annotated[date, Label("公示截止日期"), OwnEnd()] | None = None


class BoardEntryRectified(Step, Event):
    """What was posted has been put right."""

    sentence = Bilingual(
        zh="{rectified_on}已整改：{result}", en="Rectified on {rectified_on}: {result}"
    )
    stage = "rectified"

    community: CommunityId
    rectified_on: Day
    result: Result


class BoardEntryRemoved(Step, Event):
    """The entry is no longer on the board from this day on."""

    sentence = Bilingual(
        zh="{removed_on}撤榜：{reason}", en="Removed from the board on {removed_on}: {reason}"
    )
    stage = "removed"
    ends_early = True

    community: CommunityId
    removed_on: Day
    reason: Grounds


class HonourReserved(Reserving, Event):
    """The honour belongs to this household. Recorded after its award or correction."""

    sentence = Bilingual(
        zh="登记{household}的一份{honour}；同一日不得另有一份。",
        en="Award of {honour} to {household} reserved; no other on the same days.",
    )

    award: Id
    community: CommunityId
    household: Door
    honour: HonourTitleSlug

    @property
    def holder(self) -> str:
        """The honour's stream."""
        return f"honour:{self.award}"


class PostingReserved(Reserving, Event):
    """This is the posting of its matter. Recorded after the posting or its correction."""

    sentence = Bilingual(
        zh="登记{board}的一条公示（{place}）；同一事由在同一日不得另有一条。",
        en="Posting on the {board} reserved ({place}); no other of this matter on the same days.",
    )

    posting: Id
    community: CommunityId
    board: BoardSlug
    place: Door | None = None

    @property
    def holder(self) -> str:
        """The posting's stream."""
        return f"honour:{self.posting}"


HonourEvent = (
    HouseholdHonoured
    | HonourWithdrawn
    | HonourEntryCorrected
    | HonourEntryAnnulled
    | BoardEntryPosted
    | BoardEntryRectified
    | BoardEntryRemoved
)
