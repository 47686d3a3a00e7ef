"""Everything that can happen to a shortfall programme (补短板), in the order of its life."""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.kernel.event import Event
from domain.kernel.ids import (
    ActionSlug,
    CommunityId,
    Id,
    JurisdictionId,
    Names,
    PersonId,
    Reason,
    Slug,
    Title,
    UnitId,
    Version,
)
from domain.kernel.text import Bilingual

Year = Annotated[int, Field(ge=1950, le=2200)]


class ProgrammeDrafted(Event):
    """A city or a district began to draft its programme of a year."""

    sentence = Bilingual(
        zh="{drafted_on}起草{jurisdiction}{year}年度“{title}”。",
        en="{title} of {jurisdiction} for {year} drafted on {drafted_on}.",
    )

    jurisdiction: JurisdictionId
    year: Year
    title: Title
    drafted_on: date
    of_city: bool


class ConsultationRecorded(Event):
    """The public was consulted, with this result."""

    sentence = Bilingual(
        zh="{consulted_from}至{consulted_until}就{jurisdiction}{year}年度攻坚事项公开征求意见，"
        "收到{replies}条。",
        en="Opinions on the {year} programme of {jurisdiction} asked for from {consulted_from} to "
        "{consulted_until}: {replies:reply|replies}.",
    )

    jurisdiction: JurisdictionId
    year: Year
    consulted_from: date
    consulted_until: date
    replies: int = Field(ge=0, le=10_000_000)
    summary: Reason


class ProgrammeAdopted(Event):
    """The programme was adopted with this many items."""

    sentence = Bilingual(
        zh="{adopted_on}确定{jurisdiction}{year}年度攻坚事项{items}项。",
        en="The {year} programme of {jurisdiction} adopted on {adopted_on} with "
        "{items:item|items}.",
    )

    jurisdiction: JurisdictionId
    year: Year
    adopted_on: date
    items: int = Field(ge=1, le=1000)


class ProgrammeClosed(Event):
    """Every item of the programme is done or dropped."""

    sentence = Bilingual(
        zh="{closed_on}办结{jurisdiction}{year}年度攻坚事项：{summary}",
        en="The {year} programme of {jurisdiction} closed on {closed_on}: {summary}",
    )

    jurisdiction: JurisdictionId
    year: Year
    closed_on: date
    summary: Reason


class ProgrammeEntryAnnulled(Event):
    """The named entry (a consultation, an adoption, a closing or a dropped item) is void."""

    sentence = Bilingual(
        zh="撤销{jurisdiction}{year}年度攻坚事项的{annuls}，自始无效（理由：{reason}）。",
        en="Entry {annuls} of the {year} programme of {jurisdiction} annulled, void from the "
        "start (reason: {reason}).",
    )

    jurisdiction: JurisdictionId
    year: Year
    annuls: Version
    reason: Reason


FocusSlug = Annotated[Slug, Names("focus")]


class ProgrammeItemAdded(Event):
    """An item was added, with a responsible unit and person and a deadline."""

    sentence = Bilingual(
        zh="{added_on}列入{jurisdiction}{year}年度攻坚事项“{title}”：{unit}、{person}负责，"
        "{due_on}前完成。",
        en="Item {title} added on {added_on} to the {year} programme of {jurisdiction}: "
        "{unit}, {person}, due on {due_on}.",
    )

    jurisdiction: JurisdictionId
    year: Year
    item: Id
    added_on: date
    title: Title
    description: Reason | None = None
    focus: FocusSlug | None = None
    action: ActionSlug | None = None
    unit: UnitId
    person: PersonId
    due_on: date


class ProgrammeItemRevised(Event):
    """The item was revised: this is its new content, with the reason."""

    sentence = Bilingual(
        zh="{revised_on}调整{jurisdiction}{year}年度攻坚事项为“{title}”：{unit}、{person}负责，"
        "{due_on}前完成（理由：{reason}）。",
        en="Item of the {year} programme of {jurisdiction} revised on {revised_on} to {title}: "
        "{unit}, {person}, due on {due_on} (reason: {reason}).",
    )

    jurisdiction: JurisdictionId
    year: Year
    item: Id
    revised_on: date
    title: Title
    description: Reason | None = None
    focus: FocusSlug | None = None
    action: ActionSlug | None = None
    unit: UnitId
    person: PersonId
    due_on: date
    reason: Reason


class ProgrammeItemDropped(Event):
    """The item is no longer pursued."""

    sentence = Bilingual(
        zh="{dropped_on}将“{title}”移出{jurisdiction}{year}年度攻坚事项（理由：{reason}）。",
        en="Item {title} dropped on {dropped_on} from the {year} programme of {jurisdiction} "
        "(reason: {reason}).",
    )

    jurisdiction: JurisdictionId
    year: Year
    item: Id
    dropped_on: date
    title: Title
    reason: Reason
    cancelled: tuple[Id, ...] = ()  # the tasks that were cancelled with it


class ProgrammeItemTasked(Event):
    """Tasks were assigned to deal with the item."""

    sentence = Bilingual(
        zh="{assigned_on}就{jurisdiction}{year}年度攻坚事项“{title}”交办任务。",
        en="Tasks for item {title} of the {year} programme of {jurisdiction} assigned on "
        "{assigned_on}.",
    )

    jurisdiction: JurisdictionId
    year: Year
    item: Id
    assigned_on: date
    title: Title
    community: CommunityId | None = None
    tasks: Annotated[tuple[Id, ...], Field(min_length=1)]


ProgrammeEvent = (
    ProgrammeDrafted
    | ConsultationRecorded
    | ProgrammeAdopted
    | ProgrammeClosed
    | ProgrammeEntryAnnulled
    | ProgrammeItemAdded
    | ProgrammeItemRevised
    | ProgrammeItemDropped
    | ProgrammeItemTasked
)
