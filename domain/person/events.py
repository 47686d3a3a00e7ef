"""Everything that can happen to an official, in order.

Of a person the record keeps the name and the posts, nothing else: it is for ever, so no identity
card, no telephone number, no day of birth. A post has the number of the entry that states it.
"""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.kernel.event import Event
from domain.kernel.ids import PersonId, Reason, Title, UnitId, Version
from domain.kernel.reservation import Reserving
from domain.kernel.text import Bilingual

PersonName = Annotated[
    str,
    Field(min_length=1, max_length=50, pattern=r"^\S(.*\S)?$", examples=["李娜"]),
]
Distinction = Annotated[
    str,
    Field(
        min_length=1,
        max_length=50,
        pattern=r"^\S(.*\S)?$",
        description="What tells the person from another one of the same name in the same unit, "
        "such as the department. No identity card or telephone number.",
        examples=["物业科"],
    ),
]
PostNumber = Annotated[
    int, Field(ge=1, description="The number of the entry that states the post.", examples=[2])
]


class PersonRegistered(Event):
    """The person is on record under this name, which holds until it is changed."""

    sentence = Bilingual(
        zh="登记{name}（{distinction}；理由：{reason}）。",
        en="Registered as {name} ({distinction}; reason: {reason}).",
    )

    name: PersonName
    distinction: Distinction | None = None
    reason: Reason | None = None


class PersonRenamed(Event):
    """The person has another name from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起更名为“{name}”（理由：{reason}）。",
        en="Renamed {name} from {effective_from} (reason: {reason}).",
    )

    name: PersonName
    effective_from: date
    reason: Reason | None = None


class PersonDistinguished(Event):
    """The record tells the person from others of the same name by this, or no longer.

    It holds for all days: it is of the record, not of the world.
    """

    sentence = Bilingual(
        zh="与同名者相区别：{distinction}（理由：{reason}）。",
        en="Told from others of the same name by: {distinction} (reason: {reason}).",
    )

    distinction: Distinction | None = None
    reason: Reason | None = None


class PostTaken(Event):
    """The person holds this post in the unit from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起任{unit}{title}（理由：{reason}）。",
        en="{title} of {unit} from {effective_from} (reason: {reason}).",
    )

    unit: UnitId
    title: Title
    effective_from: date
    reason: Reason | None = None


class PostLeft(Event):
    """The person no longer holds the post from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起不再任{unit}{title}（理由：{reason}）。",
        en="No longer {title} of {unit} from {effective_from} (reason: {reason}).",
    )

    post: PostNumber
    unit: UnitId
    title: Title
    effective_from: date
    reason: Reason | None = None


class PersonNameCorrected(Event):
    """The named entry was mistaken about the name or its day: this is what held.

    The name of the registration has no day.
    """

    sentence = Bilingual(
        zh="更正{corrects}：姓名为“{name}”（自{effective_from}起；理由：{reason}）。",
        en="Entry {corrects} corrected: the name is {name} (from {effective_from}; reason: "
        "{reason}).",
    )

    corrects: Version
    name: PersonName
    effective_from: date | None = None
    reason: Reason


class PostCorrected(Event):
    """The named entry was mistaken about the post or its first day: this is what held."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起任{unit}{title}（理由：{reason}）。",
        en="Entry {corrects} corrected: {title} of {unit} from {effective_from} (reason: "
        "{reason}).",
    )

    corrects: Version
    unit: UnitId
    title: Title
    effective_from: date
    reason: Reason


class PostEndCorrected(Event):
    """The named entry was mistaken about the day on which the post was left: this is the day."""

    sentence = Bilingual(
        zh="更正{corrects}：自{effective_from}起不再任该职务（理由：{reason}）。",
        en="Entry {corrects} corrected: the post is left from {effective_from} (reason: {reason}).",
    )

    corrects: Version
    effective_from: date
    reason: Reason


class PersonEntryAnnulled(Event):
    """The named entry is void from the start; what it replaced holds again.

    Of the registration: the person was registered by mistake.
    """

    sentence = Bilingual(
        zh="撤销{annuls}，自始无效（理由：{reason}）。",
        en="Entry {annuls} annulled, void from the start (reason: {reason}).",
    )

    annuls: Version
    reason: Reason


class PersonNameReserved(Reserving, Event):
    """In the unit the name belongs to the person. Recorded on the stream of the unit and name."""

    sentence = Bilingual(
        zh="登记{unit}名为“{name}”的人员（{distinction}）；同一日不得另有一人。",
        en="The name {name} in {unit} ({distinction}) is reserved for one person on the same days.",
    )

    person: PersonId
    unit: UnitId
    name: PersonName
    distinction: Distinction | None = None

    @property
    def holder(self) -> str:
        """The person's stream."""
        return f"person:{self.person}"


PersonEvent = (
    PersonRegistered
    | PersonRenamed
    | PersonDistinguished
    | PostTaken
    | PostLeft
    | PersonNameCorrected
    | PostCorrected
    | PostEndCorrected
    | PersonEntryAnnulled
)
