"""Titles of households: star household, civilised family (星级文明户、文明家庭, 三(六)1)."""

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, StrictInt

from domain.command import Command
from domain.dossier import ANNULLED, CORRECTED, Annulment, Changes, Correction
from domain.event import Event, On
from domain.ids import CommunityId, Names, Reason, Slug, Version
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.reservation import KeepsOne, plain, reserved, streams_of
from domain.words import Number, Words

if TYPE_CHECKING:
    from domain.honour.state import Honour

HonourTitleSlug = Annotated[Slug, Names("honour")]
Stars = Annotated[StrictInt, Field(ge=1, le=10)]
# A door has a number; a person's name has none.
Door = Annotated[
    str,
    Field(
        pattern=r"^[^\s0-9]{0,20}[0-9][^\s]{0,39}$",
        description="Building, unit and room, such as 3栋2单元501; never a person's name.",
        examples=["3栋2单元501"],
    ),
]

# Eleven digits in a row, or a mobile number with strokes; an identity card has more of them.
_NUMBER_OF_SOMEBODY = re.compile(r"[0-9]{11}|(?<![0-9])1[0-9]{2}-[0-9]{4}-[0-9]{4}(?![0-9])")

AWARD = Words(zh="评选称号", en="award titles")
AWARDED = Words(zh="称号", en="award")


class HouseholdHonoured(Event):
    """A household was awarded a title; by its door, without the name of anybody who lives there."""

    sentence = Words(
        zh="{awarded_on}{household}被评为{honour}（星级：{stars}；有效期至：{held_until}）",
        en="{household} awarded {honour} on {awarded_on} (stars: {stars}; until: {held_until})",
    )

    community: CommunityId
    household: Door
    honour: HonourTitleSlug
    stars: Stars | None = None
    awarded_on: date
    held_until: date | None = None


class HonourWithdrawn(Event):
    """The household bears the title no longer."""

    sentence = Words(
        zh="{withdrawn_on}取消称号：{reason}", en="Title withdrawn on {withdrawn_on}: {reason}"
    )

    community: CommunityId
    withdrawn_on: date
    reason: Reason


class HonourEntryCorrected(Correction, Event):
    """An entry of this honour, or of this posting, stated something wrongly."""

    sentence = CORRECTED


class HonourEntryAnnulled(Annulment, Event):
    """An entry of this honour, or of this posting, is void from the start."""

    sentence = ANNULLED


HouseholdEvent = HouseholdHonoured | HonourWithdrawn | HonourEntryCorrected | HonourEntryAnnulled


class HonourHousehold(KeepsOne, Command["Honour"]):
    """Award a title of the policy to a household, named by its door and by nobody's name.

    A household bears a title once at a time: what it bears is corrected, or withdrawn first.
    """

    begins: ClassVar[bool] = True

    community: CommunityId
    household: Door
    honour: HonourTitleSlug
    stars: Stars | None = None
    awarded_on: date
    held_until: date | None = None

    def consults(self, state: "Honour") -> Iterable[str]:
        """The community, and what the household has of the title."""
        yield f"community:{self.community}"
        yield from streams_of(state.key_of(self))

    def decide(self, state: "Honour", occasion: Occasion) -> list[Event | On]:
        """Honoured."""
        occasion.require_role(occasion.policy.honours.may_award, AWARD)
        honoured = state.stating(HouseholdHonoured(**vars(self)), occasion)
        return [*honoured, *reserved(state.fold(honoured), occasion)]


class WithdrawHonour(Command["Honour"]):
    """Withdraw a title that a household bears, before its end."""

    withdrawn_on: date
    reason: Reason

    def decide(self, state: "Honour", occasion: Occasion) -> list[Event | On]:
        """Withdrawn."""
        occasion.require_role(occasion.policy.honours.may_award, AWARD)
        state.require_stage(AWARDED, "", "awarded")
        return [*state.stating(HonourWithdrawn(community=state.community, **vars(self)), occasion)]


class CorrectHonourEntry(KeepsOne, Command["Honour"]):
    """Correct what an entry states: the fields that were wrong, as they should have been."""

    corrects: Version
    changes: Changes
    reason: Reason

    def consults(self, state: "Honour") -> Iterable[str]:
        """What the entry rests on, and what the household has, or would have, of the title."""
        yield from state.grounds_at(self.corrects)
        yield from state.reservations(self.corrects, self.changes)

    def decide(self, state: "Honour", occasion: Occasion) -> list[Event | On]:
        """Corrected."""
        occasion.require_role(state.keepers(occasion), AWARD)
        event = HonourEntryCorrected(community=state.community, **vars(self))
        corrected = state.correcting(event, occasion)
        return [*corrected, *reserved(state.fold(corrected), occasion)]


class AnnulHonourEntry(KeepsOne, Command["Honour"]):
    """Annul an entry: it is void from the start. What rests on it is annulled first."""

    annuls: Version
    reason: Reason

    def consults(self, state: "Honour") -> Iterable[str]:
        """What the household has, or had, of the title."""
        return state.reservations()

    def decide(self, state: "Honour", occasion: Occasion) -> list[Event | On]:
        """Annulled."""
        occasion.require_role(state.keepers(occasion), AWARD)
        event = HonourEntryAnnulled(community=state.community, **vars(self))
        annulled = state.annulling(event)
        return [*annulled, *reserved(state.fold(annulled), occasion)]


def require_door(door: str | None) -> None:
    """Refused for what looks like the number of a telephone or of an identity card."""
    if door and _NUMBER_OF_SOMEBODY.search(plain(door)):
        raise Refused(
            "What is given as a door holds the number of a telephone or of an identity card; name "
            "building, unit and room, and nobody.",
            "所填门牌含有电话号码或身份证号码；请填写楼栋、单元和房号，勿填个人信息。",
        )


def require_sound_award(event: HouseholdHonoured, occasion: Occasion) -> None:
    """Refused unless the policy has the title, and it comes in as many stars."""
    title = occasion.policy.household_title(event.honour)
    if event.stars is not None and title.stars_max is None:
        raise Refused(
            f"{title.title.en} comes without stars; leave them out.",
            f"{title.title.zh}不分星级；请不要填写星级（stars）。",
        )
    if event.stars is not None and title.stars_max and event.stars > title.stars_max:
        raise Refused(
            f"{title.title.en} comes with {Number(title.stars_max):star|stars} at most, not "
            f"{event.stars}; name from 1 to {title.stars_max}.",
            f"{title.title.zh}最高 {title.stars_max} 星，不能为 {event.stars} 星；"
            f"请填写 1 至 {title.stars_max} 星。",
        )
